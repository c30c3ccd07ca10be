/**
 * The signed attributes of a pkiMessage (RFC 8894 section 3.2.1, SCEP.md A6): reading a request's, strictly, and writing a CertRep's.
 * String types are exact on the way out (Apple and sscep check the tag) and tolerant among the ASCII and UTF-8 types on the way in (A6.2).
 */
import {
  type Element,
  Malformed,
  TAG,
  readOctetString,
  readOid,
  readText,
  writeOctetString,
  writeOid,
  writePrintableString,
  writeSequence,
  writeSetInOrder,
  writeSetOf,
  writeUtf8String,
} from '../pki/der.ts';
import { OID } from '../pki/oids.ts';
import { parseAttributes } from '../pki/signedData.ts';
import { plainText } from '../pki/text.ts';

export interface RequestAttributes {
  readonly transactionId: string;
  readonly senderNonce: Uint8Array;
  /** Undefined where it is missing or no string. */
  readonly messageType: string | undefined;
  readonly contentType: string | undefined;
  readonly messageDigest: Uint8Array | undefined;
  /** What is wrong with the attributes, although the message can be answered. */
  readonly problem: string | undefined;
}

// Clients' own are at most 77 characters (SCEP.md J.7); it is stored and shown with every transaction.
const MAX_TRANSACTION_ID = 255;
const MAX_MESSAGE_TYPE = 20;
// RFC 8894 says 16, old iOS sends 8; the reply repeats it, so it is bounded.
const MAX_NONCE = 128;

const NAMED: ReadonlyMap<string, string> = new Map([
  [OID.transactionId, 'transactionID'],
  [OID.senderNonce, 'senderNonce'],
  [OID.messageType, 'messageType'],
  [OID.contentType, 'contentType'],
  [OID.messageDigest, 'messageDigest'],
]);

/** Inside a parser: throws where nothing can be answered, because the transactionID or the senderNonce cannot be repeated (SCEP.md A2.32). */
export function parseRequestAttributes(attributes: Element): RequestAttributes {
  const found = new Map<string, Element>();
  const repeated = new Set<string>();
  for (const { oid, values } of parseAttributes(attributes)) {
    if (!NAMED.has(oid)) continue;
    if (found.has(oid) || values.length !== 1 || values[0] === undefined) repeated.add(oid);
    else found.set(oid, values[0]);
  }
  for (const oid of [OID.transactionId, OID.senderNonce]) if (repeated.has(oid)) throw new Malformed(`${NAMED.get(oid)} has not exactly one value`);
  const transactionId = readStringOf(found.get(OID.transactionId));
  if (transactionId === undefined) throw new Malformed('the transactionID is missing or no string');
  if (transactionId.length === 0 || transactionId.length > MAX_TRANSACTION_ID)
    throw new Malformed(`the transactionID is empty or longer than ${MAX_TRANSACTION_ID}`);
  // It stands in lists and logs as it is, and a PrintableString (RFC 8894 3.2.1.1) has nothing that could hide or reorder a line there.
  if (plainText(transactionId, MAX_TRANSACTION_ID) !== transactionId) throw new Malformed('the transactionID has control or hidden characters');
  const senderNonce = readOctetString(found.get(OID.senderNonce), 'the senderNonce');
  if (senderNonce.length === 0 || senderNonce.length > MAX_NONCE) throw new Malformed(`the senderNonce is empty or longer than ${MAX_NONCE}`);
  const named = readStringOf(found.get(OID.messageType));
  // An unknown one is told in logs; what a device writes there must stay a word of a line.
  const messageType = named === undefined ? undefined : plainText(named, MAX_MESSAGE_TYPE);
  const contentType = found.get(OID.contentType);
  const digest = found.get(OID.messageDigest);
  const problems = [
    ...[...repeated].map((oid) => `${NAMED.get(oid)} has not exactly one value`),
    ...(messageType === undefined && !repeated.has(OID.messageType) ? ['messageType is missing or no string'] : []),
  ];
  return {
    transactionId,
    senderNonce,
    messageType: repeated.has(OID.messageType) ? undefined : messageType,
    contentType: contentType?.tag === TAG.oid ? readOid(contentType, 'contentType') : undefined,
    messageDigest: digest?.tag === TAG.octetString ? digest.content : undefined,
    problem: problems.length > 0 ? problems.join('; ') : undefined,
  };
}

/** PrintableString as the RFC has it, or the types that other encoders choose for the same ASCII text. */
function readStringOf(e: Element | undefined): string | undefined {
  if (e === undefined) return undefined;
  return e.tag === TAG.printableString || e.tag === TAG.utf8String || e.tag === TAG.ia5String ? readText(e) : undefined;
}

export interface ReplyAttributes {
  readonly messageDigest: Uint8Array;
  readonly transactionId: string;
  /** Decimal, as RFC 8894 3.2.1.3 numbers it. */
  readonly pkiStatus: 0 | 2 | 3;
  readonly failure: { readonly failInfo: number; readonly text: string } | undefined;
  readonly senderNonce: Uint8Array;
  readonly recipientNonce: Uint8Array;
}

const attribute = (oid: string, value: Uint8Array): Uint8Array => writeSequence(writeOid(oid), writeSetInOrder(value));
const decimal = (oid: string, value: number): Uint8Array => attribute(oid, writePrintableString(String(value)));

const CONTENT_TYPE_DATA = attribute(OID.contentType, writeOid(OID.data));
const MESSAGE_TYPE_CERT_REP = decimal(OID.messageType, 3);
const PKI_STATUS: Readonly<Record<0 | 2 | 3, Uint8Array>> = { 0: decimal(OID.pkiStatus, 0), 2: decimal(OID.pkiStatus, 2), 3: decimal(OID.pkiStatus, 3) };

/** A CertRep's signed attributes as DER SET OF (SCEP.md A6.9). signingTime is left out: a device without a clock could only stumble over it (A6.10). */
export function writeReplyAttributes(a: ReplyAttributes): Uint8Array {
  return writeSetOf(
    CONTENT_TYPE_DATA,
    attribute(OID.messageDigest, writeOctetString(a.messageDigest)),
    attribute(OID.transactionId, writePrintableString(a.transactionId)),
    MESSAGE_TYPE_CERT_REP,
    PKI_STATUS[a.pkiStatus],
    ...(a.failure === undefined ? [] : [decimal(OID.failInfo, a.failure.failInfo), attribute(OID.failInfoText, writeUtf8String(a.failure.text))]),
    attribute(OID.senderNonce, writeOctetString(a.senderNonce)),
    attribute(OID.recipientNonce, writeOctetString(a.recipientNonce)),
  );
}
