/**
 * The only way to a signature on a certificate: plan, lint, intent stored, sign, compare, certificate stored.
 * Signing lies between two commits: what a crash leaves is an intent with its serial and the very bytes to be signed, and `sweep` finishes it.
 */
import { equalBytes, fromHex, toHex } from '../core/lib/bytes.ts';
import { type Instant, toIso } from '../core/lib/instant.ts';
import type { Authority, Generation, KeyAlgorithm } from '../core/ca/authority.ts';
import type { AuditEvent } from '../core/ca/audit.ts';
import type { CertificateRecord, IssuanceIntent } from '../core/ca/certificateRecord.ts';
import type { LintedPlan } from '../core/ca/lint.ts';
import { type IssuerConstraints, constraintsAbove } from '../core/ca/nameRules.ts';
import { type PlannedIssuer, writeContents } from '../core/ca/plan.ts';
import { serialFrom } from '../core/ca/serial.ts';
import { assembleCertificate, parseCertificate, serialToHex, verifySignedBy, writeTbsCertificate } from '../core/pki/certificate.ts';
import type { SignatureScheme } from '../core/pki/crypto.ts';
import { generalNameToText } from '../core/pki/generalNames.ts';
import { nameToText } from '../core/pki/names.ts';
import type { Deps } from './deps.ts';
import type { Change, Expectation } from './ports/store.ts';
import type { Signers } from './ports/signers.ts';

export interface IssuingDeps extends Deps {
  readonly signers: Signers;
  /** Requests (and intents of the CA's own certificates) that are being issued in this process: the sweep leaves them alone. */
  readonly inFlight: Set<string>;
}

/** Runs work that lies between the two commits of an issuance. */
export async function issuing<T>(deps: IssuingDeps, keys: readonly string[], work: () => Promise<T>): Promise<T> {
  for (const key of keys) deps.inFlight.add(key);
  try {
    return await work();
  } finally {
    for (const key of keys) deps.inFlight.delete(key);
  }
}

/** SHA-256 or better, by the signing key (RFC 5480 4 pairs P-384 with SHA-384). */
export function schemeFor(algorithm: KeyAlgorithm): SignatureScheme {
  switch (algorithm) {
    case 'p256':
      return { kind: 'ecdsa', digest: 'sha256' };
    case 'p384':
      return { kind: 'ecdsa', digest: 'sha384' };
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return { kind: 'rsa-pkcs1', digest: 'sha256' };
  }
}

/** An id that sorts by time and cannot be guessed: 6 octets of the clock, 10 of randomness, in hex. */
export function newId(deps: Deps): string {
  return deps.clock.now().toString(16).padStart(12, '0') + toHex(deps.crypto.random(10));
}

export const issuerHashOf = (deps: Pick<Deps, 'crypto'>, issuer: Uint8Array): string => toHex(deps.crypto.digest('sha256', issuer));

/** A generation as an issuer. Its certificate must be there. */
export function plannedIssuer(authority: Authority, generation: Generation): PlannedIssuer {
  const subjectKeyId = fromHex(generation.subjectKeyId);
  if (subjectKeyId === undefined) throw new Error(`generation ${generation.authorityId}/${generation.number} has no key identifier`);
  return {
    authorityId: authority.id,
    generation: generation.number,
    subject: authority.subject,
    subjectKeyId,
    notBefore: generation.notBefore,
    notAfter: generation.notAfter,
    constraints: constraintsOfGeneration(generation),
  };
}

// Every enrolment asks, and the answer stands in certificates that do not change.
const knownConstraints = new WeakMap<Generation, readonly IssuerConstraints[]>();

function constraintsOfGeneration(generation: Generation): readonly IssuerConstraints[] {
  const known = knownConstraints.get(generation);
  if (known !== undefined) return known;
  const constraints = generation.certificate === null ? [] : constraintsAbove([generation.certificate, ...generation.chain]);
  knownConstraints.set(generation, constraints);
  return constraints;
}

export interface RevocationUrls {
  readonly crlUrls: readonly string[];
  readonly caIssuersUrls: readonly string[];
  readonly ocspUrls: readonly string[];
}

export const NO_URLS: RevocationUrls = { crlUrls: [], caIssuersUrls: [], ocspUrls: [] };

