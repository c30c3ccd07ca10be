/**
 * Reading BER and writing DER (X.690), zero-copy: an Element is a view into the bytes it came from.
 * Owns tags, lengths and primitive values; what a structure means is left to the files beside this one.
 * Inside a parser a wrong byte throws `Malformed`; `decoding` turns that into a value at the parser's door.
 */
import { type Result, err, ok } from '../lib/result.ts';
import { type Instant, instantOfUtc, utcFields } from '../lib/instant.ts';
import { concat, compareBytes, fromUtf8, utf8 } from '../lib/bytes.ts';

/** What a parser throws at bytes that are not what they should be; never leaves the parser (see `decoding`). */
export class Malformed extends Error {}

/** Runs a parser: its value, or what was wrong with the bytes. Anything but Malformed is a bug and stays thrown. */
export function decoding<T>(parse: () => T): Result<T, string> {
  try {
    return ok(parse());
  } catch (e) {
    if (e instanceof Malformed) return err(e.message);
    throw e;
  }
}

/** Identifier octets as used here: class, constructed bit and tag number in one byte (tag numbers above 30 occur in none of our structures). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** [n] context tag: primitive unless `constructed`. */
export const contextTag = (n: number, constructed: boolean): number => 0x80 | (constructed ? 0x20 : 0) | n;

export interface Element {
  /** Identifier octet. A constructed string (BER) keeps its constructed bit here. */
  readonly tag: number;
  /** The whole element, header and (for an indefinite length) end-of-contents octets included. */
  readonly raw: Uint8Array;
  /** The contents octets, without header and end-of-contents. */
  readonly content: Uint8Array;
}

// Deeper than any certificate or CMS message nests, shallow enough that no message can exhaust the stack.
const MAX_DEPTH = 32;

function readAt(bytes: Uint8Array, at: number, depth: number): { element: Element; next: number } {
  if (depth > MAX_DEPTH) throw new Malformed('ASN.1 nested too deeply');
  const tag = bytes[at];
  if (tag === undefined) throw new Malformed('ASN.1 element is missing');
  if ((tag & 0x1f) === 0x1f) throw new Malformed('ASN.1 high tag numbers are not used here');
  const first = bytes[at + 1];
  if (first === undefined) throw new Malformed('ASN.1 length is missing');
  let start = at + 2;
  if (first === 0x80) {
    if ((tag & 0x20) === 0) throw new Malformed('ASN.1 indefinite length on a primitive element');
    let next = start;
    while (!(bytes[next] === 0 && bytes[next + 1] === 0)) {
      if (next >= bytes.length) throw new Malformed('ASN.1 end-of-contents is missing');
      next = readAt(bytes, next, depth + 1).next;
    }
    return { element: { tag, raw: bytes.subarray(at, next + 2), content: bytes.subarray(start, next) }, next: next + 2 };
  }
  let length = first;
  if (first > 0x80) {
    const octets = first & 0x7f;
    if (octets > 4) throw new Malformed('ASN.1 length is too large');
    length = 0;
    for (let i = 0; i < octets; i++) {
      const b = bytes[start + i];
      if (b === undefined) throw new Malformed('ASN.1 length is cut short');
      length = length * 256 + b;
    }
    start += octets;
  }
  const end = start + length;
  if (end > bytes.length) throw new Malformed('ASN.1 element is cut short');
  return { element: { tag, raw: bytes.subarray(at, end), content: bytes.subarray(start, end) }, next: end };
}

/** The one element that fills these bytes; anything behind it is refused. */
export function readElement(bytes: Uint8Array): Element {
  const { element, next } = readAt(bytes, 0, 0);
  if (next !== bytes.length) throw new Malformed('bytes follow the ASN.1 element');
  return element;
}

/** The first element of these bytes. What follows is ignored: some clients pad a message with zero bytes or a newline (SCEP.md A5.5). */
export function readFirstElement(bytes: Uint8Array): Element {
  return readAt(bytes, 0, 0).element;
}

/** The elements within a constructed element (or within contents octets), in order. */
export function readChildren(content: Uint8Array, depth = 0): Element[] {
  const out: Element[] = [];
  let at = 0;
  while (at < content.length) {
    const { element, next } = readAt(content, at, depth);
    out.push(element);
    at = next;
  }
  return out;
}

/** The children of an element that must have this tag. */
export function childrenOf(e: Element | undefined, tag: number, what: string): Element[] {
  return readChildren(expectTag(e, tag, what).content);
}

export function expectTag(e: Element | undefined, tag: number, what: string): Element {
  if (e === undefined) throw new Malformed(`${what} is missing`);
  if (e.tag !== tag) throw new Malformed(`${what} has tag 0x${e.tag.toString(16)}, not 0x${tag.toString(16)}`);
  return e;
}

