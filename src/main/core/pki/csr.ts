/**
 * PKCS #10 certification requests: what a device asks for, and the signing requests this product makes itself.
 * Every request for extensions is read, in whichever of the three attributes it stands; what is granted is left to profiles.
 * RFC 2986; attributes of RFC 2985, Microsoft and VeriSign (SCEP.md F2).
 */
import type { Result } from '../lib/result.ts';
import { compareBytes, utf8 } from '../lib/bytes.ts';
import { type PublicKeyInfo, type Unsupported, parseSignatureAlgorithm, readPublicKey, writeSignatureAlgorithm } from './algorithms.ts';
import { readNameBytes, readSignature } from './certificate.ts';
import type { PublicCrypto, Sign, SignatureScheme } from './crypto.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  contextTag,
  decoding,
  expectTag,
  readElement,
  readOid,
  readSmallInteger,
  readText,
  write,
  writeBitString,
  writeInteger,
  writeOid,
  writeSequence,
  writeSetOf,
} from './der.ts';
import { type Extension, type ExtensionView, parseExtensions, viewExtensions, writeExtensions } from './extensions.ts';
import { OID } from './oids.ts';

export interface Csr extends ExtensionView {
  readonly der: Uint8Array;
  /** The signed bytes (CertificationRequestInfo). */
  readonly info: Uint8Array;
  /** DER bytes of the Name, as they stand. */
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly signatureAlgorithm: SignatureScheme | Unsupported;
  readonly signature: Uint8Array;
  /** Of every extension request attribute (PKCS #9, Microsoft, VeriSign), in order. */
  readonly extensions: readonly Extension[];
  /** The first challengePassword that is text. */
  readonly challengePassword?: string;
  /** How many challengePassword values there are, text or not: more than one is nobody's honest request. */
  readonly challengeCount: number;
  /** Microsoft certificate template: its name (v1), or its OID (v2). Only ever a hint at a profile. */
  readonly templateName?: string;
  readonly templateOid?: string;
  /** Microsoft enrollmentNameValuePair: Intune asks for a validity here. */
  readonly nameValuePairs: readonly { readonly name: string; readonly value: string }[];
  readonly unstructuredName?: string;
  /** Types of all attributes, in order. */
  readonly attributeOids: readonly string[];
}

export interface CsrContents {
  /** DER Name. */
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly challengePassword?: string;
}

const EXTENSION_REQUESTS: ReadonlySet<string> = new Set([OID.extensionRequest, OID.msExtensionRequest, OID.veriSignExtensionRequest]);

const MAX_ATTRIBUTES = 100;

/** Reads a request. Its signature is not checked here (`verifyCsr`), nor what it asks for. */
export function parseCsr(der: Uint8Array): Result<Csr, string> {
  return decoding(() => readCsr(readElement(der)));
}

function readCsr(e: Element): Csr {
  const [info, algorithm, signature, extra] = childrenOf(e, TAG.sequence, 'certification request');
  if (extra !== undefined) throw new Malformed('certification request has too many members');
  const [version, subject, key, attributes, more] = childrenOf(info, TAG.sequence, 'certification request info');
  if (readSmallInteger(version, 'request version') !== 0) throw new Malformed('certification request version is not 1');
  if (more !== undefined) throw new Malformed('certification request info has too many members');
  const keyElement = expectTag(key, TAG.sequence, 'public key');
  const read = readAttributes(attributes);
  const extensions = read.flatMap(({ oid, values }) => (EXTENSION_REQUESTS.has(oid) ? values.flatMap(parseExtensions) : []));
  const view = viewExtensions(extensions);
  return {
    der: e.raw,
    info: expectTag(info, TAG.sequence, 'certification request info').raw,
    subject: readNameBytes(subject, 'subject'),
    spki: keyElement.raw,
    publicKey: readPublicKey(keyElement),
    signatureAlgorithm: parseSignatureAlgorithm(algorithm),
    signature: readSignature(signature),
    extensions,
    ...view,
    ...readChallenge(read),
    ...readTemplate(extensions),
    nameValuePairs: read.flatMap(({ oid, values }) => (oid === OID.msEnrollmentNameValuePair ? values.flatMap(readNameValuePair) : [])),
    ...readUnstructuredName(read),
    attributeOids: read.map(({ oid }) => oid),
  };
}

