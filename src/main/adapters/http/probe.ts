/**
 * Takes an address for a moment and gives it back: the only answer to "is it free" that the system itself stands behind.
 * Knows what the listener holds already, which must not count against itself; the words for a failure are the listener's.
 */
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface HeldAddress {
  readonly host: string;
  readonly port: number;
}

export interface ProbeFailure extends HeldAddress {
  readonly error: unknown;
}

const WILDCARDS = ['0.0.0.0', '::'];

/** Undefined where the address could be had by whoever holds `own`; otherwise which address could not, and the system's error. */
export async function probeAddress(host: string, port: number, own: HeldAddress | null): Promise<ProbeFailure | undefined> {
  const error = await tryAddress(host, port);
  if (error === undefined) return undefined;
  const failure = { host, port, error };
  if (own === null || own.port !== port || !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return failure;
  const [wanted, held] = await Promise.all([addressOf(host), addressOf(own.host)]);
  if (wanted === held || covers(held, wanted)) return undefined;
  // All addresses are asked for and one of them is ours: the others tell whether another program stands in the way too.
  return covers(wanted, held) ? probeOthers(wanted, port, held) : failure;
}

async function probeOthers(wildcard: string, port: number, held: string): Promise<ProbeFailure | undefined> {
  for (const host of localAddresses()) {
    if (host === held || !covers(wildcard, host)) continue;
    const error = await tryAddress(host, port);
    if (error !== undefined) return { host, port, error };
  }
  return undefined;
}

/** `::` takes IPv4 too, as Node binds it. */
const covers = (wildcard: string, address: string): boolean => wildcard === '::' || (wildcard === '0.0.0.0' && !address.includes(':'));

async function addressOf(host: string): Promise<string> {
  if (WILDCARDS.includes(host)) return host;
  return lookup(host).then(
    ({ address }) => address,
    () => host,
  );
}

const localAddresses = (): readonly string[] => [
  ...new Set(
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      // A link-local address means nothing without its zone, and no device is told it.
      .filter(({ address }) => !address.toLowerCase().startsWith('fe80:'))
      .map(({ address }) => address),
  ),
];

/** The system's error, or undefined: bound, and given back. */
async function tryAddress(host: string, port: number): Promise<unknown> {
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    return error;
  }
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return undefined;
}
