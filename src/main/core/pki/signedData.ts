/**
 * SignedData (RFC 5652 section 5): reading one that came in, writing one with a single signer, and the degenerate kind that only carries
 * certificates and CRLs. Verifying is left to the caller, who knows which algorithms he takes; the bytes that were signed are given here.
 */
import { compareBytes } from '../lib/bytes.ts';
import { writeDigestAlgorithm } from './algorithms.ts';
import { type CertificateId, parseCertificateId, parseContentInfo, readAtMost, writeContentInfo } from './cms.ts';
import type { DigestName } from './crypto.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  contextTag,
  expectTag,
  readFirstElement,
  readOctetString,
  readOid,
  readSmallInteger,
  unwrapExplicit,
  write,
} from './der.ts';
import { writeInteger, writeNull, writeOctetString, writeOid, writeSequence, writeSetInOrder, writeSetOf } from './der.ts';
import { OID } from './oids.ts';

export interface SignerInfo {
  readonly signer: CertificateId;
  readonly digestOid: string;
  /** The [0] element; undefined where there are no signed attributes. */
  readonly signedAttributes: Element | undefined;
  readonly signatureAlgorithm: Element;
  readonly signature: Uint8Array;
}

export interface SignedData {
  readonly contentType: string;
  /** The octets of eContent; undefined where it is absent. */
  readonly content: Uint8Array | undefined;
  /** Whole elements, in the order sent; members that are no X.509 certificates are left out. */
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly signers: readonly SignerInfo[];
}

// Far above what any client sends (a chain, one signer), low enough to bound the work on a hostile message.
const MAX_CERTIFICATES = 32;
const MAX_SIGNERS = 8;

/** Inside a parser: the SignedData in a ContentInfo. What follows the ContentInfo is ignored (SCEP.md A5.5). */
export function parseSignedData(bytes: Uint8Array): SignedData {
  const { contentType, content } = parseContentInfo(readFirstElement(bytes));
  if (contentType !== OID.signedData || content === undefined) throw new Malformed('the message is no SignedData');
  const [version, digests, encapsulated, ...rest] = childrenOf(content, TAG.sequence, 'SignedData');
  readSmallInteger(version, 'the version of SignedData');
  expectTag(digests, TAG.set, 'digestAlgorithms');
  const [type, eContent] = childrenOf(encapsulated, TAG.sequence, 'encapContentInfo');
  let certificates: Uint8Array[] = [];
  let crls: Uint8Array[] = [];
  let signers: SignerInfo[] | undefined;
  for (const e of rest) {
    if (e.tag === contextTag(0, true) && signers === undefined) {
      certificates = readAtMost(MAX_CERTIFICATES, e.content, 'certificates').flatMap((c) => (c.tag === TAG.sequence ? [c.raw] : []));
    } else if (e.tag === contextTag(1, true) && signers === undefined) {
      crls = readAtMost(MAX_CERTIFICATES, e.content, 'crls').flatMap((c) => (c.tag === TAG.sequence ? [c.raw] : []));
    } else if (e.tag === TAG.set && signers === undefined) {
      signers = readAtMost(MAX_SIGNERS, e.content, 'signerInfos').map(parseSignerInfo);
    } else throw new Malformed('SignedData holds an unexpected element');
  }
  if (signers === undefined) throw new Malformed('signerInfos are missing');
  if (eContent !== undefined && eContent.tag !== contextTag(0, true)) throw new Malformed('eContent has a wrong tag');
  return {
    contentType: readOid(type, 'eContentType'),
    content: eContent === undefined ? undefined : readOctetString(unwrapExplicit(eContent, 'eContent'), 'eContent'),
    certificates,
    crls,
    signers,
  };
}

function parseSignerInfo(e: Element): SignerInfo {
  const [version, sid, digest, ...rest] = childrenOf(e, TAG.sequence, 'SignerInfo');
  readSmallInteger(version, 'the version of SignerInfo');
  const signedAttributes = rest[0]?.tag === contextTag(0, true) ? rest.shift() : undefined;
  const [algorithm, signature] = rest;
  return {
    signer: parseCertificateId(sid),
    digestOid: readOid(childrenOf(digest, TAG.sequence, 'digestAlgorithm')[0], 'digestAlgorithm'),
    signedAttributes,
    signatureAlgorithm: expectTag(algorithm, TAG.sequence, 'signatureAlgorithm'),
    signature: readOctetString(signature, 'signature'),
  };
}

/**
 * What a signature over signed attributes may cover: their SET OF as received, and (where it differs) sorted as DER wants it.
 * RFC 5652 5.4 signs the DER form; encoders that send the attributes unsorted signed one or the other (SCEP.md A5.4).
 */
export function signedAttributeForms(attributes: Element): Uint8Array[] {
  const parts = readAtMost(MAX_ATTRIBUTES, attributes.content, 'signed attributes').map((e) => e.raw);
  const sorted = [...parts].sort(compareBytes);
  const received = write(TAG.set, attributes.content);
  return sorted.some((part, i) => part !== parts[i]) ? [received, write(TAG.set, ...sorted)] : [received];
}

