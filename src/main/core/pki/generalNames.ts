/**
 * GeneralNames, as subjectAltName and its kin carry them: bytes, values, and the text an admin reads and types.
 * Names with control characters are not read at all: `good.example\0.evil.example` must never be half understood.
 * RFC 5280 4.2.1.6; Microsoft's UPN is an otherName (SCEP.md F2); addresses as RFC 5952 writes them.
 */
import { type Result, err, ok } from '../lib/result.ts';
import { assertNever } from '../lib/assertNever.ts';
import { equalBytes, fromHex, fromUtf8, toHex, utf8 } from '../lib/bytes.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  contextTag,
  decoding,
  readElement,
  oidToText,
  readOid,
  readText,
  unwrapExplicit,
  write,
  writeExplicit,
  writeOid,
  writeSequence,
  writeUtf8String,
} from './der.ts';
import { nameToText, namesEqual, parseName, parseNameText } from './names.ts';
import { OID } from './oids.ts';
import { escapeText } from './text.ts';

export type GeneralName =
  | { readonly kind: 'dns' | 'ip' | 'email' | 'uri' | 'upn'; readonly value: string }
  | { readonly kind: 'directory'; readonly value: string; readonly der: Uint8Array }
  | { readonly kind: 'rid'; readonly value: string }
  /** otherName of another type; `der` is the whole element. */
  | { readonly kind: 'other'; readonly oid: string; readonly der: Uint8Array }
  /** x400Address and ediPartyName; `der` is the whole element. */
  | { readonly kind: 'unsupported'; readonly der: Uint8Array };

const TAGS = {
  other: contextTag(0, true),
  email: contextTag(1, false),
  dns: contextTag(2, false),
  x400: contextTag(3, true),
  directory: contextTag(4, true),
  ediParty: contextTag(5, true),
  uri: contextTag(6, false),
  ip: contextTag(7, false),
  rid: contextTag(8, false),
} as const;

/** One GeneralName; inside a parser: throws Malformed. */
export function parseGeneralName(e: Element): GeneralName {
  switch (e.tag) {
    case TAGS.dns:
      return { kind: 'dns', value: readAscii(e, 'dNSName') };
    case TAGS.email:
      return { kind: 'email', value: readAscii(e, 'rfc822Name') };
    case TAGS.uri:
      return { kind: 'uri', value: readAscii(e, 'uniformResourceIdentifier') };
    case TAGS.ip:
      return { kind: 'ip', value: readAddress(e.content) };
    case TAGS.directory: {
      const name = unwrapExplicit(e, 'directoryName');
      parseName(name);
      return { kind: 'directory', value: nameToText(name.raw), der: name.raw };
    }
    case TAGS.rid:
      return { kind: 'rid', value: oidToText(e.content, 'registeredID') };
    case TAGS.other:
      return readOtherName(e);
    case TAGS.x400:
    case TAGS.ediParty:
      return { kind: 'unsupported', der: e.raw };
    default:
      throw new Malformed(`general name has tag 0x${e.tag.toString(16)}`);
  }
}

function readAscii(e: Element, what: string): string {
  let out = '';
  for (const b of e.content) {
    if (b < 0x20 || b > 0x7e) throw new Malformed(`${what} has a byte that is no printable ASCII`);
    out += String.fromCharCode(b);
  }
  return out;
}

function readOtherName(e: Element): GeneralName {
  const [type, value, extra] = e.children;
  const oid = readOid(type, 'otherName type');
  if (value?.tag !== contextTag(0, true) || extra !== undefined) throw new Malformed('otherName has no value');
  const inner = unwrapExplicit(value, 'otherName value');
  if (oid !== OID.msUserPrincipalName) return { kind: 'other', oid, der: e.raw };
  const text = readText(inner);
  if (text === undefined || /\p{Cc}/u.test(text)) throw new Malformed('user principal name is no text');
  return { kind: 'upn', value: text };
}

/** The names within a GeneralNames SEQUENCE; inside a parser: throws Malformed. */
export function parseGeneralNames(e: Element | undefined): GeneralName[] {
  const names = childrenOf(e, TAG.sequence, 'general names').map(parseGeneralName);
  if (names.length === 0) throw new Malformed('general names are empty');
  return names;
}

