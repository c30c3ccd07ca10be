/**
 * The decision over an enrolment: grant, hold for the admin, or refuse; with what it relied on and everything odd.
 * Default deny: a path that proves nothing ends in `hold` or `refuse`, never in `grant` (RFC 8894 2.4, CVE-2025-44005).
 * Renewal is told by the signer, not by messageType (SCEP.md A7.10 to A7.15).
 */
import { DAY, type Instant } from '../lib/instant.ts';
import { equalBytes } from '../lib/bytes.ts';
import type { Csr } from '../pki/csr.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { generalNameToText, generalNamesEqual, parseGeneralNameText } from '../pki/generalNames.ts';
import { namesEqual, namesEqualReordered, nameToText, parseNameText } from '../pki/names.ts';
import type { CertificateRecord } from './certificateRecord.ts';
import type { Challenge } from './challenge.ts';
import type { Endpoint } from './endpoint.ts';
import type { Finding, Proof } from './enrolment.ts';
import type { CertificatePlan } from './plan.ts';
import type { CertificateProfile } from './profile.ts';

export interface EnrolmentFacts {
  readonly now: Instant;
  readonly endpoint: Endpoint;
  readonly profile: CertificateProfile;
  readonly csr: Csr;
  readonly csrSpkiSha256: string;
  readonly messageType: 'PKCSReq' | 'RenewalReq';
  readonly signer: { readonly selfSigned: boolean; readonly spkiSha256: string; readonly subject: Uint8Array };
  /** The signer's certificate as this product's store knows it, whichever authority issued it. */
  readonly signerRecord: CertificateRecord | undefined;
  /** Whether a challenge was given, and which one it is where it is known. */
  readonly challengeGiven: boolean;
  readonly challenge: Challenge | undefined;
  /** Live certificates for the same key. */
  readonly sameKey: readonly CertificateRecord[];
  /** Path of the endpoint, for challenges that are bound to one. */
  readonly plan: CertificatePlan;
}

export type RefusalCode =
  | 'challenge-missing'
  | 'challenge-unknown'
  | 'challenge-spent'
  | 'challenge-expired'
  | 'challenge-withdrawn'
  | 'challenge-mismatch'
  | 'signer-key-mismatch'
  | 'signer-revoked'
  | 'signer-expired'
  | 'signer-foreign'
  | 'renewal-refused'
  | 'renewal-too-early'
  | 'renewal-subject'
  | 'renewal-exceeds'
  | 'key-certified-elsewhere';

export type Judgement =
  | { readonly decision: 'refuse'; readonly code: RefusalCode; readonly text: string }
  | { readonly decision: 'grant' | 'hold'; readonly proof: Proof; readonly findings: readonly Finding[]; readonly renews: CertificateRecord | undefined };

const refuse = (code: RefusalCode, text: string): Judgement => ({ decision: 'refuse', code, text });

/** Why this challenge does not open this request; undefined where it does. */
export function challengeProblem(challenge: Challenge | undefined, facts: Pick<EnrolmentFacts, 'now' | 'endpoint' | 'csr'>): { code: RefusalCode; text: string } | undefined {
  if (challenge === undefined) return { code: 'challenge-unknown', text: 'no challenge has this password' };
  if (challenge.withdrawnAt !== null) return { code: 'challenge-withdrawn', text: 'the challenge was withdrawn' };
  // Before the expiry: a second use of a spent challenge may be a breach and must be told as one (SCEP.md A7.7).
  if (challenge.usesLeft <= 0) return { code: 'challenge-spent', text: 'the challenge was used up already: was the password overheard?' };
  if (challenge.expiresAt <= facts.now) return { code: 'challenge-expired', text: 'the challenge has expired; make a new one' };
  if (challenge.endpointPath !== null && challenge.endpointPath !== facts.endpoint.path) {
    return { code: 'challenge-mismatch', text: `the challenge is bound to the endpoint ${challenge.endpointPath}` };
  }
  if (challenge.profileId !== null && challenge.profileId !== facts.endpoint.profileId) {
    return { code: 'challenge-mismatch', text: `the challenge is bound to the profile ${challenge.profileId}` };
  }
  if (challenge.subject !== null) {
    const bound = parseNameText(challenge.subject);
    if (!bound.ok || !namesEqual(bound.value, facts.csr.subject)) {
      return { code: 'challenge-mismatch', text: `the challenge is bound to the subject ${challenge.subject}, the request names ${nameToText(facts.csr.subject)}` };
    }
  }
  if (challenge.subjectAltNames !== null) {
    const bound = challenge.subjectAltNames.flatMap((text) => {
      const name = parseGeneralNameText(text);
      return name.ok ? [name.value] : [];
    });
    const stray = facts.csr.subjectAltNames.find((name) => !bound.some((b) => generalNamesEqual(b, name)));
    if (stray !== undefined) return { code: 'challenge-mismatch', text: `the challenge is not for the name ${generalNameToText(stray)}` };
  }
  return undefined;
}

