/**
 * The raw-message forge: SCEP requests of every kind, right or wrong in exactly the way asked for.
 * `pkcsReq({challenge, subject})` is a good request; every option bends one thing. What comes back remembers what a reply is checked against
 * (replies.ts opens those). Built on the DER primitives and node:crypto alone.
 */
import { constants, createCipheriv, createHash, publicEncrypt, randomBytes } from 'node:crypto';
import type { CipherName, DigestName, KeyTransport } from '../../src/main/core/pki/crypto.ts';
import * as der from '../../src/main/core/pki/der.ts';
import {
  type CsrOptions,
  type TestCa,
  certificate,
  csr,
  digestAlgorithm,
  issuerAndSerialOf,
  keyIdOf,
  serialOf,
  signAs,
  signatureAlgorithm,
  spkiOf,
  subjectOf,
  testCa,
} from './certificates.ts';
import { type TestKey, rsaKey } from './keys.ts';

export * from './keys.ts';
export * from './certificates.ts';

type AttributeName = 'contentType' | 'messageDigest' | 'messageType' | 'transactionId' | 'senderNonce';

const ATTRIBUTE_OIDS: Readonly<Record<AttributeName, string>> = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  messageType: '2.16.840.1.113733.1.9.2',
  transactionId: '2.16.840.1.113733.1.9.7',
  senderNonce: '2.16.840.1.113733.1.9.5',
};

const ID_DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const ENVELOPED_DATA = '1.2.840.113549.1.7.3';

const CIPHERS: Readonly<Record<CipherName, { readonly oid: string; readonly node: string; readonly key: number; readonly block: number }>> = {
  'des-cbc': { oid: '1.3.14.3.2.7', node: 'des-ede3-cbc', key: 8, block: 8 },
  'des-ede3-cbc': { oid: '1.2.840.113549.3.7', node: 'des-ede3-cbc', key: 24, block: 8 },
  'aes-128-cbc': { oid: '2.16.840.1.101.3.4.1.2', node: 'aes-128-cbc', key: 16, block: 16 },
  'aes-192-cbc': { oid: '2.16.840.1.101.3.4.1.22', node: 'aes-192-cbc', key: 24, block: 16 },
  'aes-256-cbc': { oid: '2.16.840.1.101.3.4.1.42', node: 'aes-256-cbc', key: 32, block: 16 },
};

/** What is broken inside the envelope, after everything before it is right. */
export type EnvelopeDamage =
  'rsa-padding' | 'rsa-garbage' | 'key-length' | 'cbc-padding' | 'cbc-padding-zero' | 'block-length' | 'iv-length' | 'trailing-bytes';

export interface EnvelopeOptions {
  /** Who can open it; the first test CA without it. */
  readonly recipient?: Uint8Array;
  readonly recipientBy?: 'issuer-and-serial' | 'key-id';
  /** Further recipients, before the real one. */
  readonly otherRecipients?: readonly Uint8Array[];
  readonly cipher?: CipherName;
  /** Says this OID instead of the cipher's. */
  readonly cipherOid?: string;
  readonly keyTransport?: KeyTransport;
  /** Says this OID instead of the key transport's. */
  readonly keyTransportOid?: string;
  /** A RecipientInfo of another kind in the place of key transport. */
  readonly recipientKind?: 'key-transport' | 'password' | 'key-agreement';
  readonly damage?: EnvelopeDamage;
}

