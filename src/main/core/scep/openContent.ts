/**
 * Opens a request's envelope and reads what is in it (RFC 8894 sections 3.2.2 and 3.3, SCEP.md A8.18 and A9).
 * Everything that can be said before the private key is used is said in words; from there on there is one fault, `undecryptable`,
 * reached by one path: decrypt, take the padding off, read, prove. What a wrong envelope is wrong in, nobody learns.
 */
import { equalBytes } from '../lib/bytes.ts';
import { type Result, err, ok } from '../lib/result.ts';
import { CIPHERS } from '../pki/algorithms.ts';
import { serialToHex } from '../pki/certificate.ts';
import { type CertificateId, names, parseIssuerAndSerial } from '../pki/cms.ts';
import type { CipherName, KeyTransport, PublicCrypto } from '../pki/crypto.ts';
import { parseCsr, verifyCsr } from '../pki/csr.ts';
import { Malformed, TAG, decoding, readElement } from '../pki/der.ts';
import { type EnvelopedData, parseEnvelope } from '../pki/envelopedData.ts';
import { csrFingerprintsOf } from '../pki/fingerprints.ts';
import { recoverContentKey, unpadBlocks } from '../pki/keyTransport.ts';
import { refusedDigests, takesCipher, takesKeyTransport } from './algorithmPolicy.ts';
import type { EnvelopeFacts, Fault, MessageContent, OpenOptions, OpenTools, Recipient, RequestType, Signer } from './message.ts';

export interface OpenedContent {
  readonly content: MessageContent;
  readonly envelope: EnvelopeFacts;
}

/** Work like that of checking a PKCS #10's signature, done where there is none to check, so that its absence is not measurable. */
export type Decoy = () => void;

/** Opens the eContent of a request of this type. */
export function openContent(
  type: Exclude<RequestType, 'CertPoll'>,
  eContent: Uint8Array,
  signer: Signer,
  decoy: Decoy,
  options: OpenOptions,
  tools: OpenTools,
): Result<OpenedContent, Fault> {
  const address = readAddress(eContent, options);
  if (!address.ok) return address;
  const plaintext = decrypt(address.value, tools);
  if (plaintext === undefined) return err({ code: 'wrong-recipient', detail: `the key of recipient ${address.value.recipient.id} is not at hand` });
  const content =
    type === 'PKCSReq' || type === 'RenewalReq' ? readRequest(plaintext, signer, decoy, options, tools.crypto) : readIssuerAndSerial(plaintext, signer);
  return content.ok ? ok({ content: content.value, envelope: factsOf(address.value) }) : content;
}

/** How a message that stays unopened was enveloped, so that the reply can mirror it; undefined where its envelope could not be opened anyway. */
export function peekEnvelope(eContent: Uint8Array, options: OpenOptions): EnvelopeFacts | undefined {
  const address = readAddress(eContent, options);
  return address.ok ? factsOf(address.value) : undefined;
}

/** An envelope that is addressed to us by algorithms that we take. */
interface Address {
  readonly data: EnvelopedData;
  readonly cipher: CipherName;
  readonly transport: KeyTransport;
  readonly encryptedKey: Uint8Array;
  readonly recipient: Recipient;
}

// A PKCS #10 with an RSA-4096 key, twenty names and an Intune challenge has some 10 KiB. More would only be work: a name takes two octets.
const MAX_CONTENT = 64 * 1024;

const factsOf = ({ cipher, transport, recipient }: Address): EnvelopeFacts => ({ cipher, keyTransport: transport, recipientId: recipient.id });

function readAddress(eContent: Uint8Array, options: OpenOptions): Result<Address, Fault> {
  const parsed = decoding(() => parseEnvelope(eContent));
  // A bare PKCS #10 is what old implementations send for a key that cannot encrypt: it shows its challenge to everyone (SCEP.md A9.3).
  if (!parsed.ok)
    return err(parseCsr(eContent).ok ? { code: 'unencrypted-content', detail: 'a bare PKCS #10' } : { code: 'missing-envelope', detail: parsed.error });
  if (parsed.value.kind === 'other') return err({ code: 'unencrypted-content', detail: `content type ${parsed.value.contentType}` });
  const { data } = parsed.value;

  if (typeof data.cipher !== 'string') return err({ code: 'unsupported-cipher', detail: `content encryption algorithm ${data.cipher.unsupported}` });
  if (data.ciphertext.length > MAX_CONTENT)
    return err({ code: 'undecryptable', detail: `${data.ciphertext.length} encrypted octets: more than ${MAX_CONTENT}` });
  if (!takesCipher(options.compatibility, data.cipher))
    return err({ code: 'unsupported-cipher', detail: `${data.cipher} on a ${options.compatibility} endpoint` });
  for (const info of data.recipients) {
    if (info.kind !== 'key-transport') continue;
    const recipient = options.recipients.find((r) => isFor(info.recipient, r));
    if (recipient === undefined) continue;
    if ('unsupported' in info.algorithm) return err({ code: 'unsupported-key-transport', detail: `key encryption algorithm ${info.algorithm.unsupported}` });
    if (!takesKeyTransport(info.algorithm)) return err({ code: 'unsupported-key-transport', detail: 'OAEP with MD5' });
    return ok({ data, cipher: data.cipher, transport: info.algorithm, encryptedKey: info.encryptedKey, recipient });
  }
  const kinds = data.recipients.map((info) => info.kind);
  return err(
    kinds.length > 0 && !kinds.includes('key-transport')
      ? { code: 'unsupported-recipient', detail: `recipients: ${kinds.join(', ')}` }
      : { code: 'wrong-recipient', detail: `none of ${kinds.length} recipients is a certificate of this endpoint` },
  );
}

