/**
 * Whether an authority can work with a certificate that somebody else signed: the one for its key is picked out of what was offered, checked
 * as devices will check it, and its chain put together. What devices cannot take is refused; what is merely worth knowing becomes a finding.
 */
import type { Instant } from '../lib/instant.ts';
import { toIso } from '../lib/instant.ts';
import { equalBytes } from '../lib/bytes.ts';
import { type Result, err, ok } from '../lib/result.ts';
import type { Certificate } from '../pki/certificate.ts';
import { type CertificateChain, buildChain, isSelfIssued, isSelfSigned } from '../pki/chain.ts';
import type { PublicCrypto } from '../pki/crypto.ts';
import { nameTreeToText, parseNameConstraints } from '../pki/nameConstraints.ts';
import { isEmptyName, nameToText } from '../pki/names.ts';
import { OID } from '../pki/oids.ts';
import { plainText } from '../pki/text.ts';
import type { Finding, Severity } from './enrolment.ts';
import { type KeyProblem, keyProblem } from './keyChecks.ts';

export interface CaCertificateProblem {
  readonly code:
    | 'no-certificate'
    | 'certificate-key-differs'
    | 'not-a-ca'
    | 'ca-usage-missing'
    | 'certificate-expired'
    | 'certificate-not-yet-valid'
    | 'certificate-unusable'
    | 'signature-weak'
    | 'chain-broken'
    | 'path-length-exceeded'
    | KeyProblem['code'];
  /** A sentence. */
  readonly text: string;
}

export interface CaCertificateInput {
  /** The authority's public key, DER. */
  readonly spki: Uint8Array;
  /** Everything in the files, in any order. */
  readonly offered: readonly Certificate[];
  /** `new`: fresh from its signer, who can sign another one; `existing`: devices trust it as it is, so what can be lived with is. */
  readonly standing: 'new' | 'existing';
  readonly now: Instant;
}

export interface JudgedCaCertificate extends CertificateChain {
  readonly certificate: Certificate;
  /** Its KU lets its key open envelopes and sign CertReps too (RFC 8894 2.1.2). */
  readonly servesScep: boolean;
  readonly findings: readonly Finding[];
}

/** The certificate for the key, with its chain, or why an authority cannot work with it. */
export function judgeCaCertificate(input: CaCertificateInput, crypto: PublicCrypto): Result<JudgedCaCertificate, CaCertificateProblem> {
  if (input.offered.length === 0) return problem('no-certificate', 'The files hold no certificate.');
  const ours = input.offered.filter((c) => equalBytes(c.spki, input.spki)).sort((a, b) => b.notBefore - a.notBefore).slice(0, MOST_TRIED);
  const [newest] = ours;
  if (newest === undefined) {
    return problem('certificate-key-differs', `No certificate in the files is for this authority's key. They are for: ${namesOf(input.offered)}.`);
  }
  // A key that was certified more than once brings its older certificates along: the newest that is good counts.
  const judged = ours.map((certificate) => judgeOne(certificate, input, crypto));
  return judged.find((j) => j.ok) ?? judgeOne(newest, input, crypto);
}

/** A key that was certified oftener is somebody's joke, and each certificate costs a walk through all others. */
const MOST_TRIED = 8;
const MOST_NAMED = 5;

function namesOf(certificates: readonly Certificate[]): string {
  const names = certificates.slice(0, MOST_NAMED).map((c) => `“${plainText(nameToText(c.subject))}”`);
  return certificates.length > MOST_NAMED ? `${names.join(', ')} and ${certificates.length - MOST_NAMED} more` : names.join(', ');
}

const problem = (code: CaCertificateProblem['code'], text: string): { readonly ok: false; readonly error: CaCertificateProblem } => err({ code, text });

function judgeOne(certificate: Certificate, input: CaCertificateInput, crypto: PublicCrypto): Result<JudgedCaCertificate, CaCertificateProblem> {
  const unfit = unfitness(certificate, input);
  if (unfit !== undefined) return err(unfit);
  const chain = buildChain(certificate, input.offered, crypto);
  if (!chain.ok) return problem('chain-broken', `The chain does not hold: ${chain.error}.`);
  const broken = issuersProblem(chain.value.above, isSelfIssued(certificate) ? 0 : 1);
  if (broken !== undefined) return err(broken);
  return ok({ certificate, ...chain.value, servesScep: servesScep(certificate), findings: findingsOf(certificate, chain.value, input, crypto) });
}