export interface MessageOptions extends EnvelopeOptions {
  /** Signs the message; rsaKey(0) without it. */
  readonly key?: TestKey;
  /** The signer's certificate; without it a fresh self-signed one with the CSR's subject. */
  readonly signerCertificate?: Uint8Array;
  /** Names the signer by SubjectKeyIdentifier. */
  readonly signerBy?: 'issuer-and-serial' | 'key-id';
  /** Certificates put before the signer's. */
  readonly chain?: readonly Uint8Array[];
  readonly messageType?: string | number;
  readonly transactionId?: string;
  readonly senderNonce?: Uint8Array;
  readonly digest?: DigestName;
  /** Says this OID instead of the digest's. */
  readonly digestOid?: string;
  /** How SignerInfo names the signature: the OID with the digest, plain rsaEncryption, PSS, or a foreign OID. */
  readonly signature?: 'with-digest' | 'rsa-encryption' | 'pss' | { readonly oid: string };
  readonly breakSignature?: boolean;
  /** Flips a bit of the content after the digest was taken. */
  readonly breakContent?: boolean;
  readonly omit?: readonly (AttributeName | 'signedAttributes' | 'certificates' | 'content' | 'signer')[];
  readonly repeat?: readonly AttributeName[];
  /** Two values in one attribute. */
  readonly twoValues?: readonly AttributeName[];
  /** String or octet type in the place of the right one. */
  readonly tags?: Partial<Readonly<Record<AttributeName, number>>>;
  readonly extraAttributes?: readonly Uint8Array[];
  /** `reversed`: sent unsorted; signed as sent, or in DER order. */
  readonly attributeOrder?: 'der' | 'reversed' | 'reversed-signed-sorted';
  readonly signers?: number;
  readonly encoding?: 'der' | 'ber';
  readonly trailing?: Uint8Array;
  readonly eContentType?: string;
  /** CRLs beside the certificates. */
  readonly crls?: readonly Uint8Array[];
  /** eContent in the place of an envelope. */
  readonly eContent?: Uint8Array;
}

export interface RequestOptions extends MessageOptions {
  readonly subject?: string | Uint8Array;
  readonly challenge?: string;
  readonly dnsNames?: readonly string[];
  /** Everything else about the PKCS #10; its key is the signer's unless `csr.key` says otherwise. */
  readonly csr?: CsrOptions;
  /** A finished PKCS #10. */
  readonly csrDer?: Uint8Array;
}

/** A request, and what its reply must repeat or be opened with. */
export interface SentMessage {
  readonly bytes: Uint8Array;
  readonly transactionId: string;
  readonly senderNonce: Uint8Array;
  readonly key: TestKey;
  readonly signerCertificate: Uint8Array;
  readonly digest: DigestName;
  /** Of PKCSReq and RenewalReq. */
  readonly csr?: Uint8Array;
  readonly challenge?: string;
}

/** A PKCSReq (19). */
export function pkcsReq(options: RequestOptions = {}): SentMessage {
  const key = options.key ?? rsaKey(0);
  const request =
    options.csrDer ??
    csr({
      key,
      ...(options.subject === undefined ? {} : { subject: options.subject }),
      ...(options.challenge === undefined ? {} : { challenge: options.challenge }),
      ...(options.dnsNames === undefined ? {} : { dnsNames: options.dnsNames }),
      ...options.csr,
    });
  const signerCertificate = options.signerCertificate ?? certificate({ key, subject: options.subject ?? options.csr?.subject ?? 'CN=device' });
  const sent = message(request, { messageType: 19, transactionId: transactionIdOf(key), ...options, key, signerCertificate });
  return { ...sent, csr: request, ...(options.challenge === undefined ? {} : { challenge: options.challenge }) };
}

/** A RenewalReq (17), signed with the certificate that is being renewed; `csr.key` is the new key. */
export const renewalReq = (options: RequestOptions & { readonly key: TestKey; readonly signerCertificate: Uint8Array }): SentMessage =>
  pkcsReq({ messageType: 17, ...options });

/** A CertPoll (20) for a request that was sent. */
export function certPoll(of: SentMessage, options: MessageOptions = {}): SentMessage {
  const content = der.writeSequence(subjectOf(options.recipient ?? testCa().certificate), subjectOf(of.signerCertificate));
  return message(content, { messageType: 20, transactionId: of.transactionId, key: of.key, signerCertificate: of.signerCertificate, ...options });
}

type QueryOptions = MessageOptions & { readonly key: TestKey; readonly signerCertificate: Uint8Array };

/** A GetCert (21) for the certificate with this issuer and serial. */
export const getCert = (wanted: Uint8Array, options: QueryOptions): SentMessage =>
  message(issuerAndSerialOf(wanted), { messageType: 21, transactionId: '0', ...options });

/** A GetCRL (22) for the CRL that covers this certificate. */
export const getCrl = (covered: Uint8Array, options: QueryOptions): SentMessage =>
  message(issuerAndSerialOf(covered), { messageType: 22, transactionId: '0', ...options });

/** SHA-1 hex of the SPKI: what most clients take for their transactionID. */
export const transactionIdOf = (key: TestKey): string => createHash('sha1').update(key.spki).digest('hex');

