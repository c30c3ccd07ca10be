/** The server that is measured: our own in a process of its own, micromdm's scepserver, or whatever already runs at a URL. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readAccess } from '../../src/main/hosts/headless/accessFile.ts';
import { Connection, requestOf } from './connection.ts';
import type { Options } from './options.ts';

export interface LagSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Share of the main thread's time, 0 to 1. */
  readonly busy: number;
}

/** Bytes of one thread's heap. */
export interface HeapSample {
  readonly at: number;
  readonly thread: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly external: number;
}

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly pid: number | undefined;
  /** One challenge for each enrolment; null where the server wants none. */
  createChallenges(count: number): Promise<readonly (string | null)[]>;
  /** Whether an enrolment without a challenge waits for an admin. */
  readonly holds: boolean;
  /** What the probe wrote inside the server, for our own only. */
  readProbe(): readonly (LagSample | HeapSample)[];
  stop(): Promise<void>;
}

const probe = new URL('./lagProbe.mjs', import.meta.url);
const PASSPHRASE = 'only for the benchmark';
const START_LIMIT_MS = 60_000;

/** Milliseconds from the start of the process to its ready line, on the folder as it is. */
export async function measureStart(dataDir: string, { server: script }: Options): Promise<number> {
  const server = await startServe(script, dataDir, []);
  await endProcess(server.child);
  return server.startMs;
}

/** A data folder that is gone when the run is over. */
export function makeFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Our own server with an RSA-2048 authority in combined mode. */
export async function startOwn(dataDir: string, { profile, server }: Options): Promise<Target> {
  const lagFile = join(dataDir, 'lag.ndjson');
  const nodeArgs = [...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]), `--import=${probe.href}`];
  const { child, scepUrl, pid } = await startServe(server, dataDir, nodeArgs, { COUNTERSIGN_BENCH_LAG: lagFile });
  try {
    const access = await readAccess(dataDir);
    if (access === undefined) throw new Error('the server left no admin.json in its data folder');
    const admin = { url: access.url, headers: { Authorization: `Bearer ${access.token}`, 'Content-Type': 'application/json' } };
    await callAll(admin, 'authorities.create', [{ commonName: 'Bench CA', organization: 'Bench', key: 'rsa-2048', years: 10, scepKey: 'combined' }]);
    await callAll(admin, 'settings.update', [{ maxWaiting: 10_000, maxWaitingPerSource: 10_000 }]);
    return {
      name: 'countersign',
      url: scepUrl,
      pid,
      holds: true,
      createChallenges: async (count) => {
        const made = await callAll<{ readonly password: string }>(admin, 'challenges.create', Array.from({ length: count }, () => ({ minutes: 600 })));
        return made.map(({ password }) => password);
      },
      readProbe: () =>
        readFileSync(lagFile, 'utf8')
          .split('\n')
          .filter((line) => line.endsWith('}'))
          .map((line) => JSON.parse(line) as LagSample | HeapSample),
      stop: () => endProcess(child),
    };
  } catch (error) {
    await endProcess(child);
    throw error;
  }
}

interface Admin {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Calls a channel once for each input, over a few kept-alive connections. */
async function callAll<T>(admin: Admin, channel: string, inputs: readonly unknown[]): Promise<readonly T[]> {
  const url = new URL(`${admin.url}/api/call/${channel}`);
  const values: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    const connection = new Connection(url);
    try {
      while (next < inputs.length) {
        const index = next++;
        const { body } = await connection.ask(requestOf('POST', url, Buffer.from(JSON.stringify(inputs[index])), admin.headers));
        const reply = JSON.parse(body.toString()) as { readonly ok: boolean; readonly value: T; readonly error?: { readonly code: string; readonly message: string } };
        if (!reply.ok) throw new Error(`${channel}: ${reply.error?.code ?? ''} ${reply.error?.message ?? ''}`);
        values[index] = reply.value;
      }
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(16, inputs.length) }, lane));
  return values;
}

interface Started {
  readonly child: ChildProcess;
  readonly scepUrl: string;
  readonly pid: number;
  readonly startMs: number;
}

async function startServe(script: string, dataDir: string, nodeArgs: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const logFile = join(dataDir, 'stderr.log');
  const log = openSync(logFile, 'a');
  const args = [...nodeArgs, script, 'serve', '--data', dataDir, '--vault', 'passphrase', '--scep-port', '0', '--admin-port', '0', '--rate-limit', 'off', '--json'];
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', log], env: { ...process.env, ...env, COUNTERSIGN_PASSPHRASE: PASSPHRASE } });
  closeSync(log);
  try {
    const line = await firstLine(child);
    const startMs = performance.now() - start;
    const ready = JSON.parse(line) as { readonly scepUrl: string; readonly pid: number };
    return { child, scepUrl: ready.scepUrl, pid: ready.pid, startMs };
  } catch (error) {
    await endProcess(child);
    throw new Error(`the server did not start: ${readFileSync(logFile, 'utf8').slice(-2000)}`, { cause: error });
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error('no ready line')), START_LIMIT_MS);
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`exit code ${code}`)));
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(text.slice(0, end));
    });
  });
}

/** Ends a child of ours; outright where it does not follow. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
}

const foreign = { holds: false, readProbe: () => [] } as const;

/** A server that somebody else started. */
export const attach = (url: string, { challenge, pid }: Options): Target => ({
  ...foreign,
  name: url,
  url,
  pid,
  createChallenges: async (count) => Array.from({ length: count }, () => challenge ?? null),
  stop: async () => undefined,
});

/**
 * Runs the benchmark anew inside a network namespace that has loopback and nothing else: scepserver binds every interface.
 * The namespace goes with its last process. Resolves with the exit code.
 */
export function runIsolated(script: string, args: readonly string[]): Promise<number> {
  const path = [process.env['PATH'], '/usr/sbin', '/sbin'].join(':');
  const mapping = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const child = spawn('unshare', ['--net', ...mapping, 'sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, script, '--isolated', ...args], { stdio: 'inherit', env: { ...process.env, PATH: path } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** micromdm's scepserver with a fresh RSA-2048 CA and one static challenge. */
export async function startScepserver(dataDir: string): Promise<Target> {
  if (Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal))) throw new Error('scepserver is started only where loopback is the only network.');
  const depot = join(dataDir, 'depot');
  const made = spawnSync('scepserver', ['ca', '-init', '-depot', depot, '-keySize', '2048'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`scepserver ca -init: ${made.stderr}`);
  const challenge = 'BENCH-CHALLENGE';
  const log = openSync(join(dataDir, 'stderr.log'), 'a');
  const child = spawn('scepserver', ['-depot', depot, '-port', '8080', '-challenge', challenge, '-allowrenew', '0'], { stdio: ['ignore', log, log] });
  closeSync(log);
  const url = 'http://127.0.0.1:8080/scep';
  await answers(url);
  return { ...foreign, name: 'micromdm scepserver', url, pid: child.pid, createChallenges: async (count) => Array.from({ length: count }, () => challenge), stop: () => endProcess(child) };
}

async function answers(url: string): Promise<void> {
  const asked = new URL(`${url}?operation=GetCACaps`);
  for (const until = performance.now() + START_LIMIT_MS; ; ) {
    const connection = new Connection(asked);
    try {
      await connection.ask(requestOf('GET', asked));
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      connection.close();
    }
  }
}

/** True where this file's neighbour was started as a program. */
export const isMain = (url: string): boolean => process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === url;
