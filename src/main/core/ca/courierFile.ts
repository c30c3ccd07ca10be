/**
 * A courier file's frame: magic | format (2) | header length (4) | body length (4) | header (JSON) | body | Ed25519 signature (64).
 * The lengths come first, so that a half-written file is told from a damaged one. Everything is bounded before it is read.
 * The signature covers all that stands before it; in files of a running pairing the body is a box that only the other machine opens.
 */
import { concat, equalBytes, fromUtf8, utf8 } from '../lib/bytes.ts';
import type { Instant } from '../lib/instant.ts';
import { type Result, err, ok } from '../lib/result.ts';
import { canonicalJson } from './audit.ts';
import type { CourierRefusalCode } from './courier.ts';
import { Unfit, instant, integer, nullable, object, oneOf, text } from './strictJson.ts';

export const COURIER_KINDS = ['invitation', 'acceptance', 'requests', 'certificates'] as const;

export type CourierKind = (typeof COURIER_KINDS)[number];

export interface CourierHeader {
  readonly kind: CourierKind;
  /** The pairing's id. */
  readonly pairing: string;
  /** Fingerprint of the machine that wrote it. */
  readonly from: string;
  /** Of the one that it is for; null: an invitation is for whoever takes it. */
  readonly to: string | null;
  /** 0 while pairing. */
  readonly sequence: number;
  /** SHA-256 of the sender's file before; null for the first. */
  readonly previous: string | null;
  readonly at: Instant;
}

export interface CourierFrame {
  readonly header: CourierHeader;
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  /** What stands before the body: authenticated with the box. */
  readonly head: Uint8Array;
  /** What the signature covers. */
  readonly signed: Uint8Array;
}

export interface FrameProblem {
  readonly code: CourierRefusalCode;
  readonly text: string;
}

export const COURIER_FORMAT = 1;

/** Of a whole file. */
export const MOST_BYTES = 32 * 1024 * 1024;

const MAGIC = utf8('countersign-courier-file');
const LENGTHS = 10;
const SIGNATURE = 64;
const MOST_HEADER = 2_000;

const sha256Text = text(64, /^[0-9a-f]{64}$/);
const readHeader = object<CourierHeader>({
  kind: oneOf(COURIER_KINDS),
  pairing: text(100, /^[0-9a-f]+$/),
  from: sha256Text,
  to: nullable(sha256Text),
  sequence: integer(0, 1_000_000_000),
  previous: nullable(sha256Text),
  at: instant,
});

const number = (value: number, bytes: 2 | 4): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
const readNumber = (bytes: Uint8Array, at: number, length: 2 | 4): number => bytes.subarray(at, at + length).reduce((n, b) => n * 256 + b, 0);

/** What stands before a body of this length. */
export function writeHead(header: CourierHeader, bodyLength: number): Uint8Array {
  const written = utf8(canonicalJson(header));
  return concat([MAGIC, number(COURIER_FORMAT, 2), number(written.length, 4), number(bodyLength, 4), written]);
}

const problem = (code: CourierRefusalCode, words: string): { readonly ok: false; readonly error: FrameProblem } => err({ code, text: words });

/** Reads the frame; nothing in it is proven yet. */
export function parseFrame(bytes: Uint8Array): Result<CourierFrame, FrameProblem> {
  if (bytes.length > MOST_BYTES) return problem('courier-too-large', `the file has ${bytes.length} bytes, and no courier file has more than ${MOST_BYTES}`);
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC.subarray(0, bytes.length))) return problem('courier-foreign', 'this is no courier file of Countersign');
  const start = MAGIC.length + LENGTHS;
  if (bytes.length < start) return problem('courier-truncated', bytes.length === 0 ? 'the file is empty' : 'the file ends in its first bytes');
  const format = readNumber(bytes, MAGIC.length, 2);
  if (format > COURIER_FORMAT) return problem('courier-newer', `the file has format ${format}, and this version of Countersign reads format ${COURIER_FORMAT}`);
  const headerLength = readNumber(bytes, MAGIC.length + 2, 4);
  const bodyLength = readNumber(bytes, MAGIC.length + 6, 4);
  if (format < 1 || headerLength > MOST_HEADER || bodyLength > MOST_BYTES) return problem('courier-damaged', 'what it says of its own size cannot be true');
  const whole = start + headerLength + bodyLength + SIGNATURE;
  if (bytes.length < whole) return problem('courier-truncated', `the file has ${bytes.length} of its ${whole} bytes`);
  if (bytes.length > whole) return problem('courier-damaged', `the file has ${bytes.length} bytes instead of ${whole}`);
  const header = parseHeader(bytes.subarray(start, start + headerLength));
  if (header === undefined) return problem('courier-damaged', 'its header cannot be read');
  const bodyStart = start + headerLength;
  return ok({ header, head: bytes.subarray(0, bodyStart), body: bytes.subarray(bodyStart, bodyStart + bodyLength), signed: bytes.subarray(0, whole - SIGNATURE), signature: bytes.subarray(whole - SIGNATURE) });
}

function parseHeader(bytes: Uint8Array): CourierHeader | undefined {
  const written = fromUtf8(bytes);
  if (written === undefined) return undefined;
  try {
    const header = readHeader(JSON.parse(written) as unknown);
    // One text for one header: nothing can be hidden in it.
    return canonicalJson(header) === written ? header : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Unfit) return undefined;
    throw error;
  }
}
