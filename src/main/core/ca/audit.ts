/**
 * The audit log's entries and their chain: each entry's hash covers the one before it, and the head of each commit is signed.
 * Building and checking a chain are both here, so that the store, the offline check and the check of an exported file cannot disagree.
 * Pure: hashing comes in as an argument; who stores and who signs is the adapters' matter.
 */
import type { Instant } from '../lib/instant.ts';
import { utf8 } from '../lib/bytes.ts';

/** Who did it: an admin at the window or the command line, a device by its source address, or the CA itself. */
export interface Actor {
  readonly kind: 'admin' | 'device' | 'system';
  readonly name: string;
}

export type AuditOutcome = 'ok' | 'refused' | 'failed';

/** What an entry that issues or changes a certificate says of it: the certificate's row must hold the same. */
export interface CertificateMark {
  readonly id: string;
  readonly serial: string;
  readonly sha256: string;
  readonly state: string;
}

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
  readonly certificate?: CertificateMark;
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

/** The head of a log without entries. */
export const EMPTY_HEAD: AuditHead = { seq: 0, hash: FIRST_PREVIOUS };

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

/** Lower-case hex of the SHA-256 of a text's UTF-8 bytes. */
export type TextDigest = (text: string) => string;

/**
 * An entry as a store keeps it: the two structured fields are canonical JSON already, and are hashed as they lie there,
 * so that not even white space in them can be changed unseen.
 */
export interface StoredEntry {
  readonly seq: number;
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: string;
  readonly code: string;
  readonly detail: string;
  readonly certificate: string | null;
  readonly previous: string;
  readonly hash: string;
}

/** The text that an entry's hash covers: canonical JSON of everything it says, its number and its predecessor's hash included. */
export function entryText(entry: Omit<StoredEntry, 'hash'>): string {
  const q = JSON.stringify;
  const certificate = entry.certificate === null ? '' : `"certificate":${entry.certificate},`;
  return (
    `{"action":${q(entry.action)},"actor":${q(entry.actor)},"at":${q(entry.at)},${certificate}"code":${q(entry.code)},"detail":${entry.detail},` +
    `"outcome":${q(entry.outcome)},"previous":${q(entry.previous)},"seq":${q(entry.seq)},"subject":${q(entry.subject)}}`
  );
}

/** An entry in the form that is stored and hashed. */
export function toStoredEntry(entry: AuditEntry): StoredEntry {
  const { seq, at, actor, action, subject, outcome, code, previous, hash } = entry;
  const certificate = entry.certificate === undefined ? null : canonicalJson(entry.certificate);
  return { seq, at, actor, action, subject, outcome, code, detail: canonicalJson(entry.detail), certificate, previous, hash };
}

/** The entry that a stored form tells; its two JSON fields are trusted to be JSON, as only a chain that holds is read this way. */
export function fromStoredEntry(stored: StoredEntry): AuditEntry {
  const { certificate, detail, outcome, ...plain } = stored;
  return {
    ...plain,
    outcome: outcome as AuditOutcome,
    detail: JSON.parse(detail) as AuditEvent['detail'],
    ...(certificate === null ? {} : { certificate: JSON.parse(certificate) as CertificateMark }),
  };
}

/** SHA-256 over everything an entry says. */
export const hashEntry = (entry: Omit<AuditEntry, 'hash'>, digest: TextDigest): string => digest(entryText(toStoredEntry({ ...entry, hash: '' })));

/** Where a log is wrong, and how; `seq` is null where no single entry is to blame. */
export interface ChainFault {
  readonly seq: number | null;
  readonly problem: string;
}

/** The chain after `head` goes on with `entry`: the new head, or what is wrong with the entry. */
export function followChain(head: AuditHead, entry: StoredEntry, digest: TextDigest): AuditHead | ChainFault {
  const seq = head.seq + 1;
  if (entry.seq !== seq) return { seq, problem: entry.seq === seq + 1 ? `entry ${seq} is missing` : `entries ${seq} to ${entry.seq - 1} are missing` };
  const actual = digest(entryText(entry));
  if (actual !== entry.hash) return { seq, problem: `entry ${seq} was changed: its hash does not fit what it says` };
  if (entry.previous !== head.hash) {
    // Entry `seq` is whole and names another predecessor, so it is the predecessor that was rewritten, hash and all.
    return head.seq === 0
      ? { seq, problem: 'entry 1 was replaced: it does not begin a log' }
      : { seq: head.seq, problem: `entry ${head.seq} was replaced: entry ${seq} was chained to another one` };
  }
  return { seq, hash: actual };
}

