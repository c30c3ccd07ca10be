/**
 * Fingerprints: the digests of a request or certificate that devices print and admins compare.
 * Which digest a device printed, and of which bytes, is left to the matcher (SCEP.md A4.4, F2).
 */
import { toHex } from '../lib/bytes.ts';
import type { PublicCrypto } from './crypto.ts';

export interface Fingerprints {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly sha512: string;
}

/** Of a PKCS #10 request and of the key in it: many clients take the latter for their transactionID. */
export interface CsrFingerprints extends Fingerprints {
  readonly spkiSha1: string;
  readonly spkiSha256: string;
  /** Not there for requests of the first schema. */
  readonly spkiMd5?: string;
  readonly spkiSha512?: string;
}

/** All four digests in lower hex. MD5 is here because old network gear shows nothing else, never because it proves anything. */
export function fingerprintsOf(crypto: PublicCrypto, bytes: Uint8Array): Fingerprints {
  return {
    md5: toHex(crypto.digest('md5', bytes)),
    sha1: toHex(crypto.digest('sha1', bytes)),
    sha256: toHex(crypto.digest('sha256', bytes)),
    sha512: toHex(crypto.digest('sha512', bytes)),
  };
}

/** Of a request, and of the key in it. */
export function csrFingerprintsOf(crypto: PublicCrypto, csr: { readonly der: Uint8Array; readonly spki: Uint8Array }): CsrFingerprints {
  const { md5, sha1, sha256, sha512 } = fingerprintsOf(crypto, csr.spki);
  return { ...fingerprintsOf(crypto, csr.der), spkiMd5: md5, spkiSha1: sha1, spkiSha256: sha256, spkiSha512: sha512 };
}

/** A fingerprint's hex digits in groups of four: what people compare, and what a mismatch is counted in. */
export function groupFingerprint(hex: string): string[] {
  return hex.match(/.{1,4}/g) ?? [];
}
