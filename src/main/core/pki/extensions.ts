/**
 * The extensions of certificates, requests and CRLs: a value each way for those this product uses, raw bytes for the rest.
 * Which of them a certificate may have is left to profiles and checks. RFC 5280 4.2 and 5.2.
 */
import { fromHex, toHex, utf8 } from '../lib/bytes.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  contextTag,
  decoding,
  readBitString,
  readBoolean,
  readElement,
  readIntegerBytes,
  readOctetString,
  readOid,
  readSmallInteger,
  write,
  writeBitString,
  writeInteger,
  writeOctetString,
  writeOid,
  writeSequence,
  writeTrue,
  writeUnsigned,
} from './der.ts';
import { type GeneralName, parseGeneralName, parseGeneralNames, writeGeneralNames } from './generalNames.ts';
import { OID } from './oids.ts';

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** What the extnValue OCTET STRING holds. */
  readonly value: Uint8Array;
}

export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsageName = (typeof KEY_USAGES)[number];

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength?: number;
}

export interface AccessUrls {
  readonly caIssuers: readonly string[];
  readonly ocsp: readonly string[];
}

/** What the extensions that this product understands say; where one occurs twice, everything that either says. */
export interface ExtensionView {
  readonly keyUsage?: readonly KeyUsageName[];
  readonly extendedKeyUsages?: readonly string[];
  readonly subjectAltNames: readonly GeneralName[];
  readonly basicConstraints?: BasicConstraints;
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  /** OIDs of extensions whose value could not be read: kept raw, to be refused by whoever relies on them. */
  readonly unreadable: readonly string[];
}

// More than any certificate has: a request with thousands of them only costs time.
const MAX_EXTENSIONS = 100;

/** An Extensions SEQUENCE; inside a parser: throws Malformed. */
export function parseExtensions(e: Element | undefined): Extension[] {
  const members = childrenOf(e, TAG.sequence, 'extensions');
  if (members.length > MAX_EXTENSIONS) throw new Malformed('there are too many extensions');
  return members.map((member) => {
    const [oid, second, third, extra] = childrenOf(member, TAG.sequence, 'extension');
    if (extra !== undefined) throw new Malformed('extension has too many members');
    const [critical, value] = third === undefined ? [undefined, second] : [second, third];
    return {
      oid: readOid(oid, 'extension type'),
      critical: critical !== undefined && readBoolean(critical, 'extension criticality'),
      value: readOctetString(value, 'extension value'),
    };
  });
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the extensions that have a field of their own. A value that cannot be read is named in `unreadable`, never guessed at. */
export function viewExtensions(extensions: readonly Extension[]): ExtensionView {
  const view: Writable<ExtensionView> = { subjectAltNames: [], unreadable: [] };
  for (const { oid, value } of extensions) {
    const read = READERS.get(oid);
    if (read === undefined) continue;
    const result = decoding(() => read(view, value));
    if (!result.ok) view.unreadable = [...view.unreadable, oid];
  }
  return view;
}

const READERS: ReadonlyMap<string, (view: Writable<ExtensionView>, value: Uint8Array) => void> = new Map([
  [OID.keyUsage, (view, value) => void (view.keyUsage = union(view.keyUsage, readKeyUsage(value)))],
  [OID.extKeyUsage, (view, value) => void (view.extendedKeyUsages = union(view.extendedKeyUsages, readExtendedKeyUsage(value)))],
  [OID.subjectAltName, (view, value) => void (view.subjectAltNames = [...view.subjectAltNames, ...readSubjectAltName(value)])],
  [
    OID.basicConstraints,
    (view, value) => {
      const read = readBasicConstraints(value);
      if (view.basicConstraints?.ca !== true) view.basicConstraints = read;
    },
  ],
  [OID.subjectKeyIdentifier, (view, value) => void (view.subjectKeyId ??= readSubjectKeyIdentifier(value))],
  [
    OID.authorityKeyIdentifier,
    (view, value) => {
      const keyId = readAuthorityKeyIdentifier(value);
      if (keyId !== undefined) view.authorityKeyId ??= keyId;
    },
  ],
]);

function union<T>(before: readonly T[] | undefined, more: readonly T[]): readonly T[] {
  return before === undefined ? more : [...new Set([...before, ...more])];
}

// ---- reading one value: inside a parser, they throw Malformed ------------------------------------------------------

/** Bits beyond decipherOnly mean nothing (RFC 5280 4.2.1.3) and are refused rather than dropped. */
export function readKeyUsage(value: Uint8Array): KeyUsageName[] {
  const { bytes, unusedBits } = readBitString(readElement(value), 'keyUsage');
  const out: KeyUsageName[] = [];
  for (let bit = 0; bit < bytes.length * 8 - unusedBits; bit++) {
    if (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) === 0) continue;
    const name = KEY_USAGES[bit];
    if (name === undefined) throw new Malformed('keyUsage has an unknown bit');
    out.push(name);
  }
  return out;
}

