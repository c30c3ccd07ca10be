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
  /** The elements within; throws Malformed where the contents are none. */
  readonly children: Element[];
}

// Deeper than any certificate or CMS message nests, shallow enough that no message can exhaust the stack.
const MAX_DEPTH = 16;
// BER strings come in chunks, and chunks of chunks from no client: each level would be read once more for every level above it.
const MAX_CHUNK_DEPTH = 2;

/** An element as offsets: views of the bytes are made when they are asked for, and most never are (half of a parser's time went there). */
class View implements Element {
  readonly tag: number;
  /** Where the next element starts. */
  readonly next: number;
  private readonly bytes: Uint8Array;
  private readonly start: number;
  private readonly contentStart: number;
  private readonly contentEnd: number;

  constructor(tag: number, bytes: Uint8Array, start: number, contentStart: number, contentEnd: number, next: number) {
    this.tag = tag;
    this.bytes = bytes;
    this.start = start;
    this.contentStart = contentStart;
    this.contentEnd = contentEnd;
    this.next = next;
  }

  get raw(): Uint8Array {
    return this.bytes.subarray(this.start, this.next);
  }

  get content(): Uint8Array {
    return this.bytes.subarray(this.contentStart, this.contentEnd);
  }

  get children(): Element[] {
    return readChildrenBetween(this.bytes, this.contentStart, this.contentEnd);
  }
}

function readAt(bytes: Uint8Array, at: number, limit: number, depth: number): View {
  if (depth > MAX_DEPTH) throw new Malformed('ASN.1 nested too deeply');
  if (at >= limit) throw new Malformed('ASN.1 element is missing');
  const tag = bytes[at] ?? 0;
  if ((tag & 0x1f) === 0x1f) throw new Malformed('ASN.1 high tag numbers are not used here');
  if (at + 1 >= limit) throw new Malformed('ASN.1 length is missing');
  const first = bytes[at + 1] ?? 0;
  let start = at + 2;
  if (first === 0x80) {
    if ((tag & 0x20) === 0) throw new Malformed('ASN.1 indefinite length on a primitive element');
    let next = start;
    for (;;) {
      if (next + 1 >= limit) throw new Malformed('ASN.1 end-of-contents is missing');
      if (bytes[next] === 0 && bytes[next + 1] === 0) return new View(tag, bytes, at, start, next, next + 2);
      next = readAt(bytes, next, limit, depth + 1).next;
    }
  }
  let length = first;
  if (first > 0x80) {
    const octets = first & 0x7f;
    if (octets > 4) throw new Malformed('ASN.1 length is too large');
    if (start + octets > limit) throw new Malformed('ASN.1 length is cut short');
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += octets;
  }
  const end = start + length;
  if (end > limit) throw new Malformed('ASN.1 element is cut short');
  return new View(tag, bytes, at, start, end, end);
}

/** The one element that fills these bytes; anything behind it is refused. */
export function readElement(bytes: Uint8Array): Element {
  const element = readAt(bytes, 0, bytes.length, 0);
  if (element.next !== bytes.length) throw new Malformed('bytes follow the ASN.1 element');
  return element;
}

/** The first element of these bytes. What follows is ignored: some clients pad a message with zero bytes or a newline (SCEP.md A5.5). */
export function readFirstElement(bytes: Uint8Array): Element {
  return readAt(bytes, 0, bytes.length, 0);
}

/** The elements within contents octets, in order. */
export function readChildren(content: Uint8Array): Element[] {
  return readChildrenBetween(content, 0, content.length);
}

function readChildrenBetween(bytes: Uint8Array, start: number, end: number): Element[] {
  const out: Element[] = [];
  for (let at = start; at < end; ) {
    const element = readAt(bytes, at, end, 0);
    out.push(element);
    at = element.next;
  }
  return out;
}

/** The children of an element that must have this tag. */
export function childrenOf(e: Element | undefined, tag: number, what: string): Element[] {
  return expectTag(e, tag, what).children;
}

export function expectTag(e: Element | undefined, tag: number, what: string): Element {
  if (e === undefined) throw new Malformed(`${what} is missing`);
  if (e.tag !== tag) throw new Malformed(`${what} has tag 0x${e.tag.toString(16)}, not 0x${tag.toString(16)}`);
  return e;
}

/** The explicitly tagged [n] wrapper's single inner element. */
export function unwrapExplicit(e: Element, what: string): Element {
  const inner = e.children;
  if (inner.length !== 1 || inner[0] === undefined) throw new Malformed(`${what} must hold one element`);
  return inner[0];
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function readOid(e: Element | undefined, what: string): string {
  return oidToText(expectTag(e, TAG.oid, what).content, what);
}

/** Dotted form of an OBJECT IDENTIFIER's contents octets. */
export function oidToText(content: Uint8Array, what: string): string {
  const last = content[content.length - 1];
  if (last === undefined || content.length > 64 || (last & 0x80) !== 0) throw new Malformed(`${what} is no OBJECT IDENTIFIER`);
  let text = '';
  let arc = 0;
  let fresh = true;
  for (const b of content) {
    if (fresh && b === 0x80) throw new Malformed(`${what} is padded`);
    // Beyond this a number loses bits: UUIDs under 2.25.
    if (arc > 0x3fffffffffff) return longOidToText(content);
    arc = arc * 128 + (b & 0x7f);
    fresh = (b & 0x80) === 0;
    if (!fresh) continue;
    if (text !== '') text += `.${arc}`;
    else if (arc < 80) text = arc < 40 ? `0.${arc}` : `1.${arc - 40}`;
    else text = `2.${arc - 80}`;
    arc = 0;
  }
  return text;
}

function longOidToText(content: Uint8Array): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const b of content) {
    if (arc === 0n && b === 0x80) throw new Malformed('OBJECT IDENTIFIER is padded');
    arc = (arc << 7n) | BigInt(b & 0x7f);
    if ((b & 0x80) !== 0) continue;
    if (arcs.length === 0) arcs.push(arc < 80n ? arc / 40n : 2n, arc < 80n ? arc % 40n : arc - 80n);
    else arcs.push(arc);
    arc = 0n;
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
  return concat(e.children.map((part) => readChunk(part, what, 0)));
}

function readChunk(e: Element, what: string, depth: number): Uint8Array {
  if (depth > MAX_CHUNK_DEPTH) throw new Malformed('ASN.1 nested too deeply');
  if (e.tag === TAG.octetString) return e.content;
  if (e.tag !== (TAG.octetString | 0x20)) throw new Malformed(`${what} is no OCTET STRING`);
  return concat(e.children.map((part) => readChunk(part, what, depth + 1)));
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
