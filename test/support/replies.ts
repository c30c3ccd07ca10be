/**
 * Opens CertReps as a careful client does: signature, nonces, transactionID, envelope, certificates. Throws an Error that says what is wrong.
 * Reads with the DER primitives and checks with node:crypto, not with the product's CMS reader.
 */
import { constants, createDecipheriv, createHash, createPublicKey, pbkdf2Sync, privateDecrypt, verify } from 'node:crypto';
import * as der from '../../src/main/core/pki/der.ts';
import { issuerAndSerialOf, spkiOf } from './certificates.ts';
import type { SentMessage } from './forge.ts';

export interface OpenedReply {
  readonly pkiStatus: 'SUCCESS' | 'FAILURE' | 'PENDING';
  /** badAlg 0 … badCertId 4. */
  readonly failInfo?: number;
  readonly failInfoText?: string;
  readonly transactionId: string;
  readonly senderNonce: Uint8Array;
  readonly recipientNonce: Uint8Array;
  /** Node's name of the digest that the reply is signed with. */
  readonly digest: string;
  readonly signatureOid: string;
  readonly signerCertificate: Uint8Array;
  /** Whether eContent is there, empty or missing. */
  readonly eContent: 'absent' | 'empty' | 'envelope';
  readonly cipherOid?: string;
  readonly keyTransportOid?: string;
  readonly envelopeVersion?: number;
  readonly recipientKind?: 'key-transport' | 'password';
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** OID to value of every signed attribute, in the order sent. */
  readonly attributes: ReadonlyMap<string, der.Element>;
}

export interface OpenReplyOptions {
  /** The certificate that must have signed (as GetCACert gave it out). */
  readonly signerCertificate?: Uint8Array;
  /** Opens a password recipient; the challenge of the request without it. */
  readonly password?: string;
}

const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const CIPHERS: Readonly<Record<string, readonly [name: string, keyLength: number]>> = {
  '1.3.14.3.2.7': ['des-ede3-cbc', 8],
  '1.2.840.113549.3.7': ['des-ede3-cbc', 24],
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
};
const STATUS: Readonly<Record<string, OpenedReply['pkiStatus']>> = { '0': 'SUCCESS', '2': 'FAILURE', '3': 'PENDING' };

