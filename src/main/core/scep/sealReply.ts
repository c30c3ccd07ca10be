/**
 * Writes a CertRep (RFC 8894 section 3.3.2, SCEP.md A8 and J): DER throughout, with the request's digest and cipher, addressed to exactly the
 * certificate that signed the request. What the reply says is decided elsewhere; nothing here looks at a policy.
 */
import { utf8 } from '../lib/bytes.ts';
import { assertNever } from '../lib/assertNever.ts';
import { CIPHERS } from '../pki/algorithms.ts';
import { issuerAndSerialDer, parseCertificate } from '../pki/certificate.ts';
import type { PublicCrypto } from '../pki/crypto.ts';
import { writeEnvelopedData, writeKeyTransRecipient } from '../pki/envelopedData.ts';
import { writePasswordRecipient } from '../pki/passwordRecipient.ts';
import { writeCertsOnly, writeSignedData } from '../pki/signedData.ts';
import { writeReplyAttributes } from './attributes.ts';
import { FAIL_INFO_NUMBER } from './failInfo.ts';
import type { MessageFrame, Reply, SealOptions, SealTools } from './message.ts';

const EMPTY = new Uint8Array(0);
// RFC 8894 3.2.1.5. A client with another length gets its own length back (old iOS: 8), unless so short that nonces would repeat.
const NONCE_LENGTH = 16;
const SHORTEST_NONCE = 8;

/** Seals one reply to the request whose frame this is. Throws where the caller asks for what cannot be: an envelope to a key that neither decrypts nor has a password. */
export function sealReply(reply: Reply, frame: MessageFrame, options: SealOptions, tools: SealTools): Uint8Array {
  const { crypto, sign } = tools;
  const inner = innerOf(reply);
  const envelope = inner === undefined ? undefined : envelop(inner, frame, options, crypto);
  const attributes = writeReplyAttributes({
    messageDigest: crypto.digest(frame.digest, envelope ?? EMPTY),
    transactionId: frame.transactionId,
    pkiStatus: reply.kind === 'failure' ? 2 : reply.kind === 'pending' ? 3 : 0,
    failure: reply.kind === 'failure' ? { failInfo: FAIL_INFO_NUMBER[reply.failInfo], text: reply.text } : undefined,
    // Fresh each time and never the client's: jscep refuses a server nonce that it has seen (SCEP.md A6.4).
    senderNonce: crypto.random(frame.senderNonce.length < SHORTEST_NONCE ? NONCE_LENGTH : frame.senderNonce.length),
    recipientNonce: frame.senderNonce,
  });
  return writeSignedData({
    content: envelope ?? (options.emptyContent ? EMPTY : undefined),
    certificates: [options.signerCertificate],
    digest: frame.digest,
    signer: issuerAndSerialOf(options.signerCertificate),
    attributes,
    signature: sign({ kind: 'rsa-pkcs1', digest: frame.digest }, attributes),
  });
}

/** The degenerate SignedData within the envelope; none where a reply carries nothing (SCEP.md A8.7, A8.8). */
function innerOf(reply: Reply): Uint8Array | undefined {
  switch (reply.kind) {
    case 'success':
      return writeCertsOnly(reply.certificates);
    case 'crl':
      return writeCertsOnly([], [reply.crl]);
    case 'pending':
    case 'failure':
      return undefined;
    default:
      return assertNever(reply);
  }
}

function envelop(content: Uint8Array, { signer, digest }: MessageFrame, { cipher, keyTransport, password }: SealOptions, crypto: PublicCrypto): Uint8Array {
  const key = crypto.random(CIPHERS[cipher].keyLength);
  if (signer.canDecrypt) {
    const recipient = writeKeyTransRecipient(issuerAndSerialOf(signer.certificate), keyTransport, crypto.encryptKey(signer.spki, keyTransport, key));
    return writeEnvelopedData(recipient, cipher, key, content, crypto);
  }
  if (password === undefined) throw new Error('a reply to a key that cannot decrypt needs a password');
  return writeEnvelopedData(writePasswordRecipient(key, utf8(password), digest, crypto), cipher, key, content, crypto);
}

/** Copied from the certificate, so that strings and long serials stay as its owner wrote them (SCEP.md A8.9). */
function issuerAndSerialOf(certificate: Uint8Array): Uint8Array {
  const parsed = parseCertificate(certificate);
  if (!parsed.ok) throw new Error(`a certificate that was read before is unreadable: ${parsed.error}`);
  return issuerAndSerialDer(parsed.value);
}
