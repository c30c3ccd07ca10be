/**
 * The start-up self-test: every algorithm the product needs, run against fixed vectors through the same adapter that devices' messages use.
 * It is how a host whose crypto library lacks one (a wrong Electron build, a FIPS provider) is noticed before a device is.
 * Names what is missing; what to do about it is left to the hosts and to `doctor`.
 */
import { type KeyObject, constants, createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, hkdfSync, privateDecrypt, scryptSync } from 'node:crypto';
import { CIPHERS } from '../../core/pki/algorithms.ts';
import type { CipherName, DigestName, PublicCrypto, SignatureScheme } from '../../core/pki/crypto.ts';
import { toHex, utf8 } from '../../core/lib/bytes.ts';
import { createNodeCrypto, rawRsaDecrypt, signWith } from './nodeCrypto.ts';
import {
  AES_256_GCM_VECTOR,
  CIPHER_VECTORS,
  DIGESTS,
  ECDSA_VECTORS,
  ED25519_VECTOR,
  HKDF_VECTOR,
  HMAC_SHA256_VECTOR,
  MESSAGE,
  OAEP_CIPHERTEXT,
  PBKDF2_VECTOR,
  PSS_SIGNATURE,
  RSA_KEY,
  RSA_SIGNATURES,
  SCRYPT_VECTOR,
} from './selfTestVectors.ts';

export interface SelfTestResult {
  readonly name: string;
  readonly ok: boolean;
  /** Why it failed, where the library said so. */
  readonly detail?: string;
}

type Check = readonly [name: string, run: () => boolean];

/** Runs every check: digests, ciphers, RSA, curves, key derivation. */
export function selfTest(): SelfTestResult[] {
  const crypto = createNodeCrypto();
  return [...digestChecks(crypto), ...cipherChecks(crypto), ...rsaChecks(crypto), ...curveChecks(crypto), ...storageChecks(crypto)].map(runCheck);
}

function runCheck([name, run]: Check): SelfTestResult {
  try {
    return run() ? { name, ok: true } : { name, ok: false, detail: 'the result differs from the known one' };
  } catch (e) {
    return { name, ok: false, detail: e instanceof Error ? e.message : 'unknown error' };
  }
}

const message = utf8(MESSAGE);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

function digestChecks(crypto: PublicCrypto): Check[] {
  return (Object.keys(DIGESTS) as DigestName[]).map((name) => [name, () => toHex(crypto.digest(name, message)) === DIGESTS[name]]);
}

function cipherChecks(crypto: PublicCrypto): Check[] {
  return (Object.keys(CIPHER_VECTORS) as CipherName[]).map((name) => [
    name,
    () => {
      const { key, iv, plaintext, ciphertext } = CIPHER_VECTORS[name];
      const padded = crypto.encrypt(name, hex(key), hex(iv), hex(plaintext));
      const back = crypto.decryptRaw(name, hex(key), hex(iv), padded);
      const padding = CIPHERS[name].blockLength.toString(16).padStart(2, '0').repeat(CIPHERS[name].blockLength);
      return (
        toHex(crypto.encryptRaw(name, hex(key), hex(iv), hex(plaintext))) === ciphertext &&
        toHex(padded).startsWith(ciphertext) &&
        back !== undefined &&
        toHex(back) === plaintext + padding
      );
    },
  ]);
}

