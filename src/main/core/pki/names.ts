/**
 * Distinguished names: bytes, the text an admin reads and types, and comparison.
 * Text is in encoded order (`O=Test, CN=dev`), escaped so that no value can look like another one in a list.
 * RFC 5280 4.1.2.4 and 7.1, RFC 4514 2.4, RFC 4519.
 */
import { type Result, err, ok } from '../lib/result.ts';
import { concat, equalBytes, fromHex, fromUtf8, toHex, utf8 } from '../lib/bytes.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  decoding,
  expectTag,
  readElement,
  readOid,
  readText,
  write,
  writeOid,
  writeSequence,
  writeSetOf,
} from './der.ts';
import { OID } from './oids.ts';
import { escapeText } from './text.ts';

/** One attribute of a distinguished name. `value` is the whole DER element, `text` its text where it is of a string type. */
export interface NameAttribute {
  readonly oid: string;
  readonly tag: number;
  readonly value: Uint8Array;
  readonly text: string | undefined;
}

/** RDNs in encoded order, each a set of attributes. */
export type DistinguishedName = readonly (readonly NameAttribute[])[];

// Short names as OpenSSL prints them, so that what an admin sees here and on a device's console agree.
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [OID.commonName, 'CN'],
  [OID.surname, 'SN'],
  [OID.serialNumber, 'serialNumber'],
  [OID.countryName, 'C'],
  [OID.localityName, 'L'],
  [OID.stateOrProvinceName, 'ST'],
  [OID.streetAddress, 'street'],
  [OID.organizationName, 'O'],
  [OID.organizationalUnitName, 'OU'],
  [OID.title, 'title'],
  [OID.description, 'description'],
  [OID.businessCategory, 'businessCategory'],
  [OID.postalCode, 'postalCode'],
  [OID.name, 'name'],
  [OID.givenName, 'GN'],
  [OID.initials, 'initials'],
  [OID.generationQualifier, 'generationQualifier'],
  [OID.dnQualifier, 'dnQualifier'],
  [OID.pseudonym, 'pseudonym'],
  [OID.organizationIdentifier, 'organizationIdentifier'],
  [OID.userId, 'UID'],
  [OID.domainComponent, 'DC'],
  [OID.emailAddress, 'emailAddress'],
  [OID.unstructuredName, 'unstructuredName'],
  [OID.unstructuredAddress, 'unstructuredAddress'],
]);

const OID_BY_NAME: ReadonlyMap<string, string> = new Map([
  ...[...SHORT_NAMES].map(([oid, name]): [string, string] => [name.toLowerCase(), oid]),
  ['s', OID.stateOrProvinceName],
  ['e', OID.emailAddress],
  ['email', OID.emailAddress],
  ['g', OID.givenName],
  ['t', OID.title],
  ['dnq', OID.dnQualifier],
  ['userid', OID.userId],
  ['commonname', OID.commonName],
  ['organization', OID.organizationName],
  ['organizationname', OID.organizationName],
  ['organizationalunitname', OID.organizationalUnitName],
  ['countryname', OID.countryName],
  ['localityname', OID.localityName],
  ['stateorprovincename', OID.stateOrProvinceName],
]);

// RFC 5280 appendix A: these types are no DirectoryString.
const PRINTABLE_ONLY: ReadonlySet<string> = new Set([OID.countryName, OID.serialNumber, OID.dnQualifier]);
const IA5_ONLY: ReadonlySet<string> = new Set([OID.emailAddress, OID.domainComponent]);

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const ASCII = /^[ -~]*$/;

/** `CN`, or the dotted number of a type without a short name. */
export const shortNameOf = (oid: string): string => SHORT_NAMES.get(oid) ?? oid;

/** The RDNs of a Name element; inside a parser: throws Malformed. */
export function parseName(e: Element): DistinguishedName {
  return childrenOf(e, TAG.sequence, 'name').map((rdn) => {
    const attributes = childrenOf(rdn, TAG.set, 'relative distinguished name').map(readAttribute);
    if (attributes.length === 0) throw new Malformed('relative distinguished name is empty');
    return attributes;
  });
}

