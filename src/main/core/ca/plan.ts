/**
 * A certificate as it is meant to be, before lint has seen it and before it has a serial. Everything in it is decided here or above;
 * `writeContents` only turns it into bytes. What an admin previews, what lint checks and what is signed is this one value.
 */
import { type Result, err, ok } from '../lib/result.ts';
import { DAY, MINUTE, type Instant } from '../lib/instant.ts';
import type { CertificateContents } from '../pki/certificate.ts';
import { type PublicKeyInfo } from '../pki/algorithms.ts';
import {
  type BasicConstraints,
  type Extension,
  type KeyUsageName,
  authorityInfoAccessExtension,
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  crlDistributionPointsExtension,
  extendedKeyUsageExtension,
  keyUsageExtension,
  subjectAltNameExtension,
  subjectKeyIdentifierExtension,
} from '../pki/extensions.ts';
import { type NameConstraints, nameConstraintsExtension } from '../pki/nameConstraints.ts';
import { type GeneralName, generalNamesEqual, parseGeneralNameText } from '../pki/generalNames.ts';
import { commonNameOf, isEmptyName, parseNameText } from '../pki/names.ts';
import { ocspNoCheckExtension } from '../pki/ocsp.ts';
import type { CertificateKind } from './certificateRecord.ts';
import type { Csr } from '../pki/csr.ts';
import type { Wishes } from './csrRules.ts';
import { type IssuerConstraints, nameProblem } from './nameRules.ts';
import type { CertificateProfile } from './profile.ts';

/** Who signs: one generation of an authority. */
export interface PlannedIssuer {
  readonly authorityId: string;
  readonly generation: number;
  /** DER Name, copied byte for byte into what it issues. */
  readonly subject: Uint8Array;
  readonly subjectKeyId: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** Its own name constraints and those of the CAs above it: what it issues must satisfy all of them. */
  readonly constraints: readonly IssuerConstraints[];
}

export interface CertificatePlan {
  readonly kind: CertificateKind;
  readonly issuer: PlannedIssuer;
  readonly selfSigned: boolean;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly subjectKeyId: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly basicConstraints: BasicConstraints;
  readonly keyUsage: readonly KeyUsageName[];
  readonly extendedKeyUsages: readonly string[];
  readonly subjectAltNames: readonly GeneralName[];
  readonly crlUrls: readonly string[];
  readonly caIssuersUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  /** Of a CA certificate: which names what it issues may have. */
  readonly nameConstraints?: NameConstraints | undefined;
}

export interface PlanProblem {
  readonly code: 'template-incomplete' | 'template-invalid' | 'authority-expired' | 'name-constraints';
  readonly text: string;
}

/** Values that templates may use; an empty one that a template asks for is a problem, never an empty attribute. */
export interface TemplateValues {
  readonly device_name: string;
  readonly organization: string;
}

function fill(template: string, values: TemplateValues, escape: (value: string) => string): Result<string, PlanProblem> {
  let problem: PlanProblem | undefined;
  const text = template.replace(/\{\{\s*([a-z_]+)\s*\}\}/g, (_, name: string) => {
    const value = name === 'device_name' || name === 'organization' ? values[name] : undefined;
    if (value === undefined) problem ??= { code: 'template-invalid', text: `the profile's template uses {{${name}}}, which does not exist` };
    else if (value === '') problem ??= { code: 'template-incomplete', text: `the profile's template needs {{${name}}}, and the request has none` };
    return escape(value ?? '');
  });
  return problem === undefined ? ok(text) : err(problem);
}

/** RFC 4514 2.4: what a device calls itself must not become another attribute of the subject. */
const escapeNameValue = (value: string): string =>
  [...value].map((c) => (',+"\\<>;=/#'.includes(c) || c === ' ' ? `\\${c}` : c)).join('');

function planSubject(csr: Csr, profile: CertificateProfile, values: TemplateValues): Result<Uint8Array, PlanProblem> {
  if (profile.subjectTemplate === null) return ok(csr.subject);
  const text = fill(profile.subjectTemplate, values, escapeNameValue);
  if (!text.ok) return text;
  const name = parseNameText(text.value);
  return name.ok ? name : err({ code: 'template-invalid', text: `the profile's subject template gives no name: ${name.error}` });
}

function planNames(wishes: Wishes, profile: CertificateProfile, values: TemplateValues): Result<readonly GeneralName[], PlanProblem> {
  const names = [...wishes.subjectAltNames];
  for (const template of profile.extraSans) {
    const text = fill(template, values, (v) => v);
    if (!text.ok) return text;
    const name = parseGeneralNameText(text.value);
    if (!name.ok) return err({ code: 'template-invalid', text: `the profile's name “${text.value}” is none: ${name.error}` });
    if (!names.some((n) => generalNamesEqual(n, name.value))) names.push(name.value);
  }
  return ok(names);
}

