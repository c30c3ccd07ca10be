/**
 * SIGKILL in the middle of what happens to a CA in its life (test/support/lifeVerbs.ts), at random moments and between any two commits. Afterwards the
 * folder opens, its audit log holds, and the verb is gone on with to its end. LIFE_KILLS makes it a campaign, LIFE_SEED repeats one,
 * LIFE_VERB is for one verb alone.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';
import { NOTHING_LEFT, judgeLog, leftOver, withCopy } from '../support/crashFolder.ts';
import { LIFE_VERBS } from '../support/lifeVerbs.ts';
import { type LifeCase, type Random, createLifeWorld } from '../support/lifeWorld.ts';
import { NotStarted, SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

const VERBS = LIFE_VERBS.filter(({ name }) => name === (process.env['LIFE_VERB'] ?? name));
const FEW = 2 * VERBS.length;
const KILLS = Number(process.env['LIFE_KILLS'] ?? FEW);
const SEED = Number(process.env['LIFE_SEED'] ?? Math.trunc(Math.random() * 2 ** 32));

/** What a server commits by itself when it starts on a folder with an open vault. */
const START_COMMITS = 1;

const folder = mkdtempSync(join(tmpdir(), 'countersign-life-'));
let running: TestServer | undefined;
afterAll(async () => {
  await end(running);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** mulberry32: the same numbers for the same seed. */
function createRandom(seed: number): Random {
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

/** At a moment, or where the audit log's head is written for the n-th time since the start: between two commits. */
type Point = { readonly after: number } | { readonly at: 'before-head' | 'after-head' | 'torn-head'; readonly nth: number };

function pointOf(random: Random, { ready, within, commits }: LifeCase): Point {
  const kinds = ['before-head', 'after-head', 'torn-head'] as const;
  if (random() < 0.5) return { after: random() * within };
  const at = kinds[Math.floor(random() * kinds.length)] ?? 'after-head';
  return { at, nth: (ready === undefined ? 0 : START_COMMITS) + 1 + Math.floor(random() * commits) };
}

const crashPointOf = (point: Point): Readonly<Record<string, string>> =>
  'after' in point ? {} : { NODE_OPTIONS: `--import=${new URL('../support/crashPoint.mjs', import.meta.url).href}`, CRASH_POINT: JSON.stringify(point) };

type Hit = 'in the midst' | 'before' | 'after';

/** Begins the verb and kills the server; when it was hit: while it was at it, or before or after that. */
async function killDuring(life: LifeCase, dataDir: string, point: Point): Promise<Hit> {
  let server: TestServer;
  try {
    server = await start(dataDir, life.ready === undefined ? undefined : SERVER_PASSPHRASE, crashPointOf(point));
  } catch (error) {
    // It died at its n-th commit before it was ready.
    if ('at' in point && error instanceof NotStarted && error.finished.code === null) return 'before';
    throw error;
  }
  const begun = life.begin(server).then(
    () => true,
    (error: unknown) => {
      // A connection that broke off is the kill; an answer that refuses is not.
      if (error instanceof TypeError) return false;
      throw error;
    },
  );
  await Promise.race([begun, 'after' in point ? pause(point.after) : begun]);
  await end(server);
  return (await begun) ? 'after' : 'in the midst';
}

/** Opens the folder again with whichever passphrase it has by now. */
async function startAgain({ ready, passphrases = [] }: LifeCase, dataDir: string): Promise<TestServer> {
  if (ready !== undefined) return start(dataDir, SERVER_PASSPHRASE);
  const server = await start(dataDir, undefined);
  const { state } = await server.call('status.get');
  if (state === 'locked') for (const passphrase of passphrases) await server.ask('vault.unlock', { passphrase });
  return server;
}

it(`${VERBS.map(({ name }) => name).join(', ')} live through ${KILLS} kills (seed ${SEED})`, { timeout: 120_000 + KILLS * 30_000 }, async () => {
  console.log(`life test: ${KILLS} kills, LIFE_SEED=${SEED}`);
  const random = createRandom(SEED);
  const world = createLifeWorld(folder);
  const hits = new Map<string, Hit[]>(VERBS.map(({ name }) => [name, []]));
  for (let turn = 0; turn < KILLS; turn++) {
    const verb = VERBS[turn % VERBS.length];
    if (verb === undefined) throw new Error('there is no verb');
    const life = await verb.draw(random, world);
    const point = pointOf(random, life);
    const place = `kill ${turn + 1}: ${verb.name} (${life.what}) ${JSON.stringify(point)}, seed ${SEED}`;
    const dataDir = world.fresh();
    if (life.ready !== undefined) cpSync(life.ready, dataDir, { recursive: true });

    const hit = await killDuring(life, dataDir, point);
    hits.get(verb.name)?.push(hit);
    if (existsSync(join(dataDir, 'countersign.db')) && !existsSync(join(dataDir, '.replacement'))) {
      expect([...judgeLog(withCopy(dataDir, (copy) => verifyFolder(copy)))], place).toEqual([]);
    }
    const server = await startAgain(life, dataDir);
    expect(await life.goOn(server), place).toEqual([]);
    expect(await server.call('audit.verify'), place).toMatchObject({ ok: true });
    expect((await server.stop()).code, place).toBe(0);
    expect(withCopy(dataDir, (copy) => verifyFolder(copy)), place).toMatchObject({ ok: true, notes: [] });
    expect(leftOver(dataDir), place).toEqual(NOTHING_LEFT);
    if (KILLS > FEW) console.log(`${place}: ${hit}`);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
  const countOf = (all: readonly Hit[]): string => `${all.filter((hit) => hit === 'in the midst').length} of ${all.length}`;
  console.log(`life test: hit in the midst: ${[...hits].map(([name, all]) => `${name} ${countOf(all)}`).join(', ')}`);
});