const isFor = (id: CertificateId, recipient: Recipient): boolean =>
  names(id, { issuer: recipient.issuer, serialHex: recipient.serial, subjectKeyId: recipient.subjectKeyId });

interface Plaintext {
  readonly content: Uint8Array;
  readonly valid: boolean;
}

/** Undefined only where we lack the key. */
function decrypt({ data, cipher, transport, encryptedKey, recipient }: Address, { crypto, decryptFor }: OpenTools): Plaintext | undefined {
  const rawDecrypt = decryptFor(recipient.keyId);
  if (rawDecrypt === undefined) return undefined;
  const { blockLength } = CIPHERS[cipher];
  const contentKey = recoverContentKey(encryptedKey, transport, cipher, rawDecrypt, crypto);
  const blocks = data.iv.length === blockLength ? crypto.decryptRaw(cipher, contentKey, data.iv, data.ciphertext) : undefined;
  return unpadBlocks(blocks ?? new Uint8Array(0), blockLength);
}

const undecryptable = (detail: string): Result<never, Fault> => err({ code: 'undecryptable', detail });

function readRequest({ content, valid }: Plaintext, signer: Signer, decoy: Decoy, options: OpenOptions, crypto: PublicCrypto): Result<MessageContent, Fault> {
  // Read before `valid` is looked at: wrong padding must take the time of a request that does not parse.
  const parsed = parseCsr(content);
  if (!valid || !parsed.ok) {
    decoy();
    return undecryptable('the envelope holds no readable PKCS #10, or the key or the padding is wrong');
  }
  const csr = parsed.value;
  // Not badAlg: the algorithm stands outside the signed part, so ciphertext blocks spliced into its place would make this answer an oracle.
  if ('unsupported' in csr.signatureAlgorithm) {
    decoy();
    return undecryptable(`the PKCS #10 is signed with ${csr.signatureAlgorithm.unsupported}`);
  }
  if (!verifyCsr(csr, crypto)) return undecryptable('the signature of the PKCS #10 is wrong');
  const refused = refusedDigests(options.compatibility, csr.signatureAlgorithm);
  if (refused.length > 0) return err({ code: 'unsupported-digest', detail: `${refused.join(', ')} in the PKCS #10 on a ${options.compatibility} endpoint` });
  // Else whoever captures a request could sign the same envelope with his own key, spend its challenge and be sent the reply (SCEP.md A7.3).
  if (signer.selfSigned && !equalBytes(signer.spki, csr.spki))
    return err({ code: 'signer-key-mismatch', detail: 'self-signed with another key than that of the PKCS #10' });
  if (!signer.canDecrypt && (csr.challengePassword ?? '') === '') return err({ code: 'unreplyable-key', detail: 'no RSA key and no challengePassword' });
  return ok({ kind: 'csr', csr, fingerprints: csrFingerprintsOf(crypto, csr) });
}

function readIssuerAndSerial({ content, valid }: Plaintext, signer: Signer): Result<MessageContent, Fault> {
  const parsed = decoding(() => {
    const e = readElement(content);
    if (e.tag !== TAG.sequence) throw new Malformed('no IssuerAndSerialNumber');
    return parseIssuerAndSerial(e);
  });
  if (!valid || !parsed.ok) return undecryptable('the envelope holds no readable IssuerAndSerialNumber, or the key or the padding is wrong');
  if (!signer.canDecrypt) return err({ code: 'unreplyable-key', detail: 'no RSA key, and this request carries no challengePassword' });
  return ok({ kind: 'issuer-and-serial', issuer: parsed.value.issuer, serial: serialToHex(parsed.value.serial) });
}
