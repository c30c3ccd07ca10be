/**
 * Certificate revocation lists, version 2, full and direct: no deltas, no indirect ones (SCEP.md F4).
 * Owns their bytes; when one is due and what stands in it is left to core/ca. RFC 5280 section 5.
 */
import type { Instant } from '../lib/instant.ts';
import type { Result } from '../lib/result.ts';
import { equalBytes } from '../lib/bytes.ts';
import { type Unsupported, parseSignatureAlgorithm, writeSignatureAlgorithm } from './algorithms.ts';
import { readNameBytes, readSignature, serialToHex } from './certificate.ts';
import type { PublicCrypto, SignatureScheme } from './crypto.ts';
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
import {
  type Extension,
  authorityKeyIdentifierExtension,
  crlNumberExtension,
  parseExtensions,
  readAuthorityKeyIdentifier,
  readCrlNumber,
  writeExtensions,
} from './extensions.ts';
import { OID } from './oids.ts';

/** CRLReason by RFC 5280's names; value 7 does not exist. */
export const REASON_CODES = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type RevocationReason = keyof typeof REASON_CODES;

const REASON_OF_CODE: ReadonlyMap<number, RevocationReason> = new Map(
  (Object.keys(REASON_CODES) as RevocationReason[]).map((reason) => [REASON_CODES[reason], reason]),
);

export interface RevokedEntry {
  /** Magnitude. */
  readonly serial: Uint8Array;
  readonly at: Instant;
  /** removeFromCRL has a meaning only in delta CRLs, which are not made here. */
  readonly reason?: Exclude<RevocationReason, 'removeFromCRL'>;
}

export interface CrlContents {
  /** DER Name. */
  readonly issuer: Uint8Array;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly number: bigint;
  readonly authorityKeyId: Uint8Array;
  readonly revoked: readonly RevokedEntry[];
}

export interface Crl {
  readonly der: Uint8Array;
  /** The signed bytes. */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: SignatureScheme | Unsupported;
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: Instant;
  readonly nextUpdate?: Instant;
  readonly number?: bigint;
  readonly authorityKeyId?: Uint8Array;
  /** Serials in upper hex; no reason where none is given. */
  readonly revoked: readonly { readonly serialHex: string; readonly at: Instant; readonly reason?: RevocationReason }[];
}

/** The TBSCertList to be signed under this scheme. */
export function writeTbsCrl(contents: CrlContents, scheme: SignatureScheme): Uint8Array {
  const { revoked } = contents;
  return writeSequence(
    writeInteger(1),
    writeSignatureAlgorithm(scheme),
    contents.issuer,
    writeTime(contents.thisUpdate),
    writeTime(contents.nextUpdate),
    // RFC 5280 5.1.2.6: an empty list must be absent.
    ...(revoked.length === 0 ? [] : [writeSequence(...revoked.map(writeEntry))]),
    writeExplicit(0, writeExtensions([authorityKeyIdentifierExtension(contents.authorityKeyId), crlNumberExtension(contents.number)])),
  );
}

function writeEntry(entry: RevokedEntry): Uint8Array {
  // RFC 5280 5.3.1: "unspecified" is said by leaving the reason out.
  const reasons =
    entry.reason === undefined || entry.reason === 'unspecified'
      ? []
      : [writeExtensions([{ oid: OID.reasonCode, critical: false, value: write(TAG.enumerated, Uint8Array.of(REASON_CODES[entry.reason])) }])];
  return writeSequence(writeUnsigned(entry.serial), writeTime(entry.at), ...reasons);
}

export function assembleCrl(tbs: Uint8Array, scheme: SignatureScheme, signature: Uint8Array): Uint8Array {
  return writeSequence(tbs, writeSignatureAlgorithm(scheme), writeBitString(signature));
}

/** Reads a full CRL. One with a critical extension that is not understood here (a delta, an indirect one) is an error: it would be misread. */
export function parseCrl(der: Uint8Array): Result<Crl, string> {
  return decoding(() => readCrl(readElement(der)));
}