interface Attribute {
  readonly oid: string;
  readonly values: readonly Element[];
}

function readAttributes(e: Element | undefined): Attribute[] {
  // RFC 2986 wants an empty [0] where there are none; some old clients leave it out.
  if (e === undefined) return [];
  const members = childrenOf(e, contextTag(0, true), 'request attributes');
  if (members.length > MAX_ATTRIBUTES) throw new Malformed('there are too many request attributes');
  return members.map((member) => {
    const [type, values, extra] = childrenOf(member, TAG.sequence, 'request attribute');
    if (extra !== undefined) throw new Malformed('request attribute has too many members');
    return { oid: readOid(type, 'request attribute type'), values: childrenOf(values, TAG.set, 'request attribute values') };
  });
}

function readChallenge(attributes: readonly Attribute[]): { readonly challengeCount: number; readonly challengePassword?: string } {
  const values = attributes.flatMap((a) => (a.oid === OID.challengePassword ? a.values : []));
  const text = values.map(readText).find((t) => t !== undefined);
  return text === undefined ? { challengeCount: values.length } : { challengeCount: values.length, challengePassword: text };
}

function readUnstructuredName(attributes: readonly Attribute[]): { readonly unstructuredName?: string } {
  const text = attributes.flatMap((a) => (a.oid === OID.unstructuredName ? a.values : [])).map(readText).find((t) => t !== undefined);
  return text === undefined ? {} : { unstructuredName: text };
}

function readTemplate(extensions: readonly Extension[]): { readonly templateName?: string; readonly templateOid?: string } {
  const name = extensions.find((x) => x.oid === OID.msCertificateTemplateName);
  const template = extensions.find((x) => x.oid === OID.msCertificateTemplate);
  const text = name && decoding(() => readText(readElement(name.value)));
  const oid = template && decoding(() => readOid(childrenOf(readElement(template.value), TAG.sequence, 'template')[0], 'template'));
  return {
    ...(text?.ok && text.value !== undefined ? { templateName: text.value } : {}),
    ...(oid?.ok ? { templateOid: oid.value } : {}),
  };
}

/** A pair that cannot be read is left out: it is only ever a wish. */
function readNameValuePair(e: Element): { readonly name: string; readonly value: string }[] {
  if (e.tag !== TAG.sequence) return [];
  const [name, value] = e.children.map(readText);
  return name === undefined || value === undefined ? [] : [{ name, value }];
}

/** Proof of possession: the request's signature verifies with the key it asks a certificate for. */
export function verifyCsr(csr: Csr, crypto: PublicCrypto): boolean {
  return !('unsupported' in csr.signatureAlgorithm) && crypto.verify(csr.spki, csr.signatureAlgorithm, csr.info, csr.signature);
}

/** The CertificationRequestInfo to be signed. */
export function writeCsrInfo({ subject, spki, challengePassword, extensions }: CsrContents): Uint8Array {
  const attributes = [
    ...(challengePassword === undefined ? [] : [writeAttribute(OID.challengePassword, writeDirectoryString(challengePassword))]),
    ...(extensions.length === 0 ? [] : [writeAttribute(OID.extensionRequest, writeExtensions(extensions))]),
  ];
  return writeSequence(writeInteger(0), subject, spki, write(contextTag(0, true), ...attributes.sort(compareBytes)));
}

export function assembleCsr(info: Uint8Array, scheme: SignatureScheme, signature: Uint8Array): Uint8Array {
  return writeSequence(info, writeSignatureAlgorithm(scheme), writeBitString(signature));
}

/** A signed request, where the key is at hand. */
export function writeCsr(contents: CsrContents, scheme: SignatureScheme, sign: Sign): Uint8Array {
  const info = writeCsrInfo(contents);
  return assembleCsr(info, scheme, sign(scheme, info));
}

const writeAttribute = (oid: string, value: Uint8Array): Uint8Array => writeSequence(writeOid(oid), writeSetOf(value));

const writeDirectoryString = (text: string): Uint8Array => write(/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? TAG.printableString : TAG.utf8String, utf8(text));
