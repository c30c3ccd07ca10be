/**
 * EnvelopedData (RFC 5652 section 6): reading one that came in with every RecipientInfo named by its kind, and writing one for one recipient.
 * Opening is left to the caller, who knows his keys; key transport is in keyTransport.ts, passwords in passwordRecipient.ts.
 */
import { CIPHERS, type Unsupported, cipherOfOid, parseKeyTransport, writeKeyTransport } from './algorithms.ts';
import { type CertificateId, parseCertificateId, parseContentInfo, readAtMost, writeContentInfo } from './cms.ts';
import type { CipherName, KeyTransport, PublicCrypto } from './crypto.ts';
import { type Element, Malformed, TAG, childrenOf, contextTag, expectTag, readElement, readOctetString, readOid, readSmallInteger, write } from './der.ts';
import { writeInteger, writeOctetString, writeOid, writeSequence, writeSetInOrder } from './der.ts';
import { OID } from './oids.ts';

export type RecipientInfo =
  | { readonly kind: 'key-transport'; readonly recipient: CertificateId; readonly algorithm: KeyTransport | Unsupported; readonly encryptedKey: Uint8Array }
  | { readonly kind: 'key-agreement' | 'key-encryption-key' | 'password' | 'other' };

export interface EnvelopedData {
  readonly recipients: readonly RecipientInfo[];
  /** Of the encrypted content; SCEP's is id-data. */
  readonly contentType: string;
  readonly cipher: CipherName | Unsupported;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** What eContent can be: an envelope, some other content type by its OID, or nothing that CMS knows. */
export type ParsedContent = { readonly kind: 'enveloped'; readonly data: EnvelopedData } | { readonly kind: 'other'; readonly contentType: string };

const MAX_RECIPIENTS = 32;
const OTHER_RECIPIENTS = new Map<number, 'key-agreement' | 'key-encryption-key' | 'password' | 'other'>([
  [contextTag(1, true), 'key-agreement'],
  [contextTag(2, true), 'key-encryption-key'],
  [contextTag(3, true), 'password'],
  [contextTag(4, true), 'other'],
]);

/** Inside a parser: a ContentInfo, read further where it holds EnvelopedData. */
export function parseEnvelope(bytes: Uint8Array): ParsedContent {
  const { contentType, content } = parseContentInfo(readElement(bytes));
  if (contentType !== OID.envelopedData || content === undefined) return { kind: 'other', contentType };
  const [version, ...rest] = childrenOf(content, TAG.sequence, 'EnvelopedData');
  readSmallInteger(version, 'the version of EnvelopedData');
  if (rest[0]?.tag === contextTag(0, true)) rest.shift();
  const [recipients, encrypted] = rest;
  const [type, algorithm, ciphertext] = childrenOf(encrypted, TAG.sequence, 'EncryptedContentInfo');
  const [cipherOid, parameters] = childrenOf(algorithm, TAG.sequence, 'contentEncryptionAlgorithm');
  const oid = readOid(cipherOid, 'contentEncryptionAlgorithm');
  const cipher = cipherOfOid(oid) ?? { unsupported: oid };
  return {
    kind: 'enveloped',
    data: {
      recipients: readAtMost(MAX_RECIPIENTS, expectTag(recipients, TAG.set, 'recipientInfos').content, 'recipientInfos').map(parseRecipientInfo),
      contentType: readOid(type, 'the encrypted content type'),
      cipher,
      // An unknown cipher's parameters are not ours to judge (RC2's are a SEQUENCE).
      iv: typeof cipher === 'string' ? readOctetString(parameters, 'the initialisation vector') : new Uint8Array(0),
      ciphertext: readOctetString(ciphertext, 'encryptedContent', contextTag(0, false)),
    },
  };
}

function parseRecipientInfo(e: Element): RecipientInfo {
  const other = OTHER_RECIPIENTS.get(e.tag);
  if (other !== undefined) return { kind: other };
  const [version, recipient, algorithm, encryptedKey, ...rest] = childrenOf(e, TAG.sequence, 'KeyTransRecipientInfo');
  if (rest.length > 0) throw new Malformed('KeyTransRecipientInfo is malformed');
  readSmallInteger(version, 'the version of KeyTransRecipientInfo');
  return {
    kind: 'key-transport',
    recipient: parseCertificateId(recipient),
    algorithm: parseKeyTransport(algorithm),
    encryptedKey: readOctetString(encryptedKey, 'encryptedKey'),
  };
}

const VERSION_0 = writeInteger(0);
const VERSION_3 = writeInteger(3);
const ID_DATA = writeOid(OID.data);

/** KeyTransRecipientInfo version 0: `recipient` is an IssuerAndSerialNumber, copied from the certificate byte for byte (SCEP.md A8.9). */
export function writeKeyTransRecipient(recipient: Uint8Array, transport: KeyTransport, encryptedKey: Uint8Array): Uint8Array {
  return writeSequence(VERSION_0, recipient, writeKeyTransport(transport), writeOctetString(encryptedKey));
}

/**
 * A ContentInfo with EnvelopedData over id-data for one recipient, content encrypted under `key`.
 * The version is 3 for a password recipient, 0 for key transport by issuer and serial (RFC 5652 6.1).
 */
export function writeEnvelopedData(recipientInfo: Uint8Array, cipher: CipherName, key: Uint8Array, content: Uint8Array, crypto: PublicCrypto): Uint8Array {
  const { oid, blockLength } = CIPHERS[cipher];
  const iv = crypto.random(blockLength);
  return writeContentInfo(
    OID.envelopedData,
    writeSequence(
      recipientInfo[0] === TAG.sequence ? VERSION_0 : VERSION_3,
      writeSetInOrder(recipientInfo),
      writeSequence(ID_DATA, writeSequence(writeOid(oid), writeOctetString(iv)), write(contextTag(0, false), crypto.encrypt(cipher, key, iv, content))),
    ),
  );
}
