/**
 * Withdraw: published → staged (devices hear of no next CA any more), staged → nothing: the next key is destroyed and its certificates are worth nothing.
 * Where devices have certificates by it already that is refused, unless they are to be revoked with it: a last CRL is signed before the key goes.
 */
import type { Instant } from '../../core/lib/instant.ts';
import { toHex } from '../../core/lib/bytes.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { lastDone } from '../../core/ca/rollover.ts';
import { makeCrl, publishCrl } from '../crls.ts';
import type { Outcome } from '../deps.ts';
import { requestSetting } from '../authorities/signingRequest.ts';
import type { Change, Expectation, RevokedEntry } from '../ports/store.ts';
import { type Certified, isCertified } from './announce.ts';
import { undoStep } from './retire.ts';
import { type RolloverDeps, STALE, type Situation, type StepInput, type Stepped, backUp, beginStep, commitStep, refuseStep, situationOf, unchanged, withDates } from './steps.ts';

export interface WithdrawInput extends StepInput {
  readonly revokeIssued?: boolean | undefined;
}

/**
 * Takes the last step back; where no next generation is left that is an activation or a retirement (undoStep).
 * Refused: not-found, locked, rollover-not-now, certificates-issued, busy, backup-before-step-failed, stale-version.
 */
export async function withdrawGeneration(deps: RolloverDeps, input: WithdrawInput, actor: Actor): Outcome<Stepped> {
  const authority = deps.directory.authority(input.authorityId);
  if (authority !== undefined) {
    const { standings, history } = await situationOf(deps, authority);
    if (standings.next === undefined && standings.awaiting === undefined && lastDone(standings, history) !== undefined) return undoStep(deps, input, actor);
  }
  return withdrawNext(deps, input, actor);
}

async function withdrawNext(deps: RolloverDeps, input: WithdrawInput, actor: Actor): Outcome<Stepped> {
  const begun = await beginStep(deps, 'withdraw', input.authorityId, actor);
  if (!begun.ok) return begun;
  const { authority, standings, facts } = begun.value;
  const { next } = standings;
  const published = isCertified(next) && next.publishedAt !== null;
  const issued = isCertified(next) && !published ? await deps.store.read.certificatesBy(authority.id, next.number, facts.now) : [];
  const devices = issued.filter(({ kind }) => kind === 'device').length;
  if (devices > 0 && input.revokeIssued !== true) {
    const message = `${devices === 1 ? 'One device has a certificate' : `${devices} devices have certificates`} by the next CA already; without its key ${devices === 1 ? 'it' : 'they'} could neither be checked nor revoked.`;
    return refuseStep(deps, 'withdraw', authority, { code: 'certificates-issued', message, hint: 'Go on with the rollover, or withdraw and revoke them with it (revokeIssued).' }, actor);
  }
  if (next !== undefined && (await deps.store.read.intents()).some((intent) => intent.authorityId === authority.id && intent.generation === next.number)) {
    return refuseStep(deps, 'withdraw', authority, { code: 'busy', message: 'A certificate by the next CA is being signed at this moment.', hint: 'Try again.' }, actor);
  }
  const backed = await backUp(deps, 'withdraw', input, authority, actor);
  if (!backed.ok) return backed;
  const done = published ? await unpublish(deps, begun.value, next, actor) : isCertified(next) ? await destroy(deps, begun.value, next, issued, actor) : await forgetRequest(deps, begun.value, actor);
  return done.ok ? ok({ authority, backup: backed.value.backup, findings: [...backed.value.findings, ...done.value] }) : done;
}

async function unpublish(deps: RolloverDeps, { authority, history }: Situation, next: Certified, actor: Actor): Outcome<readonly Finding[]> {
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(next)],
      changes: [{ kind: 'put', table: 'generation', value: { ...next, publishedAt: null, announcement: null, version: next.version + 1 } }, withDates(authority.id, history, next.number, { publishedAt: 0 })],
      audit: [{ action: 'rollover.withdraw', subject: `authority:${authority.id}/${next.number}`, outcome: 'ok', code: 'unpublished', detail: {} }],
    },
    actor,
  );
  if (!done) return err(STALE);
  const issued = await deps.store.read.countIssuedBy(authority.id, next.number, 0);
  return ok(issued === 0 ? [] : [{ code: 'certificates-issued', severity: 'warning', text: `${issued === 1 ? 'One device has a certificate' : `${issued} devices have certificates`} by the next CA already, worth something only once it is activated.` }]);
}

