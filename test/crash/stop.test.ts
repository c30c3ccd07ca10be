/** Stops that are none of a crash: SIGTERM while devices enrol, and a second server on a folder that has one. */
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCrashFleet } from '../support/crashFleet.ts';
import { findBroken, readFolder } from '../support/crashFolder.ts';
import { runCommand, SERVER_PASSPHRASE, startServer, type TestServer } from '../support/server.ts';

const env = { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE };
let folder: string;
let dataDir: string;
let server: TestServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-stop-'));
  dataDir = join(folder, 'data');
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('SIGTERM while devices enrol', () => {
  it('lets out what is under way and exits 0 within five seconds, with nothing left to finish', async () => {
    const running = await startServer({ dataDir });
    server = running;
    const fleet = await createCrashFleet(running, 3);
    // Only one round may wait: a later request of the same key would take an earlier one's place.
    const devices = [...fleet.enlist(), ...[...fleet.enlist(), ...fleet.enlist()].filter(({ challengeId }) => challengeId !== null)];
    const asking = Promise.all(devices.map((device) => fleet.ask(running, device)));
    while (!devices.some(({ certificate }) => certificate !== undefined)) await new Promise((resolve) => setTimeout(resolve, 5));

    const told = performance.now();
    server = undefined;
    const { code } = await running.stop();
    expect(performance.now() - told).toBeLessThan(5_000);
    expect(code).toBe(0);

    await asking;
    expect(fleet.wrongAnswers.filter((answer) => !answer.includes('HTTP 503'))).toEqual([]);
    const state = readFolder(dataDir);
    expect(findBroken(state, fleet)).toEqual([]);
    expect(state.verdict).toMatchObject({ ok: true, notes: [] });
    expect(state.intents).toEqual([]);
    expect(state.requests.filter(({ state: said }) => said === 'approved')).toEqual([]);
  });
});

describe('a second server on the same folder', () => {
  it('is refused with one sentence and exit 1, and the first goes on', async () => {
    server = await startServer({ dataDir });
    const fleet = await createCrashFleet(server, 1);
    const second = await runCommand(['serve', '--data', dataDir, '--vault', 'passphrase', '--scep-port', '0', '--admin-port', '0', '--json'], { env });
    expect(second.code).toBe(1);
    expect(second.out).toBe('');
    expect(JSON.parse(second.err)).toEqual({
      code: 'data-folder-unusable',
      message: `The data folder ${dataDir} is in use by another running Countersign: stop that one first, or choose another folder.`,
    });
    const [device] = fleet.enlist();
    expect(await fleet.ask(server, device!)).toBe(true);
    expect(device?.certificate).toBeDefined();
    // Its address and token still lead to it.
    expect((await server.run(['call', 'status.get'])).code).toBe(0);
  });

  it('starts where the first was killed outright: a lock does not outlive its process', async () => {
    const first = await startServer({ dataDir });
    await first.kill();
    server = await startServer({ dataDir });
    expect(await server.call('status.get')).toMatchObject({ state: 'ready' });
  });

  it('can be told from the one that was killed: the command line finds no server, and looks at the folder itself', async () => {
    const first = await startServer({ dataDir });
    await first.kill();
    const called = await runCommand(['call', 'status.get', '--data', dataDir]);
    expect(called).toMatchObject({ code: 3, out: '' });
    expect(JSON.parse(called.err)).toMatchObject({ code: 'no-server' });
    const verified = await runCommand(['audit', 'verify', dataDir]);
    expect(verified).toMatchObject({ code: 0, err: '' });
  });
});

describe('a first run that is cut off', () => {
  for (const at of ['after-head', 'torn-head']) {
    it(`(${at}) before its keys were stored begins anew, and its log is signed with the new key`, async () => {
      const crashing = { ...env, NODE_OPTIONS: `--import=${new URL('../support/crashPoint.mjs', import.meta.url).href}`, CRASH_POINT: JSON.stringify({ at, nth: 1 }) };
      await expect(startServer({ dataDir, env: crashing })).rejects.toMatchObject({ finished: { code: null } });
      server = await startServer({ dataDir });
      const { auditKeyFingerprint } = await server.call('status.get');
      expect(await server.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
      await server.stop();
      server = undefined;
      expect(await runCommand(['audit', 'verify', dataDir, '--key', auditKeyFingerprint ?? ''])).toMatchObject({ code: 0 });
    });
  }
});
