/**
 * Decryption under a file's passphrase: PBES2 (RFC 8018) with PBKDF2 or scrypt, and the older schemes of PKCS #12 (RFC 7292 B and C).
 * Node's own reader of encrypted keys differs from host to host and cannot tell a wrong passphrase from a scheme it lacks; this one can.
 */
import { createDecipheriv, hash, pbkdf2, scrypt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CIPHERS, cipherOfOid, parseDigestAlgorithm } from '../../core/pki/algorithms.ts';
import type { DigestName } from '../../core/pki/crypto.ts';
import { type Element, Malformed, TAG, childrenOf, readOctetString, readOid, readSmallInteger } from '../../core/pki/der.ts';
import { OID } from '../../core/pki/oids.ts';
import type { KeyFileProblem } from '../../application/ports/keyFiles.ts';
import { decryptRc2Cbc } from './rc2.ts';

/** Why a key file cannot be read; caught where files are read (keyFiles.ts). */
export class KeyFileFault extends Error {
  readonly problem: KeyFileProblem;

  constructor(code: KeyFileProblem['code'], text: string) {
    super(text);
    this.problem = { code, text };
  }
}

/**
 * What one import may cost, in digests computed. The counts stand in the file, and a file has as many keys and bags as its maker likes:
 * each may be modest, and all together must not stop the CA.
 */
export interface Effort {
  left: number;
}

// What tools write lies far below (OpenSSL 2 048 iterations, Java 10 000, the strictest a million): this is a few seconds.
export const createEffort = (): Effort => ({ left: 20_000_000 });

/** A passphrase in the two forms that these schemes take, and what may be spent on trying it. */
export interface FilePassphrase {
  readonly utf8: Uint8Array;
  /** BMPString with its terminating NUL (RFC 7292 B.1). */
  readonly bmp: Uint8Array;
  readonly effort: Effort;
}

export const filePassphrase = (text: string, effort: Effort): FilePassphrase => ({ utf8: Buffer.from(text, 'utf8'), bmp: Buffer.from(`${text}\0`, 'utf16le').swap16(), effort });
/** How Windows writes "no passphrase": without even the NUL. */
export const noPassphrase = (effort: Effort): FilePassphrase => ({ utf8: Buffer.alloc(0), bmp: Buffer.alloc(0), effort });

const SCRYPT_MEMORY = 256 * 1024 * 1024;
/** How many digests of OpenSSL's own loop one of ours takes as long as. */
const SLOWNESS = 6;
/** Of ours, between two of which devices are answered. */
const TURN = 20_000;

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify(scrypt as (password: Uint8Array, salt: Uint8Array, length: number, options: object, done: (error: Error | null, key: Buffer) => void) => void);

export const unsupportedEncryption = (what: string): KeyFileFault =>
  new KeyFileFault('file-encryption-unsupported', `The file is encrypted in a way that is not supported (${what}). Write it anew with AES-256, as OpenSSL 3 does.`);

function spend(effort: Effort, digests: number, what: string): void {
  if (digests > effort.left) throw unsupportedEncryption(what);
  effort.left -= digests;
}

/** The iterations that a file asks for; each costs as many digests as `weight` says. */
function iterationsOf(e: Element | undefined, weight: number, effort: Effort): number {
  const iterations = readSmallInteger(e, 'iteration count');
  if (iterations < 1) throw unsupportedEncryption(`${iterations} iterations`);
  spend(effort, iterations * weight, `${iterations} iterations, and more in all than can be waited for`);
  return iterations;
}

const DIGEST_LENGTH: Readonly<Record<DigestName, number>> = { md5: 16, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };

/** PBKDF2 as its AlgorithmIdentifier's parameters say. `length` counts where they name none. */
export async function derivePbkdf2Key(parameters: Element | undefined, { utf8: password, effort }: FilePassphrase, length: number | undefined): Promise<Buffer> {
  const [salt, count, ...rest] = childrenOf(parameters, TAG.sequence, 'PBKDF2 parameters');
  const named = rest.find((e) => e.tag === TAG.integer);
  const keyLength = length ?? (named === undefined ? undefined : readSmallInteger(named, 'key length'));
  if (keyLength === undefined || keyLength < 1 || keyLength > 128) throw new Malformed('the key length of PBKDF2 is missing');
  const digest = macDigest(rest.find((e) => e.tag === TAG.sequence));
  const iterations = iterationsOf(count, Math.ceil(keyLength / DIGEST_LENGTH[digest]), effort);
  return derivePbkdf2(password, readOctetString(salt, 'salt'), iterations, keyLength, digest);
}