const selfSigned = new Map<TestKey, Uint8Array>();

/** One self-signed certificate per key, made once: for building many messages quickly. */
export function selfSignedOf(key: TestKey): Uint8Array {
  const known = selfSigned.get(key) ?? certificate({ key, subject: 'CN=SCEP SIGNER' });
  selfSigned.set(key, known);
  return known;
}

/** Any message: `content` is what the envelope holds. */
export function message(content: Uint8Array, options: MessageOptions = {}): SentMessage {
  const ber = options.encoding === 'ber';
  const key = options.key ?? rsaKey(0);
  const signerCertificate = options.signerCertificate ?? selfSignedOf(key);
  const digest = options.digest ?? 'sha256';
  const transactionId = options.transactionId ?? transactionIdOf(key);
  const senderNonce = options.senderNonce ?? new Uint8Array(randomBytes(16));
  const omitted = new Set(options.omit ?? []);

  const eContent = omitted.has('content') ? undefined : (options.eContent ?? envelope(content, options));
  const digestOf = createHash(digest === 'sha224' ? 'sha224' : digest)
    .update(eContent ?? new Uint8Array(0))
    .digest();
  const values: Readonly<Record<AttributeName, Uint8Array>> = {
    contentType: der.writeOid(options.eContentType ?? ID_DATA),
    messageDigest: der.write(options.tags?.messageDigest ?? der.TAG.octetString, digestOf),
    messageType: der.write(options.tags?.messageType ?? der.TAG.printableString, Buffer.from(String(options.messageType ?? 19))),
    transactionId: der.write(options.tags?.transactionId ?? der.TAG.printableString, Buffer.from(transactionId)),
    senderNonce: der.write(options.tags?.senderNonce ?? der.TAG.octetString, senderNonce),
  };
  const attributes = (Object.keys(values) as AttributeName[])
    .filter((name) => !omitted.has(name))
    .flatMap((name) => {
      const value = values[name];
      const one = der.writeSequence(der.writeOid(ATTRIBUTE_OIDS[name]), der.writeSetInOrder(value, ...(options.twoValues?.includes(name) ? [value] : [])));
      return options.repeat?.includes(name) ? [one, one] : [one];
    });
  const sorted = der.writeSetOf(...attributes, ...(options.extraAttributes ?? []));
  const order = options.attributeOrder ?? 'der';
  const sent =
    order === 'der'
      ? sorted
      : der.write(
          der.TAG.set,
          ...der
            .readChildren(der.readElement(sorted).content)
            .map((e) => e.raw)
            .reverse(),
        );
  const pss = options.signature === 'pss';
  const toSign = omitted.has('signedAttributes') ? (eContent ?? new Uint8Array(0)) : order === 'reversed' ? sent : sorted;
  const signature = signAs(key, digest, pss ? 'pss' : 'pkcs1', toSign).slice();
  if (options.breakSignature === true) signature[signature.length >> 1]! ^= 1;
  const shown = eContent?.slice();
  if (options.breakContent === true && shown !== undefined) shown[shown.length - 1]! ^= 1;

  const digestId = options.digestOid === undefined ? digestAlgorithm(digest) : der.writeSequence(der.writeOid(options.digestOid), der.writeNull());
  const seq = ber ? indefinite(der.TAG.sequence) : (...parts: Uint8Array[]) => der.writeSequence(...parts);
  const explicit0 = ber ? indefinite(0xa0) : (...parts: Uint8Array[]) => der.write(0xa0, ...parts);
  const set = ber ? indefinite(der.TAG.set) : (...parts: Uint8Array[]) => der.writeSetInOrder(...parts);

  const signerInfo = der.writeSequence(
    der.writeInteger(options.signerBy === 'key-id' ? 3 : 1),
    options.signerBy === 'key-id' ? der.write(0x80, keyIdOf(key)) : issuerAndSerialOf(signerCertificate),
    digestId,
    ...(omitted.has('signedAttributes') ? [] : [der.write(0xa0, der.readElement(sent).content)]),
    signatureId(key, digest, options.signature ?? 'with-digest'),
    der.writeOctetString(signature),
  );
  const bytes = seq(
    der.writeOid(SIGNED_DATA),
    explicit0(
      seq(
        der.writeInteger(1),
        der.writeSetInOrder(digestId),
        seq(der.writeOid(options.eContentType ?? ID_DATA), ...(shown === undefined ? [] : [explicit0(ber ? chunked(shown) : der.writeOctetString(shown))])),
        ...(omitted.has('certificates') ? [] : [explicit0(...(options.chain ?? []), signerCertificate)]),
        ...(options.crls === undefined ? [] : [der.write(0xa1, ...options.crls)]),
        set(...Array.from({ length: omitted.has('signer') ? 0 : (options.signers ?? 1) }, () => signerInfo)),
      ),
    ),
  );
  return {
    bytes: options.trailing === undefined ? bytes : Buffer.concat([bytes, options.trailing]),
    transactionId,
    senderNonce,
    key,
    signerCertificate,
    digest,
  };
}

