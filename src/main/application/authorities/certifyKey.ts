/**
 * Certificates for SCEP and OCSP keys that lie on a paired machine: only these two kinds, planned here like our own, whatever the request for them says;
 * it proves that the other machine has the key, and nothing of it goes into the certificate. A key that has its certificate gets no second one.
 */
import { toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type Authority, type Generation, algorithmOf } from '../../core/ca/authority.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import { planOcspSigner, planScepKey } from '../../core/ca/identity.ts';
import { lintPlan } from '../../core/ca/lint.ts';
import { keyProblem } from '../../core/ca/keyChecks.ts';
import { signerKeyFor } from '../../core/ca/ocsp.ts';
import { keyIdentifierOf } from '../../core/pki/certificate.ts';
import { type Csr, parseCsr, verifyCsr } from '../../core/pki/csr.ts';
import { type IssuingDeps, issuedChanges, issuing, plannedIssuer, prepareIssuance, revocationUrls, signIntent } from '../issue.ts';
import { nameBeside } from './mint.ts';

export interface KeyToCertify {
  readonly authority: Authority;
  /** Its certificate is there, and its key at hand. */
  readonly generation: Generation;
  readonly kind: 'scep' | 'ocsp';
  /** PKCS#10 DER. */
  readonly csr: Uint8Array;
  /** Of an OCSP signer's life. */
  readonly ocspDays: number;
  /** Of the machine that has the key, for the log. */
  readonly holder: string;
}

/** The certificate, newly made or the one that the key has; or why there is none, as part of a sentence. */
export async function certifyKey(deps: IssuingDeps, wanted: KeyToCertify, actor: Actor): Promise<Result<{ readonly record: CertificateRecord; readonly made: boolean }, string>> {
  const csr = parseCsr(wanted.csr);
  if (!csr.ok) return err(`a request for a ${wanted.kind.toUpperCase()} key cannot be read`);
  if (!verifyCsr(csr.value, deps.crypto)) return err(`a request for a ${wanted.kind.toUpperCase()} key is not signed with that key`);
  const unfit = keyFault(csr.value, wanted);
  if (unfit !== undefined) return err(unfit);
  const now = deps.clock.now();
  const spkiSha256 = toHex(deps.crypto.digest('sha256', csr.value.spki));
  const [same, revoked] = await Promise.all([deps.store.read.certificatesOfKey(spkiSha256, now), deps.store.read.revokedOfKey(spkiSha256)]);
  // Whoever has captured the other machine sends the same request again.
  if (revoked.length > 0) return err(`the certificate of a ${wanted.kind.toUpperCase()} key was revoked here, so that the key gets no other one`);
  if (same.some((record) => record.kind !== wanted.kind || record.authorityId !== wanted.authority.id)) return err(`a ${wanted.kind.toUpperCase()} key is certified already for something else`);
  const there = same.find((record) => record.generation === wanted.generation.number);
  return ok(there === undefined ? { record: await make(deps, wanted, csr.value, now, actor), made: true } : { record: there, made: false });
}

function keyFault({ publicKey }: Csr, { kind, generation }: KeyToCertify): string | undefined {
  const bad = keyProblem(publicKey, 'standard');
  if (bad !== undefined) return bad.text;
  // Envelopes are encrypted to it.
  if (kind === 'scep') return publicKey.kind === 'rsa' ? undefined : 'a SCEP key must be RSA';
  const ec = signerKeyFor(algorithmOf(generation)) !== 'rsa-2048';
  return (publicKey.kind === 'ec') === ec ? undefined : 'an OCSP key must be of the kind that the authority has';
}

async function make(deps: IssuingDeps, { authority, generation, kind, ocspDays, holder }: KeyToCertify, { spki, publicKey }: Csr, now: number, actor: Actor): Promise<CertificateRecord> {
  const issuer = plannedIssuer(authority, generation);
  const common = { issuer, spki, publicKey, subjectKeyId: keyIdentifierOf(spki, deps.crypto), now };
  const plan =
    kind === 'scep'
      ? planScepKey({ ...common, subject: nameBeside(authority.subject, 'SCEP'), ...revocationUrls(deps, authority.number, generation.number), usedFrom: Math.max(now, generation.activateAt ?? now) })
      : planOcspSigner({ ...common, subject: nameBeside(authority.subject, 'OCSP'), days: ocspDays });
  const linted = lintPlan(plan);
  if (!linted.ok) throw new Error(`the CA's own certificate breaks a rule: ${linted.error.text}`);
  const prepared = prepareIssuance(deps, linted.value, { signingKey: algorithmOf(generation), profileId: null, endpointId: null, requestId: null, renews: null }, now);
  return issuing(deps, [prepared.intent.id], async () => {
    const detail = { purpose: kind, generation: generation.number, spkiSha256: prepared.intent.record.spkiSha256, holder };
    const reserved = await deps.store.commit({ actor, at: now, expect: prepared.expect, changes: prepared.changes, audit: [{ action: 'authority.certifyKey', subject: `authority:${authority.id}`, outcome: 'ok', code: 'certifying', detail }] });
    if (!reserved.ok) throw new Error('fresh serials cannot conflict');
    const record = await signIntent(deps, prepared.intent, { keyId: generation.keyId, algorithm: algorithmOf(generation), spki: generation.spki });
    const done = issuedChanges(prepared.intent, record);
    const committed = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: done.changes, audit: [done.audit] });
    if (!committed.ok) throw new Error('a change-set without expectations came back as a conflict');
    deps.events.publish('certificates.changed', { id: record.id, serial: record.serial, kind });
    return record;
  });
}