const MAC_DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  [OID.hmacWithSha1, 'sha1'],
  [OID.hmacWithSha224, 'sha224'],
  [OID.hmacWithSha256, 'sha256'],
  [OID.hmacWithSha384, 'sha384'],
  [OID.hmacWithSha512, 'sha512'],
]);

/** The digest of an HMAC's AlgorithmIdentifier; SHA-1 where it is left out (RFC 8018 A.2). */
export function macDigest(algorithm: Element | undefined): DigestName {
  if (algorithm === undefined) return 'sha1';
  const oid = readOid(childrenOf(algorithm, TAG.sequence, 'HMAC algorithm')[0], 'HMAC algorithm');
  const digest = MAC_DIGESTS.get(oid);
  if (digest === undefined) throw unsupportedEncryption(oid);
  return digest;
}

/** The digest of a DigestAlgorithmIdentifier; throws KeyFileFault for one that is not known. */
export function requireDigest(algorithm: Element | undefined): DigestName {
  const digest = parseDigestAlgorithm(algorithm);
  if (typeof digest !== 'string') throw unsupportedEncryption(digest.unsupported);
  return digest;
}

async function deriveScryptKey(parameters: Element | undefined, { utf8: password, effort }: FilePassphrase, length: number): Promise<Buffer> {
  const [salt, cost, blockSize, parallelization] = childrenOf(parameters, TAG.sequence, 'scrypt parameters');
  const options = { N: readSmallInteger(cost, 'scrypt cost'), r: readSmallInteger(blockSize, 'scrypt block size'), p: readSmallInteger(parallelization, 'scrypt parallelization') };
  const { N, r, p } = options;
  // RFC 7914 2: N is a power of two above 1.
  if (N < 2 || !Number.isInteger(Math.log2(N)) || r < 1 || p < 1) throw new Malformed('the scrypt parameters are none');
  if (128 * N * r > SCRYPT_MEMORY || p > 16) throw unsupportedEncryption('scrypt with too much memory');
  spend(effort, N * r * p, 'scrypt that takes longer than can be waited for');
  return deriveScrypt(password, readOctetString(salt, 'salt'), length, { ...options, maxmem: 2 * SCRYPT_MEMORY });
}

/** PKCS #12's own derivation (RFC 7292 B.2): `id` 1 for a key, 2 for an IV, 3 for a MAC key as long as its digest. */
export async function derivePkcs12(digest: DigestName, id: 1 | 2 | 3, { bmp, effort }: FilePassphrase, salt: Uint8Array, count: Element | undefined, length = DIGEST_LENGTH[digest]): Promise<Uint8Array> {
  const iterations = count === undefined ? 1 : iterationsOf(count, SLOWNESS * Math.ceil(length / DIGEST_LENGTH[digest]), effort);
  const block = digest === 'sha384' || digest === 'sha512' ? 128 : 64;
  const input = Buffer.concat([repeated(salt, block), repeated(bmp, block)]);
  const out: Buffer[] = [];
  for (let have = 0; have < length;) {
    let a = hash(digest, Buffer.concat([Buffer.alloc(block, id), input]), 'buffer');
    for (let i = 1; i < iterations; i++) {
      a = hash(digest, a, 'buffer');
      if (i % TURN === 0) await setImmediate();
    }
    out.push(a);
    have += a.length;
    const b = Buffer.alloc(block, a);
    for (let at = 0; at < input.length; at += block) addOneAnd(input.subarray(at, at + block), b);
  }
  return Buffer.concat(out).subarray(0, length);
}

const repeated = (bytes: Uint8Array, block: number): Buffer => (bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes));