async function forgetRequest(deps: RolloverDeps, { authority, standings, history }: Situation, actor: Actor): Outcome<readonly Finding[]> {
  const { awaiting } = standings;
  if (awaiting === undefined) throw new Error('a step was begun without its generation');
  const done = await commitStep(
    deps,
    {
      authority,
      expect: [unchanged(awaiting)],
      changes: [
        { kind: 'remove', table: 'generation', id: `${authority.id}/${awaiting.number}` },
        { kind: 'remove', table: 'key', id: awaiting.keyId },
        { kind: 'setting', key: requestSetting(authority.id, awaiting.number), value: null },
        withDates(authority.id, history, awaiting.number, null),
      ],
      audit: [{ action: 'rollover.withdraw', subject: `authority:${authority.id}/${awaiting.number}`, outcome: 'ok', code: 'key-destroyed', detail: { issued: 0 } }],
    },
    actor,
  );
  if (!done) return err(STALE);
  await deps.signers.forget(awaiting.keyId);
  return ok([]);
}

/** A certificate that goes with its issuer's key. */
const ended = (record: CertificateRecord, at: Instant): CertificateRecord => ({ ...record, version: record.version + 1, state: 'revoked', revokedAt: record.revokedAt ?? at, reason: 'cessationOfOperation' });

const endedEvent = (record: CertificateRecord): AuditEvent => ({
  action: 'certificate.revoke',
  subject: `certificate:${record.serial}`,
  outcome: 'ok',
  code: 'revoked',
  detail: { reason: record.reason, subject: record.subject },
  certificate: { id: record.id, serial: record.serial, sha256: record.sha256, state: record.state },
});

async function destroy(deps: RolloverDeps, { authority, history, facts }: Situation, next: Certified, issued: readonly CertificateRecord[], actor: Actor): Outcome<readonly Finding[]> {
  const { now } = facts;
  // Its own certificate stands under whoever signed it: itself, or the authority above.
  const own = (await deps.store.read.certificatesOfKey(toHex(deps.crypto.digest('sha256', next.spki)), now)).filter(({ kind }) => kind === 'authority');
  const going = [...new Map([...issued, ...own].map((record) => [record.id, record])).values()].map((record) => ended(record, now));
  const above = [...new Map(going.filter((record) => record.authorityId !== authority.id).map((record) => [`${record.authorityId}/${record.generation}`, record])).values()];
  const below = going.filter((record) => record.authorityId === authority.id && record.generation === next.number && record.kind !== 'authority');
  const before = await deps.store.read.revoked(authority.id, next.number, now);
  const listed = [...before.filter(({ serial }) => !below.some((record) => record.serial === serial)), ...below.map(({ serial, revokedAt, reason }): RevokedEntry => ({ serial, revokedAt: revokedAt ?? now, reason }))];
  const latest = await deps.store.read.latestCrl(authority.id, next.number);
  const crl = listed.length === 0 ? undefined : await makeCrl(deps, authority, next, listed, (latest?.number ?? 0) + 1, { after: latest, until: Math.max(...below.map(({ notAfter }) => notAfter), now) });
  const identities = deps.directory.scepIdentities(authority.id).filter(({ generation }) => generation === next.number);
  const digests = new Set(going.filter(({ kind }) => kind === 'ocsp').map(({ spkiSha256 }) => spkiSha256));
  const responders = (await deps.store.read.keys()).filter((key) => key.purpose === 'ocsp' && digests.has(toHex(deps.crypto.digest('sha256', key.spki))));
  const keyIds = [...new Set([next.keyId, ...identities.map(({ keyId }) => keyId), ...responders.map(({ id }) => id)])];
  const expect: readonly Expectation[] = [unchanged(next), ...going.map(({ id, version }): Expectation => ({ kind: 'version', table: 'certificate', id, version: version - 1 }))];
  const changes: readonly Change[] = [
    ...going.map((value): Change => ({ kind: 'put', table: 'certificate', value })),
    ...(crl === undefined ? [] : [{ kind: 'put', table: 'crl', value: crl.record } as const]),
    ...identities.map(({ id }): Change => ({ kind: 'remove', table: 'scepIdentity', id })),
    { kind: 'remove', table: 'generation', id: `${authority.id}/${next.number}` },
    ...keyIds.map((id): Change => ({ kind: 'remove', table: 'key', id })),
    withDates(authority.id, history, next.number, null),
  ];
  const devices = below.filter(({ kind }) => kind === 'device').length;
  const audit: readonly AuditEvent[] = [
    { action: 'rollover.withdraw', subject: `authority:${authority.id}/${next.number}`, outcome: 'ok', code: 'key-destroyed', detail: { issued: devices } },
    ...going.map(endedEvent),
    ...(crl === undefined ? [] : [crl.audit]),
  ];
  if (!(await commitStep(deps, { authority, expect, changes, audit }, actor))) return err(STALE);
  for (const id of keyIds) await deps.signers.forget(id);
  for (const { id } of going) deps.events.publish('certificates.changed', { id });
  for (const { authorityId, generation } of above) await publishCrl(deps, { authorityId, generation }, actor);
  return ok(devices === 0 ? [] : [{ code: 'certificates-revoked', severity: 'warning', text: `${devices === 1 ? 'The certificate of one device was' : `The certificates of ${devices} devices were`} revoked with it; the last list of the destroyed key says so until they end.` }]);
}
