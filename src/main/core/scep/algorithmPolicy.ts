/**
 * Which algorithms a message may use at each level of compatibility (SCEP.md B1, B2, B4; RFC 8894 sections 2.9 and 7.5).
 * What was announced in GetCACaps plays no part: that text is unauthenticated.
 */
import type { CipherName, DigestName, KeyTransport, SignatureScheme } from '../pki/crypto.ts';
import type { Compatibility } from '../pki/compatibility.ts';

const RANK: Readonly<Record<Compatibility, number>> = { strict: 0, standard: 1, legacy: 2 };

/** The first level that takes a digest. */
const DIGEST_LEVEL: Readonly<Record<DigestName, Compatibility>> = {
  md5: 'legacy',
  sha1: 'standard',
  sha224: 'strict',
  sha256: 'strict',
  sha384: 'strict',
  sha512: 'strict',
};

const CIPHER_LEVEL: Readonly<Record<CipherName, Compatibility>> = {
  'des-cbc': 'legacy',
  'des-ede3-cbc': 'standard',
  'aes-128-cbc': 'strict',
  'aes-192-cbc': 'strict',
  'aes-256-cbc': 'strict',
};

export const takesDigest = (level: Compatibility, digest: DigestName): boolean => RANK[level] >= RANK[DIGEST_LEVEL[digest]];

export const takesCipher = (level: Compatibility, cipher: CipherName): boolean => RANK[level] >= RANK[CIPHER_LEVEL[cipher]];

/** The digests within a signature scheme that this level does not take. */
export function refusedDigests(level: Compatibility, scheme: SignatureScheme): readonly DigestName[] {
  const used = scheme.kind === 'ed25519' ? [] : scheme.kind === 'rsa-pss' ? [scheme.digest, scheme.mgf1Digest] : [scheme.digest];
  return used.filter((digest) => !takesDigest(level, digest));
}

/** OAEP stands on no collision resistance, so SHA-1, its default and what Windows sends, is taken everywhere (SCEP.md A9.8). MD5 is not. */
export const takesKeyTransport = (transport: KeyTransport): boolean =>
  transport.kind === 'rsaes-pkcs1' || (transport.digest !== 'md5' && transport.mgf1Digest !== 'md5');
