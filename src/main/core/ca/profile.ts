/** Certificate profiles: what an issued certificate contains. Extensions come from here, never from the CSR (DESIGN section 4). */

export type KeyUsageRule = 'digitalSignature' | 'keyEncipherment' | 'keyAgreement' | 'nonRepudiation' | 'dataEncipherment';
export type SanKind = 'dns' | 'ip' | 'email' | 'uri' | 'upn';

export interface CertificateProfile {
  readonly id: string;
  readonly name: string;
  readonly validityDays: number;
  /** Days before notAfter from which a renewal is in time. */
  readonly renewalWindowDays: number;
  /** Minutes that notBefore lies in the past, for devices whose clock is slow (SCEP.md A8.15). */
  readonly backdateMinutes: number;
  /** `CN={{device_name}},OU=Devices,O={{organization}}`; null keeps the CSR's subject. */
  readonly subjectTemplate: string | null;
  /** SAN kinds that are taken over from the CSR; others are refused with words. */
  readonly allowedSans: readonly SanKind[];
  /** Names added to every certificate, templates allowed: `DNS:{{device_name}}.lan`. */
  readonly extraSans: readonly string[];
  /** For RSA keys, and for keys that only sign. */
  readonly keyUsageRsa: readonly KeyUsageRule[];
  readonly keyUsageEc: readonly KeyUsageRule[];
  /** EKU OIDs, dotted. */
  readonly extendedKeyUsages: readonly string[];
  /** EKUs (dotted) a CSR may ask for besides; anything else is refused with words. */
  readonly allowedExtendedKeyUsages: readonly string[];
  readonly version: number;
}

export const EKU = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  ipsecIke: '1.3.6.1.5.5.7.3.17',
} as const;

const base = {
  validityDays: 365,
  renewalWindowDays: 30,
  backdateMinutes: 60,
  subjectTemplate: null,
  extraSans: [],
  version: 1,
} as const;

/** The profiles that the first authority brings. */
export const SEED_PROFILES: readonly CertificateProfile[] = [
  {
    ...base,
    id: 'device',
    name: 'Device',
    allowedSans: ['dns', 'ip', 'email', 'uri'],
    keyUsageRsa: ['digitalSignature', 'keyEncipherment'],
    keyUsageEc: ['digitalSignature'],
    extendedKeyUsages: [EKU.clientAuth],
    allowedExtendedKeyUsages: [EKU.clientAuth, EKU.ipsecIke],
  },
  {
    ...base,
    id: 'user',
    name: 'User',
    allowedSans: ['email', 'upn'],
    keyUsageRsa: ['digitalSignature', 'keyEncipherment'],
    keyUsageEc: ['digitalSignature', 'keyAgreement'],
    extendedKeyUsages: [EKU.clientAuth, EKU.emailProtection],
    allowedExtendedKeyUsages: [EKU.clientAuth, EKU.emailProtection],
  },
  {
    ...base,
    id: 'tls-server',
    name: 'TLS server',
    allowedSans: ['dns', 'ip'],
    keyUsageRsa: ['digitalSignature', 'keyEncipherment'],
    keyUsageEc: ['digitalSignature'],
    extendedKeyUsages: [EKU.serverAuth],
    allowedExtendedKeyUsages: [EKU.serverAuth, EKU.clientAuth],
  },
];
