/**
 * A disk that takes nothing more. A limit on file sizes (RLIMIT_FSIZE) stands for it: writes past it fail in the running server, and work again when
 * it is lifted, without a mount and without root. A head of the audit log that cannot be written alone is made by test/support/crashPoint.mjs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCrashFleet, type Device, type Fleet } from '../support/crashFleet.ts';
import { findBroken, readFolder } from '../support/crashFolder.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';
import { type Finished, NotStarted, SERVER_PASSPHRASE, startServer, type TestServer } from '../support/server.ts';

let folder: string;
let dataDir: string;
let server: TestServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  dataDir = join(folder, 'data');
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const env = { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE };

/** No file of this process can grow beyond so many bytes. */
const limit = (pid: number, bytes: number | 'unlimited'): void => void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);

const statusOf = async ({ scepUrl }: TestServer, { sent }: Device): Promise<string> => {
  const { status, headers } = await createScepClient(scepUrl).send(sent.bytes);
  return `${status} ${headers.has('retry-after') ? 'later' : 'now'}`;
};

const SERVE = [join(import.meta.dirname, '../../src/main/headless.ts'), 'serve', '--vault', 'passphrase', '--scep-port', '0', '--admin-port', '0', '--json'];

/** What a command that must fail with exit 1 says on standard error. */
function errorsOf([name = '', ...args]: readonly string[]): string {
  const { status, stderr } = spawnSync(name, args, { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 60_000 });
  expect(status, stderr).toBe(1);
  return stderr;
}

async function finishAll(running: TestServer, fleet: Fleet, devices: readonly Device[]): Promise<void> {
  for (let round = 0; round < 100 && devices.some(({ certificate }) => certificate === undefined); round++) {
    await fleet.approveWaiting(running);
    await Promise.all(devices.map((device) => fleet.ask(running, device)));
  }
}

