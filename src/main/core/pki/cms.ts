/**
 * The parts of CMS (RFC 5652) that SignedData and EnvelopedData share: ContentInfo and the two ways to name a certificate.
 * Reads BER, writes DER. The content types themselves are in signedData.ts and envelopedData.ts.
 */
import { toHex } from '../lib/bytes.ts';
import { type Certificate, serialToHex } from './certificate.ts';
import { type Element, Malformed, TAG, childrenOf, contextTag, readFirstElement, readIntegerBytes, readOctetString, readOid, unwrapExplicit } from './der.ts';
import { writeExplicit, writeOid, writeSequence } from './der.ts';
import { namesEqual } from './names.ts';
import { equalBytes } from '../lib/bytes.ts';

export interface ContentInfo {
  readonly contentType: string;
  readonly content: Element | undefined;
}

/** How CMS names a certificate: issuer and serial (as bytes, so that nothing is re-encoded), or its SubjectKeyIdentifier. */
export type CertificateId =
  { readonly kind: 'issuer-and-serial'; readonly issuer: Uint8Array; readonly serial: Uint8Array } | { readonly kind: 'key-id'; readonly keyId: Uint8Array };

/** Inside a parser: ContentInfo (RFC 5652 section 3). */
export function parseContentInfo(e: Element): ContentInfo {
  const [type, content] = childrenOf(e, TAG.sequence, 'ContentInfo');
  const contentType = readOid(type, 'contentType');
  if (content === undefined) return { contentType, content: undefined };
  if (content.tag !== contextTag(0, true)) throw new Malformed('the content of ContentInfo has a wrong tag');
  return { contentType, content: unwrapExplicit(content, 'the content of ContentInfo') };
}

export const writeContentInfo = (contentType: string, content: Uint8Array): Uint8Array => writeSequence(writeOid(contentType), writeExplicit(0, content));

/** Inside a parser: SignerIdentifier or RecipientIdentifier, which are the same CHOICE. */
export function parseCertificateId(e: Element | undefined): CertificateId {
  if (e?.tag === TAG.sequence) return { kind: 'issuer-and-serial', ...parseIssuerAndSerial(e) };
  return { kind: 'key-id', keyId: readOctetString(e, 'subjectKeyIdentifier', contextTag(0, false)) };
}

/** Inside a parser: IssuerAndSerialNumber. */
export function parseIssuerAndSerial(e: Element | undefined): { readonly issuer: Uint8Array; readonly serial: Uint8Array } {
  const [issuer, serial, ...rest] = childrenOf(e, TAG.sequence, 'IssuerAndSerialNumber');
  if (issuer?.tag !== TAG.sequence || rest.length > 0) throw new Malformed('IssuerAndSerialNumber is malformed');
  return { issuer: issuer.raw, serial: readIntegerBytes(serial, 'serialNumber') };
}

/** A certificate as an identifier can name it. */
export interface Identified {
  readonly issuer: Uint8Array;
  readonly serialHex: string;
  /** Lower hex. */
  readonly subjectKeyId: string | undefined;
}

export const identityOf = (certificate: Certificate): Identified => ({
  issuer: certificate.issuer,
  serialHex: certificate.serialHex,
  subjectKeyId: certificate.subjectKeyId === undefined ? undefined : toHex(certificate.subjectKeyId),
});

/** Whether an identifier names this certificate. Names are compared as names: some clients re-encode the issuer's string types. */
export function names(id: CertificateId, certificate: Identified): boolean {
  if (id.kind === 'key-id') return certificate.subjectKeyId === toHex(id.keyId);
  if (serialToHex(id.serial) !== certificate.serialHex) return false;
  return equalBytes(id.issuer, certificate.issuer) || namesEqual(id.issuer, certificate.issuer);
}

/** The elements in these contents octets, at most `limit` of them: a megabyte of two-byte elements must not become half a million objects. */
export function readAtMost(limit: number, content: Uint8Array, what: string): Element[] {
  const out: Element[] = [];
  for (let at = 0; at < content.length;) {
    if (out.length === limit) throw new Malformed(`${what}: more than ${limit}`);
    const element = readFirstElement(content.subarray(at));
    out.push(element);
    at += element.raw.length;
  }
  return out;
}