const servesScep = ({ publicKey, keyUsage = [] }: Certificate): boolean =>
  // Without a KU extension RFC 5280 allows everything, but Apple takes it for "no usage" (SCEP.md A4.5).
  publicKey.kind === 'rsa' && keyUsage.includes('digitalSignature') && keyUsage.includes('keyEncipherment');

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extKeyUsage,
  OID.subjectAltName,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.nameConstraints,
  OID.certificatePolicies,
  OID.policyMappings,
  OID.policyConstraints,
  OID.inhibitAnyPolicy,
  OID.crlDistributionPoints,
]);

const isWeaklySigned = ({ signatureAlgorithm: scheme }: Certificate): boolean => 'digest' in scheme && (scheme.digest === 'md5' || scheme.digest === 'sha1');

/** What the certificate itself says, its chain aside. */
function unfitness(certificate: Certificate, { standing, now }: CaCertificateInput): CaCertificateProblem | undefined {
  const { basicConstraints, keyUsage, notBefore, notAfter, publicKey } = certificate;
  const key = keyProblem(publicKey, 'standard');
  if (key !== undefined) return { code: key.code, text: `The authority's key cannot be used: ${key.text}.` };
  if (basicConstraints?.ca !== true) return { code: 'not-a-ca', text: 'The certificate is not a CA certificate: its basic constraints do not say CA:TRUE, so no device would accept what it signs.' };
  const lacking = (['keyCertSign', 'cRLSign'] as const).filter((usage) => keyUsage?.includes(usage) !== true);
  if (lacking.length > 0 && (keyUsage !== undefined || standing === 'new')) {
    return { code: 'ca-usage-missing', text: `The certificate's key usage lacks ${lacking.join(' and ')}, which a CA needs to sign certificates and revocation lists (RFC 5280 4.2.1.3).` };
  }
  if (isEmptyName(certificate.subject)) return { code: 'certificate-unusable', text: 'The certificate has no subject, so nothing that it issues could name its issuer.' };
  if (notAfter <= now) return { code: 'certificate-expired', text: `The certificate expired at ${toIso(notAfter)}.` };
  if (notBefore > now) return { code: 'certificate-not-yet-valid', text: `The certificate is valid from ${toIso(notBefore)} on, and here it is ${toIso(now)}: compare the clocks of both machines.` };
  if (isWeaklySigned(certificate)) return { code: 'signature-weak', text: 'The certificate is signed with MD5 or SHA-1, which can be forged and which devices refuse. It must be signed with SHA-256 or better.' };
  const [unreadable] = certificate.unreadable;
  if (unreadable !== undefined) return { code: 'certificate-unusable', text: `The certificate's extension ${unreadable} cannot be read.` };
  const unknown = certificate.extensions.find((x) => x.critical && !UNDERSTOOD.has(x.oid));
  if (unknown !== undefined) return { code: 'certificate-unusable', text: `The certificate has the critical extension ${unknown.oid}, which devices do not know and must therefore refuse (RFC 5280 4.2).` };
  return undefined;
}

/** What the certificates above forbid, nearest first, where `count` CAs are to stand below the first of them. */
export function issuersProblem(above: readonly Certificate[], count: number): CaCertificateProblem | undefined {
  let below = count;
  for (const issuer of above) {
    const name = nameToText(issuer.subject);
    // A root of version 1 has no extensions at all, and is trusted for what it is.
    const bareRoot = issuer.version < 3 && isSelfIssued(issuer);
    if (issuer.basicConstraints?.ca !== true && !bareRoot) return { code: 'chain-broken', text: `The chain does not hold: “${name}” is not a CA certificate.` };
    if (issuer.keyUsage !== undefined && !issuer.keyUsage.includes('keyCertSign')) return { code: 'chain-broken', text: `The chain does not hold: “${name}” may not sign certificates (its key usage lacks keyCertSign).` };
    const { pathLength } = issuer.basicConstraints ?? {};
    if (pathLength !== undefined && pathLength < below) {
      return { code: 'path-length-exceeded', text: `“${name}” allows ${pathLength === 0 ? 'no CA' : `no more than ${pathLength} CA${pathLength === 1 ? '' : 's'}`} below it (path length ${pathLength}), and with this one there ${below === 1 ? 'is one' : `are ${below}`}.` };
    }
    // RFC 5280 4.2.1.9: self-issued certificates on the way do not count.
    if (!isSelfIssued(issuer)) below++;
  }
  return undefined;
}

