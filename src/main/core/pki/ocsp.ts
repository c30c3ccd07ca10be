/**
 * OCSP: a request as bytes read into values, and values written as a response. Who answers, what the status is and for how long
 * it stands is left to core/ca and application. RFC 6960 section 4, RFC 9654 (nonce).
 */
import type { Instant } from '../lib/instant.ts';
import type { Result } from '../lib/result.ts';
import { type Unsupported, parseDigestAlgorithm, writeSignatureAlgorithm } from './algorithms.ts';
import { serialToHex } from './certificate.ts';
import { REASON_CODES, type RevokedEntry } from './crl.ts';
import type { DigestName, SignatureScheme } from './crypto.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  contextTag,
  decoding,
  expectTag,
  readElement,
  readIntegerBytes,
  readOctetString,
  readSmallInteger,
  unwrapExplicit,
  write,
  writeBitString,
  writeExplicit,
  writeGeneralizedTime,
  writeNull,
  writeOctetString,
  writeOid,
  writeSequence,
} from './der.ts';
import { type Extension, parseExtensions, writeExtensions } from './extensions.ts';
import { OID } from './oids.ts';

/** Which certificate is asked about: its issuer by two digests, and its serial. */
export interface CertId {
  /** The CertID as it came: a response repeats it octet by octet, for clients compare it so. */
  readonly der: Uint8Array;
  readonly digest: DigestName | Unsupported;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** Upper hex without leading zeros. */
  readonly serialHex: string;
}

export interface OcspRequest {
  readonly certIds: readonly CertId[];
  /** What the nonce extension holds, to be repeated octet by octet. */
  readonly nonce?: Uint8Array;
}

export type CertificateStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly at: Instant; readonly reason?: RevokedEntry['reason'] }
  /** Never issued by the CA that was asked about. */
  | { readonly kind: 'unknown' };

export interface OcspContents {
  /** SHA-1 of the signer's key, as its certificate's subjectKeyIdentifier has it: byKey is shorter than a name and never mistaken. */
  readonly responderKeyHash: Uint8Array;
  readonly producedAt: Instant;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly answers: readonly { readonly certId: CertId; readonly status: CertificateStatus }[];
  readonly nonce?: Uint8Array | undefined;
}

/** Why there is no answer; said without a signature (RFC 6960 4.2.1). */
export type OcspFailure = 'malformedRequest' | 'tryLater' | 'unauthorized';

const FAILURE_CODES: Readonly<Record<OcspFailure, number>> = { malformedRequest: 1, tryLater: 3, unauthorized: 6 };

// A chain has three or four certificates; each one asked about is a look into the store.
const MAX_CERT_IDS = 16;
const MAX_SERIAL_BYTES = 64;
// RFC 9654 2.1: a nonce of no octets or of more than these makes the request malformed.
const MAX_NONCE_BYTES = 128;

/**
 * Reads a request. Who signed it does not matter here and is not looked at: everybody may ask, and RFC 6960 4.1.2 leaves it to the responder.
 * An unknown critical extension makes it malformed, for what it demands cannot be given.
 */
export function parseOcspRequest(der: Uint8Array): Result<OcspRequest, string> {
  return decoding(() => readRequest(readElement(der)));
}

function readRequest(e: Element): OcspRequest {
  const [tbs, signature, extra] = childrenOf(e, TAG.sequence, 'OCSP request');
  if (extra !== undefined || (signature !== undefined && signature.tag !== contextTag(0, true))) throw new Malformed('OCSP request has an unknown member');
  const fields = childrenOf(tbs, TAG.sequence, 'OCSP request contents');
  let at = 0;
  const take = (tag: number): Element | undefined => (fields[at]?.tag === tag ? fields[at++] : undefined);

  const version = take(contextTag(0, true));
  if (version !== undefined && readSmallInteger(unwrapExplicit(version, 'OCSP version'), 'OCSP version') !== 0) throw new Malformed('OCSP version is not 1');
  take(contextTag(1, true));
  const requests = childrenOf(take(TAG.sequence), TAG.sequence, 'request list');
  const wrapper = take(contextTag(2, true));
  if (at !== fields.length) throw new Malformed('OCSP request contents have an unknown member');
  if (requests.length === 0) throw new Malformed('OCSP request asks about nothing');
  if (requests.length > MAX_CERT_IDS) throw new Malformed('OCSP request asks about too many certificates');
  const extensions = wrapper === undefined ? [] : parseExtensions(unwrapExplicit(wrapper, 'request extensions'));
  refuseCritical(extensions, [OID.ocspNonce]);
  const nonces = extensions.filter(({ oid }) => oid === OID.ocspNonce);
  if (nonces.length > 1) throw new Malformed('OCSP request has two nonces');
  const certIds = requests.map(readSingleRequest);
  return nonces[0] === undefined ? { certIds } : { certIds, nonce: readNonce(nonces[0].value) };
}

