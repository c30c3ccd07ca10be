/**
 * The SQLite store as the application sees it. Change-sets are translated here and sent to the worker in groups: what comes while one
 * group is being committed makes the next, so that under load many enrolments share one write to the disk.
 */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { DiskTrouble } from '../../application/ports/outages.ts';
import type { AuditVerdict, ChangeSet, Conflict, Reads, Store } from '../../application/ports/store.ts';
import type { Log } from '../../application/ports/system.ts';
import type { AuditHead, ChainFault } from '../../core/ca/audit.ts';
import type { TransactionRecord } from '../../core/ca/transaction.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { asking } from './asking.ts';
import type { Row } from './codec.ts';
import { StoreRefused } from './database.ts';
import { entryLine, headLine } from './exportLog.ts';
import type { SignedHead } from './headFile.ts';
import type { ChangeSetMessage, FromWorker, SetOutcome, Snapshot, ToWorker, WorkerOptions } from './messages.ts';
import * as tables from './tables.ts';
import { translate } from './translate.ts';

export interface SqliteStore extends Store {
  /**
   * The key that signs the audit log's head, or undefined when the vault locks. Setting it signs the head as it is; where the log's end
   * contradicts its last signature nothing is signed any more, and the fault is returned.
   */
  setAuditKey(key: KeyObject | undefined, publicSpki: Uint8Array): Promise<ChainFault | undefined>;
  /** Copies the database and its head file into a folder while work goes on; both are as one commit left them. */
  snapshot(folder: string): Promise<Snapshot>;
  /** Goes on with the database that was laid ready beside this one (replacement.ts), without a key for its log: what is read from now on is of that one. */
  replace(): Promise<void>;
  /** Finishes what was begun, marks the stop as clean and releases the data folder. */
  close(): Promise<void>;
}

export interface SqliteOptions {
  readonly dataDir: string;
  /** The worker's script; found beside this file, or beside the built program, where it is not given. */
  readonly workerUrl?: URL;
  readonly log?: Log;
  readonly transactionsKept?: number;
}

const TRANSACTIONS_KEPT = 20_000;
const NOTE_MS = 250;
/** Notes are no decisions: a flood of them is cut rather than kept waiting in memory. */
const NOTES_WAITING = 5_000;
/** Change-sets in one commit, so that the first of them does not wait for hundreds. */
const GROUP = 256;
const EXPORT_SLICE = 5_000;

/** From sources the worker is a neighbour; a build lays it beside the entry, which may be one folder above a shared chunk. */
export function defaultWorkerUrl(here: string = import.meta.url): URL {
  if (here.endsWith('.ts')) return new URL('worker.ts', here);
  const beside = new URL('sqliteWorker.js', here);
  return existsSync(beside) ? beside : new URL('../sqliteWorker.js', here);
}

interface Waiting {
  readonly set: ChangeSet;
  readonly message: ChangeSetMessage;
  readonly resolve: (result: Result<AuditHead, Conflict>) => void;
  readonly reject: (error: Error) => void;
}

/** Opens the data folder. Rejects with `StoreRefused` where another process has it, or a newer version wrote it. */
export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  const workerData: WorkerOptions = {
    dataDir: options.dataDir,
    slowSqlMs: process.env['SLOW_SQL_MS'] === undefined ? null : Number(process.env['SLOW_SQL_MS']),
    transactionsKept: options.transactionsKept ?? TRANSACTIONS_KEPT,
  };
  const worker = new Worker(options.workerUrl ?? defaultWorkerUrl(), { workerData, name: 'store' });
  await untilReady(worker);
  return connect(worker, options.log ?? (() => undefined));
}

function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      for (const name of ['error', 'exit', 'message']) worker.removeAllListeners(name);
      done();
    };
    worker.once('error', (error) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))));
    worker.once('exit', (code) => settle(() => reject(new Error(`the store's worker ended at its start (${code})`))));
    worker.on('message', (messages: readonly FromWorker[]) => {
      for (const message of messages) {
        if (message.kind === 'ready') settle(resolve);
        if (message.kind === 'refused') settle(() => reject(new StoreRefused(message.message)));
      }
    });
  });
}

const failureOf = ({ error, outage }: { readonly error: string; readonly outage: boolean }): Error => (outage ? new DiskTrouble(error) : new Error(`the store failed: ${error}`));