/** An address of 4 or 16 octets as RFC 5952 writes it; throws Malformed at others. */
export function readAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new Malformed('iPAddress has neither 4 nor 16 octets');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  // RFC 5952 4.2: the longest run of two or more zero groups, the first of equals, becomes `::`.
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = groups.map((g) => g.toString(16));
  return best.at < 0 ? hex.join(':') : `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`;
}

/** Its 4 or 16 octets; undefined where the text is no address. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseDottedQuad(text);
  let groups = text;
  const tail = /(?<=:)\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0];
  if (tail !== undefined) {
    const quad = parseDottedQuad(tail);
    if (quad === undefined) return undefined;
    const hex = toHex(quad);
    groups = `${text.slice(0, -tail.length)}${hex.slice(0, 4)}:${hex.slice(4)}`;
  }
  const halves = groups.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((h) => (h === '' ? [] : h.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!all.every((g) => /^[0-9a-fA-F]{1,4}$/.test(g))) return undefined;
  return fromHex(all.map((g) => g.padStart(4, '0')).join(''));
}

function parseDottedQuad(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  // A leading zero means octal to some systems and nothing to others: refused.
  if (parts.length !== 4 || !parts.every((p) => /^(0|[1-9]\d{0,2})$/.test(p) && Number(p) < 256)) return undefined;
  return Uint8Array.from(parts, Number);
}

/** DER of one GeneralName. Throws at an address or an ASCII name that is none: values come from parsers. */
export function writeGeneralName(name: GeneralName): Uint8Array {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      if (!/^[ -~]*$/.test(name.value)) throw new Error(`a ${name.kind} name must be ASCII`);
      return write(TAGS[name.kind], utf8(name.value));
    case 'ip': {
      const bytes = parseAddress(name.value);
      if (bytes === undefined) throw new Error('an IP address in a certificate must be one');
      return write(TAGS.ip, bytes);
    }
    case 'upn':
      return write(TAGS.other, writeOid(OID.msUserPrincipalName), writeExplicit(0, writeUtf8String(name.value)));
    case 'directory':
      return write(TAGS.directory, name.der);
    case 'rid':
      return write(TAGS.rid, readElement(writeOid(name.value)).content);
    case 'other':
    case 'unsupported':
      return name.der;
    default:
      return assertNever(name);
  }
}

/** GeneralNames SEQUENCE. */
export function writeGeneralNames(names: readonly GeneralName[]): Uint8Array {
  return writeSequence(...names.map(writeGeneralName));
}

// A space has no place in these names, and `DNS:a, IP:10.0.0.1` as one name must not look like two.
export const SPACE = /[ \\]/g;

/** 'DNS:x', 'IP:1.2.3.4', 'email:…', 'URI:…', 'UPN:…', 'DirName:…', 'RID:…', 'otherName:OID#hex': for admins, safe to show in a list. */
export function generalNameToText(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
      return `DNS:${escapeText(name.value, SPACE)}`;
    case 'ip':
      return `IP:${name.value}`;
    case 'email':
      return `email:${escapeText(name.value, SPACE)}`;
    case 'uri':
      return `URI:${escapeText(name.value, SPACE)}`;
    case 'upn':
      return `UPN:${escapeText(name.value, SPACE)}`;
    case 'directory':
      return `DirName:${name.value}`;
    case 'rid':
      return `RID:${name.value}`;
    case 'other':
      return `otherName:${name.oid}#${toHex(name.der)}`;
    case 'unsupported':
      return `otherName:#${toHex(name.der)}`;
    default:
      return assertNever(name);
  }
}