export function readExtendedKeyUsage(value: Uint8Array): string[] {
  const oids = childrenOf(readElement(value), TAG.sequence, 'extKeyUsage').map((e) => readOid(e, 'extKeyUsage'));
  if (oids.length === 0) throw new Malformed('extKeyUsage is empty');
  return oids;
}

export function readSubjectAltName(value: Uint8Array): GeneralName[] {
  return parseGeneralNames(readElement(value));
}

export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const members = childrenOf(readElement(value), TAG.sequence, 'basicConstraints');
  const first = members[0];
  const ca = first?.tag === TAG.boolean && readBoolean(first, 'basicConstraints cA');
  const [pathLength, extra] = first?.tag === TAG.boolean ? members.slice(1) : members;
  if (extra !== undefined) throw new Malformed('basicConstraints has too many members');
  return pathLength === undefined ? { ca } : { ca, pathLength: readSmallInteger(pathLength, 'pathLenConstraint') };
}

export function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  return readOctetString(readElement(value), 'subjectKeyIdentifier');
}

/** The keyIdentifier of an AKI; undefined where it names issuer and serial only. */
export function readAuthorityKeyIdentifier(value: Uint8Array): Uint8Array | undefined {
  return childrenOf(readElement(value), TAG.sequence, 'authorityKeyIdentifier').find((e) => e.tag === contextTag(0, false))?.content;
}

const URI_TAG = contextTag(6, false);

/** The URIs of every distribution point. */
export function readCrlDistributionPoints(value: Uint8Array): string[] {
  return childrenOf(readElement(value), TAG.sequence, 'cRLDistributionPoints').flatMap((point) => {
    const name = childrenOf(point, TAG.sequence, 'distribution point').find((e) => e.tag === contextTag(0, true));
    const full = name && name.children.find((e) => e.tag === contextTag(0, true));
    return full === undefined ? [] : full.children.filter((e) => e.tag === URI_TAG).map(readUri);
  });
}

function readUri(e: Element): string {
  const name = parseGeneralName(e);
  if (name.kind !== 'uri') throw new Malformed('location is no URI');
  return name.value;
}

export function readAuthorityInfoAccess(value: Uint8Array): AccessUrls {
  const caIssuers: string[] = [];
  const ocsp: string[] = [];
  for (const description of childrenOf(readElement(value), TAG.sequence, 'authorityInfoAccess')) {
    const [method, location] = childrenOf(description, TAG.sequence, 'access description');
    if (location?.tag !== URI_TAG) continue;
    const oid = readOid(method, 'access method');
    if (oid === OID.caIssuers) caIssuers.push(readUri(location));
    if (oid === OID.ocsp) ocsp.push(readUri(location));
  }
  return { caIssuers, ocsp };
}

export function readCrlNumber(value: Uint8Array): bigint {
  const content = readIntegerBytes(readElement(value), 'cRLNumber');
  if (((content[0] ?? 0) & 0x80) !== 0 || content.length > 21) throw new Malformed('cRLNumber is out of range');
  return BigInt(`0x${toHex(content)}`);
}

// ---- writing: a whole Extension, critical where RFC 5280 wants it --------------------------------------------------

export function keyUsageExtension(usages: readonly KeyUsageName[]): Extension {
  let bits = 0;
  for (const usage of usages) bits |= 0x8000 >> KEY_USAGES.indexOf(usage);
  // DER: a named bit list ends with its last set bit (X.690 11.2.2).
  let unused = 0;
  while (bits !== 0 && (bits & (1 << unused)) === 0) unused++;
  const bytes = bits === 0 ? new Uint8Array(0) : unused >= 8 ? Uint8Array.of(bits >> 8) : Uint8Array.of(bits >> 8, bits & 0xff);
  return { oid: OID.keyUsage, critical: true, value: writeBitString(bytes, unused % 8) };
}

