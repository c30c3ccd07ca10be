/**
 * Activate: the next generation becomes the current one and the current a former one, the SCEP key is switched with them, in one commit.
 * By hand, or by housekeeping at the date that devices were told. Both keys go on opening envelopes: who was on its way is answered.
 */
import { type Instant, toIso } from '../../core/lib/instant.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type Authority, type Generation, NOT_NEXT, type ScepIdentity, algorithmOf } from '../../core/ca/authority.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import { signerOf } from '../pairings.ts';
import type { Change } from '../ports/store.ts';
import { identityOf, isCertified } from './announce.ts';
import { type RolloverDeps, STALE, type Situation, type StepInput, type Stepped, backUp, beginStep, commitStep, refuseStep, situationOf, unchanged, withDates } from './steps.ts';

export interface ActivateInput extends StepInput {
  readonly unpublished?: boolean | undefined;
}

/** The SCEP key that is given out is this one from now on; the others go on opening what is addressed to them. */
export function switchIdentity({ directory }: Pick<Deps, 'directory'>, authority: Authority, to: ScepIdentity): readonly Change[] {
  const others = directory.scepIdentities(authority.id).filter((s) => s.active && s.id !== to.id);
  return [...others.map((s): Change => ({ kind: 'put', table: 'scepIdentity', value: { ...s, active: false, version: s.version + 1 } })), { kind: 'put', table: 'scepIdentity', value: { ...to, active: true, version: to.version + 1 } }];
}

/** The authority as its current generation makes it. */
export const asOf = (authority: Authority, current: Generation, identity: ScepIdentity): Authority => ({
  ...authority,
  keyAlgorithm: algorithmOf(current),
  scepKey: identity.keyId === current.keyId ? 'combined' : 'split',
  version: authority.version + 1,
});

async function takeOver(deps: Deps, { authority, standings, history, facts }: Situation, detail: Readonly<Record<string, string | number | boolean | null>>, actor: Actor): Promise<Result<readonly Finding[], Refusal>> {
  const { next, current } = standings;
  if (!isCertified(next) || !isCertified(current)) throw new Error('a step was begun without its generations');
  const identity = identityOf(deps, authority.id, next.number);
  if (identity === undefined) return err({ code: 'rollover-not-now', message: 'The next generation has no SCEP key yet, so no device could speak to it.' });
  const { activateAt } = next;
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(next), unchanged(current), { kind: 'version', table: 'authority', id: authority.id, version: authority.version }],
      changes: [
        { kind: 'put', table: 'authority', value: asOf(authority, next, identity) },
        { kind: 'put', table: 'generation', value: { ...current, state: 'previous', version: current.version + 1 } },
        { kind: 'put', table: 'generation', value: { ...next, state: 'current', ...NOT_NEXT, version: next.version + 1 } },
        ...switchIdentity(deps, authority, identity),
        withDates(authority.id, history, next.number, { activatedAt: facts.now, ...(activateAt === null ? {} : { activateAt }) }),
      ],
      audit: [{ action: 'rollover.activate', subject: `authority:${authority.id}/${next.number}`, outcome: 'ok', code: 'activated', detail: { ...detail, planned: activateAt === null ? null : toIso(activateAt), former: current.number } }],
    },
    actor,
  );
  if (!done) return err(STALE);
  const early = activateAt !== null && activateAt > facts.now ? await deps.store.read.countIssuedBy(authority.id, next.number, 0) : 0;
  return ok(early === 0 || activateAt === null ? [] : [{ code: 'issued-for-a-later-date', severity: 'notice', text: `${early === 1 ? 'One device' : `${early} devices`} got a certificate by the new CA before; ${early === 1 ? 'it begins' : 'they begin'} at ${toIso(activateAt)}, as was promised.` }]);
}

/** Refused: not-found, locked, rollover-not-now, not-published, backup-before-step-failed, stale-version. */
export async function activateGeneration(deps: RolloverDeps, input: ActivateInput, actor: Actor): Outcome<Stepped> {
  const begun = await beginStep(deps, 'activate', input.authorityId, actor);
  if (!begun.ok) return begun;
  const { authority, standings } = begun.value;
  if (standings.next?.publishedAt === null && input.unpublished !== true) {
    return refuseStep(deps, 'activate', authority, { code: 'not-published', message: 'The next generation was never published, so no device knows it.', hint: 'Publish it first, or activate it all the same (unpublished): devices must then be given the new CA certificate by hand.' }, actor);
  }
  const backed = await backUp(deps, 'activate', input, authority, actor);
  if (!backed.ok) return backed;
  const done = await takeOver(deps, begun.value, { by: 'hand' }, actor);
  return done.ok ? ok({ authority, backup: backed.value.backup, findings: [...backed.value.findings, ...done.value] }) : done;
}

const KEEPER: Actor = { kind: 'system', name: 'rollover' };

/** Whether devices could speak to this generation here: a listener gets its own SCEP certificate by it with the courier, and may have to wait for that. */
export function canTakeOver(deps: Pick<Deps, 'directory'>, generation: Generation, now: Instant): boolean {
  const identity = identityOf(deps, generation.authorityId, generation.number);
  return signerOf(deps, generation.authorityId) === undefined || (identity !== undefined && identity.notAfter > now);
}

const isDue = (generation: Generation, now: Instant): boolean => generation.activateAt !== null && generation.activateAt <= now && generation.notAfter > now;

/**
 * Activates what is published and due. The date was promised to devices, some of which have certificates that begin then: a backup that fails is told,
 * and does not stop it. No CA key is needed for it, so a listener keeps the date by itself, as its signer does; the courier brings what was decided otherwise.
 */
export async function activateDue(deps: RolloverDeps): Promise<void> {
  for (const authority of deps.directory.authorities()) {
    const next = deps.directory.publishedGeneration(authority.id);
    if (next === undefined || !isDue(next, deps.clock.now()) || !canTakeOver(deps, next, deps.clock.now())) continue;
    const locked = deps.vault.state() !== 'open';
    const backed = locked ? undefined : await backUp(deps, 'activate', { authorityId: authority.id, withoutBackup: true }, authority, KEEPER);
    const done = await takeOver(deps, await situationOf(deps, authority), { by: 'date', backup: backed?.ok === true ? (backed.value.backup?.name ?? null) : null }, KEEPER);
    if (!done.ok) deps.log('error', 'rollover.not-activated', { authority: authority.id, code: done.error.code });
  }
}
