/** Plans of the CA's own certificates: an authority's (self-signed or under a parent), that of a split SCEP key, that of an OCSP signer. */
import { DAY, HOUR, type Instant } from '../lib/instant.ts';
import type { PublicKeyInfo } from '../pki/algorithms.ts';
import { type Extension, type KeyUsageName, basicConstraintsExtension, keyUsageExtension, subjectKeyIdentifierExtension } from '../pki/extensions.ts';
import { OID } from '../pki/oids.ts';
import type { ScepKeyMode } from './authority.ts';
import type { CertificatePlan, PlannedIssuer } from './plan.ts';

// Devices without a clock battery start in the past; a CA certificate that begins a day ago is valid for most of them.
const CA_BACKDATE = DAY;

// SCEP certificates are renewed by the CA itself well before; two years is what NDES gives its RA certificates.
export const SCEP_CERTIFICATE_DAYS = 730;

// No longer than a month: with nocheck nobody asks for its revocation, so its end is what limits a stolen key.
const OCSP_SIGNER_DAYS = 30;

/** Certificate Request Agent: with it (or serverAuth) Windows takes an RA certificate, without it it stops with 0x8010002c (SCEP.md A4.9). */
const WINDOWS_RA_EKU = '1.3.6.1.4.1.311.20.2.1';

export interface AuthorityPlanInput {
  readonly authorityId: string;
  readonly generation: number;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly subjectKeyId: Uint8Array;
  readonly years: number;
  readonly scepKey: ScepKeyMode;
  /** Its parent's generation; undefined: self-signed. */
  readonly parent: PlannedIssuer | undefined;
  readonly pathLength: number | undefined;
  readonly crlUrls: readonly string[];
  readonly caIssuersUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly now: Instant;
}

/** In combined mode an authority's key opens envelopes too, so its KU says so (RFC 8894 2.1.2). */
const authorityUsages = (scepKey: ScepKeyMode): readonly KeyUsageName[] => [...(scepKey === 'combined' ? (['digitalSignature', 'keyEncipherment'] as const) : []), 'keyCertSign', 'cRLSign'];

/** What a signing request asks of the CA above; that CA's own rules decide on the rest. */
export const authorityRequestExtensions = (scepKey: ScepKeyMode, subjectKeyId: Uint8Array): readonly Extension[] => [
  basicConstraintsExtension({ ca: true }),
  keyUsageExtension(authorityUsages(scepKey)),
  subjectKeyIdentifierExtension(subjectKeyId),
];

/** An authority's own certificate. */
export function planAuthority(input: AuthorityPlanInput): CertificatePlan {
  const notBefore = input.parent === undefined ? input.now - CA_BACKDATE : Math.max(input.parent.notBefore, input.now - CA_BACKDATE);
  const wanted = input.now + Math.round(input.years * 365.25 * DAY);
  const notAfter = input.parent === undefined ? wanted : Math.min(wanted, input.parent.notAfter);
  const self: PlannedIssuer = { authorityId: input.authorityId, generation: input.generation, subject: input.subject, subjectKeyId: input.subjectKeyId, notBefore, notAfter };
  return {
    kind: 'authority',
    issuer: input.parent ?? self,
    selfSigned: input.parent === undefined,
    subject: input.subject,
    spki: input.spki,
    publicKey: input.publicKey,
    subjectKeyId: input.subjectKeyId,
    notBefore,
    notAfter,
    basicConstraints: input.pathLength === undefined ? { ca: true } : { ca: true, pathLength: input.pathLength },
    keyUsage: authorityUsages(input.scepKey),
    extendedKeyUsages: [],
    subjectAltNames: [],
    crlUrls: input.crlUrls,
    caIssuersUrls: input.caIssuersUrls,
    ocspUrls: input.ocspUrls,
  };
}

/** The certificate of a split SCEP key: no CA, KU digitalSignature and keyEncipherment, an EKU that Windows takes (SCEP.md A4.2, A4.9). */
export function planScepKey(input: { readonly issuer: PlannedIssuer; readonly subject: Uint8Array; readonly spki: Uint8Array; readonly publicKey: PublicKeyInfo; readonly subjectKeyId: Uint8Array; readonly crlUrls: readonly string[]; readonly caIssuersUrls: readonly string[]; readonly ocspUrls: readonly string[]; readonly now: Instant }): CertificatePlan {
  return {
    kind: 'scep',
    issuer: input.issuer,
    selfSigned: false,
    subject: input.subject,
    spki: input.spki,
    publicKey: input.publicKey,
    subjectKeyId: input.subjectKeyId,
    notBefore: Math.max(input.issuer.notBefore, input.now - HOUR),
    notAfter: Math.min(input.now + SCEP_CERTIFICATE_DAYS * DAY, input.issuer.notAfter),
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsages: [WINDOWS_RA_EKU],
    subjectAltNames: [],
    crlUrls: input.crlUrls,
    caIssuersUrls: input.caIssuersUrls,
    ocspUrls: input.ocspUrls,
  };
}

/** The certificate of a key that signs OCSP answers for one generation (RFC 6960 4.2.2.2): nothing in it says where to ask about itself. */
export function planOcspSigner(input: { readonly issuer: PlannedIssuer; readonly subject: Uint8Array; readonly spki: Uint8Array; readonly publicKey: PublicKeyInfo; readonly subjectKeyId: Uint8Array; readonly now: Instant; /** Longer where a successor has to come by courier. */ readonly days?: number }): CertificatePlan {
  return {
    kind: 'ocsp',
    issuer: input.issuer,
    selfSigned: false,
    subject: input.subject,
    spki: input.spki,
    publicKey: input.publicKey,
    subjectKeyId: input.subjectKeyId,
    notBefore: Math.max(input.issuer.notBefore, input.now - HOUR),
    notAfter: Math.min(input.now + (input.days ?? OCSP_SIGNER_DAYS) * DAY, input.issuer.notAfter),
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature'],
    extendedKeyUsages: [OID.ocspSigning],
    subjectAltNames: [],
    crlUrls: [],
    caIssuersUrls: [],
    ocspUrls: [],
  };
}
