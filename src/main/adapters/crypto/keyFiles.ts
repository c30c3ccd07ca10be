/**
 * The private key of a CA that was made elsewhere, out of the files that its admin has: one PKCS #12, or PEM and DER files of any kind.
 * Finds exactly one key and every certificate, and tries the key before anybody relies on it. Nothing of the key gets into a text.
 */
import { type KeyObject, constants, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt, randomBytes, sign, verify } from 'node:crypto';
import type { KeyFileProblem } from '../../application/ports/keyFiles.ts';
import { type KeyAlgorithm, keyAlgorithmOf } from '../../core/ca/authority.ts';
import { keyProblem } from '../../core/ca/keyChecks.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { describePublicKey, parsePublicKey } from '../../core/pki/algorithms.ts';
import { certificatesInFile, readPemBlocks } from '../../core/pki/certificateFiles.ts';
import { Malformed, TAG, readElement, readFirstElement } from '../../core/pki/der.ts';
import { type Effort, KeyFileFault, createEffort, filePassphrase } from './passwordEncryption.ts';
import { decryptPrivateKey, isPkcs12, openPkcs12, wrongPassphrase } from './pkcs12.ts';

export interface KeyFileContents {
  readonly key: KeyObject;
  readonly algorithm: KeyAlgorithm;
  readonly certificates: readonly Uint8Array[];
}

/** The one key and all certificates in these files. */
export async function readKeyFiles(files: readonly Uint8Array[], passphrase: string | undefined): Promise<Result<KeyFileContents, KeyFileProblem>> {
  try {
    // By their public halves: KeyObject's own comparison of two kinds of key leaves an error behind that the next import then throws.
    const keys = new Map<string, KeyObject>();
    const certificates: Uint8Array[] = [];
    const effort = createEffort();
    for (const file of files) {
      const read = await readKeyFile(file, passphrase, effort);
      for (const key of read.keys) keys.set(spkiOf(key).toString('base64'), key);
      certificates.push(...read.certificates);
    }
    const [key] = keys.values();
    if (key === undefined) throw new KeyFileFault('no-key', 'The files hold no private key.');
    if (keys.size > 1) throw new KeyFileFault('several-keys', `The files hold ${keys.size} different private keys; give only the CA's.`);
    return ok({ key, algorithm: requireUsable(key), certificates });
  } catch (error) {
    if (error instanceof KeyFileFault) return err(error.problem);
    if (error instanceof Malformed) return err({ code: 'file-unreadable', text: `The file cannot be read: ${error.message}.` });
    throw error;
  }
}

const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

interface FileContents {
  readonly keys: readonly KeyObject[];
  readonly certificates: readonly Uint8Array[];
}

/** Everything in one file. Throws KeyFileFault, or Malformed. */
export async function readKeyFile(file: Uint8Array, passphrase: string | undefined, effort: Effort): Promise<FileContents> {
  const found = certificatesInFile(file);
  if (!found.ok) throw new Malformed(found.error);
  const blocks = readPemBlocks(file);
  if (blocks.length === 0) return found.value.length > 0 ? { keys: [], certificates: found.value } : readDer(file, passphrase, effort);
  const keys: KeyObject[] = [];
  for (const { label, text, der } of blocks) {
    if (!label.endsWith('PRIVATE KEY')) continue;
    if (der !== undefined) keys.push(...(await readDer(der, passphrase, effort)).keys);
    else keys.push(readOldPem(text, passphrase));
  }
  return { keys, certificates: found.value };
}

/** RFC 1421 headers with OpenSSL's own derivation: only OpenSSL reads what only OpenSSL wrote. */
function readOldPem(text: string, passphrase: string | undefined): KeyObject {
  if (!text.includes('ENCRYPTED')) throw new Malformed('a private key block holds no base64');
  if (passphrase === undefined || passphrase === '') throw wrongPassphrase(passphrase);
  try {
    return createPrivateKey({ key: text, format: 'pem', passphrase });
  } catch {
    throw wrongPassphrase(passphrase);
  }
}

/** A PKCS #12, or one private key in any of its four forms, told by their first members. */
async function readDer(bytes: Uint8Array, passphrase: string | undefined, effort: Effort): Promise<FileContents> {
  const top = readFirstElement(bytes);
  if (top.tag !== TAG.sequence) throw new Malformed('it is neither PEM nor a key, a certificate or a PKCS #12');
  const [first, second, third] = top.children;
  if (isPkcs12(top.children)) {
    const { keys, certificates } = await openPkcs12(bytes, passphrase, effort);
    return { keys: keys.map((key) => importKey(key, 'pkcs8')), certificates };
  }
  const only = (key: KeyObject): FileContents => ({ keys: [key], certificates: [] });
  if (first?.tag === TAG.sequence && second?.tag === TAG.octetString) return only(importKey(await decryptPrivateKey(top, filePassphrase(passphrase ?? '', effort), passphrase), 'pkcs8', passphrase));
  if (first?.tag !== TAG.integer) throw new Malformed('it holds no private key that is known');
  if (second?.tag === TAG.sequence && third?.tag === TAG.octetString) return only(importKey(top.raw, 'pkcs8'));
  return only(importKey(top.raw, second?.tag === TAG.octetString ? 'sec1' : 'pkcs1'));
}

/** `decryptedWith`: the passphrase of a key that has no MAC, where a wrong one may leave what only looks like a key. */
function importKey(der: Uint8Array, type: 'pkcs8' | 'pkcs1' | 'sec1', decryptedWith?: string): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(readElement(der).raw), format: 'der', type });
  } catch {
    throw decryptedWith === undefined ? new KeyFileFault('key-unsupported', 'The private key is damaged, or of a kind that is not supported.') : wrongPassphrase(decryptedWith);
  }
}

/** Which of our algorithms the key is for. Throws for one that no authority here can have, and for one that does not do what keys do. */
function requireUsable(key: KeyObject): KeyAlgorithm {
  const publicKey = createPublicKey(key);
  const info = parsePublicKey(new Uint8Array(spkiOf(key)));
  if (!info.ok) throw new KeyFileFault('key-unsupported', `The private key is not supported: ${info.error}.`);
  const weakness = keyProblem(info.value, 'standard');
  if (weakness !== undefined) throw new KeyFileFault(weakness.code, `The CA key cannot be used: ${weakness.text}.`);
  const algorithm = keyAlgorithmOf(info.value);
  if (algorithm === undefined) throw new KeyFileFault('key-unsupported', `A CA key of type ${describePublicKey(info.value)} is not supported; RSA 2048, 3072, 4096, EC P-256 and P-384 are.`);
  if (!works(key, publicKey)) throw new KeyFileFault('key-damaged', 'The private key is damaged: what it signs does not verify with its own public key.');
  return algorithm;
}

/** Signs, and for RSA decrypts: a key whose parts do not belong together would give itself away with its first signature (Boneh et al. 1997). */
function works(key: KeyObject, publicKey: KeyObject): boolean {
  const bytes = randomBytes(32);
  try {
    if (!verify('sha256', bytes, publicKey, sign('sha256', bytes, key))) return false;
    if (key.asymmetricKeyType !== 'rsa') return true;
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key, padding }, publicEncrypt({ key: publicKey, padding }, bytes)).equals(bytes);
  } catch {
    return false;
  }
}