/** Reads what generalNameToText writes; without a prefix an address, an e-mail address, a URI or a DNS name is recognised. */
export function parseGeneralNameText(text: string): Result<GeneralName, string> {
  const trimmed = text.trim();
  const [, prefix, rest] = /^(DNS|IP|email|URI|UPN|DirName|RID|otherName):(.*)$/is.exec(trimmed) ?? [];
  switch (prefix?.toLowerCase()) {
    case 'dns':
      return parseDns(rest ?? '');
    case 'ip':
      return parseIp(rest ?? '');
    case 'email':
      return parseEmail(rest ?? '');
    case 'uri':
      return parseUri(rest ?? '');
    case 'upn': {
      const value = unescapeText(rest ?? '');
      return value === undefined || value === '' ? err('a user principal name is empty or has a broken escape') : ok({ kind: 'upn', value });
    }
    case 'dirname': {
      const der = parseNameText(rest ?? '');
      return der.ok ? ok({ kind: 'directory', value: nameToText(der.value), der: der.value }) : der;
    }
    case 'rid':
      return /^[0-2](\.\d{1,15}){1,20}$/.test(rest ?? '') ? ok({ kind: 'rid', value: rest ?? '' }) : err('a registered ID must be a dotted OID');
    case 'othername': {
      const der = fromHex(/#([0-9a-fA-F]+)$/.exec(rest ?? '')?.[1] ?? '-');
      if (der === undefined) return err('an otherName must end in # and its DER in hex');
      return decoding(() => parseGeneralName(readElement(der)));
    }
    default:
      if (parseAddress(trimmed) !== undefined) return parseIp(trimmed);
      if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed)) return parseUri(trimmed);
      return trimmed.includes('@') ? parseEmail(trimmed) : parseDns(trimmed);
  }
}

function parseDns(text: string): Result<GeneralName, string> {
  // RFC 5280 4.2.1.6: the preferred name syntax, no empty name; an underscore occurs in Windows names, a star in wildcards.
  if (text.length > 253 || !/^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/.test(text)) return err(`"${text}" is no DNS name`);
  return text.split('.').every((label) => label.length <= 63) ? ok({ kind: 'dns', value: text }) : err(`"${text}" has a label beyond 63 characters`);
}

function parseIp(text: string): Result<GeneralName, string> {
  const bytes = parseAddress(text);
  return bytes === undefined ? err(`"${text}" is no IP address`) : ok({ kind: 'ip', value: readAddress(bytes) });
}

function parseEmail(text: string): Result<GeneralName, string> {
  return /^[!-?A-~]+@[A-Za-z0-9._-]+$/.test(text) ? ok({ kind: 'email', value: text }) : err(`"${text}" is no e-mail address`);
}

function parseUri(text: string): Result<GeneralName, string> {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(text) ? ok({ kind: 'uri', value: text }) : err(`"${text}" is no URI`);
}

function unescapeText(text: string): string | undefined {
  let broken = false;
  const bytes: number[] = [];
  for (const [whole, pair, character] of text.matchAll(/\\([0-9a-fA-F]{2})|\\?([^])/gu)) {
    if (whole === '\\') broken = true;
    else if (pair !== undefined) bytes.push(Number.parseInt(pair, 16));
    else bytes.push(...utf8(character ?? ''));
  }
  return broken ? undefined : fromUtf8(Uint8Array.from(bytes));
}

/** Whether two names name the same thing: DNS names, and the host of an e-mail address or URI, without case (RFC 5280 7.2, 7.4, 7.5). */
export function generalNamesEqual(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === 'directory') return b.kind === 'directory' && namesEqual(a.der, b.der);
  if (a.kind === 'other' || a.kind === 'unsupported') return a.kind === b.kind && equalBytes(a.der, b.der);
  if (a.kind !== b.kind || !('value' in b)) return false;
  return foldName(a.kind, a.value) === foldName(a.kind, b.value);
}

function foldName(kind: 'dns' | 'ip' | 'email' | 'uri' | 'upn' | 'rid', value: string): string {
  switch (kind) {
    case 'dns':
      return value.toLowerCase();
    case 'email': {
      const at = value.lastIndexOf('@');
      return value.slice(0, at + 1) + value.slice(at + 1).toLowerCase();
    }
    case 'uri':
      return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)/i, (_, scheme: string, host: string) => scheme.toLowerCase() + host.toLowerCase());
    case 'ip':
    case 'upn':
    case 'rid':
      return value;
    default:
      return assertNever(kind);
  }
}