const demand = (condition: boolean, what: string): void => {
  if (!condition) throw new Error(`CertRep: ${what}`);
};
const kids = (e: der.Element | undefined): der.Element[] => der.readChildren(e?.content ?? new Uint8Array(0));
const oid = (e: der.Element | undefined): string => der.readOid(e, 'OID');
const text = (e: der.Element | undefined, tag: number, what: string): string => Buffer.from(der.expectTag(e, tag, what).content).toString();
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Opens the reply to `sent`. */
export function openReply(bytes: Uint8Array, sent: SentMessage, options: OpenReplyOptions = {}): OpenedReply {
  const [type, wrapped] = kids(der.readElement(bytes));
  demand(oid(type) === '1.2.840.113549.1.7.2', 'no SignedData');
  const [, digests, encapsulated, ...rest] = kids(kids(wrapped)[0]);
  const [eType, eContent] = kids(encapsulated);
  demand(oid(eType) === '1.2.840.113549.1.7.1', 'content type is not id-data');
  const content = eContent === undefined ? undefined : der.expectTag(kids(eContent)[0], der.TAG.octetString, 'eContent').content;
  const certificates = kids(rest.find((e) => e.tag === 0xa0)).map((e) => e.raw);
  const signers = kids(rest.find((e) => e.tag === der.TAG.set));
  demand(signers.length === 1, `${signers.length} signers`);
  const [, sid, digestId, signed, signatureId, signature] = kids(signers[0]);
  const digest = DIGESTS[oid(kids(digestId)[0])] ?? 'unknown';
  demand(same(kids(digests)[0]!.raw, digestId!.raw), 'digestAlgorithms do not list the digest');

  const signerCertificate = certificates.find((c) => same(issuerAndSerialOf(c), sid!.raw));
  if (signerCertificate === undefined) throw new Error('CertRep: the certificate of the signer is missing');
  if (options.signerCertificate !== undefined) demand(same(options.signerCertificate, signerCertificate), 'signed by another certificate than expected');
  const toVerify = Buffer.from(signed!.raw);
  toVerify[0] = der.TAG.set;
  const publicKey = createPublicKey({ key: Buffer.from(spkiOf(signerCertificate)), format: 'der', type: 'spki' });
  demand(verify(digest, toVerify, publicKey, signature!.content), 'the signature is wrong');
  const order = kids(signed).map((e) => e.raw);
  demand(
    order.every((e, i) => i === 0 || Buffer.compare(order[i - 1]!, e) < 0),
    'the signed attributes are not in DER order',
  );

  const attributes = new Map(
    kids(signed).map((a) => {
      const [id, values] = kids(a);
      demand(kids(values).length === 1, `attribute ${oid(id)} has not one value`);
      return [oid(id), kids(values)[0]!] as const;
    }),
  );
  const P = der.TAG.printableString;
  demand(oid(attributes.get('1.2.840.113549.1.9.3')) === '1.2.840.113549.1.7.1', 'contentType is not id-data');
  const expected = createHash(digest)
    .update(content ?? new Uint8Array(0))
    .digest();
  demand(same(der.expectTag(attributes.get('1.2.840.113549.1.9.4'), der.TAG.octetString, 'messageDigest').content, expected), 'messageDigest is wrong');
  demand(text(attributes.get('2.16.840.1.113733.1.9.2'), P, 'messageType') === '3', 'messageType is not CertRep');
  const transactionId = text(attributes.get('2.16.840.1.113733.1.9.7'), P, 'transactionID');
  demand(transactionId === sent.transactionId, `transactionID ${transactionId}`);
  const recipientNonce = der.expectTag(attributes.get('2.16.840.1.113733.1.9.6'), der.TAG.octetString, 'recipientNonce').content;
  demand(same(recipientNonce, sent.senderNonce), 'recipientNonce is not the senderNonce of the request');
  const senderNonce = der.expectTag(attributes.get('2.16.840.1.113733.1.9.5'), der.TAG.octetString, 'senderNonce').content;
  const pkiStatus = STATUS[text(attributes.get('2.16.840.1.113733.1.9.3'), P, 'pkiStatus')];
  if (pkiStatus === undefined) throw new Error('CertRep: unknown pkiStatus');
  const failInfo = attributes.get('2.16.840.1.113733.1.9.4');
  const failText = attributes.get('1.3.6.1.5.5.7.24.1');
  demand((pkiStatus === 'FAILURE') === (failInfo !== undefined), 'failInfo belongs to FAILURE and to nothing else');
  demand((pkiStatus === 'SUCCESS') === (content !== undefined && content.length > 0), 'an envelope belongs to SUCCESS and to nothing else');
  const opened =
    content === undefined || content.length === 0 ? { certificates: [], crls: [] } : openEnvelope(content, sent, options.password ?? sent.challenge);
  return {
    pkiStatus,
    ...(failInfo === undefined ? {} : { failInfo: Number(text(failInfo, P, 'failInfo')) }),
    ...(failText === undefined ? {} : { failInfoText: text(failText, der.TAG.utf8String, 'failInfoText') }),
    transactionId,
    senderNonce,
    recipientNonce,
    digest,
    signatureOid: oid(kids(signatureId)[0]),
    signerCertificate,
    eContent: content === undefined ? 'absent' : content.length === 0 ? 'empty' : 'envelope',
    attributes,
    ...opened,
  };
}

function openEnvelope(bytes: Uint8Array, sent: SentMessage, password: string | undefined) {
  const [type, wrapped] = kids(der.readElement(bytes));
  demand(oid(type) === '1.2.840.113549.1.7.3', 'no EnvelopedData');
  const [version, recipients, encrypted] = kids(kids(wrapped)[0]);
  const infos = kids(recipients);
  demand(infos.length === 1, `${infos.length} recipients`);
  const info = infos[0]!;
  const [innerType, algorithm, ciphertext] = kids(encrypted);
  demand(oid(innerType) === '1.2.840.113549.1.7.1', 'the encrypted content type is not id-data');
  const cipherOid = oid(kids(algorithm)[0]);
  const [name, keyLength] = CIPHERS[cipherOid] ?? ['', 0];
  const byPassword = info.tag === 0xa3;
  const key = byPassword ? unwrapPassword(info, password) : unwrapTransport(info, sent);
  demand(key.length === keyLength, `a content-encryption key of ${key.length} bytes`);
  const iv = kids(algorithm)[1]!.content;
  const decipher = createDecipheriv(name, name === 'des-ede3-cbc' && keyLength === 8 ? Buffer.concat([key, key, key]) : key, iv);
  const plaintext = Buffer.concat([decipher.update(der.expectTag(ciphertext, 0x80, 'encryptedContent').content), decipher.final()]);
  return {
    cipherOid,
    envelopeVersion: der.readSmallInteger(version, 'version'),
    recipientKind: byPassword ? ('password' as const) : ('key-transport' as const),
    ...(byPassword ? {} : { keyTransportOid: oid(kids(kids(info)[2])[0]) }),
    ...readCertsOnly(plaintext),
  };
}

