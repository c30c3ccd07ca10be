/** What an OCSP answer says and for how long, and how long a signer serves. Pure; the bytes are core/pki's. RFC 6960, RFC 5019. */
import { HOUR, MINUTE, type Instant } from '../lib/instant.ts';
import type { CertificateStatus } from '../pki/ocsp.ts';
import type { KeyAlgorithm } from './authority.ts';
import type { CertificateRecord } from './certificateRecord.ts';

/** The status of a certificate that the CA issued; of none, for a serial that it never did: no guess, and no "good" (RFC 6960 2.2). */
export function statusOf(record: Pick<CertificateRecord, 'serial' | 'state' | 'revokedAt' | 'reason'> | undefined): CertificateStatus {
  if (record === undefined) return { kind: 'unknown' };
  if (record.state === 'valid') return { kind: 'good' };
  if (record.revokedAt === null) throw new Error(`certificate ${record.serial} is ${record.state} without a date`);
  return { kind: 'revoked', at: record.revokedAt, ...(record.reason === null ? {} : { reason: record.reason }) };
}

// As on CRLs: the clocks of relying parties lag, and an answer from their future is none (RFC 6960 4.2.2.1).
const BACKDATE = 5 * MINUTE;
// Clients keep an answer until then: what is revoked now is believed no longer than this.
const LIFE = HOUR;

/** Never beyond the signer's own end. */
export const ocspDates = (now: Instant, signer: { readonly notAfter: Instant }): { readonly thisUpdate: Instant; readonly nextUpdate: Instant } => ({
  thisUpdate: now - BACKDATE,
  nextUpdate: Math.min(now + LIFE, signer.notAfter),
});

/** True when two thirds of a signer's life are over: ten days are left for a CA key that is away. One that ends with its issuer stays. */
export const signerDue = (signer: { readonly notBefore: Instant; readonly notAfter: Instant }, issuer: { readonly notAfter: Instant }, now: Instant): boolean =>
  now >= signer.notBefore + ((signer.notAfter - signer.notBefore) * 2) / 3 && issuer.notAfter > signer.notAfter;

/** Who checks the CA's signature can check its signer's: the same kind of key. RSA stays at 2048 bits, for it signs often and lives for a month. */
export const signerKeyFor = (issuer: KeyAlgorithm): KeyAlgorithm => (issuer === 'p256' || issuer === 'p384' ? issuer : 'rsa-2048');
