/**
 * The device listener's life: it listens, moves and closes. Two listeners exist and never meet: no admin verb is reachable from this one
 * (DESIGN section 4). What a request gets is the handler's; what its address must be is the admin's.
 */
import { networkInterfaces } from 'node:os';
import type { DeviceDoor } from '../../application/deviceDoor.ts';
import type { ListenerControl, ListenerState, NetworkInterface } from '../../application/ports/listener.ts';
import type { Log } from '../../application/ports/system.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { bindServer, type BoundServer } from './boundServer.ts';
import { createHandler } from './handler.ts';
import { DEFAULT_LIMITS, type DeviceListenerLimits } from './limits.ts';
import { probeAddress } from './probe.ts';

export interface DeviceListenerParts {
  readonly door: DeviceDoor;
  readonly log: Log;
  /** Those that differ from `DEFAULT_LIMITS`. */
  readonly limits?: Partial<DeviceListenerLimits>;
  /** Forwarded headers are never believed: limits and the log name the peer of the socket. */
  readonly trustProxy: false;
}

export interface DeviceListener {
  /** Starts listening; port 0 takes a free one. Rejects with a sentence for a human, which `control.state()` then shows too. */
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  /** Frees the port, lets out the answers that are under way, and ends every connection. */
  close(): Promise<void>;
  readonly control: ListenerControl;
}

/** A listener that does not listen yet. */
export function createDeviceListener({ door, log, limits: chosen = {} }: DeviceListenerParts): DeviceListener {
  const limits = { ...DEFAULT_LIMITS, ...chosen };
  // One handler for every server this listener ever binds: a move must not give sources a fresh rate.
  const handle = createHandler({ door, log, limits });
  const leaving = new Set<Promise<void>>();
  let current: BoundServer | null = null;
  let wanted = { host: '127.0.0.1', port: 0 };
  let problem: string | null = null;
  let lastMove: Promise<unknown> = Promise.resolve();

  const bind = (host: string, port: number): Promise<BoundServer> => bindServer(host, port, { door, log, limits, handle });

  function leave(server: BoundServer): void {
    const left = server.stop().then(() => {
      leaving.delete(left);
    });
    leaving.add(left);
  }

  function take(server: BoundServer): void {
    current = server;
    wanted = { host: server.host, port: server.port };
    problem = null;
    log('info', 'http.listening', { host: server.host, port: server.port });
  }

  async function move(host: string, port: number): Promise<Result<ListenerState, string>> {
    const old = current;
    if (old !== null && old.host === host && old.port === port) return ok(state());
    try {
      take(await bind(host, port));
      if (old !== null) leave(old);
      return ok(state());
    } catch (error) {
      // From 127.0.0.1 to 0.0.0.0 on one port: it is our own listener that stands in the way.
      if (old !== null && old.port === port && codeOf(error) === 'EADDRINUSE') return replace(old, host, port);
      return fail(host, port, error);
    }
  }

  async function replace(old: BoundServer, host: string, port: number): Promise<Result<ListenerState, string>> {
    current = null;
    leave(old);
    try {
      take(await bind(host, port));
      return ok(state());
    } catch (error) {
      const failed = fail(host, port, error);
      try {
        take(await bind(old.host, old.port));
      } catch (lost) {
        wanted = { host: old.host, port: old.port };
        problem = sentenceFor(old.host, old.port, lost);
      }
      return failed;
    }
  }

  function fail(host: string, port: number, error: unknown): Result<ListenerState, string> {
    const sentence = sentenceFor(host, port, error);
    log('warn', 'http.listen-failed', { host, port, code: codeOf(error) });
    if (current === null) {
      wanted = { host, port };
      problem = sentence;
    }
    return err(sentence);
  }

  const configure = (host: string, port: number): Promise<Result<ListenerState, string>> => {
    const moved = lastMove.then(() => move(host, port));
    lastMove = moved.catch(() => undefined);
    return moved;
  };

  const probe = (host: string, port: number): Promise<Result<void, string>> => {
    const probed = lastMove.then(async () => {
      const failure = await probeAddress(host, port, current);
      return failure === undefined ? ok(undefined) : err(sentenceFor(failure.host, failure.port, failure.error));
    });
    // A move must not meet the probe's own hold on the address.
    lastMove = probed.catch(() => undefined);
    return probed;
  };

  function state(): ListenerState {
    return { ...wanted, listening: current !== null, baseUrl: current === null ? null : baseUrlOf(current), problem };
  }

  return {
    listen: async (host, port) => {
      const outcome = await configure(host, port);
      if (!outcome.ok) throw new Error(outcome.error);
      return { port: outcome.value.port };
    },
    close: async () => {
      await lastMove;
      if (current !== null) leave(current);
      current = null;
      await Promise.all(leaving);
    },
    control: { state, interfaces: listInterfaces, configure, probe },
  };
}

function listInterfaces(): readonly NetworkInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map(({ address, family, internal }) => ({ name, address, family, loopback: internal })),
  );
}

/** A device cannot use `0.0.0.0`: the first address of this computer that is not loopback stands for it. */
function baseUrlOf({ host, port }: BoundServer): string {
  let shown = host;
  if (host === '0.0.0.0' || host === '::') {
    const outside = listInterfaces().filter((network) => !network.loopback && !network.address.toLowerCase().startsWith('fe80:'));
    const found = outside.find((network) => network.family === 'IPv4') ?? (host === '::' ? outside[0] : undefined);
    shown = found?.address ?? '127.0.0.1';
  }
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

function sentenceFor(host: string, port: number, error: unknown): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use by another program.`;
    case 'EACCES':
    case 'EPERM':
      return `This user may not listen on port ${port}; ports below 1024 often need more rights.`;
    case 'EADDRNOTAVAIL':
      return `This computer has no address ${host}.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address or a name that this computer knows.`;
    case 'ERR_SOCKET_BAD_PORT':
      return `${port} is not a port; ports go from 0 to 65535.`;
    default:
      return `Listening on ${host}, port ${port}, failed (${codeOf(error)}).`;
  }
}