/** The members of a degenerate SignedData (GetCACert chains, the inside of a reply). */
export function readCertsOnly(bytes: Uint8Array): { readonly certificates: readonly Uint8Array[]; readonly crls: readonly Uint8Array[] } {
  const [type, wrapped] = kids(der.readElement(bytes));
  demand(oid(type) === '1.2.840.113549.1.7.2', 'the content is no SignedData');
  const [version, digests, encapsulated, ...rest] = kids(kids(wrapped)[0]);
  demand(der.readSmallInteger(version, 'version') === 1 && kids(digests).length === 0 && kids(encapsulated).length === 1, 'the SignedData is not degenerate');
  demand(kids(rest.at(-1)).length === 0 && rest.at(-1)?.tag === der.TAG.set, 'the degenerate SignedData has signers');
  const members = (tag: number): Uint8Array[] => kids(rest.find((e) => e.tag === tag)).map((e) => e.raw);
  return { certificates: members(0xa0), crls: members(0xa1) };
}

function unwrapTransport(info: der.Element, sent: SentMessage): Buffer {
  const [, recipient, algorithm, encryptedKey] = kids(info);
  demand(same(recipient!.raw, issuerAndSerialOf(sent.signerCertificate)), 'enveloped to another certificate than the signer of the request');
  const [id, parameters] = kids(algorithm);
  if (oid(id) === '1.2.840.113549.1.1.7') {
    const hash = parameters === undefined ? undefined : kids(parameters).find((e) => e.tag === 0xa0);
    const oaepHash = hash === undefined ? 'sha1' : (DIGESTS[oid(kids(kids(hash)[0])[0])] ?? 'unknown');
    return privateDecrypt({ key: sent.key.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, encryptedKey!.content);
  }
  const encoded = Buffer.from(sent.key.rawDecrypt(encryptedKey!.content) ?? []);
  demand(encoded[0] === 0 && encoded[1] === 2, 'the key transport padding is wrong');
  return encoded.subarray(encoded.indexOf(0, 2) + 1);
}

/** PasswordRecipientInfo by RFC 3211 2.3.2, written from the RFC. */
function unwrapPassword(info: der.Element, password: string | undefined): Buffer {
  if (password === undefined) throw new Error('CertRep: enveloped under a password, and there is none');
  const [version, derivation, algorithm, encryptedKey] = kids(info);
  demand(der.readSmallInteger(version, 'version') === 0, 'the version of PasswordRecipientInfo is not 0');
  const [derivationOid, derivationParameters] = kids(derivation);
  demand(oid(derivationOid) === '1.2.840.113549.1.5.12', 'the key derivation is not PBKDF2');
  const [salt, iterations, ...more] = kids(derivationParameters);
  const prf = more.find((e) => e.tag === der.TAG.sequence);
  const hash = prf === undefined ? 'sha1' : 'sha256';
  const [kekOid, kekCipher] = kids(algorithm);
  demand(oid(kekOid) === '1.2.840.113549.1.9.16.3.9', 'the key encryption is not PWRI-KEK');
  const [cipherOid, iv] = kids(kekCipher);
  const [name, keyLength] = CIPHERS[oid(cipherOid)] ?? ['', 0];
  const kek = pbkdf2Sync(password, salt!.content, der.readSmallInteger(iterations, 'iterations'), keyLength, hash);
  const raw = (iv_: Uint8Array, bytes: Uint8Array): Buffer => {
    const d = createDecipheriv(name, kek, iv_).setAutoPadding(false);
    return Buffer.concat([d.update(bytes), d.final()]);
  };
  const wrapped = encryptedKey!.content;
  const block = 16;
  // The last block was encrypted with the one before it as its vector; it is the vector of the outer pass.
  const last = raw(wrapped.subarray(wrapped.length - 2 * block, wrapped.length - block), wrapped.subarray(wrapped.length - block));
  const formatted = raw(iv!.content, raw(last, wrapped));
  const key = formatted.subarray(4, 4 + formatted[0]!);
  demand(
    [1, 2, 3].every((i) => (formatted[i]! ^ key[i - 1]!) === 0xff),
    'the password is wrong',
  );
  return key;
}

/** SHA-256 in lower hex: for comparing what was received. */
export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What SignerInfo's signature algorithm is called in test/vectors/index.json. */
export function signatureIdOf(message: Uint8Array): string {
  const signedData = kids(kids(kids(der.readFirstElement(message))[1])[0]);
  const signer = kids(kids(signedData.at(-1))[0]);
  const id = oid(kids(signer.at(-2)?.tag === der.TAG.sequence ? signer.at(-2) : signer.at(-3))[0]);
  const named: Readonly<Record<string, string>> = {
    '1.2.840.113549.1.1.1': 'rsassa_pkcs1v15',
    '1.2.840.113549.1.1.5': 'sha1_rsa',
    '1.2.840.113549.1.1.10': 'rsassa_pss',
    '1.2.840.113549.1.1.11': 'sha256_rsa',
    '1.2.840.113549.1.1.12': 'sha384_rsa',
    '1.2.840.113549.1.1.13': 'sha512_rsa',
  };
  return named[id] ?? id;
}
