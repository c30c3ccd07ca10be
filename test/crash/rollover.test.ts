/**
 * SIGKILL at each commit of a rollover, one after the other. Afterwards the folder opens, its log holds, no half of a step is left (no intent, no key
 * that nothing has), and the rollover goes on to its end.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOTHING_LEFT, leftOver } from '../support/crashFolder.ts';
import { SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-rollover-crash-'));
const origin = join(folder, 'origin');
const env = { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE };
const CRASH = new URL('../support/crashPoint.mjs', import.meta.url).href;
let authorityId = '';
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

beforeAll(async () => {
  const server = await startServer({ dataDir: origin, env });
  ({ id: authorityId } = await server.call('authorities.create', { commonName: 'Crash CA', key: 'p256', years: 10 }));
  await server.stop();
});

const STEPS = ['stage', 'publish', 'withdraw', 'publish', 'activate', 'retire', 'undo'] as const;

async function walk(server: TestServer): Promise<void> {
  for (const step of STEPS) await server.call(`rollover.${step}`, { authorityId });
}

/** From wherever it stands to its end. */
async function goOn(server: TestServer): Promise<void> {
  for (let steps = 0; steps < 6; steps++) {
    const { stage } = await server.call('rollover.status', { authorityId });
    if (stage === 'overlap') return void (await server.call('rollover.retire', { authorityId }));
    await server.call(stage === 'none' ? 'rollover.stage' : stage === 'staged' ? 'rollover.publish' : 'rollover.activate', { authorityId });
  }
}

it.each([
  ['after-head', 2],
  ['torn-head', 3],
  ['after-head', 3],
  ['after-head', 4],
  ['torn-head', 5],
  ['after-head', 6],
  ['after-head', 7],
  ['torn-head', 8],
  ['after-head', 9],
] as const)('%s of commit %i of a rollover', async (at, nth) => {
  const dataDir = join(folder, `${at}-${nth}`);
  cpSync(origin, dataDir, { recursive: true });
  const crashing = await startServer({ dataDir, env: { ...env, NODE_OPTIONS: `--import=${CRASH}`, CRASH_POINT: JSON.stringify({ at, nth }) } }).catch(() => undefined);
  const died = crashing === undefined ? true : await walk(crashing).then(() => false, () => true);
  if (!died) await crashing?.stop();
  const server = await startServer({ dataDir, env });
  expect(await server.call('audit.verify')).toMatchObject({ ok: true });
  const { stage, generations } = await server.call('rollover.status', { authorityId });
  console.log(`rollover crash test: ${at} ${nth}: ${died ? 'killed' : 'not reached'}; ${stage}, ${generations.map(({ number, state }) => `${number} ${state}`).join(', ')}`);
  if (stage !== 'none' || generations.length === 1) await goOn(server);
  expect(await server.call('audit.verify')).toMatchObject({ ok: true });
  const { steps } = await server.call('rollover.status', { authorityId });
  expect(steps.stage.possible).toBe(true);
  await server.stop();
  expect(leftOver(dataDir)).toEqual(NOTHING_LEFT);
  rmSync(dataDir, { recursive: true });
});
