/**
 * X.509 certificates: reading any that a device may sign with, writing those that this CA issues.
 * Reading is tolerant where clients are ugly (SCEP.md A5.8); whether a certificate may be relied on is left to core/ca.
 * RFC 5280 section 4.1.
 */
import type { Instant } from '../lib/instant.ts';
import type { Result } from '../lib/result.ts';
import { equalBytes, toHex } from '../lib/bytes.ts';
import {
  type PublicKeyInfo,
  type Unsupported,
  parseSignatureAlgorithm,
  publicKeyOctets,
  readPublicKey,
  writeSignatureAlgorithm,
} from './algorithms.ts';
import type { PublicCrypto, SignatureScheme } from './crypto.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  contextTag,
  decoding,
  expectTag,
  readBitString,
  readElement,
  readIntegerBytes,
  readSmallInteger,
  readTime,
  unwrapExplicit,
  write,
  writeBitString,
  writeExplicit,
  writeInteger,
  writeSequence,
  writeTime,
  writeUnsigned,
} from './der.ts';
import { type Extension, type ExtensionView, parseExtensions, viewExtensions, writeExtensions } from './extensions.ts';
import { expectName } from './names.ts';

export interface Certificate extends ExtensionView {
  readonly der: Uint8Array;
  /** The signed bytes. */
  readonly tbs: Uint8Array;
  /** 1 to 3. */
  readonly version: number;
  /** Contents octets of the INTEGER as they stand. */
  readonly serial: Uint8Array;
  /** Upper hex without separators or leading zeros: what admins see and tables key on. */
  readonly serialHex: string;
  readonly signatureAlgorithm: SignatureScheme | Unsupported;
  readonly signature: Uint8Array;
  /** DER bytes of the Name, as they stand. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly extensions: readonly Extension[];
}

export interface CertificateContents {
  /** Magnitude. */
  readonly serial: Uint8Array;
  /** DER Names. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}

// Longer than any seen (sscep's have 32 octets); a megabyte of serial would travel through every table and log.
const MAX_SERIAL_BYTES = 64;

/**
 * Reads a certificate without asking whether it is a good one: v1, no extensions, long or negative serials, expired and critical AKI
 * all pass (SCEP.md A5.8). An extension whose value cannot be read stays raw and is named in `unreadable`.
 */
export function parseCertificate(der: Uint8Array): Result<Certificate, string> {
  return decoding(() => readCertificate(readElement(der)));
}

function readCertificate(e: Element): Certificate {
  const [tbs, algorithm, signature, extra] = childrenOf(e, TAG.sequence, 'certificate');
  if (extra !== undefined) throw new Malformed('certificate has too many members');
  const fields = childrenOf(tbs, TAG.sequence, 'certificate contents');
  let at = 0;
  const next = (): Element | undefined => fields[at++];

  let version = 1;
  if (fields[0]?.tag === contextTag(0, true)) {
    version = readSmallInteger(unwrapExplicit(fields[0], 'certificate version'), 'certificate version') + 1;
    if (version > 3) throw new Malformed(`certificate version ${version} does not exist`);
    at = 1;
  }
  const serial = readIntegerBytes(next(), 'serial number');
  if (serial.length > MAX_SERIAL_BYTES) throw new Malformed('serial number is too long');
  const innerAlgorithm = next();
  const issuer = readNameBytes(next(), 'issuer');
  const [notBefore, notAfter] = childrenOf(next(), TAG.sequence, 'validity');
  const subject = readNameBytes(next(), 'subject');
  const key = expectTag(next(), TAG.sequence, 'public key');
  const extensions = readTrailer(fields.slice(at));

  const signatureAlgorithm = parseSignatureAlgorithm(algorithm);
  // RFC 5280 4.1.1.2: both identifiers are the same; where they differ, an attacker chose the outer one, which is not signed.
  if (!equalBytes(expectTag(innerAlgorithm, TAG.sequence, 'signature algorithm').content, algorithm?.content ?? new Uint8Array(0))) {
    throw new Malformed('the two signature algorithms of the certificate differ');
  }
  return {
    der: e.raw,
    tbs: expectTag(tbs, TAG.sequence, 'certificate contents').raw,
    version,
    serial,
    serialHex: serialToHex(serial),
    signatureAlgorithm,
    signature: readSignature(signature),
    issuer,
    subject,
    notBefore: readTime(notBefore, 'notBefore'),
    notAfter: readTime(notAfter, 'notAfter'),
    spki: key.raw,
    publicKey: readPublicKey(key),
    extensions,
    ...viewExtensions(extensions),
  };
}

/** The bytes of a Name, which must be one. */
export function readNameBytes(e: Element | undefined, what: string): Uint8Array {
  const name = expectTag(e, TAG.sequence, what);
  expectName(name);
  return name.raw;
}

/** issuerUniqueID, subjectUniqueID and extensions: each at most once and in this order. */
function readTrailer(fields: readonly Element[]): readonly Extension[] {
  let last = 0;
  let extensions: readonly Extension[] = [];
  for (const field of fields) {
    const n = field.tag & 0x1f;
    if ((field.tag & 0xc0) !== 0x80 || n <= last || n > 3) throw new Malformed('certificate has an unknown member');
    last = n;
    if (n === 3) extensions = parseExtensions(unwrapExplicit(field, 'extensions'));
  }
  return extensions;
}

/** The octets of a signature's BIT STRING; inside a parser: throws Malformed. */
export function readSignature(e: Element | undefined): Uint8Array {
  const { bytes, unusedBits } = readBitString(e, 'signature');
  if (unusedBits !== 0) throw new Malformed('signature does not end on an octet');
  return bytes;
}

/** Upper hex of a serial's contents octets, without leading zeros. */
export function serialToHex(content: Uint8Array): string {
  return (toHex(content).replace(/^(00)+(?=..)/, '')).toUpperCase();
}

/** IssuerAndSerialNumber with both copied byte for byte (SCEP.md A8.9): a DN that is encoded anew is another one to some clients. */
export function issuerAndSerialDer(certificate: Pick<Certificate, 'issuer' | 'serial'>): Uint8Array {
  return writeSequence(certificate.issuer, write(TAG.integer, certificate.serial));
}

/** The TBSCertificate (v3) to be signed under this scheme. */
export function writeTbsCertificate(contents: CertificateContents, scheme: SignatureScheme): Uint8Array {
  return writeSequence(
    writeExplicit(0, writeInteger(2)),
    writeUnsigned(contents.serial),
    writeSignatureAlgorithm(scheme),
    contents.issuer,
    writeSequence(writeTime(contents.notBefore), writeTime(contents.notAfter)),
    contents.subject,
    contents.spki,
    ...(contents.extensions.length === 0 ? [] : [writeExplicit(3, writeExtensions(contents.extensions))]),
  );
}

export function assembleCertificate(tbs: Uint8Array, scheme: SignatureScheme, signature: Uint8Array): Uint8Array {
  return writeSequence(tbs, writeSignatureAlgorithm(scheme), writeBitString(signature));
}

/** Whether this key made the certificate's signature. Says nothing of names, validity or the right to issue. */
export function verifySignedBy(certificate: Certificate, issuerSpki: Uint8Array, crypto: PublicCrypto): boolean {
  const scheme = certificate.signatureAlgorithm;
  return !('unsupported' in scheme) && crypto.verify(issuerSpki, scheme, certificate.tbs, certificate.signature);
}

/** SHA-1 of the key's BIT STRING octets (RFC 5280 4.2.1.2, method 1): what clients compute too. */
export function keyIdentifierOf(spki: Uint8Array, crypto: PublicCrypto): Uint8Array {
  return crypto.digest('sha1', publicKeyOctets(spki));
}
