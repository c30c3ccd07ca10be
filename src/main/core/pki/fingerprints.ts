import type { PublicCrypto } from './crypto.ts';
export interface Fingerprints { readonly md5: string; readonly sha1: string; readonly sha256: string; readonly sha512: string }
/** Lower hex. */
export function fingerprintsOf(crypto: PublicCrypto, bytes: Uint8Array): Fingerprints { throw new Error('not written yet'); }
/** A fingerprint's hex digits in groups of four, the last one perhaps shorter: what people compare. */
export function groupFingerprint(hex: string): string[] { throw new Error('not written yet'); }
