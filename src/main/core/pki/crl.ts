import type { Instant } from '../lib/instant.ts';
import type { Result } from '../lib/result.ts';
import type { Unsupported } from './algorithms.ts';
import type { PublicCrypto, SignatureScheme } from './crypto.ts';
export type RevocationReason =
  | 'unspecified' | 'keyCompromise' | 'cACompromise' | 'affiliationChanged' | 'superseded' | 'cessationOfOperation' | 'certificateHold' | 'removeFromCRL' | 'privilegeWithdrawn' | 'aACompromise';
export interface RevokedEntry { readonly serial: Uint8Array; readonly at: Instant; readonly reason?: RevocationReason }
export interface CrlContents {
  readonly issuer: Uint8Array;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly number: bigint;
  readonly authorityKeyId: Uint8Array;
  readonly revoked: readonly RevokedEntry[];
}
export interface Crl {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: SignatureScheme | Unsupported;
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: Instant;
  readonly nextUpdate?: Instant;
  readonly number?: bigint;
  readonly authorityKeyId?: Uint8Array;
  readonly revoked: readonly { readonly serialHex: string; readonly at: Instant; readonly reason?: RevocationReason }[];
}
export function writeTbsCrl(contents: CrlContents, scheme: SignatureScheme): Uint8Array { throw new Error('not written yet'); }
export function assembleCrl(tbs: Uint8Array, scheme: SignatureScheme, signature: Uint8Array): Uint8Array { throw new Error('not written yet'); }
export function parseCrl(der: Uint8Array): Result<Crl, string> { throw new Error('not written yet'); }
export function verifyCrl(crl: Crl, issuerSpki: Uint8Array, crypto: PublicCrypto): boolean { throw new Error('not written yet'); }