/** URLs of a generation's CRL and certificate and of the OCSP responder; none while no publicBaseUrl is set (DESIGN section 4). */
export function revocationUrls(deps: Deps, authorityNumber: number, generation: number): RevocationUrls {
  const base = deps.directory.settings().publicBaseUrl?.replace(/\/+$/, '');
  if (base === undefined) return NO_URLS;
  return { crlUrls: [`${base}/crl/${authorityNumber}/${generation}.crl`], caIssuersUrls: [`${base}/ca/${authorityNumber}/${generation}.cer`], ocspUrls: [`${base}/ocsp`] };
}

export interface IssuanceMeta {
  readonly signingKey: KeyAlgorithm;
  readonly profileId: string | null;
  readonly endpointId: string | null;
  readonly requestId: string | null;
  readonly renews: string | null;
}

export interface PreparedIssuance {
  readonly intent: IssuanceIntent;
  readonly changes: readonly Change[];
  readonly expect: readonly Expectation[];
}

/** Reserves a serial for a linted plan: what must be committed before the signature. */
export function prepareIssuance(deps: Deps, plan: LintedPlan, meta: IssuanceMeta, now: Instant): PreparedIssuance {
  const serial = serialFrom(deps.crypto.random(16));
  const issuerHash = issuerHashOf(deps, plan.issuer.subject);
  const id = newId(deps);
  const record: Omit<CertificateRecord, 'der' | 'sha256'> = {
    id,
    version: 1,
    kind: plan.kind,
    serial: serialToHex(serial),
    issuerHash,
    authorityId: plan.issuer.authorityId,
    generation: plan.issuer.generation,
    profileId: meta.profileId,
    endpointId: meta.endpointId,
    requestId: meta.requestId,
    subject: nameToText(plan.subject),
    subjectAltNames: plan.subjectAltNames.map(generalNameToText),
    spkiSha256: toHex(deps.crypto.digest('sha256', plan.spki)),
    notBefore: plan.notBefore,
    notAfter: plan.notAfter,
    issuedAt: now,
    state: 'valid',
    revokedAt: null,
    reason: null,
    renews: meta.renews,
  };
  const intent: IssuanceIntent = {
    id,
    serial: record.serial,
    issuerHash,
    authorityId: plan.issuer.authorityId,
    generation: plan.issuer.generation,
    requestId: meta.requestId,
    tbs: writeTbsCertificate(writeContents(plan, serial), schemeFor(meta.signingKey)),
    createdAt: now,
    record,
  };
  return {
    intent,
    changes: [{ kind: 'put', table: 'intent', value: intent }],
    expect: [{ kind: 'serial-free', issuerHash, serial: record.serial }],
  };
}

export interface SigningKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo of the issuer, DER. */
  readonly spki: Uint8Array;
}

/** Signs what an intent meant, and compares what came out with it byte for byte before anyone sees it. */
export async function signIntent(deps: IssuingDeps, intent: IssuanceIntent, key: SigningKey): Promise<CertificateRecord> {
  const scheme = schemeFor(key.algorithm);
  const der = assembleCertificate(intent.tbs, scheme, await deps.signers.sign(key.keyId, scheme, intent.tbs));
  const certificate = parseCertificate(der);
  if (!certificate.ok) throw new Error(`the signed certificate cannot be read: ${certificate.error}`);
  if (!equalBytes(certificate.value.tbs, intent.tbs)) throw new Error('the signed certificate is not what was meant');
  // A signature that went wrong in a faulty machine must not leave it: an RSA-CRT fault would give the key away (Boneh et al. 1997).
  if (!verifySignedBy(certificate.value, key.spki, deps.crypto)) throw new Error('the signature on the certificate does not verify');
  return { ...intent.record, der, sha256: toHex(deps.crypto.digest('sha256', der)) };
}

/** What the second commit holds for a signed certificate, its intent done. */
export function issuedChanges(intent: IssuanceIntent, record: CertificateRecord): { readonly changes: readonly Change[]; readonly audit: AuditEvent } {
  return {
    changes: [
      { kind: 'put', table: 'certificate', value: record },
      { kind: 'remove', table: 'intent', id: intent.id },
    ],
    audit: {
      action: 'certificate.issue',
      subject: `certificate:${record.serial}`,
      outcome: 'ok',
      code: record.renews === null ? 'issued' : 'renewed',
      detail: { subject: record.subject, kind: record.kind, authority: record.authorityId, generation: record.generation, request: record.requestId, renews: record.renews, notAfter: toIso(record.notAfter) },
      certificate: { id: record.id, serial: record.serial, sha256: record.sha256, state: record.state },
    },
  };
}