function connect(worker: Worker, log: Log): SqliteStore {
  const queue: Waiting[] = [];
  let committing: readonly Waiting[] | undefined;
  let transactions: Row[] = [];
  let seen: [id: string, at: number][] = [];
  let noteTimer: NodeJS.Timeout | undefined;
  let ended: Error | undefined;
  let whenIdle: (() => void) | undefined;
  const calls = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let lastCall = 0;

  let outbox: ToWorker[] = [];
  let sending = false;

  const takeGroup = (): void => {
    if (committing !== undefined) return;
    if (queue.length === 0 && transactions.length === 0 && seen.length === 0) return whenIdle?.();
    clearTimeout(noteTimer);
    noteTimer = undefined;
    committing = queue.splice(0, GROUP);
    outbox.push({ kind: 'group', sets: committing.map(({ message }) => message), notes: { transactions, seen } });
    transactions = [];
    seen = [];
  };

  /** Everything that one turn of the event loop asks for goes as one message: each costs both sides as much as a small commit. */
  const send = (): void => {
    sending = false;
    if (ended !== undefined) return;
    takeGroup();
    if (outbox.length === 0) return;
    worker.postMessage(outbox);
    outbox = [];
  };

  const flush = (): void => {
    if (sending) return;
    sending = true;
    setImmediate(send);
  };

  const call = (make: (call: number) => ToWorker): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      lastCall += 1;
      calls.set(lastCall, { resolve, reject });
      outbox.push(make(lastCall));
      flush();
    });

  const settle = (waiting: Waiting, outcome: SetOutcome | undefined): void => {
    if (outcome === undefined) return waiting.reject(new Error('the store gave no answer'));
    if ('error' in outcome) return waiting.reject(failureOf(outcome));
    if ('seq' in outcome) return waiting.resolve(ok({ seq: outcome.seq, hash: outcome.hash }));
    const failed = waiting.set.expect[outcome.failed];
    if (failed === undefined) return waiting.reject(new Error('the store named an expectation that was not made'));
    waiting.resolve(err({ failed }));
  };

  const end = (error: Error): void => {
    ended = error;
    clearTimeout(noteTimer);
    for (const waiting of [...(committing ?? []), ...queue]) waiting.reject(error);
    for (const { reject } of calls.values()) reject(error);
    calls.clear();
    whenIdle?.();
  };

  worker.on('error', (error) => {
    log('error', 'store-worker-failed', { error: error instanceof Error ? error.message : String(error) });
    end(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', () => {
    if (ended === undefined) end(new Error('the store is closed'));
  });
  const receive = (message: FromWorker): void => {
    switch (message.kind) {
      case 'group': {
        const done = committing ?? [];
        committing = undefined;
        flush();
        return done.forEach((waiting, i) => settle(waiting, message.outcomes[i]));
      }
      case 'answer':
        calls.get(message.call)?.resolve(message.value);
        return void calls.delete(message.call);
      case 'failed':
        calls.get(message.call)?.reject(failureOf(message));
        return void calls.delete(message.call);
      case 'log':
        return log(message.level, message.event, message.fields);
      case 'ready':
      case 'refused':
      case 'examined':
        return;
    }
  };
  worker.on('message', (messages: readonly FromWorker[]) => messages.forEach(receive));

  const ask = (name: string, ...args: readonly unknown[]): Promise<unknown> => call((n) => ({ kind: 'read', call: n, name, args }));
  const read: Reads = asking(ask);

  const exportAudit = async (): Promise<string> => {
    const head = (await ask('auditHead')) as AuditHead;
    const parts: string[] = [];
    for (let from = 0; from < head.seq; from += EXPORT_SLICE) {
      const rows = (await ask('entriesAfter', from, Math.min(from + EXPORT_SLICE, head.seq))) as readonly Row[];
      parts.push(...rows.map((row) => entryLine(tables.auditEntries.fromRow(row))));
    }
    return parts.join('') + headLine(head, (await ask('signedHead')) as SignedHead | null);
  };

  return {
    read,
    commit: (set) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        queue.push({ set, message: translate(set), resolve, reject });
        flush();
      }),
    note: (notes) => {
      if (ended !== undefined) return;
      const room = NOTES_WAITING - transactions.length - seen.length;
      transactions.push(...notes.transactions.slice(0, Math.max(0, room)).map((record: TransactionRecord) => tables.transactions.toRow(record)));
      seen.push(...notes.seen.slice(0, Math.max(0, room)).map(({ id, at }): [string, number] => [id, at]));
      noteTimer ??= setTimeout(flush, NOTE_MS);
    },
    verifyAudit: () => ask('verify') as Promise<AuditVerdict>,
    exportAudit,
    setAuditKey: async (key, publicSpki) => {
      const fault = (await call((n) => ({ kind: 'auditKey', call: n, key, publicSpki: new Uint8Array(publicSpki) }))) as ChainFault | undefined;
      if (fault !== undefined) log('error', 'audit-log-contradicts-its-signature', { ...fault });
      return fault;
    },
    snapshot: (folder) => call((n) => ({ kind: 'snapshot', call: n, folder })) as Promise<Snapshot>,
    replace: async () => void (await call((n) => ({ kind: 'replace', call: n }))),
    close: async () => {
      if (ended !== undefined) return;
      await new Promise<void>((resolve) => {
        whenIdle = resolve;
        flush();
      });
      await call((n) => ({ kind: 'close', call: n }));
      end(new Error('the store is closed'));
      await worker.terminate();
    },
  };
}
