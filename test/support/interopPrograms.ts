/**
 * Runs the programs that the interop tests drive, each in a folder of its own that goes away with the test: never a shell, never an endless wait.
 * A program's answer is a value (exit code and both streams), because many tests want it to fail.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './optional.ts';

export interface ProgramAnswer {
  /** Null where the program was ended by a signal. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
  /** Milliseconds until it is killed; 30 seconds without it. */
  readonly patience?: number;
}

/** A program that is running; `done` when it has ended. */
export interface RunningProgram {
  readonly pid: number;
  readonly done: Promise<ProgramAnswer>;
  /** What it has printed so far, both streams. */
  said(): string;
  end(signal?: NodeJS.Signals): Promise<ProgramAnswer>;
}

/** Starts a program by its name or path. */
export function startProgram(name: string, args: readonly string[], { cwd, env = {}, input, patience = 30_000 }: RunOptions = {}): RunningProgram {
  const path = name.includes('/') ? name : findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  const child = spawn(path, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  if (child.pid === undefined) throw new Error(`${path} could not be started`);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // A program that does not read its input closes the pipe; what it says instead is in its answer.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  const done = new Promise<ProgramAnswer>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() });
    });
  });
  return {
    pid: child.pid,
    done,
    said: () => Buffer.concat([...out, ...err]).toString(),
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return done;
    },
  };
}

/** Runs a program to its end. */
export const runProgram = (name: string, args: readonly string[], options?: RunOptions): Promise<ProgramAnswer> => startProgram(name, args, options).done;

/** Runs a program that must succeed, and gives what it printed on standard output. */
export async function mustRun(name: string, args: readonly string[], options?: RunOptions): Promise<Buffer> {
  const { code, stdout, stderr } = await runProgram(name, args, options);
  if (code !== 0) throw new Error(`${name} ${args.join(' ')}: exit ${code}\n${stderr}\n${stdout.toString('latin1').slice(0, 2_000)}`);
  return stdout;
}

/** A new empty folder; `remove` takes it away. */
export function makeFolder(): { readonly path: string; readonly at: (name: string) => string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'countersign-interop-'));
  return { path, at: (name) => join(path, name), remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Asks until there is an answer; throws with `what` when there is none in time. */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, patience = 15_000): Promise<T> {
  const until = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
