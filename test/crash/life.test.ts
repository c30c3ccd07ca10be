/**
 * SIGKILL in the middle of what happens to a CA in its life (test/support/lifeVerbs.ts), at random moments and between any two commits. Afterwards the
 * folder opens, its audit log holds, and the verb is gone on with to its end. LIFE_KILLS makes it a campaign, LIFE_SEED repeats one.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';
import { judgeLog, withCopy } from '../support/crashFolder.ts';
import { pkcsReq, rsaKey, selfSignedOf, serialOf } from '../support/forge.ts';
import { BACKUP_PASSPHRASE, LIFE_VERBS, type LifeVerb, type LifeWorld, makeFormer } from '../support/lifeVerbs.ts';
import { openReply } from '../support/replies.ts';
import { createScepClient } from '../support/scepClient.ts';
import { NotStarted, SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

const KILLS = Number(process.env['LIFE_KILLS'] ?? 2 * LIFE_VERBS.length);
const SEED = Number(process.env['LIFE_SEED'] ?? Math.trunc(Math.random() * 2 ** 32));

const folder = mkdtempSync(join(tmpdir(), 'countersign-life-'));
let running: TestServer | undefined;
afterAll(async () => {
  await end(running);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** mulberry32: the same numbers for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function end(server: TestServer | undefined): Promise<void> {
  try {
    if (server !== undefined) process.kill(server.pid, 0);
  } catch {
    return;
  }
  await server?.kill();
}

/** With the vault's passphrase, or on a folder that has no vault yet. */
async function start(dataDir: string, passphrase: string | undefined, env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const args = passphrase === undefined ? ['--rate-limit', 'off'] : ['--vault', 'passphrase', '--rate-limit', 'off'];
  running = await startServer({ dataDir, args, env: { COUNTERSIGN_PASSPHRASE: passphrase, ...env } });
  return running;
}

/** A CA with a device and a backup, in a folder that each verb that begins with one gets a copy of. */
async function prepare(): Promise<LifeWorld & { readonly ready: string }> {
  const ready = join(folder, 'ready');
  const server = await start(ready, SERVER_PASSPHRASE);
  const authority = await server.call('authorities.create', { commonName: 'Life CA', key: 'rsa-2048', years: 10, scepKey: 'combined' });
  const recipient = Buffer.from((authority.certificatePem ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const { password } = await server.call('challenges.create', {});
  const key = rsaKey(0);
  const sent = pkcsReq({ key, subject: 'CN=router', recipient, signerCertificate: selfSignedOf(key), challenge: password });
  const [certificate] = openReply((await createScepClient(server.scepUrl).send(sent.bytes)).bytes, sent).certificates;
  if (certificate === undefined) throw new Error('the device was not enrolled');
  const { path } = await server.call('backups.create', { passphrase: BACKUP_PASSPHRASE });
  const backupPath = join(folder, 'life.backup');
  cpSync(path, backupPath);
  expect((await server.stop()).code).toBe(0);
  return { ready, backupPath, backedUpSerial: serialOf(certificate), former: makeFormer() };
}

/** At a moment, or where the audit log's head is written for the n-th time since the start: between two commits. */
type Point = { readonly after: number } | { readonly at: 'before-head' | 'after-head' | 'torn-head'; readonly nth: number };

function pointOf(turn: number, { within }: LifeVerb, random: () => number): Point {
  const kinds = ['before-head', 'after-head', 'torn-head'] as const;
  return turn % 3 === 2 ? { at: kinds[Math.floor(random() * 3)] ?? 'after-head', nth: 1 + Math.floor(random() * 8) } : { after: random() * within };
}

const crashPointOf = (point: Point): Readonly<Record<string, string>> =>
  'after' in point ? {} : { NODE_OPTIONS: `--import=${new URL('../support/crashPoint.mjs', import.meta.url).href}`, CRASH_POINT: JSON.stringify(point) };

/** Begins the verb and kills the server; true where the verb was cut off. */
async function killDuring(verb: LifeVerb, world: LifeWorld, dataDir: string, point: Point): Promise<boolean> {
  let server: TestServer;
  try {
    server = await start(dataDir, verb.begins === 'ready' ? SERVER_PASSPHRASE : undefined, crashPointOf(point));
  } catch (error) {
    // It died at its n-th commit before it was ready.
    if ('at' in point && error instanceof NotStarted && error.finished.code === null) return true;
    throw error;
  }
  const begun = verb.begin(server, world).then(
    () => true,
    () => false,
  );
  await ('after' in point ? pause(point.after) : begun);
  await end(server);
  return !(await begun);
}

/** Opens the folder again with whichever passphrase it has by now. */
async function startAgain(verb: LifeVerb, dataDir: string): Promise<TestServer> {
  if (verb.begins === 'ready') return start(dataDir, SERVER_PASSPHRASE);
  const server = await start(dataDir, undefined);
  const { state } = await server.call('status.get');
  if (state === 'locked') for (const passphrase of verb.passphrases ?? []) await server.ask('vault.unlock', { passphrase });
  return server;
}

it(`${LIFE_VERBS.map(({ name }) => name).join(', ')} live through ${KILLS} kills (seed ${SEED})`, { timeout: 120_000 + KILLS * 30_000 }, async () => {
  console.log(`life test: ${KILLS} kills, LIFE_SEED=${SEED}`);
  const random = createRandom(SEED);
  const world = await prepare();
  const cutOff = new Map<string, number>();
  for (let turn = 0; turn < KILLS; turn++) {
    const verb = LIFE_VERBS[turn % LIFE_VERBS.length];
    if (verb === undefined) throw new Error('there is no verb');
    const point = pointOf(Math.floor(turn / LIFE_VERBS.length), verb, random);
    const place = `kill ${turn + 1}: ${verb.name} ${JSON.stringify(point)}, seed ${SEED}`;
    const dataDir = join(folder, `turn-${turn}`);
    if (verb.begins === 'ready') cpSync(world.ready, dataDir, { recursive: true });

    if (await killDuring(verb, world, dataDir, point)) cutOff.set(verb.name, (cutOff.get(verb.name) ?? 0) + 1);
    if (existsSync(join(dataDir, 'countersign.db')) && !existsSync(join(dataDir, '.replacement'))) {
      expect([...judgeLog(withCopy(dataDir, (copy) => verifyFolder(copy)))], place).toEqual([]);
    }
    const server = await startAgain(verb, dataDir);
    expect(await verb.goOn(server, world), place).toEqual([]);
    expect(await server.call('audit.verify'), place).toMatchObject({ ok: true });
    expect((await server.stop()).code, place).toBe(0);
    expect(withCopy(dataDir, (copy) => verifyFolder(copy)), place).toMatchObject({ ok: true, notes: [] });
    if (KILLS > 2 * LIFE_VERBS.length) console.log(place);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
  console.log(`life test: cut off ${LIFE_VERBS.map(({ name }) => `${cutOff.get(name) ?? 0} of ${name}`).join(', ')}, of ${KILLS} kills`);
});
