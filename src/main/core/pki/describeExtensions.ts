/**
 * A certificate's extensions in words, one line for each value: for whoever looks at a certificate or at the preview of one.
 * Reads foreign certificates too: what it does not know, or cannot read, is shown as hex and never left out. RFC 5280 4.2.
 */
import { toHex } from '../lib/bytes.ts';
import { type Element, Malformed, TAG, childrenOf, contextTag, decoding, readBitString, readElement, readIntegerBytes, readOid, readSmallInteger, readText } from './der.ts';
import {
  type Extension,
  type KeyUsageName,
  extendedKeyUsageToText,
  readBasicConstraints,
  readCrlNumber,
  readExtendedKeyUsage,
  readKeyUsage,
  readSubjectAltName,
  readSubjectKeyIdentifier,
} from './extensions.ts';
import { generalNameToText, parseGeneralName } from './generalNames.ts';
import { nameTreeToText, parseNameConstraints } from './nameConstraints.ts';
import { OID } from './oids.ts';
import { escapeText } from './text.ts';

export interface DescribedExtension {
  readonly oid: string;
  /** As people call it; the OID where it has no name here. */
  readonly name: string;
  readonly critical: boolean;
  /** One line for each value. */
  readonly text: string;
}

/** Every extension, in the order of the certificate. */
export const describeExtensions = (extensions: readonly Extension[]): readonly DescribedExtension[] => extensions.map(describe);

function describe({ oid, critical, value }: Extension): DescribedExtension {
  const known = KNOWN.get(oid);
  if (known === undefined) return { oid, name: oid, critical, text: describeUnknown(value) };
  const lines = decoding(() => known.read(value));
  return { oid, name: known.name, critical, text: lines.ok ? lines.value.join('\n') : ['cannot be read:', ...hexLines(value)].join('\n') };
}

interface Known {
  readonly name: string;
  /** Throws Malformed. */
  readonly read: (value: Uint8Array) => readonly string[];
}

const USAGE_WORDS: Readonly<Record<KeyUsageName, string>> = {
  digitalSignature: 'Digital signature',
  nonRepudiation: 'Non-repudiation',
  keyEncipherment: 'Key encipherment',
  dataEncipherment: 'Data encipherment',
  keyAgreement: 'Key agreement',
  keyCertSign: 'Certificate signing',
  cRLSign: 'CRL signing',
  encipherOnly: 'Encipher only',
  decipherOnly: 'Decipher only',
};

const NETSCAPE_TYPES = ['SSL client', 'SSL server', 'S/MIME', 'Object signing', 'Reserved', 'SSL CA', 'S/MIME CA', 'Object signing CA'] as const;

const ACCESS_METHODS: ReadonlyMap<string, string> = new Map([
  [OID.caIssuers, 'CA certificate'],
  [OID.ocsp, 'OCSP'],
  ['1.3.6.1.5.5.7.48.3', 'Time stamping'],
  ['1.3.6.1.5.5.7.48.5', 'CA repository'],
]);

