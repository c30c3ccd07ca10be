/**
 * Kills a real server with SIGKILL, over and over on the same data folder, while devices enrol and an admin approves: at random moments, while it
 * starts, and at places that a random moment rarely meets (between a commit and the head of the audit log, in the middle of that head's write,
 * between the two commits of an issuance). CRASH_KILLS makes it a campaign; CRASH_SEED repeats one.
 */
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCrashFleet, type Device, type Fleet } from '../support/crashFleet.ts';
import { type Answers, findBroken, type Intent, readFolder } from '../support/crashFolder.ts';
import { NotStarted, SERVER_PASSPHRASE, startServer, type TestServer } from '../support/server.ts';

const KILLS = Number(process.env['CRASH_KILLS'] ?? 8);
const SEED = Number(process.env['CRASH_SEED'] ?? Math.trunc(Math.random() * 2 ** 32));
const PATIENCE = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'countersign-crash-'));
const dataDir = join(folder, 'data');
let running: TestServer | undefined;
afterAll(async () => {
  await kill(running);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** mulberry32: the same numbers for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const KINDS = ['moment', 'after-head', 'before-head', 'start', 'torn-head', 'moment', 'after-head', 'moment'] as const;

interface Plan {
  readonly kind: (typeof KINDS)[number];
  /** Milliseconds after the devices began, or after the start; the number of the head's write. */
  readonly when: number;
}

function planKill(number: number, random: (below: number) => number): Plan {
  const kind = KINDS[number % KINDS.length] ?? 'moment';
  if (kind === 'moment') return { kind, when: random(400) };
  if (kind === 'start') return { kind, when: 100 + random(1_500) };
  // The first ones are early, so that even the shortest run meets them.
  return { kind, when: 2 + random(number < KINDS.length ? 6 : 30) };
}

const crashPointOf = ({ kind, when }: Plan): Readonly<Record<string, string>> =>
  kind === 'moment'
    ? {}
    : {
        NODE_OPTIONS: `--import=${new URL('../support/crashPoint.mjs', import.meta.url).href}`,
        CRASH_POINT: JSON.stringify(kind === 'start' ? { at: 'start', milliseconds: when } : { at: kind, nth: when }),
      };

const start = (env: Readonly<Record<string, string>> = {}): Promise<TestServer> => startServer({ dataDir, env: { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE, ...env } });

function isDead({ pid }: TestServer): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function kill(server: TestServer | undefined): Promise<void> {
  if (server !== undefined && !isDead(server)) await server.kill();
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function prepare(): Promise<Fleet> {
  const server = await start();
  running = server;
  const fleet = await createCrashFleet(server, KILLS);
  expect((await server.stop()).code).toBe(0);
  return fleet;
}

/** Lets what an earlier kill left come to its end: each device sends its message until it has its certificate. False where the server dies over it. */
async function recover(server: TestServer, fleet: Fleet, devices: readonly Device[]): Promise<boolean> {
  const until = Date.now() + PATIENCE;
  let trouble: unknown;
  const countApproved = async (): Promise<number | undefined> => {
    try {
      return (await server.call('status.get')).counts.requests.approved;
    } catch (error) {
      trouble = error;
      return undefined;
    }
  };
  // Those with a certificate ask as well: they must get the same again.
  // Not all of a long campaign at once: a source has only so many connections.
  for (let from = 0; from < devices.length; from += 50) await Promise.all(devices.slice(from, from + 50).map((device) => fleet.ask(server, device)));
  for (;;) {
    await fleet.approveWaiting(server);
    const open = devices.filter(({ certificate }) => certificate === undefined);
    const left = open.length > 0 ? open.length : await countApproved();
    if (isDead(server)) return false;
    if (left === 0) return true;
    if (Date.now() > until) throw new Error(`no end in ${PATIENCE} ms for ${open.map(({ name }) => name).join(', ')} (${left ?? '?'} open)`, { cause: trouble });
    await pause(50);
    await Promise.all(open.map((device) => fleet.ask(server, device)));
  }
}

/** New devices all at once, and an admin who approves what comes in, until the server dies. */
async function enrolUntilKilled(server: TestServer, fleet: Fleet, { kind, when }: Plan): Promise<readonly Device[]> {
  const devices = fleet.enlist();
  let over = false;
  const approving = (async () => {
    while (!over && !isDead(server)) {
      await fleet.approveWaiting(server);
      await pause(5);
    }
  })();
  const enrolling = Promise.all(devices.map((device) => fleet.ask(server, device)));
  if (kind === 'moment') await pause(when);
  else await enrolling.then(() => pause(50));
  await kill(server);
  over = true;
  await Promise.all([enrolling, approving]);
  return devices;
}

describe('a server that is killed outright', () => {
  it(`keeps every answer it gave, through ${KILLS} kills (seed ${SEED})`, { timeout: 60_000 + KILLS * 20_000 }, async () => {
    console.log(`crash test: ${KILLS} kills, CRASH_SEED=${SEED}`);
    const random = createRandom(SEED);
    const fleet = await prepare();
    const answers: Answers = fleet;
    const intents = new Map<string, Intent>();
    let open: readonly Device[] = [];
    const met = { intents: 0, unsigned: 0, inStart: 0 };

    for (let turn = 0; turn < KILLS; turn++) {
      const plan = planKill(turn, random);
      const place = `kill ${turn + 1} (${plan.kind} ${plan.when}), seed ${SEED}`;
      const server = await start(crashPointOf(plan)).catch((error: unknown) => {
        // Killed before it was ready, and not ended by itself.
        if (plan.kind !== 'moment' && error instanceof NotStarted && error.finished.code === null) return undefined;
        throw error;
      });
      running = server;
      if (server === undefined) met.inStart += 1;
      else if (await recover(server, fleet, open)) open = await enrolUntilKilled(server, fleet, plan);
      await kill(server);
      const state = readFolder(dataDir);
      expect(findBroken(state, answers, intents.values()), place).toEqual([]);
      expect(fleet.wrongAnswers, place).toEqual([]);
      for (const intent of state.intents) intents.set(intent.id, intent);
      met.intents += state.intents.length;
      met.unsigned += state.verdict.notes.length > 0 ? 1 : 0;
      if (KILLS > KINDS.length) console.log(`${place}: ${fleet.devices.length} devices, ${state.intents.length} intents left, ${state.verdict.notes.join('; ')}`);
    }

    const server = await start();
    running = server;
    expect(await recover(server, fleet, fleet.devices)).toBe(true);
    expect(await server.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
    expect((await server.stop()).code).toBe(0);

    const state = readFolder(dataDir);
    expect(fleet.wrongAnswers).toEqual([]);
    expect(findBroken(state, answers, intents.values())).toEqual([]);
    expect(state.verdict).toMatchObject({ ok: true, notes: [] });
    expect(state.intents).toEqual([]);
    expect(state.requests.map((request) => request.state)).toEqual(fleet.devices.map(() => 'issued'));
    expect(state.certificates.filter(({ kind }) => kind === 'device')).toHaveLength(fleet.devices.length);
    console.log(`crash test: ${fleet.devices.length} devices; left by kills: ${met.intents} intents, ${met.unsigned} logs with an unsigned end, ${met.inStart} deaths while starting`);
    // Without these the kills have met nothing worth a test.
    expect(met.intents).toBeGreaterThan(0);
    expect(met.unsigned).toBeGreaterThan(0);
  });
});
