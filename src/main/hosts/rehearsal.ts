/**
 * A rehearsal: the CA as it is, opened from a throw-away copy of its data, with a clock that is moved forward step by step. What happens on the way is
 * what would happen: the same use cases, keys and housekeeping. No listener, no backups, nothing outside the copy.
 */
import type { Log } from '../application/ports/system.ts';
import type { Refusal } from '../application/deps.ts';
import { SCHEDULE_SETTING } from '../application/backups/records.ts';
import { publishGeneration } from '../application/rollover/publish.ts';
import { stageGeneration } from '../application/rollover/stage.ts';
import { type RolloverStatus, rolloverStatus } from '../application/rollover/status.ts';
import { getStatus } from '../application/status.ts';
import { unlockVault } from '../application/vault.ts';
import type { Actor } from '../core/ca/audit.ts';
import { DAY, MINUTE, type Instant, toIso } from '../core/lib/instant.ts';
import { type Result, err, ok } from '../core/lib/result.ts';
import { type Composition, compose } from './compose.ts';
import { openByKeychain } from './opening.ts';
import type { Product } from './product.ts';

export interface RehearsalOptions {
  /** The copy. */
  readonly dataDir: string;
  readonly product: Product;
  readonly log: Log;
  readonly passphrase: string | undefined;
  /** Undefined: until a month after the last activation that is due. */
  readonly days: number | undefined;
  /** Stage and publish what is not yet, by the proposed dates, before time moves. */
  readonly rollover: boolean;
}

export interface RehearsedEvent {
  readonly at: Instant;
  readonly kind: 'start' | 'step' | 'generation' | 'scep-key' | 'adoption' | 'device' | 'expiry' | 'notice' | 'end';
  readonly text: string;
}

export interface Rehearsal {
  readonly from: Instant;
  readonly to: Instant;
  readonly events: readonly RehearsedEvent[];
  /** CRLs that were published on the way, and OCSP signers that were made. */
  readonly crls: number;
  readonly ocspSigners: number;
}

const REHEARSER: Actor = { kind: 'admin', name: 'rehearsal' };
const AFTER_ACTIVATION = 30 * DAY;
const DEFAULT_DAYS = 30;
/** However long the time: a step a day, and no more than so many. */
const MOST_STEPS = 800;
const DEVICES_NAMED = 20;

/** Opens the copy, moves its time and tells. The copy is left to the caller. */
export async function rehearse({ dataDir, product, log, passphrase, days, rollover }: RehearsalOptions): Promise<Result<Rehearsal, Refusal>> {
  let now = Date.now();
  const house = await compose({ dataDir, product, log, moved: { now: () => now } });
  try {
    const opened = house.deps.vault.kind() === 'keychain' ? await openByKeychain(house) : await unlockVault(house.deps, { passphrase }, REHEARSER);
    if (!opened.ok) return opened;
    if (house.deps.vault.state() !== 'open') return err({ code: 'empty', message: 'There is no vault in this data folder, so there is nothing to rehearse.' });
    await detach(house);
    const from = now;
    const events: RehearsedEvent[] = [{ at: from, kind: 'start', text: 'The copy is opened.' }];
    const tell = (kind: RehearsedEvent['kind'], text: string): void => void events.push({ at: now, kind, text });
    if (rollover) await beginRollovers(house, tell);
    const to = days === undefined ? endOf(house, now) : from + days * DAY;
    const before = await look(house);
    let seen = before;
    for (const at of stops(house, from, to)) {
      now = at;
      await house.keepHouse();
      const after = await look(house);
      compare(seen, after, tell);
      seen = after;
    }
    tell('end', `${Math.round((to - from) / DAY)} days have passed.`);
    return ok({ from, to, events, crls: seen.crls - before.crls, ocspSigners: seen.ocspSigners - before.ocspSigners });
  } finally {
    await house.stop();
  }
}

/** Nothing of the copy may reach beyond it: no backup folder of the original, no schedule. */
async function detach({ deps }: Composition): Promise<void> {
  const settings = { ...deps.directory.settings(), backupFolder: null };
  const done = await deps.store.commit({ actor: REHEARSER, at: deps.clock.now(), expect: [], changes: [{ kind: 'setting', key: 'settings', value: settings }, { kind: 'setting', key: SCHEDULE_SETTING, value: null }], audit: [] });
  if (!done.ok) throw new Error('a change-set without expectations came back as a conflict');
  await deps.directory.refresh();
}

type Tell = (kind: RehearsedEvent['kind'], text: string) => void;