const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  [OID.keyUsage, { name: 'Key usage', read: (value) => readKeyUsage(value).map((usage) => `${USAGE_WORDS[usage]} (${usage})`) }],
  [OID.extKeyUsage, { name: 'Extended key usage', read: (value) => readExtendedKeyUsage(value).map(describeUsage) }],
  [OID.subjectAltName, { name: 'Subject alternative name', read: (value) => readSubjectAltName(value).map(generalNameToText) }],
  [OID.issuerAltName, { name: 'Issuer alternative name', read: (value) => readSubjectAltName(value).map(generalNameToText) }],
  [OID.basicConstraints, { name: 'Basic constraints', read: describeBasicConstraints }],
  [OID.subjectKeyIdentifier, { name: 'Subject key identifier', read: (value) => [colons(readSubjectKeyIdentifier(value))] }],
  [OID.authorityKeyIdentifier, { name: 'Authority key identifier', read: describeAuthorityKeyIdentifier }],
  [OID.crlDistributionPoints, { name: 'CRL distribution points', read: describeDistributionPoints }],
  [OID.freshestCrl, { name: 'Freshest CRL', read: describeDistributionPoints }],
  [OID.authorityInfoAccess, { name: 'Authority information access', read: describeAccess }],
  ['1.3.6.1.5.5.7.1.11', { name: 'Subject information access', read: describeAccess }],
  [OID.certificatePolicies, { name: 'Certificate policies', read: describePolicies }],
  [OID.nameConstraints, { name: 'Name constraints', read: describeNameConstraints }],
  [OID.policyConstraints, { name: 'Policy constraints', read: describePolicyConstraints }],
  [OID.inhibitAnyPolicy, { name: 'Inhibit any policy', read: (value) => [`After ${skipped(readSmallInteger(readElement(value), 'inhibitAnyPolicy'))}`] }],
  [OID.crlNumber, { name: 'CRL number', read: (value) => [readCrlNumber(value).toString()] }],
  [OID.ocspNoCheck, { name: 'OCSP no check', read: () => ['Need not be checked for revocation'] }],
  [OID.msCertificateTemplateName, { name: 'Microsoft certificate template name', read: (value) => [readShownText(readElement(value))] }],
  [OID.msCertificateTemplate, { name: 'Microsoft certificate template', read: describeTemplate }],
  [OID.msApplicationPolicies, { name: 'Microsoft application policies', read: describePolicies }],
  [OID.msSecurityIdentifier, { name: 'Microsoft security identifier (SID)', read: describeSecurityIdentifier }],
  ['2.16.840.1.113730.1.1', { name: 'Netscape certificate type', read: describeNetscapeType }],
  ['2.16.840.1.113730.1.13', { name: 'Netscape comment', read: (value) => [readShownText(readElement(value))] }],
]);

const colons = (bytes: Uint8Array): string => toHex(bytes).toUpperCase().replace(/..(?=.)/g, '$&:');

const describeUsage = (oid: string): string => {
  const name = extendedKeyUsageToText(oid);
  return name === oid ? oid : `${name} (${oid})`;
};

function describeBasicConstraints(value: Uint8Array): readonly string[] {
  const { ca, pathLength } = readBasicConstraints(value);
  if (!ca) return ['Not a certificate authority'];
  return ['Certificate authority', ...(pathLength === undefined ? [] : [pathLength === 0 ? 'No CA below it' : `At most ${pathLength} CA${pathLength === 1 ? '' : 's'} below it`])];
}

function describeAuthorityKeyIdentifier(value: Uint8Array): readonly string[] {
  return childrenOf(readElement(value), TAG.sequence, 'authorityKeyIdentifier').map((member) => {
    switch (member.tag) {
      case contextTag(0, false):
        return colons(member.content);
      case contextTag(1, true):
        return `Issuer: ${member.children.map((name) => generalNameToText(parseGeneralName(name))).join(', ')}`;
      case contextTag(2, false):
        return `Serial: ${toHex(member.content).toUpperCase()}`;
      default:
        throw new Malformed('authorityKeyIdentifier has an unknown member');
    }
  });
}

/** Each point's names; RFC 5280 4.2.1.13 also allows a name relative to the issuer, and reasons, which nobody writes. */
function describeDistributionPoints(value: Uint8Array): readonly string[] {
  return childrenOf(readElement(value), TAG.sequence, 'distribution points').flatMap((point) => {
    const name = childrenOf(point, TAG.sequence, 'distribution point').find((e) => e.tag === contextTag(0, true));
    const full = name?.children.find((e) => e.tag === contextTag(0, true));
    return full === undefined ? hexLines(point.raw) : full.children.map((e) => generalNameToText(parseGeneralName(e)));
  });
}

function describeAccess(value: Uint8Array): readonly string[] {
  return childrenOf(readElement(value), TAG.sequence, 'information access').map((description) => {
    const [method, location] = childrenOf(description, TAG.sequence, 'access description');
    const oid = readOid(method, 'access method');
    if (location === undefined) throw new Malformed('access description has no location');
    return `${ACCESS_METHODS.get(oid) ?? oid}: ${generalNameToText(parseGeneralName(location))}`;
  });
}

const CPS_POINTER = '1.3.6.1.5.5.7.2.1';
const ANY_POLICY = '2.5.29.32.0';