/** Whether this has the shape of a Name, without reading types and values: for parsers that keep a name as bytes. Throws Malformed. */
export function expectName(e: Element): void {
  for (const rdn of childrenOf(e, TAG.sequence, 'name')) {
    const attributes = childrenOf(rdn, TAG.set, 'relative distinguished name');
    if (attributes.length === 0) throw new Malformed('relative distinguished name is empty');
    for (const attribute of attributes) {
      const [oid, value, extra] = childrenOf(attribute, TAG.sequence, 'name attribute');
      if (oid?.tag !== TAG.oid || value === undefined || extra !== undefined) throw new Malformed('name attribute is not a type and a value');
    }
  }
}

function readAttribute(e: Element): NameAttribute {
  const [oid, value, extra] = childrenOf(e, TAG.sequence, 'name attribute');
  if (value === undefined || extra !== undefined) throw new Malformed('name attribute is not a type and a value');
  return { oid: readOid(oid, 'name attribute type'), tag: value.tag, value: value.raw, text: readText(value) };
}

function decodeName(der: Uint8Array): DistinguishedName | undefined {
  const name = decoding(() => parseName(readElement(der)));
  return name.ok ? name.value : undefined;
}

/** A name for people, in encoded order: `O=Test, CN=dev`; bytes that are no name as `#` and hex. */
export function nameToText(der: Uint8Array): string {
  const name = decodeName(der);
  if (name === undefined) return `#${toHex(der).toUpperCase()}`;
  return name.map((rdn) => rdn.map(attributeToText).join(' + ')).join(', ');
}

function attributeToText(a: NameAttribute): string {
  const short = SHORT_NAMES.get(a.oid);
  // RFC 4514 2.4: a value of an unnamed type, or of no string type, stands as its encoding.
  return short === undefined || a.text === undefined ? `${short ?? a.oid}=#${toHex(a.value).toUpperCase()}` : `${short}=${escapeValue(a.text)}`;
}