needs('prlimit').describe('a disk that is full', () => {
  it('gives no device a certificate and 503 with Retry-After, tells the admin, and loses nothing when there is room again', async () => {
    const running = await startServer({ dataDir });
    server = running;
    const fleet = await createCrashFleet(running, 1);
    const devices = fleet.enlist();
    limit(running.pid, 4096);
    expect(new Set(await Promise.all(devices.map((device) => statusOf(running, device))))).toEqual(new Set(['503 later']));
    expect(await running.ask('challenges.create')).toEqual({
      ok: false,
      error: { code: 'disk-trouble', message: 'The disk that holds the data folder is full or fails.', hint: 'Make room or mend it, then look whether it was done before you try again.' },
    });
    // What needs no writing goes on.
    expect(await createScepClient(running.scepUrl).capabilities()).toContain('SCEPStandard');
    expect(await running.call('audit.verify')).toMatchObject({ ok: true });

    limit(running.pid, 'unlimited');
    await finishAll(running, fleet, devices);
    expect(fleet.wrongAnswers).toEqual([]);
    server = undefined;
    expect((await running.stop()).code).toBe(0);
    const state = readFolder(dataDir);
    expect(findBroken(state, fleet)).toEqual([]);
    expect(state.verdict).toMatchObject({ ok: true, notes: [] });
    expect(state.certificates.filter(({ kind }) => kind === 'device')).toHaveLength(devices.length);
  });

  it('does not keep a server from stopping, nor its folder from being opened again', async () => {
    const running = await startServer({ dataDir });
    server = running;
    const fleet = await createCrashFleet(running, 1);
    limit(running.pid, 4096);
    await Promise.all(fleet.enlist().map((device) => statusOf(running, device)));
    server = undefined;
    expect((await running.stop()).code).toBe(0);
    expect(findBroken(readFolder(dataDir), fleet)).toEqual([]);
    server = await startServer({ dataDir });
    await finishAll(server, fleet, fleet.devices);
    expect(fleet.wrongAnswers).toEqual([]);
    expect(await server.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
  });

  it('is said in one sentence where a server cannot start on it', async () => {
    expect(JSON.parse(errorsOf(['prlimit', '--fsize=0', process.execPath, ...SERVE, '--data', dataDir]))).toEqual({
      code: 'data-folder-unusable',
      message: `The disk that holds the data folder ${dataDir} is full or fails (SQLITE_IOERR_WRITE): make room or mend it, then start again.`,
    });
  });
});

describe('a head of the audit log that cannot be written', () => {
  const failing = (from: number, to: number): Readonly<Record<string, string>> => ({
    ...env,
    NODE_OPTIONS: `--import=${new URL('../support/crashPoint.mjs', import.meta.url).href}`,
    CRASH_POINT: JSON.stringify({ at: 'failing-head', nth: { from, to } }),
  });

  it('stops what would be decided without it; the file lags one commit at most, and catches up', async () => {
    const prepared = await startServer({ dataDir });
    const fleet = await createCrashFleet(prepared, 1);
    await prepared.stop();
    // The unlocking writes heads as well: the failures begin with the devices.
    const running = await startServer({ dataDir, env: failing(4, 8) });
    server = running;
    const devices = fleet.enlist();
    const statuses: string[] = [];
    for (const device of devices) statuses.push(await statusOf(running, device));
    expect(statuses).toContain('503 later');
    const lagging = join(folder, 'copy');
    cpSync(dataDir, lagging, { recursive: true });
    expect(readFolder(lagging).verdict.ok).toBe(true);

    // Those that were cut off between their commits are finished by the next sweep; the others at once.
    for (const device of devices) await fleet.ask(running, device);
    expect(devices.some(({ certificate }) => certificate !== undefined)).toBe(true);
    expect(fleet.wrongAnswers.filter((answer) => !answer.includes('HTTP 503'))).toEqual([]);
    expect(await running.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
    server = undefined;
    expect((await running.stop()).code).toBe(0);
    expect(readFolder(dataDir).verdict).toMatchObject({ ok: true, notes: [] });
  });

  it('at the very end of a run is a lag that is noted, not tampering, and is signed at the next start', async () => {
    const prepared = await startServer({ dataDir });
    const fleet = await createCrashFleet(prepared, 1);
    await prepared.stop();
    const running = await startServer({ dataDir, env: failing(4, 1_000_000) });
    server = running;
    for (const device of fleet.enlist()) await statusOf(running, device);
    server = undefined;
    expect((await running.stop()).code).toBe(0);
    const { verdict } = readFolder(dataDir);
    expect(verdict).toMatchObject({ ok: true, notes: [expect.stringMatching(/not signed: the program was stopped hard/)] });

    server = await startServer({ dataDir });
    expect(await server.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
  });
});

describe('a data folder that cannot be used', () => {
  const refusal = async (dir: string): Promise<Finished> => {
    const failed: unknown = await startServer({ dataDir: dir }).catch((error: unknown) => error);
    if (!(failed instanceof NotStarted)) throw new Error('the server started', { cause: failed });
    return failed.finished;
  };

  it('because it is a file is refused in one sentence', async () => {
    writeFileSync(dataDir, '');
    for (const [dir, code] of [[dataDir, 'EEXIST'], [join(dataDir, 'below'), 'ENOTDIR']] as const) {
      const { code: exit, err } = await refusal(dir);
      expect(exit).toBe(1);
      expect(JSON.parse(err)).toEqual({ code: 'data-folder-unusable', message: `The data folder ${dir} cannot be made: part of the path is no folder (${code}). Choose another one.` });
    }
  });

  it('because this user may not write there is refused in one sentence', () => {
    mkdirSync(dataDir, { mode: 0o500 });
    const command = [process.execPath, ...SERVE, '--data', dataDir];
    // Root may write anywhere, unless it gives up the capability to.
    const words = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override', '--', ...command] : command;
    expect(JSON.parse(errorsOf(words))).toEqual({
      code: 'data-folder-unusable',
      message: `The data folder ${dataDir} cannot be written by this user (SQLITE_CANTOPEN): give this user the right, or choose another folder.`,
    });
  });
});