function describePolicies(value: Uint8Array): readonly string[] {
  return childrenOf(readElement(value), TAG.sequence, 'policies').flatMap((policy) => {
    const [type, qualifiers] = childrenOf(policy, TAG.sequence, 'policy');
    const oid = readOid(type, 'policy');
    const named = oid === ANY_POLICY ? `Any policy (${oid})` : describeUsage(oid);
    const pointers = (qualifiers?.children ?? []).flatMap((qualifier) => {
      const [kind, pointer] = childrenOf(qualifier, TAG.sequence, 'policy qualifier');
      return readOid(kind, 'policy qualifier') === CPS_POINTER && pointer !== undefined ? [`Statement: ${readShownText(pointer)}`] : [];
    });
    return [named, ...pointers];
  });
}

function describeNameConstraints(value: Uint8Array): readonly string[] {
  const parsed = parseNameConstraints(value);
  if (!parsed.ok) throw new Malformed(parsed.error);
  const { permitted, excluded } = parsed.value;
  return [...permitted.map((tree) => `Only ${nameTreeToText(tree)}`), ...excluded.map((tree) => `Never ${nameTreeToText(tree)}`)];
}

const skipped = (certificates: number): string => (certificates === 1 ? '1 more certificate' : `${certificates} more certificates`);

function describePolicyConstraints(value: Uint8Array): readonly string[] {
  return childrenOf(readElement(value), TAG.sequence, 'policyConstraints').map((member) => {
    const count = Number.parseInt(toHex(member.content), 16);
    if (member.tag === contextTag(0, false)) return `A policy is required after ${skipped(count)}`;
    if (member.tag === contextTag(1, false)) return `No policy mapping after ${skipped(count)}`;
    throw new Malformed('policyConstraints has an unknown member');
  });
}

function describeTemplate(value: Uint8Array): readonly string[] {
  const [oid, major, minor] = childrenOf(readElement(value), TAG.sequence, 'template');
  const number = (e: Element | undefined): string => Number.parseInt(toHex(readIntegerBytes(e, 'template version')), 16).toString();
  const version = major === undefined ? '' : ` version ${number(major)}${minor === undefined ? '' : `.${number(minor)}`}`;
  return [`${readOid(oid, 'template')}${version}`];
}

/** SEQUENCE OF [0] otherName holding an OCTET STRING with `S-1-5-…` in ASCII (SCEP.md F3). */
function describeSecurityIdentifier(value: Uint8Array): readonly string[] {
  return childrenOf(readElement(value), TAG.sequence, 'security identifier').map((name) => {
    const octets = name.children[1]?.children[0];
    if (octets?.tag !== TAG.octetString) throw new Malformed('security identifier has no value');
    return escapeText(String.fromCharCode(...octets.content), /\\/g);
  });
}

function describeNetscapeType(value: Uint8Array): readonly string[] {
  const { bytes } = readBitString(readElement(value), 'certificate type');
  return NETSCAPE_TYPES.filter((_, bit) => ((bytes[0] ?? 0) & (0x80 >> bit)) !== 0);
}

function readShownText(e: Element): string {
  const text = readText(e);
  if (text === undefined) throw new Malformed('value is no text');
  return escapeText(text, /\\/g);
}

const LINE_OCTETS = 16;
const MOST_LINES = 16;

/** Upper hex, sixteen octets a line; a value that would fill the page is cut, and says so. */
function hexLines(bytes: Uint8Array): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length && lines.length < MOST_LINES; at += LINE_OCTETS) lines.push(colons(bytes.subarray(at, at + LINE_OCTETS)));
  const left = bytes.length - MOST_LINES * LINE_OCTETS;
  return left > 0 ? [...lines, `… and ${left} more octets`] : lines;
}

/** The text of a string, the number of a small integer, TRUE or FALSE, else hex. */
function describeUnknown(value: Uint8Array): string {
  const said = decoding((): string | undefined => {
    const e = readElement(value);
    const text = readText(e);
    return text === undefined ? undefined : escapeText(text, /\\/g);
  });
  const text = said.ok ? said.value : undefined;
  if (text !== undefined && text !== '') return text;
  return value.length === 0 ? '(empty)' : hexLines(value).join('\n');
}
