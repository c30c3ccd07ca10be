import type { Result } from '../lib/result.ts';
import type { CipherName, CurveName, DigestName, KeyTransport, SignatureScheme } from './crypto.ts';
import type { Element } from './der.ts';
export type PublicKeyInfo =
  | { readonly kind: 'rsa'; readonly bits: number; readonly modulus: Uint8Array; readonly exponent: Uint8Array }
  | { readonly kind: 'ec'; readonly curve: CurveName; readonly point: Uint8Array }
  | { readonly kind: 'ed25519'; readonly point: Uint8Array }
  | { readonly kind: 'unsupported'; readonly oid: string };
/** An algorithm that this product does not know, by its OID. Test with `'unsupported' in x`. */
export interface Unsupported { readonly unsupported: string }
export interface CipherFacts { readonly oid: string; readonly keyLength: number; readonly blockLength: number }
export const CIPHERS: Readonly<Record<CipherName, CipherFacts>> = {
  'des-cbc': { oid: '1.3.14.3.2.7', keyLength: 8, blockLength: 8 },
  'des-ede3-cbc': { oid: '1.2.840.113549.3.7', keyLength: 24, blockLength: 8 },
  'aes-128-cbc': { oid: '2.16.840.1.101.3.4.1.2', keyLength: 16, blockLength: 16 },
  'aes-192-cbc': { oid: '2.16.840.1.101.3.4.1.22', keyLength: 24, blockLength: 16 },
  'aes-256-cbc': { oid: '2.16.840.1.101.3.4.1.42', keyLength: 32, blockLength: 16 },
};
export function parsePublicKey(spki: Uint8Array): Result<PublicKeyInfo, string> { throw new Error('not written yet'); }
export function describePublicKey(info: PublicKeyInfo): string { throw new Error('not written yet'); }
/** Inside a parser: throws Malformed at a broken structure. */
export function parseSignatureAlgorithm(algId: Element | undefined, digestHint?: DigestName): SignatureScheme | Unsupported { throw new Error('not written yet'); }
export function writeSignatureAlgorithm(scheme: SignatureScheme): Uint8Array { throw new Error('not written yet'); }
export function writeDigestAlgorithm(digest: DigestName): Uint8Array { throw new Error('not written yet'); }
export function digestOfOid(oid: string): DigestName | undefined { throw new Error('not written yet'); }
export function cipherOfOid(oid: string): CipherName | undefined { throw new Error('not written yet'); }
/** Inside a parser: throws Malformed at a broken structure. */
export function parseKeyTransport(algId: Element | undefined): KeyTransport | Unsupported { throw new Error('not written yet'); }
export function writeKeyTransport(transport: KeyTransport): Uint8Array { throw new Error('not written yet'); }