/** A certificate that this endpoint's authority issued under the endpoint's profile: only such a signer makes a renewal. */
const renewable = (facts: EnrolmentFacts): CertificateRecord | undefined => {
  const record = facts.signerRecord;
  const here = record !== undefined && record.kind === 'device' && record.authorityId === facts.endpoint.authorityId && record.profileId === facts.endpoint.profileId;
  return here ? record : undefined;
};

/** What the plan has beyond the certificate that it would renew. EKUs that the profile itself gives are the admin's own decision. */
export function renewalExcess(old: CertificateRecord, facts: Pick<EnrolmentFacts, 'plan' | 'profile'>): { code: RefusalCode; text: string } | undefined {
  const before = parseCertificate(old.der);
  if (!before.ok) return { code: 'renewal-exceeds', text: 'the certificate that signed the request cannot be read' };
  const { plan, profile } = facts;
  if (!namesEqual(before.value.subject, plan.subject) && !namesEqualReordered(before.value.subject, plan.subject)) {
    return { code: 'renewal-subject', text: `the certificate is for ${nameToText(before.value.subject)}, the renewal asks for ${nameToText(plan.subject)}` };
  }
  const name = plan.subjectAltNames.find((n) => !before.value.subjectAltNames.some((m) => generalNamesEqual(n, m)) && !profile.extraSans.includes(generalNameToText(n)));
  if (name !== undefined) return { code: 'renewal-exceeds', text: `the old certificate does not have the name ${generalNameToText(name)}` };
  const eku = plan.extendedKeyUsages.find((oid) => before.value.extendedKeyUsages?.includes(oid) !== true && !profile.extendedKeyUsages.includes(oid));
  if (eku !== undefined) return { code: 'renewal-exceeds', text: `the old certificate does not have the extended key usage ${eku}` };
  return undefined;
}

function judgeRenewal(old: CertificateRecord, facts: EnrolmentFacts): Judgement {
  const excess = renewalExcess(old, facts);
  if (excess !== undefined) return refuse(excess.code, excess.text);
  const early = facts.now < old.notAfter - facts.profile.renewalWindowDays * DAY;
  const rule = facts.endpoint.renewal === 'grant' && early ? facts.endpoint.earlyRenewal : facts.endpoint.renewal;
  if (rule === 'refuse') {
    return early && facts.endpoint.renewal !== 'refuse'
      ? refuse('renewal-too-early', `the certificate can be renewed in its last ${facts.profile.renewalWindowDays} days`)
      : refuse('renewal-refused', 'this endpoint does not renew; enrol anew with a challenge');
  }
  const elsewhere = certifiedElsewhere(facts, old);
  // The outer signature proves only the old key, so the new one may be a third party's (SCEP.md A7.15, RFC 8894 7.6): a person looks.
  if (elsewhere !== undefined && facts.endpoint.authorization === 'challenge-only') return refuse('key-certified-elsewhere', 'the new key is certified already for another subject');
  const findings: Finding[] = [
    ...(early ? [{ code: 'renewal-early', severity: 'info', text: 'The renewal comes before the profile’s renewal window has opened.' } as const] : []),
    ...(facts.csrSpkiSha256 === old.spkiSha256 ? [{ code: 'key-kept', severity: 'info', text: 'The device keeps its key.' } as const] : []),
    ...(elsewhere === undefined ? [] : [{ code: 'key-certified-elsewhere', severity: 'danger', text: elsewhere } as const]),
  ];
  return {
    decision: rule === 'hold' || elsewhere !== undefined ? 'hold' : 'grant',
    proof: { kind: 'certificate', certificateId: old.id, serial: old.serial },
    findings,
    renews: old,
  };
}

/** What to tell where the key is certified for somebody else already: a stolen CSR, a copied disk, or a device that was renamed. */
export function certifiedElsewhere(facts: Pick<EnrolmentFacts, 'plan' | 'sameKey'>, renewed: CertificateRecord | undefined): string | undefined {
  const other = facts.sameKey.find((record) => {
    if (record.id === renewed?.id) return false;
    const certificate = parseCertificate(record.der);
    return !certificate.ok || !namesEqual(certificate.value.subject, facts.plan.subject);
  });
  return other === undefined ? undefined : `The same key is certified already for another subject: ${other.subject} (serial ${other.serial}).`;
}