const RANK: Readonly<Record<Severity, number>> = { danger: 0, warning: 1, notice: 2, info: 3 };

/** What an admin should know of it, worst first. */
function findingsOf(certificate: Certificate, { above, complete }: CertificateChain, { offered, now }: CaCertificateInput, crypto: PublicCrypto): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (code: string, severity: Severity, text: string): void => void findings.push({ code, severity, text });
  const top = above.at(-1) ?? certificate;
  if (!complete && above.length === 0) {
    say('issuer-missing', 'warning', `The certificate of “${nameToText(certificate.issuer)}”, which signed this one, is not in the files: its signature could not be verified, and devices must have it already. Install again with it to complete the chain.`);
  } else if (!complete) {
    say('root-missing', 'notice', `The chain ends below its root: “${nameToText(top.issuer)}” is not in the files. Devices that trust it can go on; install again with it to complete the chain.`);
  }
  for (const issuer of above) {
    const name = nameToText(issuer.subject);
    if (issuer.notAfter <= now) say('chain-expired', 'danger', `“${name}”, above this authority, expired at ${toIso(issuer.notAfter)}: devices accept nothing below it.`);
    else if (issuer.notAfter < certificate.notAfter) say('chain-expires-first', 'notice', `“${name}”, above this authority, expires at ${toIso(issuer.notAfter)}, before this authority does.`);
    if (keyProblem(issuer.publicKey, 'standard') !== undefined || (isWeaklySigned(issuer) && !isSelfSigned(issuer, crypto))) {
      say('chain-weak', 'warning', `“${name}”, above this authority, has a weak key or a weak signature: newer devices refuse everything below it.`);
    }
  }
  for (const bearer of [certificate, ...above]) noteConstraints(bearer, say);
  const usages = certificate.extendedKeyUsages;
  if (usages !== undefined && !usages.includes(OID.anyExtendedKeyUsage)) {
    say('usages-restricted', 'warning', 'The certificate restricts the extended key usages of what it issues. Windows refuses certificates with others, SCEP certificates of a split key included.');
  }
  if (certificate.keyUsage === undefined) say('key-usage-absent', 'warning', 'The certificate has no key usage. Apple devices take that for “no usage”; it can only be mended with a new certificate.');
  const unrelated = offered.filter((c) => ![certificate, ...above].includes(c)).length;
  if (unrelated > 0) say('unrelated-certificates', 'info', `${unrelated === 1 ? 'One certificate' : `${unrelated} certificates`} in the files ${unrelated === 1 ? 'is' : 'are'} not part of the chain and ${unrelated === 1 ? 'was' : 'were'} left out.`);
  return findings.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

function noteConstraints(bearer: Certificate, say: (code: string, severity: Severity, text: string) => void): void {
  const extension = bearer.extensions.find((x) => x.oid === OID.nameConstraints);
  if (extension === undefined) return;
  const constraints = parseNameConstraints(extension.value);
  const name = nameToText(bearer.subject);
  if (!constraints.ok) return say('name-constraints', 'warning', `“${name}” restricts the names below it, in a way that cannot be read here: nothing will be issued below it.`);
  const permitted = constraints.value.permitted.map(nameTreeToText);
  const excluded = constraints.value.excluded.map(nameTreeToText);
  const parts = [...(permitted.length > 0 ? [`only ${permitted.join(', ')}`] : []), ...(excluded.length > 0 ? [`never ${excluded.join(', ')}`] : [])];
  say('name-constraints', 'notice', `“${name}” restricts the names below it: ${parts.join('; ')}. Requests for others are refused.`);
}
