/** Every step of a rollover, with keys combined and split, as one verb of a CA's life (lifeVerbs.ts). */
import { cpSync } from 'node:fs';
import { rsaKey } from './forge.ts';
import { type LifeVerb, type LifeWorld, enrolNew, findWrong, isGranted, renewOld, withServer } from './lifeWorld.ts';
import { createScepClient } from './scepClient.ts';
import type { TestServer } from './server.ts';

const MODES = ['combined', 'split'] as const;
type Mode = (typeof MODES)[number];
type Stage = 'none' | 'staged' | 'published' | 'overlap' | 'retired';
type Channel = `rollover.${'stage' | 'publish' | 'withdraw' | 'activate' | 'retire' | 'undo'}`;

interface Step {
  readonly channel: Channel;
  readonly from: Stage;
  readonly to: Stage;
  readonly within: number;
  readonly commits: number;
}

const STEPS: readonly Step[] = [
  { channel: 'rollover.stage', from: 'none', to: 'staged', within: 500, commits: 3 },
  { channel: 'rollover.publish', from: 'staged', to: 'published', within: 60, commits: 1 },
  { channel: 'rollover.withdraw', from: 'published', to: 'staged', within: 40, commits: 1 },
  { channel: 'rollover.withdraw', from: 'staged', to: 'none', within: 40, commits: 1 },
  { channel: 'rollover.activate', from: 'published', to: 'overlap', within: 40, commits: 1 },
  { channel: 'rollover.undo', from: 'overlap', to: 'published', within: 60, commits: 2 },
  { channel: 'rollover.retire', from: 'overlap', to: 'retired', within: 40, commits: 1 },
  { channel: 'rollover.undo', from: 'retired', to: 'overlap', within: 40, commits: 1 },
];

/** Staging is the step of several commits, with keys and intents between them: it is drawn as often as five others. */
const DRAWN: readonly Step[] = [...STEPS, ...Array<Step>(4).fill(STEPS[0]!)];

/** The step that leads to a stage for the first time. */
const LEADS: Readonly<Partial<Record<Stage, Step>>> = { staged: STEPS[0]!, published: STEPS[1]!, overlap: STEPS[4]!, retired: STEPS[6]! };

interface Ready {
  readonly authorityId: string;
  /** Of `CN=router`, by the first generation, with rsaKey(0). */
  readonly device: Uint8Array;
}

/** A CA with one device whose rollover stands there. */
async function readyAt(world: LifeWorld, mode: Mode, stage: Stage): Promise<{ readonly dataDir: string; readonly made: Ready }> {
  const lead = LEADS[stage];
  const before = lead === undefined ? undefined : await readyAt(world, mode, lead.from);
  return world.once(`rollover-${mode}-${stage}`, async (dataDir) => {
    if (lead === undefined || before === undefined) return withServer(dataDir, (server) => establish(server, mode));
    cpSync(before.dataDir, dataDir, { recursive: true });
    await withServer(dataDir, (server) => server.call(lead.channel, { authorityId: before.made.authorityId }));
    return before.made;
  });
}

async function establish(server: TestServer, mode: Mode): Promise<Ready> {
  const { id } = await server.call('authorities.create', { commonName: 'Life CA', key: mode === 'split' ? 'p256' : 'rsa-2048', years: 10, scepKey: mode });
  const [device] = (await enrolNew(server, { subject: 'CN=router' })).certificates;
  if (device === undefined) throw new Error('the device was not enrolled');
  return { authorityId: id, device };
}

async function stageOf(server: TestServer, authorityId: string): Promise<string> {
  const { stage, generations } = await server.call('rollover.status', { authorityId });
  return stage === 'none' && generations.some(({ state }) => state === 'retired') ? 'retired' : stage;
}

/**
 * GetNextCACert is answered while a next generation is published, and at no other time. An answer that a kill took is signed anew by the housekeeping
 * that begins with the start, beside the first requests.
 */
async function announces(server: TestServer, expected: boolean): Promise<boolean> {
  const client = createScepClient(server.scepUrl);
  for (let tries = 0; tries < 100; tries++) {
    if (((await client.query('GetNextCACert')).status === 200) === expected) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function knowsItsDevices(server: TestServer, { device }: Ready): Promise<boolean> {
  const client = createScepClient(server.scepUrl);
  return (await isGranted(client, await renewOld(server, 'CN=router', device))) && isGranted(client, await enrolNew(server, { subject: 'CN=newcomer', key: rsaKey(12) }));
}

const pick = <T>(from: readonly T[], random: () => number): T => {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error('there is nothing to pick from');
  return picked;
};

export const rollover: LifeVerb = {
  name: 'rollover',
  draw: async (random, world) => {
    const step = pick(DRAWN, random);
    const mode = pick(MODES, random);
    const { channel, from, to, within, commits } = step;
    const { dataDir, made } = await readyAt(world, mode, from);
    const { authorityId } = made;
    return {
      what: `${channel} ${from} → ${to}, ${mode}`,
      ready: dataDir,
      within,
      commits,
      begin: (server) => server.call(channel, { authorityId }),
      goOn: async (server) => {
        const found = await stageOf(server, authorityId);
        if (found === from) await server.call(channel, { authorityId });
        return findWrong(
          [`the kill left it at ${found}`, () => found === from || found === to],
          [`the step did not lead to ${to}`, async () => (await stageOf(server, authorityId)) === to],
          ['GetNextCACert does not say what the rollover is', () => announces(server, to === 'published')],
          ['a device can neither renew nor enrol', () => knowsItsDevices(server, made)],
        );
      },
    };
  },
};