function signatureId(key: TestKey, digest: DigestName, signature: NonNullable<MessageOptions['signature']>): Uint8Array {
  if (typeof signature === 'object') return der.writeSequence(der.writeOid(signature.oid), der.writeNull());
  if (signature === 'rsa-encryption') return der.writeSequence(der.writeOid('1.2.840.113549.1.1.1'), der.writeNull());
  return signatureAlgorithm(key, digest, signature === 'pss' ? 'pss' : 'pkcs1');
}

/** EnvelopedData in a ContentInfo. */
export function envelope(content: Uint8Array, options: EnvelopeOptions & { readonly encoding?: 'der' | 'ber' } = {}): Uint8Array {
  const ber = options.encoding === 'ber';
  const recipient = options.recipient ?? testCa().certificate;
  const { oid, node, key: keyLength, block } = CIPHERS[options.cipher ?? 'aes-128-cbc'];
  const contentKey = randomBytes(keyLength);
  const iv = randomBytes(block);
  const plaintext = Buffer.concat([content, options.damage === 'trailing-bytes' ? Buffer.from([5, 0]) : Buffer.alloc(0)]);
  const count = block - (plaintext.length % block);
  const padding = Buffer.alloc(count, count);
  if (options.damage === 'cbc-padding') padding[count - 1] = block + 1;
  if (options.damage === 'cbc-padding-zero') padding[count - 1] = 0;
  const cipher = createCipheriv(
    node,
    node === 'des-ede3-cbc' && keyLength === 8 ? Buffer.concat([contentKey, contentKey, contentKey]) : contentKey,
    iv,
  ).setAutoPadding(false);
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.update(padding), cipher.final()]);
  const ciphertext = options.damage === 'block-length' ? encrypted.subarray(1) : encrypted;

  const recipients = [
    ...(options.otherRecipients ?? []).map((other) => keyTransRecipient(other, contentKey, options)),
    options.recipientKind === 'password'
      ? passwordRecipient()
      : options.recipientKind === 'key-agreement'
        ? der.write(0xa1, der.writeInteger(3))
        : keyTransRecipient(recipient, contentKey, options, true),
  ];
  const seq = ber ? indefinite(der.TAG.sequence) : (...parts: Uint8Array[]) => der.writeSequence(...parts);
  const explicit0 = ber ? indefinite(0xa0) : (...parts: Uint8Array[]) => der.write(0xa0, ...parts);
  return seq(
    der.writeOid(ENVELOPED_DATA),
    explicit0(
      seq(
        der.writeInteger(options.recipientKind === 'password' ? 3 : 0),
        der.writeSetInOrder(...recipients),
        seq(
          der.writeOid(ID_DATA),
          der.writeSequence(der.writeOid(options.cipherOid ?? oid), der.writeOctetString(options.damage === 'iv-length' ? iv.subarray(1) : iv)),
          ber ? chunked(ciphertext, 0xa0) : der.write(0x80, ciphertext),
        ),
      ),
    ),
  );
}

function keyTransRecipient(to: Uint8Array, contentKey: Buffer, options: EnvelopeOptions, damaged = false): Uint8Array {
  const transport = options.keyTransport ?? { kind: 'rsaes-pkcs1' };
  const spki = spkiOf(to);
  const byKeyId = options.recipientBy === 'key-id';
  const plain = damaged && options.damage === 'key-length' ? Buffer.concat([contentKey, Buffer.from([1])]) : contentKey;
  return der.writeSequence(
    der.writeInteger(byKeyId ? 2 : 0),
    byKeyId ? der.write(0x80, subjectKeyIdOf(spki)) : issuerAndSerialOf(to),
    options.keyTransportOid === undefined ? keyTransportId(transport) : der.writeSequence(der.writeOid(options.keyTransportOid), der.writeNull()),
    der.writeOctetString(damaged && options.damage !== undefined ? damageKey(spki, transport, plain, options.damage) : encryptKey(spki, transport, plain)),
  );
}

