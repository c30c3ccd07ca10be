/**
 * core/pki's primitive operations over node:crypto, the same on OpenSSL (Node) and BoringSSL (Electron).
 * Synchronous throughout: it runs on worker threads. Owns no private key; `signWith` and `rawRsaDecrypt` close over one.
 * What differs between the two libraries is kept out here (single DES, RSA unpadding); selfTest.ts shows that the host can do all of it.
 */
import {
  type KeyObject,
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  createSecretKey,
  hash,
  pbkdf2Sync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { CIPHERS, digestLength, parsePublicKey, publicKeyOctets } from '../../core/pki/algorithms.ts';
import type { CipherName, DigestName, KeyTransport, PublicCrypto, RawRsaDecrypt, Sign, SignatureScheme } from '../../core/pki/crypto.ts';
import { concat } from '../../core/lib/bytes.ts';

// One message uses one key up to three times (its signature, its CSR, the reply), and a worker rarely holds more than two messages.
const KEPT_KEYS = 8;

/** PublicCrypto over node:crypto, with a small cache of parsed public keys of its own. */
export function createNodeCrypto(): PublicCrypto {
  const publicKeyOf = cachePublicKeys();
  return {
    digest: (name, bytes) => plain(hash(name, bytes, 'buffer')),
    hmac: (name, key, bytes) => plain(createHmac(name, createSecretKey(key)).update(bytes).digest()),
    random: (count) => plain(randomBytes(count)),
    verify: (spki, scheme, signed, signature) => {
      const key = publicKeyOf(spki);
      return key !== undefined && verifySignature(key, scheme, signed, signature);
    },
    encryptKey: (spki, transport, key) => {
      const publicKey = publicKeyOf(spki);
      if (publicKey?.type !== 'rsa') throw new Error('a key can only be transported to an RSA key');
      return plain(encryptToRsa(publicKey.key, transport, key));
    },
    encrypt: (cipher, key, iv, plaintext) => {
      const c = createCipheriv(openSslName(cipher), cipherKey(cipher, key), iv);
      return concat([c.update(plaintext), c.final()]);
    },
    decryptRaw: (cipher, key, iv, ciphertext) => {
      if (ciphertext.length % CIPHERS[cipher].blockLength !== 0) return undefined;
      return plain(createDecipheriv(openSslName(cipher), cipherKey(cipher, key), iv).setAutoPadding(false).update(ciphertext));
    },
    encryptRaw: (cipher, key, iv, blocks) => {
      if (blocks.length % CIPHERS[cipher].blockLength !== 0) throw new Error('only whole blocks can be encrypted without padding');
      return plain(createCipheriv(openSslName(cipher), cipherKey(cipher, key), iv).setAutoPadding(false).update(blocks));
    },
    pbkdf2: (digest, password, salt, iterations, length) => plain(pbkdf2Sync(password, salt, iterations, length, digest)),
  };
}

interface PublicKey {
  readonly key: KeyObject;
  /** Read once: the property of a KeyObject is looked up anew each time. */
  readonly type: string | undefined;
}

/** Parsed keys by their bytes, the least recently used one dropped: OpenSSL's import costs more than checking an RSA signature. */
function cachePublicKeys(): (spki: Uint8Array) => PublicKey | undefined {
  const kept = new Map<string, PublicKey>();
  return (spki) => {
    const name = asBuffer(spki).toString('latin1');
    const known = kept.get(name);
    if (known !== undefined) kept.delete(name);
    const key = known ?? importPublicKey(spki);
    if (key === undefined) return undefined;
    kept.set(name, key);
    if (kept.size > KEPT_KEYS) kept.delete(kept.keys().next().value ?? '');
    return key;
  };
}

/**
 * Undefined for bytes that are no key, or none of a kind used here: whoever asks gets a wrong signature, not an exception.
 * RSA keys go in as PKCS #1, which the library takes in a third less time than the SubjectPublicKeyInfo around it (36 to 49 µs).
 */
function importPublicKey(spki: Uint8Array): PublicKey | undefined {
  const info = parsePublicKey(spki);
  if (!info.ok || info.value.kind === 'unsupported') return undefined;
  try {
    const key =
      info.value.kind === 'rsa'
        ? createPublicKey({ key: asBuffer(publicKeyOctets(spki)), format: 'der', type: 'pkcs1' })
        : createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' });
    return { key, type: key.asymmetricKeyType };
  } catch {
    return undefined;
  }
}

/** A Buffer's bytes as what core knows: its `slice` is a view and its `toString` an encoding, which no Uint8Array's are. */
const plain = (bytes: Buffer): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function verifySignature({ key, type }: PublicKey, scheme: SignatureScheme, signed: Uint8Array, signature: Uint8Array): boolean {
  if (type !== keyTypeOf(scheme)) return false;
  try {
    return verify(digestFor(scheme), signed, withPadding(key, scheme), signature);
  } catch {
    // A PSS salt that does not fit the key, a signature that is no DER: OpenSSL and BoringSSL differ in which of them throw.
    return false;
  }
}

function keyTypeOf(scheme: SignatureScheme): 'rsa' | 'ec' | 'ed25519' {
  if (scheme.kind === 'ecdsa') return 'ec';
  return scheme.kind === 'ed25519' ? 'ed25519' : 'rsa';
}

const digestFor = (scheme: SignatureScheme): DigestName | null => (scheme.kind === 'ed25519' ? null : scheme.digest);

function withPadding(key: KeyObject, scheme: SignatureScheme): KeyObject | { key: KeyObject; padding: number; saltLength: number } {
  if (scheme.kind !== 'rsa-pss') return key;
  // node:crypto has no say over MGF1's digest apart from the signature's; parseSignatureAlgorithm lets no other pair through.
  if (scheme.mgf1Digest !== scheme.digest) throw new Error('PSS with two digests is not supported');
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
}

function encryptToRsa(key: KeyObject, transport: KeyTransport, message: Uint8Array): Buffer {
  if (transport.kind === 'rsaes-pkcs1') return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, message);
  if (transport.digest === transport.mgf1Digest) {
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: transport.digest }, message);
  }
  // Java's default is OAEP with SHA-256 over MGF1 with SHA-1, which node:crypto cannot ask for.
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, padOaep(message, length, transport.digest, transport.mgf1Digest));
}