function refuseCritical(extensions: readonly Extension[], known: readonly string[]): void {
  const stranger = extensions.find(({ critical, oid }) => critical && !known.includes(oid));
  if (stranger !== undefined) throw new Malformed(`critical OCSP extension ${stranger.oid} is not understood`);
}

function readSingleRequest(e: Element): CertId {
  const [certId, wrapper, extra] = childrenOf(e, TAG.sequence, 'single request');
  if (extra !== undefined || (wrapper !== undefined && wrapper.tag !== contextTag(0, true))) throw new Malformed('single request has an unknown member');
  if (wrapper !== undefined) refuseCritical(parseExtensions(unwrapExplicit(wrapper, 'single request extensions')), []);
  return readCertId(expectTag(certId, TAG.sequence, 'CertID'));
}

function readCertId(e: Element): CertId {
  const [algorithm, issuerName, issuerKey, serial, extra] = e.children;
  if (extra !== undefined) throw new Malformed('CertID has too many members');
  const serialBytes = readIntegerBytes(serial, 'serial number');
  if (serialBytes.length > MAX_SERIAL_BYTES) throw new Malformed('serial number is too long');
  return {
    der: e.raw,
    digest: parseDigestAlgorithm(algorithm),
    issuerNameHash: readOctetString(issuerName, 'issuerNameHash'),
    issuerKeyHash: readOctetString(issuerKey, 'issuerKeyHash'),
    serialHex: serialToHex(serialBytes),
  };
}

/** RFC 9654 wraps the octets in an OCTET STRING; BouncyCastle's older clients wrote them bare, as RFC 2560 let them. */
function readNonce(value: Uint8Array): Uint8Array {
  const wrapped = decoding(() => readOctetString(readElement(value), 'nonce'));
  const { length } = wrapped.ok ? wrapped.value : value;
  if (length === 0 || length > MAX_NONCE_BYTES) throw new Malformed('nonce is empty or too long');
  return value;
}

/** The ResponseData to be signed. */
export function writeTbsOcspResponse(contents: OcspContents): Uint8Array {
  const { responderKeyHash, producedAt, thisUpdate, nextUpdate, answers, nonce } = contents;
  return writeSequence(
    writeExplicit(2, writeOctetString(responderKeyHash)),
    writeGeneralizedTime(producedAt),
    writeSequence(
      ...answers.map(({ certId, status }) => writeSequence(certId.der, writeStatus(status), writeGeneralizedTime(thisUpdate), writeExplicit(0, writeGeneralizedTime(nextUpdate)))),
    ),
    ...(nonce === undefined ? [] : [writeExplicit(1, writeExtensions([{ oid: OID.ocspNonce, critical: false, value: nonce }]))]),
  );
}

function writeStatus(status: CertificateStatus): Uint8Array {
  switch (status.kind) {
    case 'good':
      return write(contextTag(0, false));
    case 'revoked': {
      // As on a CRL (RFC 5280 5.3.1), "unspecified" is said by leaving the reason out.
      const reason = status.reason === undefined || status.reason === 'unspecified' ? [] : [writeExplicit(0, write(TAG.enumerated, Uint8Array.of(REASON_CODES[status.reason])))];
      return write(contextTag(1, true), writeGeneralizedTime(status.at), ...reason);
    }
    case 'unknown':
      return write(contextTag(2, false));
  }
}

/** A successful OCSPResponse; `certificates` (DER) are what a client needs to check the signature, the signer's first. */
export function assembleOcspResponse(tbs: Uint8Array, scheme: SignatureScheme, signature: Uint8Array, certificates: readonly Uint8Array[]): Uint8Array {
  const basic = writeSequence(tbs, writeSignatureAlgorithm(scheme), writeBitString(signature), writeExplicit(0, writeSequence(...certificates)));
  return writeSequence(write(TAG.enumerated, Uint8Array.of(0)), writeExplicit(0, writeSequence(writeOid(OID.ocspBasic), writeOctetString(basic))));
}

/** An OCSPResponse that holds no answer. */
export const writeOcspFailure = (failure: OcspFailure): Uint8Array => writeSequence(write(TAG.enumerated, Uint8Array.of(FAILURE_CODES[failure])));

/** id-pkix-ocsp-nocheck: relying parties need not ask whether the signer itself was revoked (RFC 6960 4.2.2.2.1). */
export const ocspNoCheckExtension = (): Extension => ({ oid: OID.ocspNoCheck, critical: false, value: writeNull() });