async function beginRollovers({ deps }: Composition, tell: Tell): Promise<void> {
  for (const authority of deps.directory.authorities()) {
    const stage = async (): Promise<string | undefined> => {
      const status = await rolloverStatus(deps, { authorityId: authority.id, limit: 1 });
      return status.ok ? status.value.stage : undefined;
    };
    const stood = await stage();
    if (stood === 'none' || stood === 'overlap') {
      const staged = await stageGeneration(deps, { authorityId: authority.id }, REHEARSER);
      tell('step', staged.ok ? `“${authority.commonName}”: the next generation is staged.` : `“${authority.commonName}” cannot be staged: ${staged.error.message}`);
    }
    if ((await stage()) === 'staged') {
      const published = await publishGeneration(deps, { authorityId: authority.id }, REHEARSER);
      const activateAt = deps.directory.publishedGeneration(authority.id)?.activateAt;
      tell('step', published.ok ? `“${authority.commonName}”: the next generation is published, to take over at ${typeof activateAt === 'number' ? toIso(activateAt) : 'no date'}.` : `“${authority.commonName}” cannot be published: ${published.error.message}`);
    }
  }
}

const datesOf = ({ deps }: Composition): readonly Instant[] =>
  deps.directory.authorities().flatMap(({ id }) => [...deps.directory.generations(id).flatMap((g) => [g.notAfter, ...(g.activateAt === null ? [] : [g.activateAt])]), ...deps.directory.scepIdentities(id).map((s) => s.notAfter)]);

function endOf({ deps }: Composition, now: Instant): Instant {
  const due = deps.directory.authorities().flatMap(({ id }) => deps.directory.publishedGeneration(id)?.activateAt ?? []);
  return due.length === 0 ? now + DEFAULT_DAYS * DAY : Math.max(...due) + AFTER_ACTIVATION;
}

/** Every so often, and a moment after each date at which something is due. */
function stops(house: Composition, from: Instant, to: Instant): readonly Instant[] {
  const pace = Math.max(DAY, (to - from) / MOST_STEPS);
  const regular = Array.from({ length: Math.floor((to - from) / pace) }, (_, i) => Math.round(from + (i + 1) * pace));
  const exact = datesOf(house).map((at) => at + MINUTE);
  return [...new Set([...regular, ...exact, to])].filter((at) => at > from && at <= to).sort((a, b) => a - b);
}

interface Look {
  readonly at: Instant;
  readonly statuses: readonly RolloverStatus[];
  readonly scep: ReadonlyMap<string, { readonly id: string; readonly notAfter: Instant }>;
  readonly crls: number;
  readonly ocspSigners: number;
  readonly expired: number;
  readonly notices: ReadonlyMap<string, string>;
}

/** What an admin hears of the listener, of backups and of the queue says nothing here. */
const ELSEWHERE = /^(listener|backup|requests-waiting|no-public)/;

async function look(house: Composition): Promise<Look> {
  const { deps } = house;
  const statuses: RolloverStatus[] = [];
  let crls = 0;
  for (const { id } of deps.directory.authorities()) {
    const status = await rolloverStatus(deps, { authorityId: id, limit: DEVICES_NAMED });
    if (status.ok) statuses.push(status.value);
    for (const { number } of deps.directory.generations(id)) crls += (await deps.store.read.latestCrl(id, number))?.number ?? 0;
  }
  const { certificates, notices } = await getStatus(deps);
  const { total } = await deps.store.read.certificates({ kind: 'ocsp', limit: 1 }, deps.clock.now());
  return {
    at: deps.clock.now(),
    statuses,
    scep: new Map(deps.directory.authorities().flatMap(({ id }) => deps.directory.activeScepIdentity(id) ?? []).map((s) => [s.authorityId, s])),
    crls,
    ocspSigners: total,
    expired: certificates.expired,
    notices: new Map(notices.filter(({ code }) => !ELSEWHERE.test(code)).map(({ code, text }) => [code, text])),
  };
}

function compare(before: Look, after: Look, tell: Tell): void {
  for (const status of after.statuses) {
    const was = before.statuses.find(({ authority }) => authority.id === status.authority.id);
    const name = `“${status.authority.commonName}”`;
    for (const { generation } of status.generations) {
      const old = was?.generations.find((g) => g.generation.number === generation.number)?.generation;
      if (old?.state !== generation.state) tell('generation', `${name}: generation ${generation.number} is ${generation.state} now.`);
      if (generation.certificate !== null && generation.notAfter > before.at && generation.notAfter <= after.at) tell('expiry', `${name}: the certificate of generation ${generation.number} has expired.`);
    }
    if (was?.stage === 'published' && status.stage === 'overlap' && was.adoption !== null) {
      tell('adoption', `${name}, at its activation: ${was.adoption.text}`);
      for (const device of was.devices.filter(({ standing }) => standing === 'seen' || standing === 'silent')) tell('device', `${device.subject || device.serial}: ${device.why}`);
    }
    const [key, formerly] = [after.scep.get(status.authority.id), before.scep.get(status.authority.id)];
    if (key !== undefined && formerly !== undefined && key.id !== formerly.id) tell('scep-key', `${name}: devices talk to another SCEP certificate now, valid until ${toIso(key.notAfter)}.`);
  }
  const more = after.expired - before.expired;
  if (more > 0) tell('expiry', `${more === 1 ? 'One device certificate has' : `${more} device certificates have`} ended; whoever did not renew before is without one.`);
  for (const [code, text] of after.notices) if (!before.notices.has(code)) tell('notice', text);
}
