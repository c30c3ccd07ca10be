/**
 * Reads a request's outer layer (RFC 8894 section 3.2, SCEP.md A5 and A6): SignedData, who signed it, whether the signature holds, which type
 * it is; then has openContent open the envelope. The public, cheap checks come first, so that a forged message costs no private-key operation.
 * What a request deserves is decided elsewhere: nothing here knows of challenges, policies or issued certificates.
 */
import { equalBytes, toHex } from '../lib/bytes.ts';
import { type Result, err, ok } from '../lib/result.ts';
import { digestOfOid, parseSignatureAlgorithm } from '../pki/algorithms.ts';
import { type Certificate, parseCertificate, verifySignedBy } from '../pki/certificate.ts';
import { identityOf, names } from '../pki/cms.ts';
import type { DigestName, PublicCrypto } from '../pki/crypto.ts';
import { type Element, Malformed, decoding } from '../pki/der.ts';
import { OID } from '../pki/oids.ts';
import { type SignedData, type SignerInfo, parseSignedData, signedAttributeForms } from '../pki/signedData.ts';
import { refusedDigests, takesDigest } from './algorithmPolicy.ts';
import { type RequestAttributes, parseRequestAttributes } from './attributes.ts';
import type { Fault, FaultCode, MessageFrame, OpenOptions, OpenOutcome, OpenTools, RequestType, Signer } from './message.ts';
import { type Decoy, openContent, peekEnvelope } from './openContent.ts';

const REQUEST_TYPES: ReadonlyMap<string, RequestType> = new Map([
  ['17', 'RenewalReq'],
  ['19', 'PKCSReq'],
  ['20', 'CertPoll'],
  ['21', 'GetCert'],
  ['22', 'GetCRL'],
]);

// RFC 8894 7.5: what a message with a refused digest is answered with, because an answer has to be signed with something.
const REFUSAL_DIGEST: DigestName = 'sha256';

/** Opens one request. Never throws at bytes, whatever they are: every message is a request, a fault that can be answered, or unanswerable. */
export function openMessage(bytes: Uint8Array, options: OpenOptions, tools: OpenTools): OpenOutcome {
  const outer = decoding(() => readOuter(bytes, options, tools.crypto));
  if (!outer.ok) return { kind: 'unanswerable', reason: outer.error };
  const { frame, signed, attributes } = outer.value;
  const type = REQUEST_TYPES.get(frame.messageType);
  const named = signed.content === undefined ? undefined : peekEnvelope(signed.content, options);
  const fault = (f: Fault): OpenOutcome => ({ kind: 'fault', fault: f, frame, type, ...(named === undefined ? {} : { recipientId: named.recipientId }) });

  const verified = checkSignature(outer.value, options, tools.crypto);
  if (!verified.ok) return fault(verified.error);
  const wrong = checkAttributes(signed, attributes);
  if (wrong !== undefined) return fault(wrong);
  if (type === undefined) return fault({ code: 'unknown-message-type', detail: `messageType ${JSON.stringify(frame.messageType)}` });

  // RFC 8894 3.3.3: a CertPoll is known by its transactionID and its signer; its content is redundant, and sscep fills it in wrong (A7.16).
  if (options.skipContent || type === 'CertPoll') {
    return { kind: 'request', type, frame, content: { kind: 'unopened' }, envelope: named };
  }
  if (signed.content === undefined) return fault({ code: 'missing-envelope', detail: 'eContent is absent' });
  const opened = openContent(type, signed.content, frame.signer, verified.value, options, tools);
  return opened.ok ? { kind: 'request', type, frame, ...opened.value } : fault(opened.error);
}

interface Outer {
  readonly signed: SignedData;
  readonly signerInfo: SignerInfo;
  readonly signedAttributes: Element;
  readonly attributes: RequestAttributes;
  readonly digest: DigestName | undefined;
  readonly frame: MessageFrame;
}

