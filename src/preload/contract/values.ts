/**
 * The written forms that every channel shares: times, bytes, serials, fingerprints, names, lists and exported files.
 * Schemas are interpreted, never compiled with Function(): the window's content security policy has no unsafe-eval.
 */
import { z } from 'zod';

z.config({ jitless: true });

/** ISO 8601 in UTC with seconds. */
export const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'must be a time like 2026-11-21T08:00:00Z');
export const id = z.string().min(1).max(100);
export const version = z.number().int().min(1);
/** Upper hex without separators. */
export const serial = z.string().regex(/^[0-9A-F]+$/);
const lowerHex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `must be ${bytes * 2} lower-case hex digits`);
export const sha256 = lowerHex(32);
export const fingerprints = z.strictObject({ md5: lowerHex(16), sha1: lowerHex(20), sha256, sha512: lowerHex(64) });
export const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64 on one line');
export const pem = z.string().startsWith('-----BEGIN ');
/** A line that a person wrote: no control characters, which would forge lines in logs and terminals. */
export const line = (most: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(most)
    // eslint-disable-next-line no-control-regex -- control characters are what this refuses
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not hold control characters');
/** A Subject Alternative Name as text: `DNS:gate.lan`, `IP:192.0.2.7`, `email:a@b`, `URI:…`, `UPN:…`. */
export const nameText = line(300);
export const nothing = z.strictObject({}).default({});
export const byId = z.strictObject({ id });

/** What should be known before a decision, worst first. */
export const findings = z.array(z.strictObject({ code: z.string(), severity: z.enum(['info', 'notice', 'warning', 'danger']), text: z.string() }));
/** A certificate extension for human eyes: `text` has one line for each value. */
export const extension = z.strictObject({ oid: z.string(), name: z.string(), critical: z.boolean(), text: z.string() });

/** A CA certificate of a chain. */
export const chainLink = z.strictObject({ subject: z.string(), serial, notAfter: time, sha256, pem, /** A root. */ selfSigned: z.boolean() });

/** What every list takes; `state` where its items have states. */
export const listFields = {
  query: z.string().max(300).optional(),
  limit: z.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
} as const;

export const listInput = z.strictObject(listFields).default({ limit: 50 });

export const listInputOf = <State extends readonly [string, ...string[]]>(states: State) =>
  z
    .strictObject({ ...listFields, state: z.enum(states).optional() })
    .default({ limit: 50 });

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().optional(), total: z.number().int().min(0) });

/** An exported file: binary content as base64, text as it is. */
export const binaryFile = z.strictObject({ name: z.string(), mediaType: z.string(), base64 });
export const textFile = z.strictObject({ name: z.string(), mediaType: z.string(), text: z.string() });