function rsaChecks(crypto: PublicCrypto): Check[] {
  // Made within the checks: a library that cannot even read the key must fail them, not the start.
  let key: KeyObject | undefined;
  let spki: Buffer | undefined;
  const privateKey = (): KeyObject => (key ??= createPrivateKey({ key: base64(RSA_KEY), format: 'der', type: 'pkcs1' }));
  const publicKey = (): Buffer => (spki ??= createPublicKey(privateKey()).export({ type: 'spki', format: 'der' }));
  const pss: SignatureScheme = { kind: 'rsa-pss', digest: 'sha256', mgf1Digest: 'sha256', saltLength: 32 };
  const signatures = (Object.keys(RSA_SIGNATURES) as DigestName[]).map((digest): Check => [
    `RSA PKCS#1 v1.5 signature with ${digest}`,
    () => {
      const scheme: SignatureScheme = { kind: 'rsa-pkcs1', digest };
      const signature = signWith(privateKey())(scheme, message);
      return toHex(crypto.digest('sha256', signature)) === RSA_SIGNATURES[digest] && crypto.verify(publicKey(), scheme, message, signature);
    },
  ]);
  return [
    ...signatures,
    ['RSA-PSS', () => crypto.verify(publicKey(), pss, message, base64(PSS_SIGNATURE)) && crypto.verify(publicKey(), pss, message, signWith(privateKey())(pss, message))],
    [
      'RSA PKCS#1 v1.5 key transport',
      () => {
        const opened = rawRsaDecrypt(privateKey())(crypto.encryptKey(publicKey(), { kind: 'rsaes-pkcs1' }, message));
        return opened !== undefined && opened.length === 256 && toHex(opened).startsWith('0002') && toHex(opened).endsWith('00616263');
      },
    ],
    [
      'RSA-OAEP',
      () => {
        const open = (ciphertext: Uint8Array): Buffer => privateDecrypt({ key: privateKey(), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, ciphertext);
        const fresh = crypto.encryptKey(publicKey(), { kind: 'rsaes-oaep', digest: 'sha1', mgf1Digest: 'sha1' }, message);
        return open(base64(OAEP_CIPHERTEXT)).equals(message) && open(fresh).equals(message);
      },
    ],
  ];
}

function curveChecks(crypto: PublicCrypto): Check[] {
  const ecdsa = ECDSA_VECTORS.map(({ curve, digest, spki, pkcs8, signature }): Check => [
    `ECDSA ${curve}`,
    () => {
      const scheme: SignatureScheme = { kind: 'ecdsa', digest };
      const fresh = signWith(createPrivateKey({ key: base64(pkcs8), format: 'der', type: 'pkcs8' }))(scheme, message);
      return crypto.verify(base64(spki), scheme, message, base64(signature)) && crypto.verify(base64(spki), scheme, message, fresh);
    },
  ]);
  return [
    ...ecdsa,
    [
      'Ed25519',
      () => {
        const v = ED25519_VECTOR;
        const key = createPrivateKey({ key: hex(`302e020100300506032b657004220420${v.secret}`), format: 'der', type: 'pkcs8' });
        const spki = hex(`302a300506032b6570032100${v.publicKey}`);
        const signature = signWith(key)({ kind: 'ed25519' }, hex(v.message));
        return toHex(signature) === v.signature && crypto.verify(spki, { kind: 'ed25519' }, hex(v.message), signature);
      },
    ],
  ];
}

/** What the vault and password recipients need. */
function storageChecks(crypto: PublicCrypto): Check[] {
  return [
    ['HMAC-SHA-256', () => toHex(crypto.hmac('sha256', utf8(HMAC_SHA256_VECTOR.key), utf8(HMAC_SHA256_VECTOR.data))) === HMAC_SHA256_VECTOR.mac],
    [
      'AES-256-GCM',
      () => {
        const c = createCipheriv('aes-256-gcm', new Uint8Array(32), new Uint8Array(12));
        const ciphertext = Buffer.concat([c.update(new Uint8Array(16)), c.final()]);
        const d = createDecipheriv('aes-256-gcm', new Uint8Array(32), new Uint8Array(12)).setAuthTag(c.getAuthTag());
        const plaintext = Buffer.concat([d.update(ciphertext), d.final()]);
        return toHex(ciphertext) === AES_256_GCM_VECTOR.ciphertext && toHex(c.getAuthTag()) === AES_256_GCM_VECTOR.tag && plaintext.equals(new Uint8Array(16));
      },
    ],
    ['PBKDF2', () => toHex(crypto.pbkdf2('sha1', utf8('password'), utf8('salt'), 1, 20)) === PBKDF2_VECTOR],
    ['scrypt', () => scryptSync('', '', 64, { N: 16, r: 1, p: 1 }).toString('hex') === SCRYPT_VECTOR],
    [
      'HKDF',
      () => Buffer.from(hkdfSync('sha256', hex(HKDF_VECTOR.secret), hex(HKDF_VECTOR.salt), hex(HKDF_VECTOR.info), 42)).toString('hex') === HKDF_VECTOR.output,
    ],
    ['random numbers', () => toHex(crypto.random(32)) !== toHex(crypto.random(32))],
  ];
}