/** `number` becomes itself plus `b` plus one, modulo its length. */
function addOneAnd(number: Uint8Array, b: Uint8Array): void {
  let carry = 1;
  for (let i = number.length - 1; i >= 0; i--) {
    carry += (number[i] ?? 0) + (b[i] ?? 0);
    number[i] = carry & 0xff;
    carry >>= 8;
  }
}

interface OldScheme {
  readonly keyLength: number;
  readonly decrypt: (key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array) => Uint8Array | undefined;
}

const tripleDes = (key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined => withNode('des-ede3-cbc', key, iv, ciphertext);

const OLD_SCHEMES: ReadonlyMap<string, OldScheme> = new Map([
  [OID.pbeSha1TripleDes, { keyLength: 24, decrypt: tripleDes }],
  [OID.pbeSha1TripleDesTwoKeys, { keyLength: 16, decrypt: (key, iv, c) => tripleDes(Buffer.concat([key, key.subarray(0, 8)]), iv, c) }],
  [OID.pbeSha1Rc2With128, { keyLength: 16, decrypt: (key, iv, c) => withoutPadding(decryptRc2Cbc(key, 128, iv, c)) }],
  [OID.pbeSha1Rc2With40, { keyLength: 5, decrypt: (key, iv, c) => withoutPadding(decryptRc2Cbc(key, 40, iv, c)) }],
]);

/** The plaintext, or undefined where the passphrase is not the one it was encrypted with. Throws KeyFileFault for a scheme that is not supported. */
export async function decryptWithPassphrase(algorithm: Element | undefined, ciphertext: Uint8Array, passphrase: FilePassphrase): Promise<Uint8Array | undefined> {
  const [oidElement, parameters] = childrenOf(algorithm, TAG.sequence, 'encryption algorithm');
  const oid = readOid(oidElement, 'encryption algorithm');
  if (oid === OID.pbes2) return decryptPbes2(parameters, ciphertext, passphrase);
  const scheme = OLD_SCHEMES.get(oid);
  if (scheme === undefined) throw unsupportedEncryption(oid);
  const [saltElement, count] = childrenOf(parameters, TAG.sequence, 'encryption parameters');
  const salt = readOctetString(saltElement, 'salt');
  const key = await derivePkcs12('sha1', 1, passphrase, salt, count, scheme.keyLength);
  return scheme.decrypt(key, await derivePkcs12('sha1', 2, passphrase, salt, count, 8), ciphertext);
}

async function decryptPbes2(parameters: Element | undefined, ciphertext: Uint8Array, password: FilePassphrase): Promise<Uint8Array | undefined> {
  const [derivation, encryption] = childrenOf(parameters, TAG.sequence, 'PBES2 parameters');
  const [cipherOid, ivElement] = childrenOf(encryption, TAG.sequence, 'encryption scheme');
  const oid = readOid(cipherOid, 'encryption scheme');
  const cipher = cipherOfOid(oid);
  // Single DES hides nothing, and node:crypto has none.
  if (cipher === undefined || cipher === 'des-cbc') throw unsupportedEncryption(oid);
  const [kdfOid, kdfParameters] = childrenOf(derivation, TAG.sequence, 'key derivation');
  const kdf = readOid(kdfOid, 'key derivation');
  const { keyLength } = CIPHERS[cipher];
  if (kdf !== OID.pbkdf2 && kdf !== OID.scrypt) throw unsupportedEncryption(kdf);
  const key = await (kdf === OID.pbkdf2 ? derivePbkdf2Key(kdfParameters, password, keyLength) : deriveScryptKey(kdfParameters, password, keyLength));
  return withNode(cipher, key, readOctetString(ivElement, 'IV'), ciphertext);
}

function withNode(cipher: string, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    // Wrong padding, which a wrong key leaves behind in 255 of 256 cases; the rest is told by what then cannot be parsed.
    return undefined;
  }
}

function withoutPadding(padded: Uint8Array | undefined): Uint8Array | undefined {
  const count = padded?.at(-1) ?? 0;
  if (padded === undefined || count < 1 || count > 8 || !padded.subarray(-count).every((b) => b === count)) return undefined;
  return padded.subarray(0, -count);
}