const MAX_ATTRIBUTES = 64;

/** Inside a parser: OID and values of each signed attribute. */
export function parseAttributes(attributes: Element): readonly { readonly oid: string; readonly values: readonly Element[] }[] {
  return readAtMost(MAX_ATTRIBUTES, attributes.content, 'signed attributes').map((e) => {
    const [oid, values] = childrenOf(e, TAG.sequence, 'Attribute');
    return { oid: readOid(oid, 'attrType'), values: readAtMost(MAX_ATTRIBUTES, expectTag(values, TAG.set, 'attrValues').content, 'attrValues') };
  });
}

const VERSION_1 = writeInteger(1);
const ID_DATA = writeOid(OID.data);
const DATA_WITHOUT_CONTENT = writeSequence(ID_DATA);
const EMPTY_SET = writeSetInOrder();
// The widest choice for an RSA signer; the digest is named beside it (RFC 3370 3.2, SCEP.md A8.13).
const RSA_ENCRYPTION = writeSequence(writeOid(OID.rsaEncryption), writeNull());

export interface SignedDataContents {
  /** eContent, or undefined to leave it out. */
  readonly content: Uint8Array | undefined;
  readonly certificates: readonly Uint8Array[];
  readonly digest: DigestName;
  /** IssuerAndSerialNumber of the signing certificate. */
  readonly signer: Uint8Array;
  /** The signed attributes as the SET OF that was signed. */
  readonly attributes: Uint8Array;
  readonly signature: Uint8Array;
}

/** A ContentInfo with SignedData over id-data, signed by one RSA key. */
export function writeSignedData({ content, certificates, digest, signer, attributes, signature }: SignedDataContents): Uint8Array {
  const digestAlgorithm = writeDigestAlgorithm(digest);
  const signedAttributes = attributes.slice();
  signedAttributes[0] = contextTag(0, true);
  return writeContentInfo(
    OID.signedData,
    writeSequence(
      VERSION_1,
      writeSetInOrder(digestAlgorithm),
      content === undefined ? DATA_WITHOUT_CONTENT : writeSequence(ID_DATA, write(contextTag(0, true), writeOctetString(content))),
      write(contextTag(0, true), ...certificates),
      writeSetInOrder(writeSequence(VERSION_1, signer, digestAlgorithm, signedAttributes, RSA_ENCRYPTION, writeOctetString(signature))),
    ),
  );
}

/** One of several signers over the same content. */
export interface SignerContents {
  readonly digest: DigestName;
  /** IssuerAndSerialNumber of the signing certificate. */
  readonly signer: Uint8Array;
  /** The signed attributes as the SET OF that was signed. */
  readonly attributes: Uint8Array;
  /** AlgorithmIdentifier of the signature. */
  readonly algorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/** The signed attributes that RFC 5652 5.3 asks for, as the SET OF that is signed. */
export const writeDataAttributes = (messageDigest: Uint8Array): Uint8Array =>
  writeSetOf(writeSequence(writeOid(OID.contentType), writeSetInOrder(ID_DATA)), writeSequence(writeOid(OID.messageDigest), writeSetInOrder(writeOctetString(messageDigest))));

/** A ContentInfo with SignedData over id-data, signed by each of these keys. The order of certificates is kept, as in writeCertsOnly. */
export function writeDataSignedBy(content: Uint8Array, certificates: readonly Uint8Array[], signers: readonly SignerContents[]): Uint8Array {
  const digests = [...new Set(signers.map(({ digest }) => digest))].map(writeDigestAlgorithm);
  const infos = signers.map(({ digest, signer, attributes, algorithm, signature }) => {
    const signedAttributes = attributes.slice();
    signedAttributes[0] = contextTag(0, true);
    return writeSequence(VERSION_1, signer, writeDigestAlgorithm(digest), signedAttributes, algorithm, writeOctetString(signature));
  });
  return writeContentInfo(
    OID.signedData,
    writeSequence(
      VERSION_1,
      writeSetOf(...digests),
      writeSequence(ID_DATA, write(contextTag(0, true), writeOctetString(content))),
      write(contextTag(0, true), ...certificates),
      writeSetInOrder(...infos),
    ),
  );
}

/** An RSA signature as most readers of CMS want it named (RFC 3370 3.2). */
export const RSA_SIGNATURE_ALGORITHM = RSA_ENCRYPTION;

/**
 * Degenerate SignedData (RFC 8894 3.4): no signer, no content, only certificates and CRLs. The order given is kept, although DER sorts a SET OF:
 * clients take the first certificate for theirs, or for the recipient (SCEP.md A4.6, A8.4).
 */
export function writeCertsOnly(certificates: readonly Uint8Array[], crls: readonly Uint8Array[] = []): Uint8Array {
  return writeContentInfo(
    OID.signedData,
    writeSequence(
      VERSION_1,
      EMPTY_SET,
      DATA_WITHOUT_CONTENT,
      ...(certificates.length > 0 ? [write(contextTag(0, true), ...certificates)] : []),
      ...(crls.length > 0 ? [write(contextTag(1, true), ...crls)] : []),
      EMPTY_SET,
    ),
  );
}