export const isFault = (step: AuditHead | ChainFault): step is ChainFault => 'problem' in step;

/** How the log was left, for judging entries that the signed head does not cover. */
export interface LogEnding {
  readonly head: AuditHead;
  readonly signed: AuditHead | null;
  /** Hash of the log's entry that the signed head names; undefined where there is none. */
  readonly hashAtSigned: string | undefined;
  /** A key exists for this log, so a signed head must exist too. */
  readonly signatureDue: boolean;
  /** The last commit was made while the key was locked away. */
  readonly locked: boolean;
  /** The store was closed in order, or is open and between two commits: the head file cannot lag. */
  readonly clean: boolean;
  /** First entry that may be unsigned: of the last commit, or of the first commit since the key was locked away. */
  readonly unsignedFrom: number;
}

/** Compares the end of a whole chain with its signed head. A head file that lags one commit after a kill is no tampering (DESIGN section 4). */
export function judgeEnding(ending: LogEnding): { readonly fault?: ChainFault; readonly notes: readonly string[] } {
  const { head, signed } = ending;
  if (signed === null) {
    if (head.seq === 0) return { notes: [] };
    if (!ending.signatureDue) return { notes: ['the log is not signed: it has no key yet'] };
    return { fault: { seq: null, problem: 'the signed head is missing' }, notes: [] };
  }
  if (signed.seq > head.seq) {
    return { fault: { seq: head.seq + 1, problem: `the log was cut: it ends at entry ${head.seq}, and entry ${signed.seq} was signed` }, notes: [] };
  }
  if (signed.seq > 0 && ending.hashAtSigned !== signed.hash) {
    return { fault: { seq: signed.seq, problem: `entry ${signed.seq} is not the one that was signed: the log was rewritten` }, notes: [] };
  }
  const open = head.seq - signed.seq;
  if (open === 0) return { notes: [] };
  const entries = open === 1 ? 'the last entry is' : `the last ${open} entries are`;
  // A head from before what may be unsigned is an older one that was put back.
  const covers = signed.seq >= ending.unsignedFrom - 1;
  if (covers && ending.locked) return { notes: [`${entries} not signed yet: the vault was locked`] };
  if (covers && !ending.clean) return { notes: [`${entries} not signed: the program was stopped hard between a commit and its signature`] };
  return { fault: { seq: signed.seq + 1, problem: `${entries} not signed: added after the signed head` }, notes: [] };
}

/** What a certificate's row says, with the SHA-256 computed anew from the DER that it holds. */
export interface CertificateRow extends CertificateMark {
  readonly derSha256: string;
}

/** Compares a certificate's row with the last entry about it; undefined where they agree. */
export function judgeCertificate(row: CertificateRow | undefined, last: { readonly seq: number; readonly mark: CertificateMark } | undefined): ChainFault | undefined {
  if (row === undefined) return last === undefined ? undefined : { seq: last.seq, problem: `certificate ${last.mark.serial} is gone: entry ${last.seq} tells of it` };
  if (last === undefined) return { seq: null, problem: `certificate ${row.serial} has no entry in the log` };
  const differing = (['serial', 'sha256', 'state'] as const).filter((field) => row[field] !== last.mark[field]);
  if (row.derSha256 !== row.sha256) differing.push('sha256');
  if (differing.length === 0) return undefined;
  const field = differing[0] === 'sha256' ? 'content' : differing[0];
  return { seq: last.seq, problem: `certificate ${last.mark.serial}: its ${field} differs from what entry ${last.seq} says` };
}

/** The bytes that the audit key signs for a head: domain-separated, so that the signature can mean nothing else. */
export const headMessage = (head: AuditHead): Uint8Array => utf8(`countersign-audit-head-v1\n${head.seq}\n${head.hash}\n`);
