/**
 * The next generation's certificate comes back from an offline root. It must bear the authority's very name: the name is the issuer of all certificates
 * of both generations, and a CA of another name would be another CA to every device.
 */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { ok, err } from '../../core/lib/result.ts';
import { toIso } from '../../core/lib/instant.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type Authority, type Generation, type ScepIdentity, algorithmOf } from '../../core/ca/authority.ts';
import type { JudgedCaCertificate } from '../../core/ca/caCertificate.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { nameToText } from '../../core/pki/names.ts';
import { generationFrom, refuseArrival, scepModeFor, STALE } from '../authorities/arrival.ts';
import { reserving } from '../authorities/establish.ts';
import { mintScepKey } from '../authorities/mint.ts';
import { makeCrl } from '../crls.ts';
import type { Outcome } from '../deps.ts';
import { type IssuingDeps, issuedChanges, newId, plannedIssuer, signIntent } from '../issue.ts';
import { commitStep, unchanged } from './steps.ts';

/** Takes the certificate for a next generation. Refused: certificate-subject-differs, dates-impossible, stale-version. */
export async function installNext(deps: IssuingDeps, authority: Authority, awaiting: Generation, judged: JudgedCaCertificate, actor: Actor): Outcome<readonly Finding[]> {
  const { certificate } = judged;
  const refuse = (code: string, message: string, hint: string) => refuseArrival(deps, 'authority.install', `authority:${authority.id}`, { code, message, hint }, actor);
  if (!equalBytes(certificate.subject, authority.subject)) {
    return refuse('certificate-subject-differs', `The certificate is for “${nameToText(certificate.subject)}”, and this authority is “${nameToText(authority.subject)}” to its devices.`, 'Have the signing request signed with its subject as it stands, byte for byte.');
  }
  if (awaiting.activateAt !== null && certificate.notAfter <= awaiting.activateAt) {
    return refuse('dates-impossible', `The certificate ends at ${toIso(certificate.notAfter)}, before the activation at ${toIso(awaiting.activateAt)}.`, 'Have one with a later end signed.');
  }
  const mode = scepModeFor(authority.scepKey, judged);
  const now = deps.clock.now();
  const { activateAt } = awaiting;
  const made = generationFrom(deps, { authorityId: authority.id, number: awaiting.number, keyId: awaiting.keyId, version: awaiting.version + 1 }, judged);
  const generation = { ...made, state: 'next', activateAt } as const;
  const algorithm = algorithmOf(generation);
  const scep = mode.scepKey === 'split' ? await mintScepKey(deps, authority, plannedIssuer(authority, generation), algorithm, now, activateAt ?? undefined) : undefined;
  const done = await reserving(deps, scep === undefined ? [] : [scep], { authorityId: authority.id, detail: { commonName: authority.commonName, purpose: 'scep', key: 'rsa-2048', generation: generation.number }, expect: [], actor }, async () => {
    const record = scep === undefined ? undefined : await signIntent(deps, scep.prepared.intent, { keyId: generation.keyId, algorithm, spki: generation.spki });
    const identity: ScepIdentity = { id: newId(deps), authorityId: authority.id, generation: generation.number, keyId: scep?.key.id ?? generation.keyId, certificate: record?.der ?? generation.certificate, active: false, notAfter: record?.notAfter ?? generation.notAfter, version: 1 };
    const crl = await makeCrl(deps, authority, generation, [], 1);
    const issued = scep === undefined || record === undefined ? undefined : issuedChanges(scep.prepared.intent, record);
    return commitStep(
      deps,
      {
        authority,
        expect: [unchanged(awaiting)],
        changes: [{ kind: 'put', table: 'generation', value: generation }, { kind: 'put', table: 'scepIdentity', value: identity }, ...(issued?.changes ?? []), { kind: 'put', table: 'crl', value: crl.record }],
        audit: [
          { action: 'authority.install', subject: `authority:${authority.id}/${generation.number}`, outcome: 'ok', code: 'next-installed', detail: { serial: certificate.serialHex, issuer: nameToText(certificate.issuer), sha256: toHex(deps.crypto.digest('sha256', certificate.der)), notAfter: toIso(certificate.notAfter) } },
          ...(issued === undefined ? [] : [issued.audit]),
          crl.audit,
        ],
      },
      actor,
    );
  });
  return done ? ok(mode.findings) : err(STALE);
}
