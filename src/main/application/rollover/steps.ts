/**
 * What every step of a rollover shares: the facts that it is decided on, the backup before it, and the commit behind it.
 * The history (when each generation was staged, published, activated, retired) lies in a setting beside the generations.
 */
import { DAY, type Instant } from '../../core/lib/instant.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { Authority } from '../../core/ca/authority.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { NO_HISTORY, type RolloverDates, type RolloverHistory, type RolloverStep, type Standings, type StepFacts, sortOut, stepProblem } from '../../core/ca/rollover.ts';
import { refuseWithoutVault } from '../authorities/naming.ts';
import { SEAL_BROKEN, makeBackup, openPassphrase } from '../backups/make.ts';
import { type BackupDeps, type BackupRecord, readSchedule } from '../backups/records.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import type { IssuingDeps } from '../issue.ts';
import { signerOf, steppedThere } from '../pairings.ts';
import type { AnnouncementKeys } from '../ports/announcementKeys.ts';
import type { Change, Expectation } from '../ports/store.ts';

export interface RolloverDeps extends IssuingDeps, BackupDeps {
  readonly announcementKeys: AnnouncementKeys;
}

export interface StepInput {
  readonly authorityId: string;
  /** Goes on where the backup before the step cannot be made. */
  readonly withoutBackup?: boolean | undefined;
}

/** What a step did, beside what the status shows of it. */
export interface Stepped {
  readonly authority: Authority;
  readonly backup: BackupRecord | null;
  readonly findings: readonly Finding[];
}

export const STALE: Refusal = { code: 'stale-version', message: 'The authority was changed meanwhile.', hint: 'Look at the rollover again.' };
export const NO_AUTHORITY: Refusal = { code: 'not-found', message: 'There is no such authority.' };

export const historySetting = (authorityId: string): string => `rollover:${authorityId}`;

export const readHistory = async ({ store }: Pick<Deps, 'store'>, authorityId: string): Promise<RolloverHistory> => ((await store.read.setting(historySetting(authorityId))) as RolloverHistory | undefined) ?? NO_HISTORY;

/** The history with what is now known of one generation; its earlier dates stay where they are not named. */
export function datesOf(history: RolloverHistory, number: number, dates: RolloverDates | null): RolloverHistory {
  const { [number]: before, ...others } = history.dates;
  return { highest: Math.max(history.highest, number), dates: dates === null ? others : { ...others, [number]: { ...before, ...dates } } };
}

export const withDates = (authorityId: string, history: RolloverHistory, number: number, dates: RolloverDates | null): Change => ({ kind: 'setting', key: historySetting(authorityId), value: datesOf(history, number, dates) });

export interface Situation {
  readonly authority: Authority;
  readonly standings: Standings;
  readonly history: RolloverHistory;
  readonly facts: StepFacts;
}

/** An authority as its next step is judged. */
export async function situationOf(deps: Deps, authority: Authority): Promise<Situation> {
  const standings = sortOut(deps.directory.generations(authority.id));
  const history = await readHistory(deps, authority.id);
  const { current } = standings;
  const activatedAt = current === undefined ? undefined : history.dates[current.number]?.activatedAt;
  const issuedSinceActivation = current === undefined || activatedAt === undefined ? 0 : await deps.store.read.countIssuedBy(authority.id, current.number, activatedAt);
  return { authority, standings, history, facts: { history, now: deps.clock.now(), issuedSinceActivation } };
}

const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

/** Whether this step can be taken now, and on this machine; what cannot is left in the audit log as a refusal. */
export async function beginStep(deps: RolloverDeps, step: RolloverStep, authorityId: string, actor: Actor): Outcome<Situation> {
  const authority = deps.directory.authority(authorityId);
  if (authority === undefined) return err(NO_AUTHORITY);
  const signer = signerOf(deps, authorityId);
  if (signer !== undefined) return refuseStep(deps, step, authority, steppedThere(signer), actor);
  const situation = await situationOf(deps, authority);
  const problem = stepProblem(step, situation.standings, situation.facts);
  if (problem !== undefined) return refuseStep(deps, step, authority, { code: problem.code, message: upper(problem.text) }, actor);
  const locked = refuseWithoutVault(deps);
  return locked === undefined ? ok(situation) : err(locked);
}