function judgeFirst(facts: EnrolmentFacts): Judgement {
  // Whoever captures a PKCSReq could else re-sign its envelope with a key of his own and receive the reply (SCEP.md A7.3).
  if (facts.signer.spkiSha256 !== facts.csrSpkiSha256) {
    return refuse('signer-key-mismatch', 'the message is signed with another key than the one to be certified, and not by a certificate that could be renewed here');
  }
  const { authorization } = facts.endpoint;
  const problem = facts.challengeGiven ? challengeProblem(facts.challenge, facts) : undefined;
  if (problem !== undefined && authorization !== 'hold') return refuse(problem.code, problem.text);
  const proven = facts.challengeGiven && problem === undefined ? facts.challenge : undefined;
  if (proven === undefined) {
    if (facts.signerRecord?.state === 'revoked' || facts.signerRecord?.state === 'held') return refuse('signer-revoked', 'the message is signed by a revoked certificate');
    if (facts.signerRecord !== undefined && facts.signerRecord.notAfter <= facts.now) {
      return refuse('signer-expired', `the certificate that signed the message has expired (serial ${facts.signerRecord.serial}); enrol anew with a challenge`);
    }
    if (facts.signerRecord === undefined && !facts.signer.selfSigned) return refuse('signer-foreign', 'the message is signed by a certificate of another CA; enrol with a challenge');
    if (authorization === 'challenge-only') return refuse('challenge-missing', 'this endpoint takes only requests with a challenge password');
  }
  const elsewhere = certifiedElsewhere(facts, undefined);
  // Here the message itself is signed with the key, so whoever asks holds it: worth telling, no reason to refuse a challenge that holds.
  const findings: Finding[] = elsewhere === undefined ? [] : [{ code: 'key-certified-elsewhere', severity: 'warning', text: elsewhere }];
  if (problem !== undefined) findings.push({ code: problem.code, severity: 'warning', text: `A challenge was given and not accepted: ${problem.text}.` });
  if (proven === undefined) findings.push({ code: 'unproven', severity: 'notice', text: 'Nothing proves who asks: compare the fingerprint with the device before you approve.' });
  if (!equalBytes(facts.signer.subject, facts.csr.subject) && !namesEqual(facts.signer.subject, facts.csr.subject)) {
    // micromdm signs as CN=SCEP SIGNER, Apple with a random name: allowed by RFC 8894 (appendix A), told all the same.
    findings.push({ code: 'signer-subject-differs', severity: 'info', text: `The message is signed as ${nameToText(facts.signer.subject)}.` });
  }
  if (facts.messageType === 'RenewalReq') {
    findings.push({ code: 'not-a-renewal', severity: 'notice', text: 'The device asks for a renewal, but not with a certificate that can be renewed here: it is judged as a first enrolment.' });
  }
  return {
    decision: proven !== undefined && authorization !== 'hold' ? 'grant' : 'hold',
    proof: proven === undefined ? { kind: 'none' } : { kind: 'challenge', challengeId: proven.id, label: proven.label },
    findings,
    renews: undefined,
  };
}

/** Judges one enrolment. The plan that it would get has been made and linted before, so that a refusal there spends nothing. */
export function judge(facts: EnrolmentFacts): Judgement {
  const old = renewable(facts);
  if (old === undefined) return withCsrFindings(facts, judgeFirst(facts));
  // A revoked certificate proves nothing any more, whatever challenge comes with it (SCEP.md A7.11).
  if (old.state !== 'valid') return refuse('signer-revoked', `the certificate that signed the message is revoked (serial ${old.serial})`);
  return withCsrFindings(facts, old.notAfter <= facts.now ? judgeFirst(facts) : judgeRenewal(old, facts));
}

function withCsrFindings(facts: EnrolmentFacts, judgement: Judgement): Judgement {
  if (judgement.decision === 'refuse') return judgement;
  const findings = [...judgement.findings];
  const { csr } = facts;
  if ('kind' in csr.signatureAlgorithm && csr.signatureAlgorithm.kind !== 'ed25519' && (csr.signatureAlgorithm.digest === 'md5' || csr.signatureAlgorithm.digest === 'sha1')) {
    findings.push({ code: 'weak-csr-digest', severity: 'info', text: `The request is signed with ${csr.signatureAlgorithm.digest.toUpperCase()}; the certificate will be signed with SHA-256 or better.` });
  }
  if (csr.publicKey.kind === 'rsa' && csr.publicKey.bits < 2048) {
    findings.push({ code: 'small-key', severity: 'warning', text: `The key has only ${csr.publicKey.bits} bits.` });
  }
  return { ...judgement, findings };
}
