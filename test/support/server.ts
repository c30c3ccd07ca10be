/**
 * The product as its users run it: `serve` as a child process on free loopback ports and a data folder of its own, and the command line beside it.
 * Runs the sources (Node strips the types), so that a test never speaks to an older build; `built: true` takes bin/countersign.mjs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Channel } from '../../src/preload/contract/channels.ts';
import type { Input, Output } from '../../src/preload/contract/contract.ts';
import type { Reply } from '../../src/preload/contract/reply.ts';

export const SERVER_PASSPHRASE = 'correct horse battery staple';

const SOURCES = fileURLToPath(new URL('../../src/main/headless.ts', import.meta.url));
const BUILT = fileURLToPath(new URL('../../bin/countersign.mjs', import.meta.url));

type Env = Readonly<Record<string, string | undefined>>;

/** What a finished command line said. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Program {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  said(): string;
}

function startProgram(args: readonly string[], env: Env, built: boolean, input?: string): Program {
  // A developer's own settings must not decide what a test sees.
  const own = { COUNTERSIGN_DATA: undefined, COUNTERSIGN_PASSPHRASE: undefined, XDG_DATA_HOME: undefined };
  const child = spawn(process.execPath, [built ? BUILT : SOURCES, ...args], { env: { ...process.env, ...own, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return { child, finished, said: () => out };
}

export interface CommandOptions {
  readonly env?: Env;
  readonly input?: string;
  readonly built?: boolean;
}

/** Runs one command line to its end. */
export const runCommand = (args: readonly string[], { env = {}, input, built = false }: CommandOptions = {}): Promise<Finished> => startProgram(args, env, built, input).finished;

export interface ServerOptions {
  /** Kept after the stop where it is given; otherwise a fresh one that goes with the server. */
  readonly dataDir?: string;
  /** Besides --data, --json and free ports. */
  readonly args?: readonly string[];
  /** Devices are served where an admin last put the listener, and not on a free port. */
  readonly keptAddress?: boolean;
  readonly env?: Env;
  readonly built?: boolean;
}

export interface TestServer {
  readonly scepUrl: string;
  /** With its one-time token in the fragment. */
  readonly adminUrl: string;
  /** `http://127.0.0.1:port` of the admin listener. */
  readonly adminOrigin: string;
  readonly dataDir: string;
  readonly pid: number;
  /** The standing token from the data folder. */
  readonly token: string;
  /** Milliseconds from the start of the process to its ready line. */
  readonly readyAfter: number;
  /** The value of a call; throws with the error's code and words. */
  call<C extends Channel>(channel: C, input?: Input<C>): Promise<Output<C>>;
  /** The reply as it is, whatever the channel or the input. */
  ask(channel: string, input?: unknown): Promise<Reply>;
  /** The command line on this server's data folder. */
  run(args: readonly string[], options?: CommandOptions): Promise<Finished>;
  /** SIGTERM, and what it said in the end. */
  stop(): Promise<Finished>;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
}

/** A server that did not become ready: what it said instead. */
export class NotStarted extends Error {
  readonly finished: Finished;

  constructor(finished: Finished) {
    super(`the server ended with ${finished.code}: ${finished.err}`);
    this.finished = finished;
  }
}

const PASSPHRASE_VAULT = ['--vault', 'passphrase', '--rate-limit', 'off'] as const;

/** Starts a server with an open passphrase vault, unless told otherwise. Rejects with NotStarted where it ends before it is ready. */
export async function startServer({ dataDir, args = PASSPHRASE_VAULT, env = { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE }, built = false, keptAddress = false }: ServerOptions = {}): Promise<TestServer> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'countersign-')));
  const startedAt = performance.now();
  const program = startProgram(['serve', '--data', folder, ...(keptAddress ? [] : ['--scep-port', '0']), '--admin-port', '0', '--json', ...args], env, built);
  const line = await readyLine(program);
  const readyAfter = performance.now() - startedAt;
  const { scepUrl, adminUrl, pid } = JSON.parse(line) as { readonly scepUrl: string; readonly adminUrl: string; readonly pid: number };
  const { token } = JSON.parse(readFileSync(join(folder, 'admin.json'), 'utf8')) as { readonly token: string };
  const adminOrigin = new URL(adminUrl).origin;
  const ask = async (channel: string, input: unknown = {}): Promise<Reply> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const response = await fetch(`${adminOrigin}/api/call/${channel}`, { method: 'POST', headers, body: JSON.stringify(input) });
    return (await response.json()) as Reply;
  };
  const leave = async (): Promise<void> => {
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
  };
  return {
    scepUrl,
    adminUrl,
    adminOrigin,
    dataDir: folder,
    pid,
    token,
    readyAfter,
    ask,
    call: async (channel, input) => {
      const reply = await ask(channel, input);
      if (!reply.ok) throw new Error(`${channel}: ${reply.error.code}: ${reply.error.message}`);
      return reply.value as Output<typeof channel>;
    },
    run: (words, options) => runCommand([...words, '--data', folder], options),
    stop: async () => {
      program.child.kill('SIGTERM');
      const finished = await program.finished;
      await leave();
      return finished;
    },
    kill: async () => {
      process.kill(pid, 'SIGKILL');
      await program.finished;
      await leave();
    },
  };
}

async function readyLine(program: Program): Promise<string> {
  const ready = new Promise<string>((resolve) => {
    const look = (): void => {
      const line = program
        .said()
        .split('\n')
        .find((text) => text.startsWith('{"ready":true'));
      if (line?.endsWith('}') === true) resolve(line);
    };
    program.child.stdout?.on('data', look);
    look();
  });
  const first = await Promise.race([ready, program.finished]);
  if (typeof first !== 'string') throw new NotStarted(first);
  return first;
}
