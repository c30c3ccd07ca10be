/** The last look before a signature: rules of RFC 5280 and of this CA on the finished plan. Only this file makes a LintedPlan, and only that can be signed. */
import type { Brand } from '../lib/brand.ts';
import { type Result, err, ok } from '../lib/result.ts';
import { isEmptyName, nameToText, namesEqual } from '../pki/names.ts';
import { equalBytes } from '../lib/bytes.ts';
import { nameProblem } from './nameRules.ts';
import type { CertificatePlan } from './plan.ts';

export type LintedPlan = Brand<CertificatePlan, 'Linted'>;

export interface LintProblem {
  readonly code: 'lint';
  readonly rule: string;
  readonly text: string;
}

interface Rule {
  readonly name: string;
  /** True where the plan breaks it. */
  readonly broken: (plan: CertificatePlan) => boolean;
  readonly text: string;
}

const isCa = (plan: CertificatePlan): boolean => plan.kind === 'authority';

const RULES: readonly Rule[] = [
  { name: 'validity-order', broken: (p) => p.notBefore >= p.notAfter, text: 'the certificate would end before it begins' },
  { name: 'validity-within-issuer', broken: (p) => !p.selfSigned && p.notAfter > p.issuer.notAfter, text: 'the certificate would outlive the CA certificate' },
  { name: 'ca-flag', broken: (p) => p.basicConstraints.ca !== isCa(p), text: 'only an authority’s own certificate may be a CA certificate' },
  { name: 'path-length', broken: (p) => !p.basicConstraints.ca && p.basicConstraints.pathLength !== undefined, text: 'a path length belongs to CA certificates (RFC 5280 4.2.1.9)' },
  { name: 'name-constraints-of-ca', broken: (p) => p.nameConstraints !== undefined && !isCa(p), text: 'name constraints belong to CA certificates (RFC 5280 4.2.1.10)' },
  { name: 'name-constraints-empty', broken: (p) => p.nameConstraints !== undefined && p.nameConstraints.permitted.length + p.nameConstraints.excluded.length === 0, text: 'name constraints that name nothing are malformed (RFC 5280 4.2.1.10)' },
  { name: 'key-usage-present', broken: (p) => p.keyUsage.length === 0, text: 'the certificate would have no key usage' },
  {
    name: 'signing-usage',
    broken: (p) => isCa(p) !== p.keyUsage.includes('keyCertSign') || (!isCa(p) && p.keyUsage.includes('cRLSign')),
    text: 'keyCertSign and cRLSign belong to CA certificates, and to each of them (RFC 5280 4.2.1.3)',
  },
  {
    name: 'encipherment-needs-rsa',
    broken: (p) => p.publicKey.kind !== 'rsa' && p.keyUsage.some((u) => u === 'keyEncipherment' || u === 'dataEncipherment'),
    text: 'keyEncipherment needs an RSA key (RFC 5480 3)',
  },
  { name: 'named', broken: (p) => isEmptyName(p.subject) && p.subjectAltNames.length === 0, text: 'the certificate would name nobody (RFC 5280 4.2.1.6)' },
  { name: 'ca-named', broken: (p) => isCa(p) && isEmptyName(p.subject), text: 'a CA certificate needs a subject (RFC 5280 4.1.2.6)' },
  { name: 'not-the-ca-name', broken: (p) => !isCa(p) && namesEqual(p.subject, p.issuer.subject), text: 'the certificate would bear the CA’s own name' },
  { name: 'self-issued', broken: (p) => p.selfSigned && !equalBytes(p.subject, p.issuer.subject), text: 'a self-signed certificate has one name' },
  { name: 'key-identifier', broken: (p) => p.subjectKeyId.length === 0 || p.issuer.subjectKeyId.length === 0, text: 'key identifiers are missing (RFC 5280 4.2.1.1)' },
  { name: 'eku-any', broken: (p) => p.extendedKeyUsages.includes('2.5.29.37.0'), text: 'anyExtendedKeyUsage is never issued' },
  {
    name: 'eku-ocsp',
    broken: (p) => p.kind !== 'ocsp' && p.extendedKeyUsages.includes('1.3.6.1.5.5.7.3.9'),
    text: 'OCSPSigning is for this CA’s own responders only',
  },
  {
    name: 'ocsp-signer',
    broken: (p) => p.kind === 'ocsp' && (p.keyUsage.join() !== 'digitalSignature' || p.extendedKeyUsages.join() !== '1.3.6.1.5.5.7.3.9'),
    text: 'an OCSP signer’s key signs answers and nothing else (RFC 6960 4.2.2.2)',
  },
  {
    name: 'ocsp-short-lived',
    broken: (p) => p.kind === 'ocsp' && p.notAfter - p.notBefore > 92 * 86_400_000,
    text: 'nobody asks whether an OCSP signer was revoked, so it must not live for more than three months (RFC 6960 4.2.2.2.1)',
  },
  { name: 'dated', broken: (p) => p.notAfter - p.notBefore > 40 * 366 * 86_400_000, text: 'the certificate would be valid for more than 40 years' },
  { name: 'subject-readable', broken: (p) => nameToText(p.subject).length > 1024, text: 'the subject is longer than 1024 characters' },
  { name: 'names-bounded', broken: (p) => p.subjectAltNames.length > 100, text: 'more than 100 subject alternative names' },
  { name: 'urls-http', broken: (p) => [...p.crlUrls, ...p.caIssuersUrls, ...p.ocspUrls].some((u) => !/^http:\/\/[^\s]+$/.test(u)), text: 'CDP and AIA URLs must be plain http (RFC 5280 4.2.1.13, 8)' },
];

/** The plan, fit to be signed; or the first rule it breaks. */
export function lintPlan(plan: CertificatePlan): Result<LintedPlan, LintProblem> {
  const broken = RULES.find((rule) => rule.broken(plan));
  if (broken !== undefined) return err({ code: 'lint', rule: broken.name, text: broken.text });
  // RFC 5280 6.1.4: what a CA signs of itself is not compared, the names of everything else are.
  const outside = plan.selfSigned || (isCa(plan) && namesEqual(plan.subject, plan.issuer.subject)) ? undefined : nameProblem(plan, plan.issuer.constraints);
  return outside === undefined ? ok(plan as LintedPlan) : err({ code: 'lint', rule: 'name-constraints', text: outside });
}