export interface EndEntityInput {
  readonly csr: Csr;
  readonly wishes: Wishes;
  readonly profile: CertificateProfile;
  readonly issuer: PlannedIssuer;
  readonly subjectKeyId: Uint8Array;
  readonly organization: string;
  readonly crlUrls: readonly string[];
  readonly caIssuersUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  /** Not before then: the generation that issues it has not taken over yet (RFC 8894 5.1). Undefined: at once. */
  readonly startsAt?: Instant | undefined;
  readonly now: Instant;
}

/** The certificate that this CSR would get under this profile, now. */
export function planEndEntity(input: EndEntityInput): Result<CertificatePlan, PlanProblem> {
  const { csr, wishes, profile, issuer, now } = input;
  const values: TemplateValues = { device_name: commonNameOf(csr.subject) ?? '', organization: input.organization };
  const subject = planSubject(csr, profile, values);
  if (!subject.ok) return subject;
  const names = planNames(wishes, profile, values);
  if (!names.ok) return names;
  const { startsAt } = input;
  const notBefore = startsAt === undefined ? Math.max(issuer.notBefore, now - profile.backdateMinutes * MINUTE) : Math.max(issuer.notBefore, startsAt);
  const notAfter = Math.min((startsAt ?? now) + profile.validityDays * DAY, issuer.notAfter);
  if (notAfter <= now) return err({ code: 'authority-expired', text: 'the CA certificate has expired; it must be renewed before anything can be issued' });
  const outside = nameProblem({ subject: subject.value, subjectAltNames: names.value }, issuer.constraints);
  if (outside !== undefined) return err({ code: 'name-constraints', text: `this CA may not certify the name: ${outside}` });
  const given: readonly KeyUsageName[] = csr.publicKey.kind === 'rsa' ? profile.keyUsageRsa : profile.keyUsageEc;
  const wished = given.filter((usage) => wishes.keyUsage?.includes(usage));
  return ok({
    kind: 'device',
    issuer,
    selfSigned: false,
    subject: subject.value,
    spki: csr.spki,
    publicKey: csr.publicKey,
    subjectKeyId: input.subjectKeyId,
    notBefore,
    notAfter,
    basicConstraints: { ca: false },
    // Intune expects exactly what it asked for; what the profile does not give is dropped, never added.
    keyUsage: wished.length > 0 ? wished : given,
    extendedKeyUsages: wishes.extendedKeyUsages ?? profile.extendedKeyUsages,
    subjectAltNames: names.value,
    crlUrls: input.crlUrls,
    caIssuersUrls: input.caIssuersUrls,
    ocspUrls: input.ocspUrls,
  });
}

/** Extensions in the order that most CAs write them; criticality by RFC 5280 (SAN is critical iff the subject is empty, 4.2.1.6). */
function planExtensions(plan: CertificatePlan): Extension[] {
  return [
    basicConstraintsExtension(plan.basicConstraints),
    keyUsageExtension(plan.keyUsage),
    ...(plan.nameConstraints === undefined ? [] : [nameConstraintsExtension(plan.nameConstraints)]),
    ...(plan.extendedKeyUsages.length > 0 ? [extendedKeyUsageExtension(plan.extendedKeyUsages)] : []),
    ...(plan.subjectAltNames.length > 0 ? [subjectAltNameExtension(plan.subjectAltNames, isEmptyName(plan.subject))] : []),
    subjectKeyIdentifierExtension(plan.subjectKeyId),
    authorityKeyIdentifierExtension(plan.issuer.subjectKeyId),
    ...(plan.crlUrls.length > 0 ? [crlDistributionPointsExtension(plan.crlUrls)] : []),
    ...(plan.caIssuersUrls.length + plan.ocspUrls.length > 0 ? [authorityInfoAccessExtension({ caIssuers: plan.caIssuersUrls, ocsp: plan.ocspUrls })] : []),
    ...(plan.kind === 'ocsp' ? [ocspNoCheckExtension()] : []),
  ];
}

/** The plan with its serial (magnitude), ready to be written as a TBSCertificate. */
export function writeContents(plan: CertificatePlan, serial: Uint8Array): CertificateContents {
  return {
    serial,
    issuer: plan.issuer.subject,
    subject: plan.subject,
    notBefore: plan.notBefore,
    notAfter: plan.notAfter,
    spki: plan.spki,
    extensions: planExtensions(plan),
  };
}