/** EME-OAEP encoding with an empty label (RFC 8017 7.1.1). */
function padOaep(message: Uint8Array, length: number, digest: DigestName, mgf1Digest: DigestName): Uint8Array {
  const h = digestLength(digest);
  const block = new Uint8Array(length - h - 1);
  if (message.length > block.length - h - 1) throw new Error('the RSA key is too short for this key transport');
  block.set(hash(digest, new Uint8Array(0), 'buffer'));
  block[block.length - message.length - 1] = 1;
  block.set(message, block.length - message.length);
  const seed = randomBytes(h);
  const blockMask = generateMask(seed, block.length, mgf1Digest);
  const masked = block.map((b, i) => b ^ (blockMask[i] ?? 0));
  const seedMask = generateMask(masked, h, mgf1Digest);
  return concat([Uint8Array.of(0), seed.map((b, i) => b ^ (seedMask[i] ?? 0)), masked]);
}

/** MGF1 (RFC 8017 B.2.1). */
function generateMask(seed: Uint8Array, length: number, digest: DigestName): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let counter = 0; counter * digestLength(digest) < length; counter++) {
    blocks.push(hash(digest, concat([seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff)]), 'buffer'));
  }
  return concat(blocks).subarray(0, length);
}

// OpenSSL 3 has no single DES without its legacy provider; 3DES with K|K|K is the same function (SCEP.md G).
const openSslName = (cipher: CipherName): string => (cipher === 'des-cbc' ? 'des-ede3-cbc' : cipher);
// As a KeyObject: node:crypto looks at raw bytes for some 20 µs longer, to find out that they are no key of another kind.
const cipherKey = (cipher: CipherName, key: Uint8Array): KeyObject => createSecretKey(cipher === 'des-cbc' ? concat([key, key, key]) : key);

/** Signatures with this private key; throws where the scheme does not fit it. */
export function signWith(key: KeyObject): Sign {
  const type = key.asymmetricKeyType;
  return (scheme, bytes) => {
    if (type !== keyTypeOf(scheme)) throw new Error(`a key of type ${type} makes no ${scheme.kind} signature`);
    return plain(sign(digestFor(scheme), bytes, withPadding(key, scheme)));
  };
}

/**
 * The bare RSA decryption with this private key, padding left on: the library's own unpadding throws on one host, rejects implicitly
 * on the next and is an oracle on the third (SCEP.md G). Undefined depends on the ciphertext alone, never on what it holds.
 */
export function rawRsaDecrypt(key: KeyObject): RawRsaDecrypt {
  if (key.asymmetricKeyType !== 'rsa') throw new Error('only an RSA key decrypts');
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return (ciphertext) => {
    if (ciphertext.length !== length) return undefined;
    try {
      return plain(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, ciphertext));
    } catch {
      // Not below the modulus.
      return undefined;
    }
  };
}
