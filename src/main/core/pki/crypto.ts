/**
 * The primitive operations that core asks for, as types: bytes in, bytes out, no keys that could be kept.
 * An adapter fills them in over node:crypto; core never sees a private key, only the closures below.
 */

export type DigestName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
export type CipherName = 'des-cbc' | 'des-ede3-cbc' | 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc';
export type CurveName = 'P-256' | 'P-384' | 'P-521';

/** How a signature is made or checked. PSS carries its own digest for MGF1 and its salt length in bytes. */
export type SignatureScheme =
  | { readonly kind: 'rsa-pkcs1'; readonly digest: DigestName }
  | { readonly kind: 'rsa-pss'; readonly digest: DigestName; readonly mgf1Digest: DigestName; readonly saltLength: number }
  | { readonly kind: 'ecdsa'; readonly digest: DigestName }
  | { readonly kind: 'ed25519' };

/** Key transport to an RSA key. OAEP names its digest and that of MGF1 (RFC 8017 A.2.1: SHA-1 by default). */
export type KeyTransport = { readonly kind: 'rsaes-pkcs1' } | { readonly kind: 'rsaes-oaep'; readonly digest: DigestName; readonly mgf1Digest: DigestName };

/** What anyone can do: nothing here needs a secret that outlives the call. Synchronous: it runs on a worker. */
export interface PublicCrypto {
  digest(name: DigestName, bytes: Uint8Array): Uint8Array;
  hmac(name: DigestName, key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** `count` bytes from the system's CSPRNG. */
  random(count: number): Uint8Array;
  /** False for a wrong signature as well as for a key that does not fit the scheme. ECDSA signatures are DER (RFC 5480). */
  verify(spki: Uint8Array, scheme: SignatureScheme, signed: Uint8Array, signature: Uint8Array): boolean;
  /** RSA encryption of a content-encryption key to a public key. Throws where the key is no RSA key. */
  encryptKey(spki: Uint8Array, transport: KeyTransport, key: Uint8Array): Uint8Array;
  /** CBC with PKCS#7 padding (RFC 5652 6.3). `des-cbc` is 3DES with K|K|K: OpenSSL 3 has no single DES. */
  encrypt(cipher: CipherName, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** CBC without looking at the padding: the caller takes it off in constant time. Undefined where the length is no multiple of the block. */
  decryptRaw(cipher: CipherName, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
  /** CBC encryption of whole blocks without adding padding (PWRI-KEK, RFC 3211 2.3). */
  encryptRaw(cipher: CipherName, key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array;
  pbkdf2(digest: DigestName, password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array;
}

/** Raw RSA with one private key, x^d mod n at the modulus' length, padding untouched (RSA_NO_PADDING): what opens an envelope. */
export type RawRsaDecrypt = (ciphertext: Uint8Array) => Uint8Array | undefined;

/** One private key's signature over bytes. */
export type Sign = (scheme: SignatureScheme, bytes: Uint8Array) => Uint8Array;
