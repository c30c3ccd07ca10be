/**
 * Publish: from now on the capability GetNextCACert is announced and answered, and what is enveloped to the next CA is issued by it, valid from the
 * activation on (RFC 8894 4.7, 5.1). Without a date nobody could say from when, so without one nothing is published.
 */
import { type Instant, toIso } from '../../core/lib/instant.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { Generation } from '../../core/ca/authority.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import type { Outcome, Refusal } from '../deps.ts';
import { listenerOf } from '../pairings.ts';
import { announcedCertificates, canAnnounce, isCertified, makeAnnouncement } from './announce.ts';
import { type RolloverDeps, STALE, type StepInput, type Stepped, backUp, beginStep, commitStep, refuseStep, unchanged, withDates } from './steps.ts';

export interface PublishInput extends StepInput {
  readonly activateAt?: Instant | undefined;
}

const KEY_AWAY: Refusal = { code: 'locked', message: 'The key of the current CA, which signs what devices are told of the next one, is not at hand.', hint: 'Publish where it lies.' };

/** Devices envelope to the paired machine's key: what they are told must name it. */
export const notReady = (listener: string): Refusal => ({
  code: 'listener-not-ready',
  message: `“${listener}”, which devices talk to, has no SCEP certificate by the next generation yet, so that they could not be told whom to address.`,
  hint: 'Run the courier first: it takes the next generation there, and brings the request for that certificate back. Then publish.',
});

/** Why this date cannot be promised to devices. */
function dateProblem(activateAt: Instant | null, next: Generation, current: Generation, now: Instant): Refusal | undefined {
  if (activateAt === null) return { code: 'activation-date-needed', message: 'The next generation has no date of activation, so no device could be told from when its certificate is valid.', hint: 'Give one (activateAt).' };
  const impossible = (message: string): Refusal => ({ code: 'dates-impossible', message, hint: 'Give another date (activateAt).' });
  if (activateAt <= now) return impossible(`The date of activation, ${toIso(activateAt)}, is past.`);
  if (activateAt < next.notBefore) return impossible(`The next CA certificate begins only at ${toIso(next.notBefore)}.`);
  if (activateAt >= next.notAfter) return impossible(`The next CA certificate ends at ${toIso(next.notAfter)}, before its activation.`);
  return activateAt > current.notAfter ? impossible(`The activation would come after the end of the current CA certificate (${toIso(current.notAfter)}).`) : undefined;
}

/**
 * Publishes the next generation, or moves the date of one that is published. Refused: not-found, locked, rollover-not-now, activation-date-needed,
 * dates-impossible, listener-not-ready, courier-decides, backup-before-step-failed, stale-version.
 */
export async function publishGeneration(deps: RolloverDeps, input: PublishInput, actor: Actor): Outcome<Stepped> {
  const begun = await beginStep(deps, 'publish', input.authorityId, actor);
  if (!begun.ok) return begun;
  const { authority, standings, history, facts } = begun.value;
  const { next, current } = standings;
  if (!isCertified(next) || !isCertified(current)) throw new Error('a step was begun without its generations');
  const activateAt = input.activateAt ?? next.activateAt;
  const refused = dateProblem(activateAt, next, current, facts.now) ?? (canAnnounce(deps, current) ? undefined : KEY_AWAY);
  if (refused !== undefined) return refuseStep(deps, 'publish', authority, refused, actor);
  const certificates = await announcedCertificates(deps, next);
  if (certificates === undefined) return refuseStep(deps, 'publish', authority, notReady(listenerOf(deps, authority.id) ?? ''), actor);
  const backed = await backUp(deps, 'publish', input, authority, actor);
  if (!backed.ok) return backed;
  const publishedAt = next.publishedAt ?? facts.now;
  const announcement = await makeAnnouncement(deps, current, certificates);
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(next), unchanged(current)],
      changes: [
        { kind: 'put', table: 'generation', value: { ...next, activateAt, publishedAt, announcement, version: next.version + 1 } },
        withDates(authority.id, history, next.number, { publishedAt, ...(activateAt === null ? {} : { activateAt }) }),
      ],
      audit: [{ action: 'rollover.publish', subject: `authority:${authority.id}/${next.number}`, outcome: 'ok', code: next.publishedAt === null ? 'published' : 'date-moved', detail: { activateAt: activateAt === null ? null : toIso(activateAt) } }],
    },
    actor,
  );
  if (!done) return err(STALE);
  const moved = activateAt !== next.activateAt ? await deps.store.read.countIssuedBy(authority.id, next.number, 0) : 0;
  const findings: readonly Finding[] =
    moved === 0 ? [] : [{ code: 'issued-for-another-date', severity: 'warning', text: `${moved === 1 ? 'One device has a certificate' : `${moved} devices have certificates`} by the next CA already, valid from the date that was promised before (${next.activateAt === null ? 'none' : toIso(next.activateAt)}).` }];
  return ok({ authority, backup: backed.value.backup, findings: [...backed.value.findings, ...findings] });
}
