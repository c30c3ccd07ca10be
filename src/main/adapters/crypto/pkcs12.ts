/**
 * PKCS #12 files (RFC 7292), read only: the private keys and certificates in them, whatever wrote the file. pkijs decrypts PBES2 alone, and
 * most files that exist are older: Windows, Java and OpenSSL before 3 wrote 3DES and RC2. BER is read, for Java and NSS write it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Malformed, TAG, type Element, childrenOf, contextTag, readElement, readFirstElement, readOctetString, readOid, unwrapExplicit } from '../../core/pki/der.ts';
import { parseContentInfo } from '../../core/pki/cms.ts';
import { OID } from '../../core/pki/oids.ts';
import { type Effort, type FilePassphrase, KeyFileFault, decryptWithPassphrase, derivePbkdf2Key, derivePkcs12, filePassphrase, macDigest, noPassphrase, requireDigest, unsupportedEncryption } from './passwordEncryption.ts';

export interface Pkcs12Contents {
  /** PrivateKeyInfo (PKCS #8), decrypted. */
  readonly keys: readonly Uint8Array[];
  readonly certificates: readonly Uint8Array[];
}

/** Whether these members look like those of a PFX: version 3 and a ContentInfo. */
export const isPkcs12 = ([version, authSafe]: readonly Element[]): boolean =>
  version?.tag === TAG.integer && version.content.length === 1 && version.content[0] === 3 && authSafe?.tag === TAG.sequence && authSafe.children[0]?.tag === TAG.oid;

/** Opens a PFX. Throws KeyFileFault, or Malformed where the bytes are no PFX. */
export async function openPkcs12(file: Uint8Array, passphrase: string | undefined, effort: Effort): Promise<Pkcs12Contents> {
  const [, authSafe, macData] = childrenOf(readFirstElement(file), TAG.sequence, 'PFX');
  if (authSafe === undefined) throw new Malformed('the PFX is empty');
  const { contentType, content } = parseContentInfo(authSafe);
  if (contentType !== OID.data) throw new KeyFileFault('file-encryption-unsupported', 'The PKCS #12 file is protected by a public key, not by a passphrase.');
  const safe = readOctetString(content, 'authSafe');
  const password = await findPassphrase(macData, safe, passphrase, effort);
  const found = { keys: [] as Uint8Array[], certificates: [] as Uint8Array[] };
  for (const part of childrenOf(readElement(safe), TAG.sequence, 'AuthenticatedSafe')) {
    await collect(await openSafe(part, password, passphrase), password, passphrase, found, 0);
  }
  return found;
}

/** The form of the passphrase that the file's MAC was made with. */
async function findPassphrase(macData: Element | undefined, safe: Uint8Array, passphrase: string | undefined, effort: Effort): Promise<FilePassphrase> {
  const usual = filePassphrase(passphrase ?? '', effort);
  const forms = passphrase === undefined || passphrase === '' ? [usual, noPassphrase(effort)] : [usual];
  if (macData === undefined) return usual;
  for (const form of forms) if (await macHolds(macData, safe, form)) return form;
  throw wrongPassphrase(passphrase);
}

/** The file does not open: with nothing given it needs a passphrase, otherwise it needs another one. */
export const wrongPassphrase = (given: string | undefined): KeyFileFault =>
  given === undefined || given === ''
    ? new KeyFileFault('file-passphrase-needed', 'The file is encrypted: its passphrase is needed.')
    : new KeyFileFault('wrong-file-passphrase', 'The passphrase does not open the file.');

async function macHolds(macData: Element, safe: Uint8Array, password: FilePassphrase): Promise<boolean> {
  const [digestInfo, saltElement, iterations] = childrenOf(macData, TAG.sequence, 'MacData');
  const [algorithm, value] = childrenOf(digestInfo, TAG.sequence, 'DigestInfo');
  const expected = readOctetString(value, 'MAC');
  const [oid, parameters] = childrenOf(algorithm, TAG.sequence, 'MAC algorithm');
  const mac = readOid(oid, 'MAC algorithm') === OID.pbmac1 ? await pbmac1(parameters, safe, password) : await classicMac();
  return mac.length === expected.length && timingSafeEqual(mac, expected);

  async function classicMac(): Promise<Buffer> {
    const digest = requireDigest(algorithm);
    const key = await derivePkcs12(digest, 3, password, readOctetString(saltElement, 'MAC salt'), iterations);
    return createHmac(digest, key).update(safe).digest();
  }
}