/** Everything without which no answer can be made (SCEP.md A2.32); throws Malformed. */
function readOuter(bytes: Uint8Array, options: OpenOptions, crypto: PublicCrypto): Outer {
  const signed = parseSignedData(bytes);
  const [signerInfo, ...others] = signed.signers;
  if (signerInfo === undefined) throw new Malformed('the message has no signer');
  if (others.length > 0) throw new Malformed('the message has more than one signer');
  // Without signed attributes there is no transactionID, and content could pass for attributes (SCEP.md A5.2).
  if (signerInfo.signedAttributes === undefined) throw new Malformed('the message has no signed attributes');
  const attributes = parseRequestAttributes(signerInfo.signedAttributes);
  const certificate = findSigner(signed, signerInfo);
  const digest = digestOfOid(signerInfo.digestOid);
  const frame: MessageFrame = {
    messageSha256: toHex(crypto.digest('sha256', bytes)),
    transactionId: attributes.transactionId,
    senderNonce: attributes.senderNonce,
    messageType: attributes.messageType ?? '',
    digest: digest !== undefined && takesDigest(options.compatibility, digest) ? digest : REFUSAL_DIGEST,
    signer: describeSigner(certificate, crypto),
  };
  return { signed, signerInfo, signedAttributes: signerInfo.signedAttributes, attributes, digest, frame };
}

/** By SignerIdentifier, not by position: chains come along in any order (SCEP.md A5.3). Members that no parser reads are passed over. */
function findSigner(signed: SignedData, { signer }: SignerInfo): Certificate {
  for (const der of signed.certificates) {
    const parsed = parseCertificate(der);
    if (parsed.ok && names(signer, identityOf(parsed.value))) return parsed.value;
  }
  throw new Malformed('the certificate of the signer is not in the message');
}

// Below this a key could not carry a content-encryption key in key transport, and nobody should trust one that did.
const MIN_RSA_BITS = 512;

function describeSigner(certificate: Certificate, crypto: PublicCrypto): Signer {
  const { publicKey } = certificate;
  return {
    certificate: certificate.der,
    spki: certificate.spki,
    spkiSha256: toHex(crypto.digest('sha256', certificate.spki)),
    // No path validation: a requester's own certificate may be v1, expired, with a serial of 32 octets (SCEP.md A5.8).
    selfSigned: equalBytes(certificate.issuer, certificate.subject) && verifySignedBy(certificate, certificate.spki, crypto),
    issuer: certificate.issuer,
    subject: certificate.subject,
    serial: certificate.serialHex,
    canDecrypt: publicKey.kind === 'rsa' && publicKey.bits >= MIN_RSA_BITS,
  };
}

/** Whether the signature holds; if so, a way to do its work once more (see Decoy). */
function checkSignature(outer: Outer, options: OpenOptions, crypto: PublicCrypto): Result<Decoy, Fault> {
  const { signerInfo, signedAttributes, attributes, digest, frame, signed } = outer;
  const refuse = (code: FaultCode, detail: string): Result<Decoy, Fault> => err({ code, detail });
  if (digest === undefined) return refuse('unsupported-digest', `digest algorithm ${signerInfo.digestOid}`);
  if (!takesDigest(options.compatibility, digest)) return refuse('unsupported-digest', `${digest} on a ${options.compatibility} endpoint`);
  const algorithm = decoding(() => parseSignatureAlgorithm(signerInfo.signatureAlgorithm, digest));
  if (!algorithm.ok) return refuse('unsupported-signature-algorithm', algorithm.error);
  const scheme = algorithm.value;
  if ('unsupported' in scheme) return refuse('unsupported-signature-algorithm', `signature algorithm ${scheme.unsupported}`);
  const refused = refusedDigests(options.compatibility, scheme);
  if (refused.length > 0) return refuse('unsupported-digest', `${refused.join(', ')} in the signature on a ${options.compatibility} endpoint`);

  const verifies = (form: Uint8Array): boolean => crypto.verify(frame.signer.spki, scheme, form, signerInfo.signature);
  const form = signedAttributeForms(signedAttributes).find(verifies);
  if (form === undefined) return refuse('bad-signature', 'the signature does not verify with the key of the signer');
  // RFC 5652 5.3 and 11.2: the attributes speak for the content only through these two.
  if (attributes.messageDigest === undefined) return refuse('bad-signature', 'messageDigest is missing');
  const actual = crypto.digest(digest, signed.content ?? new Uint8Array(0));
  if (!equalBytes(actual, attributes.messageDigest)) return refuse('bad-signature', 'messageDigest is not the digest of the content');
  if (attributes.contentType === undefined) return refuse('bad-signature', 'contentType is missing');
  return ok(() => void verifies(form));
}

function checkAttributes(signed: SignedData, attributes: RequestAttributes): Fault | undefined {
  if (signed.contentType !== OID.data || attributes.contentType !== OID.data) {
    return { code: 'bad-attributes', detail: `content type ${signed.contentType}, attribute ${attributes.contentType ?? 'unreadable'}: both must be id-data` };
  }
  return attributes.problem === undefined ? undefined : { code: 'bad-attributes', detail: attributes.problem };
}