export function extendedKeyUsageExtension(oids: readonly string[], critical = false): Extension {
  return { oid: OID.extKeyUsage, critical, value: writeSequence(...oids.map(writeOid)) };
}

/** Critical where the subject is empty (RFC 5280 4.2.1.6). */
export function subjectAltNameExtension(names: readonly GeneralName[], critical: boolean): Extension {
  return { oid: OID.subjectAltName, critical, value: writeGeneralNames(names) };
}

export function basicConstraintsExtension(constraints: BasicConstraints): Extension {
  const { ca, pathLength } = constraints;
  const members = [...(ca ? [writeTrue()] : []), ...(ca && pathLength !== undefined ? [writeInteger(pathLength)] : [])];
  return { oid: OID.basicConstraints, critical: true, value: writeSequence(...members) };
}

export function subjectKeyIdentifierExtension(keyId: Uint8Array): Extension {
  return { oid: OID.subjectKeyIdentifier, critical: false, value: writeOctetString(keyId) };
}

export function authorityKeyIdentifierExtension(keyId: Uint8Array): Extension {
  return { oid: OID.authorityKeyIdentifier, critical: false, value: writeSequence(write(contextTag(0, false), keyId)) };
}

export function crlDistributionPointsExtension(urls: readonly string[]): Extension {
  const points = urls.map((url) => writeSequence(write(contextTag(0, true), write(contextTag(0, true), write(URI_TAG, utf8(url))))));
  return { oid: OID.crlDistributionPoints, critical: false, value: writeSequence(...points) };
}

export function authorityInfoAccessExtension(urls: AccessUrls): Extension {
  const describe = (method: string, url: string): Uint8Array => writeSequence(writeOid(method), write(URI_TAG, utf8(url)));
  return {
    oid: OID.authorityInfoAccess,
    critical: false,
    value: writeSequence(...urls.caIssuers.map((url) => describe(OID.caIssuers, url)), ...urls.ocsp.map((url) => describe(OID.ocsp, url))),
  };
}

export function crlNumberExtension(number: bigint): Extension {
  const hex = number.toString(16);
  return { oid: OID.crlNumber, critical: false, value: writeUnsigned(fromHex(hex.length % 2 === 0 ? hex : `0${hex}`) ?? new Uint8Array(0)) };
}

/** SEQUENCE OF Extension. */
export function writeExtensions(extensions: readonly Extension[]): Uint8Array {
  return writeSequence(...extensions.map((e) => writeSequence(writeOid(e.oid), ...(e.critical ? [writeTrue()] : []), writeOctetString(e.value))));
}

// ---- extended key usages for people --------------------------------------------------------------------------------

const EXTENDED_KEY_USAGE_NAMES = [
  'anyExtendedKeyUsage',
  'serverAuth',
  'clientAuth',
  'codeSigning',
  'emailProtection',
  'ipsecEndSystem',
  'ipsecTunnel',
  'ipsecUser',
  'timeStamping',
  'ocspSigning',
  'eapOverPpp',
  'eapOverLan',
  'ipsecIke',
  'ipsecIkeIntermediate',
  'kerberosClientAuth',
  'kerberosKdc',
  'smartcardLogon',
  'certificateRequestAgent',
  'encryptingFileSystem',
  'documentSigning',
  'msDocumentSigning',
] as const;

const NAME_OF_USAGE: ReadonlyMap<string, string> = new Map(EXTENDED_KEY_USAGE_NAMES.map((name) => [OID[name], name]));
const USAGE_OF_NAME: ReadonlyMap<string, string> = new Map(EXTENDED_KEY_USAGE_NAMES.map((name) => [name.toLowerCase(), OID[name]]));

/** 'clientAuth' for 1.3.6.1.5.5.7.3.2; the OID itself where it has no name. */
export const extendedKeyUsageToText = (oid: string): string => NAME_OF_USAGE.get(oid) ?? oid;

/** The OID of a name that extendedKeyUsageToText prints, or of a dotted OID; undefined for anything else. */
export function parseExtendedKeyUsageText(text: string): string | undefined {
  const trimmed = text.trim();
  return USAGE_OF_NAME.get(trimmed.toLowerCase()) ?? (/^[0-2](\.(0|[1-9]\d{0,14})){1,20}$/.test(trimmed) ? trimmed : undefined);
}