function escapeValue(text: string): string {
  return escapeText(text, /["+,;<>\\]/g)
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, (space, at: number, all: string) => (all[at - 1] === '\\' && at === 1 ? space : '\\ '));
}

/** Reads `O=Test, CN=dev` and `/O=Test/CN=dev`; DER out, in the order typed. The error is a sentence for whoever typed it. */
export function parseNameText(text: string): Result<Uint8Array, string> {
  // Not trimmed at its end, where an escaped space may stand.
  const trimmed = text.trimStart();
  if (trimmed === '') return ok(writeSequence());
  const rdns: Uint8Array[] = [];
  for (const rdn of trimmed.startsWith('/') ? splitUnescaped(trimmed.slice(1), '/') : splitUnescaped(trimmed, ',')) {
    const attributes: Uint8Array[] = [];
    for (const part of splitUnescaped(rdn, '+')) {
      const attribute = parseAttributeText(part);
      if (!attribute.ok) return attribute;
      attributes.push(attribute.value);
    }
    rdns.push(writeSetOf(...attributes));
  }
  return ok(writeSequence(...rdns));
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function parseAttributeText(text: string): Result<Uint8Array, string> {
  const equals = text.indexOf('=');
  if (equals < 0) return err(`"${text.trim()}" is not of the form TYPE=value`);
  const key = text.slice(0, equals).trim();
  const dotted = key.replace(/^oid\./i, '');
  const oid = OID_BY_NAME.get(key.toLowerCase()) ?? (/^[0-2](\.(0|[1-9]\d{0,14})){1,20}$/.test(dotted) && isOid(dotted) ? dotted : undefined);
  if (oid === undefined) return err(`"${key}" is no known name attribute`);
  const raw = trimUnescaped(text.slice(equals + 1));
  if (raw.startsWith('#')) {
    const der = fromHex(raw.slice(1));
    if (der === undefined || !decoding(() => readElement(der)).ok) return err(`the value of ${key} is no DER in hex`);
    return ok(writeSequence(writeOid(oid), der));
  }
  const value = unescape(raw);
  if (!value.ok) return err(`the value of ${key} ${value.error}`);
  if (value.value === '') return err(`the value of ${key} is empty`);
  if (oid === OID.countryName && !/^[A-Za-z]{2}$/.test(value.value)) return err('C must be a country code of two letters');
  if (PRINTABLE_ONLY.has(oid) && !PRINTABLE.test(value.value)) return err(`the value of ${key} has characters that this attribute cannot hold`);
  if (IA5_ONLY.has(oid) && !ASCII.test(value.value)) return err(`the value of ${key} must be plain ASCII`);
  return ok(writeAttribute(oid, value.value));
}

// X.660: under roots 0 and 1 the second arc is below 40.
const isOid = (dotted: string): boolean => dotted.startsWith('2.') || Number(dotted.split('.')[1]) < 40;

function trimUnescaped(text: string): string {
  const start = text.trimStart();
  const end = start.trimEnd();
  // `CN=a\ ` ends in an escaped space: the backslash before it must not lose it.
  const slashes = /\\*$/.exec(end)?.[0].length ?? 0;
  return slashes % 2 === 1 && end.length < start.length ? start.slice(0, end.length + 1) : end;
}

function unescape(text: string): Result<string, string> {
  const bytes: Uint8Array[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c !== '\\') {
      if (/["<>;]/.test(c)) return err(`has a ${c} that needs a backslash before it`);
      const whole = String.fromCodePoint(text.codePointAt(i) ?? 0);
      bytes.push(utf8(whole));
      i += whole.length - 1;
      continue;
    }
    const pair = /^[0-9a-fA-F]{2}/.exec(text.slice(i + 1))?.[0];
    const next = text[i + 1];
    if (pair !== undefined) {
      bytes.push(Uint8Array.of(Number.parseInt(pair, 16)));
      i += 2;
    } else if (next !== undefined && /[ "#+,;<=>\\/]/.test(next)) {
      bytes.push(utf8(next));
      i += 1;
    } else return err('has a backslash that escapes nothing');
  }
  const value = fromUtf8(concat(bytes));
  return value === undefined ? err('is no UTF-8') : ok(value);
}

/** A Name with one attribute in each RDN, in the given order. */
export function writeName(attributes: readonly { readonly oid: string; readonly value: string }[]): Uint8Array {
  return writeSequence(...attributes.map((a) => writeSetOf(writeAttribute(a.oid, a.value))));
}

function writeAttribute(oid: string, value: string): Uint8Array {
  const tag = IA5_ONLY.has(oid) && ASCII.test(value) ? TAG.ia5String : PRINTABLE.test(value) ? TAG.printableString : TAG.utf8String;
  return writeSequence(writeOid(oid), write(tag, utf8(value)));
}

/**
 * Whether two names are the same name (RFC 5280 7.1): string type, case and runs of white space do not count, order of RDNs does.
 * Devices re-encode: a PrintableString `Acme` in the certificate comes back as UTF8String `ACME` in the renewal.
 */
export function namesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (equalBytes(a, b)) return true;
  const left = decodeName(a);
  const right = decodeName(b);
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  return left.every((rdn, i) => {
    const mine = rdn.map(comparable).sort();
    const theirs = (right[i] ?? []).map(comparable).sort();
    return mine.length === theirs.length && mine.every((v, k) => v === theirs[k]);
  });
}

/**
 * Whether two names say the same with their RDNs in another order, no type of attribute occurring twice in either.
 * Java and OpenSSL print and read names in opposite orders, so jscep renews `CN=x, O=y` as `O=y, CN=x`. Where a type occurs twice
 * (domain components, organisational units) the order is the meaning, and only `namesEqual` will do.
 */
export function namesEqualReordered(a: Uint8Array, b: Uint8Array): boolean {
  const left = decodeName(a)?.flat();
  const right = decodeName(b)?.flat();
  if (left === undefined || right === undefined || left.length !== right.length) return false;
  if (new Set(left.map(({ oid }) => oid)).size !== left.length) return false;
  const mine = left.map(comparable).sort();
  const theirs = right.map(comparable).sort();
  return mine.every((v, i) => v === theirs[i]);
}

function comparable(a: NameAttribute): string {
  if (a.text === undefined) return `${a.oid}=#${toHex(a.value)}`;
  return `${a.oid}=${a.text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()}`;
}

/** The last commonName, which is the most specific one; undefined where there is none. */
export const commonNameOf = (der: Uint8Array): string | undefined => lastTextOf(der, OID.commonName);

/** The last organizationName; undefined where there is none. */
export const organizationNameOf = (der: Uint8Array): string | undefined => lastTextOf(der, OID.organizationName);

function lastTextOf(der: Uint8Array, oid: string): string | undefined {
  return decodeName(der)
    ?.flat()
    .findLast((a) => a.oid === oid && a.text !== undefined)?.text;
}

/** Whether a Name has no RDN at all. */
export function isEmptyName(der: Uint8Array): boolean {
  const name = decoding(() => expectTag(readElement(der), TAG.sequence, 'name').content.length === 0);
  return name.ok && name.value;
}
