/**
 * The audit log's entries and their chain: each entry's hash covers the one before it, and the head of each commit is signed.
 * Pure: hashing comes in as an argument; who stores and who signs is the adapters' matter.
 */
import type { Instant } from '../lib/instant.ts';
import { toHex, utf8 } from '../lib/bytes.ts';

/** Who did it: an admin at the window or the command line, a device by its source address, or the CA itself. */
export interface Actor {
  readonly kind: 'admin' | 'device' | 'system';
  readonly name: string;
}

export type AuditOutcome = 'ok' | 'refused' | 'failed';

/** What a use case reports; sequence, time and hash are added where it is stored. */
export interface AuditEvent {
  /** `request.approve`, `certificate.issue`, `challenge.create` … */
  readonly action: string;
  /** What it was done to: `request:<id>`, `certificate:<serial>`. */
  readonly subject: string;
  readonly outcome: AuditOutcome;
  /** Stable word for the reason; `done` where all went well. */
  readonly code: string;
  /** Facts to keep: strings and numbers only, never a secret. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  /** For entries that issue or change a certificate: what the certificate's row must then hold. */
  readonly certificate?: { readonly id: string; readonly serial: string; readonly sha256: string; readonly state: string };
}

export interface AuditEntry extends AuditEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

export const FIRST_PREVIOUS = '0'.repeat(64);

/** The head of the chain after a commit, as the head file holds it. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export const actorText = (actor: Actor): string => `${actor.kind}:${actor.name}`;

/** JSON with sorted keys: one text for one value, whatever order its fields were written in. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
}

/** SHA-256 (given as `digest`) over everything an entry says, its number and its predecessor's hash included. */
export function hashEntry(entry: Omit<AuditEntry, 'hash'>, digest: (bytes: Uint8Array) => Uint8Array): string {
  const { seq, at, actor, action, subject, outcome, code, detail, certificate, previous } = entry;
  return toHex(digest(utf8(canonicalJson({ seq, at, actor, action, subject, outcome, code, detail, certificate, previous }))));
}

/** The bytes that the audit key signs for a head: domain-separated, so that the signature can mean nothing else. */
export const headMessage = (head: AuditHead): Uint8Array => utf8(`countersign-audit-head-v1\n${head.seq}\n${head.hash}\n`);