/** RFC 9579: what OpenSSL writes in FIPS mode. */
async function pbmac1(parameters: Element | undefined, safe: Uint8Array, password: FilePassphrase): Promise<Buffer> {
  const [derivation, scheme] = childrenOf(parameters, TAG.sequence, 'PBMAC1 parameters');
  const [kdf, kdfParameters] = childrenOf(derivation, TAG.sequence, 'key derivation');
  const oid = readOid(kdf, 'key derivation');
  if (oid !== OID.pbkdf2) throw unsupportedEncryption(oid);
  return createHmac(macDigest(scheme), await derivePbkdf2Key(kdfParameters, password, undefined)).update(safe).digest();
}

/** The bytes of one SafeContents, decrypted where it is encrypted. */
async function openSafe(part: Element, password: FilePassphrase, given: string | undefined): Promise<Uint8Array> {
  const { contentType, content } = parseContentInfo(part);
  if (contentType === OID.data) return readOctetString(content, 'SafeContents');
  if (contentType !== OID.encryptedData) throw unsupportedEncryption(contentType);
  const [, info] = childrenOf(content, TAG.sequence, 'EncryptedData');
  const [, algorithm, sealed] = childrenOf(info, TAG.sequence, 'EncryptedContentInfo');
  return opened(await decryptWithPassphrase(algorithm, readOctetString(sealed, 'encrypted content', contextTag(0, false)), password), given);
}

function opened(plaintext: Uint8Array | undefined, given: string | undefined): Uint8Array {
  // One that is no SEQUENCE came out of a wrong key whose padding looked right by chance.
  if (plaintext?.[0] !== TAG.sequence) throw wrongPassphrase(given);
  return plaintext;
}

/** Decrypts an EncryptedPrivateKeyInfo (RFC 5958 3), as a bag or a file of its own. */
export async function decryptPrivateKey(info: Element | undefined, password: FilePassphrase, given: string | undefined): Promise<Uint8Array> {
  const [algorithm, sealed] = childrenOf(info, TAG.sequence, 'EncryptedPrivateKeyInfo');
  return opened(await decryptWithPassphrase(algorithm, readOctetString(sealed, 'encrypted key'), password), given);
}

const DEEPEST = 4;

async function collect(contents: Uint8Array, password: FilePassphrase, given: string | undefined, found: { readonly keys: Uint8Array[]; readonly certificates: Uint8Array[] }, depth: number): Promise<void> {
  if (depth > DEEPEST) throw new Malformed('PKCS #12 bags are nested too deeply');
  for (const bag of childrenOf(readElement(contents), TAG.sequence, 'SafeContents')) {
    const [id, value] = childrenOf(bag, TAG.sequence, 'SafeBag');
    if (value === undefined) throw new Malformed('a SafeBag is empty');
    const inner = unwrapExplicit(value, 'SafeBag');
    switch (readOid(id, 'SafeBag')) {
      case OID.keyBag:
        found.keys.push(inner.raw);
        break;
      case OID.shroudedKeyBag:
        found.keys.push(await decryptPrivateKey(inner, password, given));
        break;
      case OID.certBag: {
        const [kind, certificate] = childrenOf(inner, TAG.sequence, 'CertBag');
        if (certificate !== undefined && readOid(kind, 'CertBag') === OID.x509Certificate) found.certificates.push(readOctetString(unwrapExplicit(certificate, 'CertBag'), 'certificate'));
        break;
      }
      case OID.safeContentsBag:
        await collect(inner.raw, password, given, found, depth + 1);
        break;
      default:
        // CRLs and secrets: nothing that an authority is made of.
        break;
    }
  }
}
