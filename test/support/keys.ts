/**
 * Key pairs for tests, made once per process and kept: `rsaKey(3)` is the same key wherever it is asked for.
 * Signing and decrypting go straight to node:crypto, so that what is tested is checked by something else than itself.
 */
import { type KeyObject, constants, createPrivateKey, createPublicKey, generateKeyPairSync, privateDecrypt, sign } from 'node:crypto';
import type { CurveName, DigestName, RawRsaDecrypt, Sign, SignatureScheme } from '../../src/main/core/pki/crypto.ts';

export interface TestKey {
  readonly kind: 'rsa' | 'ec' | 'ed25519';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly spki: Uint8Array;
  readonly sign: Sign;
  /** RSA keys only. */
  readonly rawDecrypt: RawRsaDecrypt;
  /** The usual scheme of this kind of key with a digest. */
  scheme(digest?: DigestName): SignatureScheme;
}

const made = new Map<string, TestKey>();

function keep(id: string, make: () => KeyObject): TestKey {
  const known = made.get(id);
  if (known !== undefined) return known;
  const key = keyOf(make());
  made.set(id, key);
  return key;
}

/** The i-th RSA key of the pool. */
export const rsaKey = (i = 0, bits = 2048): TestKey => keep(`rsa-${bits}-${i}`, () => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey);

/** The i-th EC key of the pool. */
export const ecKey = (i = 0, curve: CurveName = 'P-256'): TestKey => keep(`${curve}-${i}`, () => generateKeyPairSync('ec', { namedCurve: curve }).privateKey);

/** The i-th Ed25519 key of the pool. */
export const ed25519Key = (i = 0): TestKey => keep(`ed25519-${i}`, () => generateKeyPairSync('ed25519').privateKey);

/** A key from PEM (the vectors' CA key). */
export const keyFromPem = (pem: string): TestKey => keyOf(createPrivateKey(pem));

function keyOf(privateKey: KeyObject): TestKey {
  const publicKey = createPublicKey(privateKey);
  const type = privateKey.asymmetricKeyType;
  const kind = type === 'ed25519' ? 'ed25519' : type === 'ec' ? 'ec' : 'rsa';
  return {
    kind,
    privateKey,
    publicKey,
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: (scheme, bytes) => signBytes(privateKey, scheme, bytes),
    rawDecrypt: (ciphertext) => {
      try {
        return new Uint8Array(privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, ciphertext));
      } catch {
        return undefined;
      }
    },
    scheme: (digest = 'sha256') => (kind === 'ed25519' ? { kind } : kind === 'ec' ? { kind: 'ecdsa', digest } : { kind: 'rsa-pkcs1', digest }),
  };
}

function signBytes(key: KeyObject, scheme: SignatureScheme, bytes: Uint8Array): Uint8Array {
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      return new Uint8Array(sign(scheme.digest, bytes, { key, padding: constants.RSA_PKCS1_PADDING }));
    case 'rsa-pss':
      return new Uint8Array(sign(scheme.digest, bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }));
    case 'ecdsa':
      return new Uint8Array(sign(scheme.digest, bytes, { key, dsaEncoding: 'der' }));
    case 'ed25519':
      return new Uint8Array(sign(null, bytes, key));
  }
}