function subjectKeyIdOf(spki: Uint8Array): Uint8Array {
  const [, bits] = der.readChildren(der.readElement(spki).content);
  return createHash('sha1').update(der.readBitString(bits, 'key').bytes).digest();
}

const spkiKey = (spki: Uint8Array) => ({ key: Buffer.from(spki), format: 'der', type: 'spki' }) as const;

function encryptKey(spki: Uint8Array, transport: KeyTransport, key: Uint8Array): Uint8Array {
  if (transport.kind === 'rsaes-pkcs1') return publicEncrypt({ ...spkiKey(spki), padding: constants.RSA_PKCS1_PADDING }, key);
  return publicEncrypt({ ...spkiKey(spki), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: transport.digest }, key);
}

/** The key under a padding that is wrong in one byte: its second block type byte, or random bytes altogether. */
function damageKey(spki: Uint8Array, transport: KeyTransport, key: Uint8Array, damage: EnvelopeDamage): Uint8Array {
  if (damage !== 'rsa-padding' && damage !== 'rsa-garbage') return encryptKey(spki, transport, key);
  const length = 256;
  const encoded =
    damage === 'rsa-garbage'
      ? Buffer.concat([Buffer.of(0), randomBytes(length - 1)])
      : Buffer.concat([Buffer.of(0, 1), Buffer.alloc(length - 3 - key.length, 0xff), Buffer.of(0), key]);
  return publicEncrypt({ ...spkiKey(spki), padding: constants.RSA_NO_PADDING }, encoded);
}

function keyTransportId(transport: KeyTransport): Uint8Array {
  if (transport.kind === 'rsaes-pkcs1') return der.writeSequence(der.writeOid('1.2.840.113549.1.1.1'), der.writeNull());
  const parameters =
    transport.digest === 'sha1'
      ? der.writeSequence()
      : der.writeSequence(
          der.writeExplicit(0, digestAlgorithm(transport.digest)),
          der.writeExplicit(1, der.writeSequence(der.writeOid('1.2.840.113549.1.1.8'), digestAlgorithm(transport.mgf1Digest))),
        );
  return der.writeSequence(der.writeOid('1.2.840.113549.1.1.7'), parameters);
}

const passwordRecipient = (): Uint8Array =>
  der.write(
    0xa3,
    der.writeInteger(0),
    der.write(0xa0, der.writeOid('1.2.840.113549.1.5.12'), der.writeSequence(der.writeOctetString(randomBytes(8)), der.writeInteger(2048))),
    der.writeSequence(
      der.writeOid('1.2.840.113549.1.9.16.3.9'),
      der.writeSequence(der.writeOid('2.16.840.1.101.3.4.1.2'), der.writeOctetString(randomBytes(16))),
    ),
    der.writeOctetString(randomBytes(32)),
  );

/** A constructed element of indefinite length (BER). */
const indefinite =
  (tag: number) =>
  (...parts: readonly Uint8Array[]): Uint8Array =>
    Buffer.concat([Buffer.of(tag, 0x80), ...parts, Buffer.of(0, 0)]);

/** A constructed OCTET STRING in chunks of 1000 bytes, as BouncyCastle sends it. */
function chunked(bytes: Uint8Array, tag = 0x24): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1000) parts.push(der.writeOctetString(bytes.subarray(at, at + 1000)));
  return indefinite(tag)(...parts);
}

/** The recipient entry that openMessage wants for a test CA. */
export function recipientOf(
  ca: TestCa,
  id = 'test',
): { readonly id: string; readonly issuer: Uint8Array; readonly serial: string; readonly subjectKeyId: string; readonly keyId: string } {
  const [issuer] = der.readChildren(der.readElement(issuerAndSerialOf(ca.certificate)).content);
  return { id, issuer: issuer!.raw, serial: serialOf(ca.certificate), subjectKeyId: Buffer.from(keyIdOf(ca.key)).toString('hex'), keyId: `key-${id}` };
}