/** The explicitly tagged [n] wrapper's single inner element. */
export function unwrapExplicit(e: Element, what: string): Element {
  const inner = readChildren(e.content);
  if (inner.length !== 1 || inner[0] === undefined) throw new Malformed(`${what} must hold one element`);
  return inner[0];
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function readOid(e: Element | undefined, what: string): string {
  const { content } = expectTag(e, TAG.oid, what);
  if (content.length === 0 || content.length > 64 || ((content[content.length - 1] ?? 0) & 0x80) !== 0) throw new Malformed(`${what} is no OBJECT IDENTIFIER`);
  const arcs: string[] = [];
  let value = 0n;
  let fresh = true;
  for (const b of content) {
    if (fresh && b === 0x80) throw new Malformed(`${what} is padded`);
    value = (value << 7n) | BigInt(b & 0x7f);
    fresh = (b & 0x80) === 0;
    if (!fresh) continue;
    if (arcs.length === 0) {
      const first = value < 40n ? 0n : value < 80n ? 1n : 2n;
      arcs.push(String(first), String(value - first * 40n));
    } else arcs.push(String(value));
    value = 0n;
  }
  return arcs.join('.');
}

/** Contents octets of an INTEGER, as they stand (two's complement). Serial numbers stay bytes: sscep's has 32 of them. */
export function readIntegerBytes(e: Element | undefined, what: string): Uint8Array {
  const { content } = expectTag(e, TAG.integer, what);
  if (content.length === 0) throw new Malformed(`${what} is an empty INTEGER`);
  return content;
}

/** A small non-negative INTEGER (at most 6 octets). */
export function readSmallInteger(e: Element | undefined, what: string): number {
  const content = readIntegerBytes(e, what);
  if (content.length > 6 || ((content[0] ?? 0) & 0x80) !== 0) throw new Malformed(`${what} is out of range`);
  return content.reduce((n, b) => n * 256 + b, 0);
}

export function readBoolean(e: Element | undefined, what: string): boolean {
  const { content } = expectTag(e, TAG.boolean, what);
  if (content.length !== 1) throw new Malformed(`${what} is no BOOLEAN`);
  return content[0] !== 0;
}

/** An OCTET STRING's octets; BER's constructed form (Apple, BouncyCastle, .NET send it in chunks) is joined. `primitiveTag` may be an implicit [n]. */
export function readOctetString(e: Element | undefined, what: string, primitiveTag: number = TAG.octetString): Uint8Array {
  if (e === undefined) throw new Malformed(`${what} is missing`);
  if (e.tag === primitiveTag) return e.content;
  if (e.tag !== (primitiveTag | 0x20)) throw new Malformed(`${what} is no OCTET STRING`);
  return concat(readChildren(e.content).map((part) => readChunk(part, what, 0)));
}

function readChunk(e: Element, what: string, depth: number): Uint8Array {
  if (depth > MAX_DEPTH) throw new Malformed('ASN.1 nested too deeply');
  if (e.tag === TAG.octetString) return e.content;
  if (e.tag !== (TAG.octetString | 0x20)) throw new Malformed(`${what} is no OCTET STRING`);
  return concat(readChildren(e.content).map((part) => readChunk(part, what, depth + 1)));
}

/** A BIT STRING's octets; one that does not end on an octet is refused unless `unused` bits are wanted too. */
export function readBitString(e: Element | undefined, what: string): { bytes: Uint8Array; unusedBits: number } {
  const { content } = expectTag(e, TAG.bitString, what);
  const unusedBits = content[0];
  if (unusedBits === undefined || unusedBits > 7 || (unusedBits > 0 && content.length === 1)) throw new Malformed(`${what} is no BIT STRING`);
  return { bytes: content.subarray(1), unusedBits };
}

/** Text of any string type that a certificate or a CSR may use; undefined where the bytes are not of that type. */
export function readText(e: Element): string | undefined {
  switch (e.tag) {
    case TAG.utf8String:
      return fromUtf8(e.content);
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.numericString:
    case TAG.visibleString:
      return e.content.every((b) => b < 0x80) ? latin1(e.content) : undefined;
    case TAG.teletexString:
      // In the wild a T61String holds Latin-1, whatever T.61 says (OpenSSL reads it so too).
      return latin1(e.content);
    case TAG.bmpString: {
      if (e.content.length % 2 !== 0) return undefined;
      let out = '';
      for (let i = 0; i < e.content.length; i += 2) out += String.fromCharCode(((e.content[i] ?? 0) << 8) | (e.content[i + 1] ?? 0));
      return out;
    }
    case TAG.universalString: {
      if (e.content.length % 4 !== 0) return undefined;
      let out = '';
      for (let i = 0; i < e.content.length; i += 4) {
        const c = (e.content[i] ?? 0) * 0x1000000 + (((e.content[i + 1] ?? 0) << 16) | ((e.content[i + 2] ?? 0) << 8) | (e.content[i + 3] ?? 0));
        if (c > 0x10ffff) return undefined;
        out += String.fromCodePoint(c);
      }
      return out;
    }
    default:
      return undefined;
  }
}

function latin1(bytes: Uint8Array): string {
  let out = '';
  for (const b of bytes) out += String.fromCharCode(b);
  return out;
}

/** A UTCTime or GeneralizedTime in UTC (RFC 5280 4.1.2.5: two-digit years from 50 are 19xx). Seconds may be missing in old UTCTimes. */
export function readTime(e: Element | undefined, what: string): Instant {
  if (e === undefined || (e.tag !== TAG.utcTime && e.tag !== TAG.generalizedTime)) throw new Malformed(`${what} is no time`);
  const m = (e.tag === TAG.utcTime ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/ : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:\.\d+)?Z$/).exec(latin1(e.content));
  if (!m) throw new Malformed(`${what} is no UTC time`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m.slice(1).map((v) => Number(v ?? 0));
  const full = e.tag === TAG.utcTime ? (year >= 50 ? 1900 + year : 2000 + year) : year;
  const at = instantOfUtc({ year: full, month, day, hour, minute, second });
  if (at === undefined) throw new Malformed(`${what} names no moment`);
  return at;
}

// ---- writing -------------------------------------------------------------------------------------------------------

function header(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  if (length < 0x100) return Uint8Array.of(tag, 0x81, length);
  if (length < 0x10000) return Uint8Array.of(tag, 0x82, length >> 8, length & 0xff);
  if (length < 0x1000000) return Uint8Array.of(tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
  return Uint8Array.of(tag, 0x84, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff);
}

/** One element: tag, definite length, contents. */
export function write(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((n, p) => n + p.length, 0);
  return concat([header(tag, length), ...parts]);
}

export const writeSequence = (...parts: readonly Uint8Array[]): Uint8Array => write(TAG.sequence, ...parts);

/** SET OF in DER order (X.690 11.6). */
export const writeSetOf = (...parts: readonly Uint8Array[]): Uint8Array => write(TAG.set, ...[...parts].sort(compareBytes));

/** SET in the given order: for CertificateSet, where clients take the first member for theirs (SCEP.md A8.4). */
export const writeSetInOrder = (...parts: readonly Uint8Array[]): Uint8Array => write(TAG.set, ...parts);

/** [n] EXPLICIT. */
export const writeExplicit = (n: number, inner: Uint8Array): Uint8Array => write(contextTag(n, true), inner);

const oidCache = new Map<string, Uint8Array>();

export function writeOid(dotted: string): Uint8Array {
  const known = oidCache.get(dotted);
  if (known) return known;
  const arcs = dotted.split('.').map((a) => BigInt(a));
  const [first = 0n, second = 0n, ...rest] = arcs;
  const out: number[] = [];
  for (const arc of [first * 40n + second, ...rest]) {
    const group = [Number(arc & 0x7fn)];
    for (let v = arc >> 7n; v > 0n; v >>= 7n) group.unshift(Number(v & 0x7fn) | 0x80);
    out.push(...group);
  }
  const der = write(TAG.oid, Uint8Array.from(out));
  // Bounded: OIDs written here are our own constants and those of admins' profiles, not what devices send.
  if (oidCache.size < 256) oidCache.set(dotted, der);
  return der;
}

/** A non-negative INTEGER from a number. */
export function writeInteger(value: number): Uint8Array {
  const out: number[] = [];
  for (let v = value; v > 0 || out.length === 0; v = Math.floor(v / 256)) out.unshift(v % 256);
  if (((out[0] ?? 0) & 0x80) !== 0) out.unshift(0);
  return write(TAG.integer, Uint8Array.from(out));
}

/** An INTEGER from its magnitude: leading zeros are dropped, one is put before a set top bit. */
export function writeUnsigned(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const body = magnitude.subarray(start);
  return ((body[0] ?? 0) & 0x80) !== 0 ? write(TAG.integer, Uint8Array.of(0), body) : write(TAG.integer, body.length === 0 ? Uint8Array.of(0) : body);
}

export const writeNull = (): Uint8Array => Uint8Array.of(TAG.null, 0);
export const writeTrue = (): Uint8Array => Uint8Array.of(TAG.boolean, 1, 0xff);
export const writeOctetString = (bytes: Uint8Array): Uint8Array => write(TAG.octetString, bytes);
export const writeBitString = (bytes: Uint8Array, unusedBits = 0): Uint8Array => write(TAG.bitString, Uint8Array.of(unusedBits), bytes);
export const writeUtf8String = (text: string): Uint8Array => write(TAG.utf8String, utf8(text));
export const writePrintableString = (text: string): Uint8Array => write(TAG.printableString, utf8(text));
export const writeIa5String = (text: string): Uint8Array => write(TAG.ia5String, utf8(text));

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5). Milliseconds are dropped. */
export function writeTime(at: Instant): Uint8Array {
  const f = utcFields(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const rest = `${two(f.month)}${two(f.day)}${two(f.hour)}${two(f.minute)}${two(f.second)}Z`;
  return f.year >= 1950 && f.year < 2050 ? write(TAG.utcTime, utf8(two(f.year % 100) + rest)) : writeGeneralizedTime(at);
}

export function writeGeneralizedTime(at: Instant): Uint8Array {
  const f = utcFields(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return write(TAG.generalizedTime, utf8(`${String(f.year).padStart(4, '0')}${two(f.month)}${two(f.day)}${two(f.hour)}${two(f.minute)}${two(f.second)}Z`));
}
