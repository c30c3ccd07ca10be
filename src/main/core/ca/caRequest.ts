/**
 * What a CA here would sign for a CA elsewhere: its PKCS #10 checked, and the certificate planned. What stands in the request beyond name, key
 * and usages is not taken over; what should be known before it is signed becomes a finding.
 */
import { DAY, type Instant, toIso } from '../lib/instant.ts';
import { equalBytes } from '../lib/bytes.ts';
import { type Result, err, ok } from '../lib/result.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { PublicCrypto } from '../pki/crypto.ts';
import { type Csr, verifyCsr } from '../pki/csr.ts';
import { isEmptyName, nameToText, namesEqual } from '../pki/names.ts';
import { OID } from '../pki/oids.ts';
import { plainText } from '../pki/text.ts';
import type { Finding, Severity } from './enrolment.ts';
import { type AuthorityPlanInput, planAuthority } from './identity.ts';
import { type KeyProblem, keyProblem } from './keyChecks.ts';
import { nameProblem } from './nameRules.ts';
import type { CertificatePlan, PlannedIssuer } from './plan.ts';

export interface CaRequestProblem {
  readonly code: 'csr-signature' | 'csr-not-ca' | 'csr-subject' | 'own-key' | 'name-taken' | 'name-constraints' | 'signature-weak' | 'authority-expired' | KeyProblem['code'];
  /** A sentence. */
  readonly text: string;
}

/** Proof of possession, a key fit for a CA, a name of its own. `issuers`: the signing CA's certificate and those above it. */
export function caRequestProblem(csr: Csr, issuers: readonly Certificate[], crypto: PublicCrypto): CaRequestProblem | undefined {
  const { signatureAlgorithm } = csr;
  if ('unsupported' in signatureAlgorithm) return { code: 'csr-signature', text: `The request is signed with ${signatureAlgorithm.unsupported}, which cannot be verified here.` };
  if (!verifyCsr(csr, crypto)) return { code: 'csr-signature', text: 'The request’s signature does not verify: whoever made it does not have the key, or the file was changed on its way.' };
  if ('digest' in signatureAlgorithm && (signatureAlgorithm.digest === 'md5' || signatureAlgorithm.digest === 'sha1')) {
    return { code: 'signature-weak', text: 'The request is signed with MD5 or SHA-1, which can be forged. Have it made again with SHA-256.' };
  }
  const key = keyProblem(csr.publicKey, 'standard');
  if (key !== undefined) return { code: key.code, text: `The key is not fit for a CA: ${key.text}.` };
  if (isEmptyName(csr.subject)) return { code: 'csr-subject', text: 'The request has no subject, and what a CA issues must name its issuer.' };
  if (csr.basicConstraints?.ca === false) return { code: 'csr-not-ca', text: 'The request asks for a certificate that is no CA’s (CA:FALSE).' };
  if (issuers.some(({ spki }) => equalBytes(spki, csr.spki))) return { code: 'own-key', text: 'The request is for the key of the signing CA itself, or of one above it.' };
  if (issuers.some(({ subject }) => namesEqual(subject, csr.subject))) return { code: 'name-taken', text: 'The request bears the name of the signing CA, or of one above it: devices could not tell them apart.' };
  return undefined;
}

export interface CaRequestInput extends Pick<AuthorityPlanInput, 'years' | 'pathLength' | 'nameConstraints' | 'crlUrls' | 'caIssuersUrls' | 'ocspUrls' | 'now'> {
  readonly csr: Csr;
  readonly issuer: PlannedIssuer;
  readonly subjectKeyId: Uint8Array;
}

/** The certificate that this request would get. */
export function planCaRequest({ csr, issuer, subjectKeyId, ...wishes }: CaRequestInput): Result<CertificatePlan, CaRequestProblem> {
  if (issuer.notAfter <= wishes.now) return err({ code: 'authority-expired', text: `The signing CA’s certificate expired at ${toIso(issuer.notAfter)}.` });
  const outside = nameProblem({ subject: csr.subject, subjectAltNames: [] }, issuer.constraints);
  if (outside !== undefined) return err({ code: 'name-constraints', text: `The request’s name may not stand below this CA: ${outside}.` });
  const plan = planAuthority({
    authorityId: issuer.authorityId,
    generation: issuer.generation,
    subject: csr.subject,
    spki: csr.spki,
    publicKey: csr.publicKey,
    subjectKeyId,
    // One key for all is the other machine's choice; only an RSA key can open SCEP envelopes.
    scepKey: csr.publicKey.kind === 'rsa' && csr.keyUsage?.includes('keyEncipherment') === true ? 'combined' : 'split',
    parent: issuer,
    ...wishes,
  });
  return ok(plan);
}

const YEAR = 365.25 * DAY;

const TAKEN_OVER: ReadonlySet<string> = new Set([OID.basicConstraints, OID.keyUsage, OID.subjectKeyIdentifier]);

/** What an admin should know before signing, worst first. */
export function caRequestFindings({ csr, issuer, years, now, crlUrls }: CaRequestInput, plan: CertificatePlan, before: { readonly serial: string; readonly notAfter: Instant } | undefined): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (code: string, severity: Severity, text: string): void => void findings.push({ code, severity, text });
  if (before !== undefined) say('signed-before', 'warning', `This key has a certificate of this CA already: ${before.serial}, valid until ${toIso(before.notAfter)}. Both would be valid side by side.`);
  if (plan.basicConstraints.pathLength === undefined) say('no-path-length', 'warning', 'The CA could make further CAs below it without limit. Give it the path length 0 if it is to issue to devices only.');
  if (crlUrls.length === 0) say('no-public-base-url', 'notice', 'No public base URL is set here, so the certificate will not say where its revocation is published: carry this CA’s CRL to where devices find it, or set the address first.');
  if (plan.notAfter < now + (years - 0.02) * YEAR) say('ends-with-issuer', 'notice', `It ends at ${toIso(plan.notAfter)}, with the signing CA, and not after ${years} year${years === 1 ? '' : 's'}.`);
  else if (issuer.notAfter - plan.notAfter < YEAR) say('issuer-ends-soon-after', 'info', `The signing CA ends at ${toIso(issuer.notAfter)}, soon after it.`);
  const asked = csr.basicConstraints?.pathLength;
  if (asked !== undefined && asked !== plan.basicConstraints.pathLength) say('path-length-differs', 'notice', `The request asks for the path length ${asked}; it would get ${plan.basicConstraints.pathLength ?? 'none'}.`);
  const left = csr.extensions.filter(({ oid }) => !TAKEN_OVER.has(oid));
  if (left.length > 0) say('extensions-left-out', 'notice', `The request asks for extensions that are not taken over: ${left.map(({ oid }) => oid).join(', ')}.`);
  if (csr.challengePassword !== undefined) say('challenge-ignored', 'info', 'The request carries a challenge password, which means nothing here.');
  if (nameToText(csr.subject) !== plainText(nameToText(csr.subject), 1000)) say('subject-odd', 'warning', 'The subject holds characters that do not show, or that reorder text: compare it with the other machine.');
  const rank: Readonly<Record<Severity, number>> = { danger: 0, warning: 1, notice: 2, info: 3 };
  return findings.sort((a, b) => rank[a.severity] - rank[b.severity]);
}