/** Says no, and leaves that in the audit log. */
export async function refuseStep(deps: Deps, step: RolloverStep | 'links', authority: Authority, refusal: Refusal, actor: Actor): Promise<{ readonly ok: false; readonly error: Refusal }> {
  const noted = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [{ action: `rollover.${step}`, subject: `authority:${authority.id}`, outcome: 'refused', code: refusal.code, detail: {} }] });
  if (!noted.ok) throw new Error('a change-set without expectations came back as a conflict');
  return err(refusal);
}

export interface BackedUp {
  readonly backup: BackupRecord | null;
  readonly findings: readonly Finding[];
}

const NO_SCHEDULE: Finding = {
  code: 'no-backup',
  severity: 'warning',
  text: 'No backup was made before this step, for no passphrase for backups is set. Set a schedule (backups.schedule), and each step is preceded by a proven backup.',
};

/** A proven backup before a step, by the schedule's passphrase. Refused where there is one and the backup fails, unless told to go on. */
export async function backUp(deps: RolloverDeps, step: RolloverStep, { withoutBackup = false }: StepInput, authority: Authority, actor: Actor): Promise<Result<BackedUp, Refusal>> {
  const schedule = await readSchedule(deps);
  if (schedule === null) return ok({ backup: null, findings: [NO_SCHEDULE] });
  const passphrase = openPassphrase(deps, schedule);
  const made = passphrase === undefined ? err(SEAL_BROKEN) : await makeBackup(deps, passphrase, false, actor);
  if (made.ok) return ok({ backup: made.value, findings: [] });
  const { message, hint } = made.error;
  if (withoutBackup) return ok({ backup: null, findings: [{ code: 'backup-failed', severity: 'danger', text: `No backup was made before this step: ${message}` }] });
  return refuseStep(deps, step, authority, { code: 'backup-before-step-failed', message: `The backup before this step could not be made, so nothing was done: ${message}`, hint: `${hint === undefined ? '' : `${hint} `}Or go on without a backup (withoutBackup).` }, actor);
}

export interface StepCommit {
  readonly authority: Authority;
  readonly expect: readonly Expectation[];
  readonly changes: readonly Change[];
  readonly audit: readonly AuditEvent[];
}

/** Stores a step; false where somebody was faster. */
export async function commitStep(deps: Deps, { authority, expect, changes, audit }: StepCommit, actor: Actor): Promise<boolean> {
  const committed = await deps.store.commit({ actor, at: deps.clock.now(), expect, changes, audit });
  if (!committed.ok) return false;
  await deps.directory.refresh();
  deps.events.publish('authorities.changed', { id: authority.id });
  deps.events.publish('status.changed');
  return true;
}

/** The row is as it was read. */
export const unchanged = (generation: { readonly authorityId: string; readonly number: number; readonly version: number }): Expectation => ({
  kind: 'version',
  table: 'generation',
  id: `${generation.authorityId}/${generation.number}`,
  version: generation.version,
});

/** The longest renewal window of the profiles that an authority's endpoints use. */
export function renewalWindowOf({ directory }: Pick<Deps, 'directory'>, authorityId: string): number {
  const windows = directory.endpoints().flatMap((endpoint) => (endpoint.authorityId === authorityId ? [directory.profile(endpoint.profileId)?.renewalWindowDays ?? 0] : []));
  return windows.length === 0 ? DEFAULT_WINDOW_DAYS : Math.max(...windows);
}

const DEFAULT_WINDOW_DAYS = 30;

export const daysUntil = (at: Instant, now: Instant): number => Math.floor((at - now) / DAY);
