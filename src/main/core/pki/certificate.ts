import type { Instant } from '../lib/instant.ts';
import type { Result } from '../lib/result.ts';
import type { PublicKeyInfo, Unsupported } from './algorithms.ts';
import type { PublicCrypto, SignatureScheme } from './crypto.ts';
import type { Extension, ExtensionView } from './extensions.ts';
export interface Certificate extends ExtensionView {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly version: number;
  /** Contents octets of the INTEGER as they stand. */
  readonly serial: Uint8Array;
  /** Upper hex without separators or leading zeros: what admins see and tables key on. */
  readonly serialHex: string;
  readonly signatureAlgorithm: SignatureScheme | Unsupported;
  readonly signature: Uint8Array;
  /** DER bytes of the Name. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: readonly Extension[];
}
export interface CertificateContents {
  /** Magnitude. */
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}
export function parseCertificate(der: Uint8Array): Result<Certificate, string> { throw new Error('not written yet'); }
/** Upper hex of a serial's contents octets, without leading zeros. */
export function serialToHex(content: Uint8Array): string { throw new Error('not written yet'); }
/** IssuerAndSerialNumber with both copied byte for byte (SCEP.md A8.9). */
export function issuerAndSerialDer(certificate: Pick<Certificate, 'issuer' | 'serial'>): Uint8Array { throw new Error('not written yet'); }
export function writeTbsCertificate(contents: CertificateContents, scheme: SignatureScheme): Uint8Array { throw new Error('not written yet'); }
export function assembleCertificate(tbs: Uint8Array, scheme: SignatureScheme, signature: Uint8Array): Uint8Array { throw new Error('not written yet'); }
export function verifySignedBy(certificate: Certificate, issuerSpki: Uint8Array, crypto: PublicCrypto): boolean { throw new Error('not written yet'); }
/** SHA-1 of the key's BIT STRING contents (RFC 5280 4.2.1.2 method 1). */
export function keyIdentifierOf(spki: Uint8Array, crypto: PublicCrypto): Uint8Array { throw new Error('not written yet'); }
