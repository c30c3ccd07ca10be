/** Bytes and their written forms, without Node's Buffer: core compiles with no platform types. */

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Lower-case hex without separators. */
export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const b of bytes) out += HEX[b];
  return out;
}

/** Bytes of hex digits of either case without separators; undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

// A multiple of three; its characters are arguments of one call.
const PIECE = 6_144;
const PADDING = 0x3d;
const CODES = Uint8Array.from(ALPHABET, (ch) => ch.charCodeAt(0));

/** Standard base64 (RFC 4648 section 4) with padding, on one line. */
export function toBase64(bytes: Uint8Array): string {
  let out = '';
  // Piece by piece: a string that grows by single characters costs a thousand times as much as its bytes.
  for (let start = 0; start < bytes.length; start += PIECE) {
    const piece = bytes.subarray(start, start + PIECE);
    const codes = new Uint8Array(Math.ceil(piece.length / 3) * 4).fill(PADDING);
    for (let i = 0, at = 0; i < piece.length; i += 3, at += 4) {
      const a = piece[i] ?? 0;
      const b = piece[i + 1] ?? 0;
      const c = piece[i + 2] ?? 0;
      codes[at] = CODES[a >> 2] ?? 0;
      codes[at + 1] = CODES[((a & 3) << 4) | (b >> 4)] ?? 0;
      if (i + 1 < piece.length) codes[at + 2] = CODES[((b & 15) << 2) | (c >> 6)] ?? 0;
      if (i + 2 < piece.length) codes[at + 3] = CODES[c & 63] ?? 0;
    }
    // It takes anything array-like; its type does not say so.
    out += String.fromCharCode.apply(null, codes as unknown as number[]);
  }
  return out;
}

const BASE64_VALUE = new Int16Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) BASE64_VALUE[ALPHABET.charCodeAt(i)] = i;

/** Bytes of standard base64; padding may be missing, white space and every other character is refused with undefined. */
export function fromBase64(text: string): Uint8Array | undefined {
  const body = text.replace(/={1,2}$/, '');
  if (body.length % 4 === 1) return undefined;
  const out = new Uint8Array(Math.floor((body.length * 3) / 4));
  let at = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < body.length; i++) {
    const code = body.charCodeAt(i);
    const value = code < 128 ? (BASE64_VALUE[code] ?? -1) : -1;
    if (value < 0) return undefined;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 0xff;
    }
  }
  return out;
}

/** PEM of one block: 64 characters a line, as RFC 7468 writes it. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The DER of every PEM block with this label, in order. */
export function fromPem(label: string, text: string): Uint8Array[] {
  const blocks = text.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, 'g'));
  return [...blocks].flatMap((m) => fromBase64((m[1] ?? '').replace(/\s/g, '')) ?? []);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** Equality for public values; returns at the first difference. Secrets are compared with `equalConstantTime`. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

/** Equality that looks at every byte whatever it finds, so that its time tells nothing about a secret (only about its length). */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** Byte order as DER sorts a SET OF (X.690 11.6): shorter first where one is a prefix of the other. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const d = (a[i] ?? 0) - (b[i] ?? 0);
    if (d !== 0) return d;
  }
  return a.length - b.length;
}

/** Each octet as the character of its number: for texts that are ASCII where it matters. */
export function latin1Text(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length; from += PIECE) pieces.push(String.fromCharCode(...bytes.subarray(from, from + PIECE)));
  return pieces.join('');
}

/** UTF-8 bytes of a string; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  const out: number[] = [];
  for (const ch of text) {
    let c = ch.codePointAt(0) ?? 0xfffd;
    if (c >= 0xd800 && c <= 0xdfff) c = 0xfffd;
    if (c < 0x80) out.push(c);
    else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return Uint8Array.from(out);
}

/** The string of well-formed UTF-8; undefined for anything else (overlong forms and surrogates included). */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  let out = '';
  let i = 0;
  while (i < bytes.length) {
    const b = bytes[i] ?? 0;
    if (b < 0x80) {
      out += String.fromCharCode(b);
      i += 1;
      continue;
    }
    const more = b >= 0xf0 ? 3 : b >= 0xe0 ? 2 : 1;
    if (b < 0xc2 || b > 0xf4 || i + more >= bytes.length) return undefined;
    let c = b & (0x3f >> more);
    for (let k = 1; k <= more; k++) {
      const next = bytes[i + k] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      c = (c << 6) | (next & 63);
    }
    if (c < [0, 0x80, 0x800, 0x10000][more]! || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return undefined;
    out += String.fromCodePoint(c);
    i += more + 1;
  }
  return out;
}