function readCrl(e: Element): Crl {
  const [tbs, algorithm, signature, extra] = childrenOf(e, TAG.sequence, 'CRL');
  if (extra !== undefined) throw new Malformed('CRL has too many members');
  const fields = childrenOf(tbs, TAG.sequence, 'CRL contents');
  let at = 0;
  const take = (...tags: readonly number[]): Element | undefined => (tags.includes(fields[at]?.tag ?? -1) ? fields[at++] : undefined);

  const version = take(TAG.integer);
  if (version !== undefined && readSmallInteger(version, 'CRL version') !== 1) throw new Malformed('CRL version is not 2');
  const innerAlgorithm = expectTag(take(TAG.sequence), TAG.sequence, 'signature algorithm');
  if (!equalBytes(innerAlgorithm.content, expectTag(algorithm, TAG.sequence, 'signature algorithm').content)) {
    throw new Malformed('the two signature algorithms of the CRL differ');
  }
  const issuer = readNameBytes(take(TAG.sequence), 'CRL issuer');
  const thisUpdate = readTime(take(TAG.utcTime, TAG.generalizedTime), 'thisUpdate');
  const nextUpdate = take(TAG.utcTime, TAG.generalizedTime);
  const revoked = take(TAG.sequence);
  const wrapper = take(contextTag(0, true));
  if (at !== fields.length) throw new Malformed('CRL has an unknown member');
  const extensions = wrapper === undefined ? [] : parseExtensions(unwrapExplicit(wrapper, 'CRL extensions'));
  const number = understood(extensions, OID.crlNumber, [OID.crlNumber, OID.authorityKeyIdentifier]);
  const authorityKey = extensions.find((x) => x.oid === OID.authorityKeyIdentifier);
  const authorityKeyId = authorityKey && readAuthorityKeyIdentifier(authorityKey.value);
  return {
    der: e.raw,
    tbs: expectTag(tbs, TAG.sequence, 'CRL contents').raw,
    signatureAlgorithm: parseSignatureAlgorithm(algorithm),
    signature: readSignature(signature),
    issuer,
    thisUpdate,
    ...(nextUpdate === undefined ? {} : { nextUpdate: readTime(nextUpdate, 'nextUpdate') }),
    ...(number === undefined ? {} : { number: readCrlNumber(number.value) }),
    ...(authorityKeyId === undefined ? {} : { authorityKeyId }),
    revoked: revoked === undefined ? [] : childrenOf(revoked, TAG.sequence, 'revoked certificates').map(readEntry),
  };
}

/** The extension of this type; throws where a critical one is not among those understood. */
function understood(extensions: readonly Extension[], oid: string, known: readonly string[]): Extension | undefined {
  const stranger = extensions.find((x) => x.critical && !known.includes(x.oid));
  if (stranger !== undefined) throw new Malformed(`critical CRL extension ${stranger.oid} is not understood`);
  return extensions.find((x) => x.oid === oid);
}

function readEntry(e: Element): Crl['revoked'][number] {
  const [serial, at, extensions, extra] = childrenOf(e, TAG.sequence, 'revoked certificate');
  if (extra !== undefined) throw new Malformed('revoked certificate has too many members');
  const entry = { serialHex: serialToHex(readIntegerBytes(serial, 'serial number')), at: readTime(at, 'revocation date') };
  if (extensions === undefined) return entry;
  const reasonCode = understood(parseExtensions(extensions), OID.reasonCode, [OID.reasonCode]);
  if (reasonCode === undefined) return entry;
  const { content } = expectTag(readElement(reasonCode.value), TAG.enumerated, 'reasonCode');
  const reason = content.length === 1 ? REASON_OF_CODE.get(content[0] ?? -1) : undefined;
  if (reason === undefined) throw new Malformed('reasonCode is unknown');
  return { ...entry, reason };
}

/** Whether this key made the CRL's signature. */
export function verifyCrl(crl: Crl, issuerSpki: Uint8Array, crypto: PublicCrypto): boolean {
  return !('unsupported' in crl.signatureAlgorithm) && crypto.verify(issuerSpki, crl.signatureAlgorithm, crl.tbs, crl.signature);
}
