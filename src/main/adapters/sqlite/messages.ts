/** What crosses between the store and its worker: plain arrays, numbers and strings, so that cloning costs little. */
import type { KeyObject } from 'node:crypto';
import type { LogLevel } from '../../application/ports/system.ts';
import type { Counts } from '../../application/ports/backups.ts';
import type { AuditVerdict, Expectation } from '../../application/ports/store.ts';
import type { AuditHead } from '../../core/ca/audit.ts';
import type { StoredKey } from '../../core/ca/authority.ts';
import type { Row } from './codec.ts';
import type { SearchText } from './searchText.ts';

/** Tables whose rows are put whole, by id. */
export type PutTable = 'authority' | 'generation' | 'scepIdentity' | 'key' | 'endpoint' | 'profile' | 'request' | 'challenge' | 'certificate' | 'crl' | 'intent' | 'courierLink' | 'courierItem' | 'revokedSerial';

/** A change, translated: the row's cells, or the few values that the statement takes. */
export type ChangeMessage =
  | { readonly put: PutTable; readonly row: Row; readonly text?: SearchText }
  | { readonly remove: 'intent' | 'endpoint' | 'profile' | 'key' | 'courierLink' | 'courierItem' | 'revokedSerial'; readonly id: string }
  | { readonly spend: string; readonly at: number }
  | { readonly seen: string; readonly at: number }
  | { readonly told: string; readonly at: number }
  | { readonly setting: string; readonly value: string };

/** action, subject, outcome, code, detail (canonical JSON), certificate (canonical JSON). */
export type EventMessage = readonly [action: string, subject: string, outcome: string, code: string, detail: string, certificate: string | null];

export interface ChangeSetMessage {
  readonly actor: string;
  readonly at: number;
  readonly expect: readonly Expectation[];
  readonly changes: readonly ChangeMessage[];
  readonly audit: readonly EventMessage[];
  readonly transactions: readonly Row[];
}

export interface NoteMessage {
  readonly transactions: readonly Row[];
  readonly seen: readonly (readonly [id: string, at: number])[];
}

/** Change-sets that share one commit, and what was noted since the last. */
export interface GroupMessage {
  readonly kind: 'group';
  readonly sets: readonly ChangeSetMessage[];
  readonly notes: NoteMessage;
}

export type ToWorker =
  | GroupMessage
  | { readonly kind: 'read'; readonly call: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'auditKey'; readonly call: number; readonly key: KeyObject | undefined; readonly publicSpki: Uint8Array }
  /** A copy of the database and of its head file, as one commit left them, in this folder. */
  | { readonly kind: 'snapshot'; readonly call: number; readonly folder: string }
  /** The database that lies ready beside this one takes its place. */
  | { readonly kind: 'replace'; readonly call: number }
  | { readonly kind: 'close'; readonly call: number };

/** The chain's head after the change-set, or the index of the expectation that failed, or what went wrong: an outage of the disk, else a bug. */
export type SetOutcome =
  | { readonly seq: number; readonly hash: string }
  | { readonly failed: number }
  | { readonly error: string; readonly outage: boolean };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'examined'; readonly examination: Examination }
  | { readonly kind: 'group'; readonly outcomes: readonly SetOutcome[] }
  | { readonly kind: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly call: number; readonly error: string; readonly outage: boolean }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly event: string; readonly fields: Readonly<Record<string, unknown>> };

/** A copy of a running store: what it must be found to hold. */
export interface Snapshot {
  readonly head: AuditHead;
  readonly counts: Counts;
}

export type Examination =
  | { readonly ok: true; readonly verdict: AuditVerdict; readonly counts: Counts; readonly keys: readonly StoredKey[] }
  /** It does not open at all. */
  | { readonly ok: false; readonly problem: string };

/** What a worker is started with that looks through a stopped folder and ends. */
export interface ExamineOptions {
  readonly examine: string;
}

/** What the worker is started with. */
export interface WorkerOptions {
  readonly dataDir: string;
  readonly slowSqlMs: number | null;
  /** Newest rows of the transaction log that are kept; up to a hundredth more may stand until the next trim. */
  readonly transactionsKept: number;
}

