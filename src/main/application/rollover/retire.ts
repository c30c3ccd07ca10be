/**
 * Retire: a former generation is done with; nobody is asked to look at it any more. Its key still signs its CRL and proves renewals until what it
 * issued has ended, and opens late requests. Undo takes back the last retirement, or the last activation while nothing was issued since.
 */
import { type Instant, toIso } from '../../core/lib/instant.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { lastDone } from '../../core/ca/rollover.ts';
import type { Outcome } from '../deps.ts';
import { asOf, switchIdentity } from './activate.ts';
import { identityOf, isCertified, renewAnnouncement } from './announce.ts';
import { type RolloverDeps, STALE, type Situation, type StepInput, type Stepped, backUp, beginStep, commitStep, refuseStep, unchanged, withDates } from './steps.ts';

export interface RetireInput extends StepInput {
  /** The newest former one where it is left out. */
  readonly generation?: number | undefined;
}

/** Refused: not-found, locked, rollover-not-now, backup-before-step-failed, stale-version. */
export async function retireGeneration(deps: RolloverDeps, input: RetireInput, actor: Actor): Outcome<Stepped> {
  const begun = await beginStep(deps, 'retire', input.authorityId, actor);
  if (!begun.ok) return begun;
  const { authority, standings, history, facts } = begun.value;
  const { previous, current } = standings;
  const former = input.generation === undefined ? previous[0] : previous.find(({ number }) => number === input.generation);
  if (former === undefined || current === undefined) return refuseStep(deps, 'retire', authority, { code: 'rollover-not-now', message: `Generation ${input.generation ?? ''} is no former generation of this authority.` }, actor);
  const backed = await backUp(deps, 'retire', input, authority, actor);
  if (!backed.ok) return backed;
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(former), unchanged(current)],
      changes: [{ kind: 'put', table: 'generation', value: { ...former, state: 'retired', version: former.version + 1 } }, withDates(authority.id, history, former.number, { retiredAt: facts.now })],
      audit: [{ action: 'rollover.retire', subject: `authority:${authority.id}/${former.number}`, outcome: 'ok', code: 'retired', detail: { notAfter: toIso(former.notAfter) } }],
    },
    actor,
  );
  if (!done) return err(STALE);
  const { byGeneration } = await deps.store.read.surveyDevices(authority.id, { number: current.number, publishedAt: null }, { limit: 1 }, facts.now);
  const left = byGeneration[former.number] ?? 0;
  const findings: readonly Finding[] = left === 0 ? [] : [{ code: 'certificates-left', severity: 'info', text: `${left === 1 ? 'One device certificate' : `${left} device certificates`} by it ${left === 1 ? 'is' : 'are'} still valid: its revocation list goes on, and renewals with ${left === 1 ? 'it' : 'them'} are renewals.` }];
  return ok({ authority, backup: backed.value.backup, findings: [...backed.value.findings, ...findings] });
}

export interface UndoInput extends StepInput {
  /** With it an undone activation stays published, for that date. */
  readonly activateAt?: Instant | undefined;
}

/** Refused: not-found, locked, rollover-not-now, certificates-issued, dates-impossible, backup-before-step-failed, stale-version. */
export async function undoStep(deps: RolloverDeps, input: UndoInput, actor: Actor): Outcome<Stepped> {
  const begun = await beginStep(deps, 'undo', input.authorityId, actor);
  if (!begun.ok) return begun;
  const { authority, standings, history, facts } = begun.value;
  const undone = lastDone(standings, history);
  const { current } = standings;
  if (undone === undefined || current === undefined) throw new Error('a step was begun that had nothing to undo');
  const { activateAt } = input;
  if (activateAt !== undefined && (activateAt <= facts.now || activateAt >= current.notAfter)) {
    return refuseStep(deps, 'undo', authority, { code: 'dates-impossible', message: `Nothing could be activated at ${toIso(activateAt)}.`, hint: 'Give a date to come, before the new CA certificate ends; or none.' }, actor);
  }
  const backed = await backUp(deps, 'undo', input, authority, actor);
  if (!backed.ok) return backed;
  if (undone.kind === 'activation') {
    const back = await undoActivation(deps, begun.value, activateAt, actor);
    return back.ok ? ok({ authority, backup: backed.value.backup, findings: [...backed.value.findings, ...back.value] }) : back;
  }
  const { retired } = undone;
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(retired), unchanged(current)],
      changes: [{ kind: 'put', table: 'generation', value: { ...retired, state: 'previous', version: retired.version + 1 } }, withDates(authority.id, history, retired.number, { retiredAt: 0 })],
      audit: [{ action: 'rollover.undo', subject: `authority:${authority.id}/${retired.number}`, outcome: 'ok', code: 'retirement-undone', detail: {} }],
    },
    actor,
  );
  return done ? ok({ authority, ...backed.value }) : err(STALE);
}

/** The former generation works again, and the new one is a next one: published still where there is a date to come, else only staged. */
async function undoActivation(deps: RolloverDeps, { authority, standings, history, facts }: Situation, wished: Instant | undefined, actor: Actor): Outcome<readonly Finding[]> {
  const { current, previous } = standings;
  const [former] = previous;
  const identity = former === undefined ? undefined : identityOf(deps, authority.id, former.number);
  if (!isCertified(current) || !isCertified(former) || identity === undefined) throw new Error('an activation was to be undone without its former generation');
  const dates = history.dates[current.number];
  const kept = dates?.publishedAt !== undefined && dates.activateAt !== undefined && dates.activateAt > facts.now ? dates.activateAt : undefined;
  const activateAt = wished ?? kept ?? null;
  const next = { ...current, state: 'next', activateAt, publishedAt: activateAt === null ? null : (dates?.publishedAt ?? facts.now), announcement: null, version: current.version + 1 } as const;
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(current), unchanged(former), { kind: 'version', table: 'authority', id: authority.id, version: authority.version }],
      changes: [
        { kind: 'put', table: 'authority', value: asOf(authority, former, identity) },
        { kind: 'put', table: 'generation', value: { ...former, state: 'current', version: former.version + 1 } },
        { kind: 'put', table: 'generation', value: next },
        ...switchIdentity(deps, authority, identity),
        withDates(authority.id, history, current.number, { activatedAt: 0, ...(activateAt === null ? { publishedAt: 0 } : { activateAt }) }),
      ],
      audit: [{ action: 'rollover.undo', subject: `authority:${authority.id}/${current.number}`, outcome: 'ok', code: 'activation-undone', detail: { current: former.number, published: activateAt !== null, activateAt: activateAt === null ? null : toIso(activateAt) } }],
    },
    actor,
  );
  if (!done) return err(STALE);
  // By the key that is current again; a kill before it leaves that to housekeeping, and until then devices hear of no next CA.
  if (activateAt !== null) {
    await renewAnnouncement(deps, authority, actor);
    return ok([]);
  }
  return ok([{ code: 'staged-again', severity: 'notice', text: 'The generation whose activation was undone is staged only: its date is past. Publish it again with a new date.' }]);
}
