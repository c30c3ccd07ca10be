/**
 * The store's worker: the only place where SQL runs while a server is up. A group of change-sets is one message and one commit,
 * answered when the commit and the signed head are on disk. Long reads go on in slices between the groups.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { AuditVerdict } from '../../application/ports/store.ts';
import { DATABASE_FILE, openDatabase, StoreRefused } from './database.ts';
import { describeUnusable, isDiskTrouble } from './diskTrouble.ts';
import { countRows, examineFolder } from './examine.ts';
import { HEAD_FILE, openHeadFile } from './headFile.ts';
import type { ExamineOptions, FromWorker, GroupMessage, SetOutcome, Snapshot, ToWorker, WorkerOptions } from './messages.ts';
import { openReads } from './reads.ts';
import { awaitsReplacement, takeReplacement } from './replacement.ts';
import { openSigning } from './signing.ts';
import { verifyLog } from './verifyLog.ts';
import { openWrites } from './writes.ts';

type Task = Generator<void, unknown>;

const isTask = (value: unknown): value is Task => typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value;
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A replacement that a kill left half in place comes first. Opening the old database tells whether another process has the folder. */
function completeReplacement(dataDir: string): void {
  if (!awaitsReplacement(dataDir)) return;
  openDatabase(dataDir, null, () => undefined).close();
  takeReplacement(dataDir);
}

function openStore({ dataDir, slowSqlMs, transactionsKept }: WorkerOptions, post: (message: FromWorker) => void) {
  completeReplacement(dataDir);
  const sql = openDatabase(dataDir, slowSqlMs, (statement, milliseconds) => {
    post({ kind: 'log', level: 'warn', event: 'slow-sql', fields: { statement, milliseconds: Math.round(milliseconds) } });
  });
  const headFile = openHeadFile(dataDir);
  const closedInOrder = sql.prepare('SELECT clean FROM ending WHERE one = 1').row()?.[0] === 1;
  const setClean = (clean: boolean): void => void sql.prepare('UPDATE ending SET clean = ? WHERE one = 1').run(clean ? 1 : 0);
  setClean(false);
  const writes = openWrites(sql, transactionsKept);
  const reads: Readonly<Record<string, (...args: never[]) => unknown>> = openReads(sql);
  const signing = openSigning(sql, headFile, closedInOrder, writes.head());

  return {
    commitGroup: ({ sets, notes }: GroupMessage): readonly SetOutcome[] => {
      const before = writes.head();
      // A head that could not be written goes first: the file never lags more than one commit.
      signing.sign(before);
      const outcomes = writes.commit(sets, notes, signing.endingAfter(before));
      if (writes.head().seq > before.seq) signing.sign(writes.head());
      return outcomes;
    },
    read: (name: string, args: readonly unknown[]): unknown => {
      if (name === 'verify') return verifyLog(sql, { headFile: headFile.content(), clean: signing.complete() }) satisfies Generator<void, AuditVerdict>;
      if (name === 'signedHead') return signing.signed();
      const read = reads[name];
      if (read === undefined) throw new Error(`no such question: ${name}`);
      return read(...(args as never[]));
    },
    setAuditKey: (key: Parameters<typeof signing.setKey>[0], publicSpki: Uint8Array) => signing.setKey(key, publicSpki, writes.head()),
    snapshot: async (folder: string): Promise<Snapshot> => {
      await sql.copyTo(join(folder, DATABASE_FILE));
      // Nothing else runs between the last page and these lines, so all three tell of the same commit.
      copyFileSync(join(dataDir, HEAD_FILE), join(folder, HEAD_FILE));
      return { head: writes.head(), counts: countRows(sql) };
    },
    close: () => {
      try {
        setClean(signing.complete());
      } catch (error) {
        // The next start takes it for a crash, which loses nothing.
        post({ kind: 'log', level: 'error', event: 'store-not-closed-in-order', fields: { error: textOf(error) } });
      }
      headFile.close();
      sql.close();
    },
  };
}

type OpenStore = ReturnType<typeof openStore>;

function serve(reopen: () => OpenStore, port: NonNullable<typeof parentPort>, { post, send }: Outbox): void {
  let store = reopen();
  const tasks: { readonly call: number; readonly task: Task }[] = [];

  const attempt = (call: number, work: () => void): void => {
    try {
      work();
    } catch (error) {
      post({ kind: 'failed', call, error: textOf(error), outage: isDiskTrouble(error) });
    }
  };

  const advance = (): void => {
    const first = tasks.shift();
    if (first === undefined) return;
    attempt(first.call, () => {
      const step = first.task.next();
      if (step.done === true) post({ kind: 'answer', call: first.call, value: step.value });
      else tasks.push(first);
    });
    if (tasks.length > 0) setImmediate(advance);
    send();
  };

  const answer = (call: number, value: unknown): void => {
    if (!isTask(value)) return post({ kind: 'answer', call, value });
    tasks.push({ call, task: value });
    if (tasks.length === 1) advance();
  };

  const receive = (message: ToWorker): void => {
    switch (message.kind) {
      case 'group':
        // Whoever only asked does not wait for the disk.
        send();
        return post({ kind: 'group', outcomes: commitOrFail(store, message) });
      case 'read':
        return attempt(message.call, () => answer(message.call, store.read(message.name, message.args)));
      case 'auditKey':
        return attempt(message.call, () => answer(message.call, store.setAuditKey(message.key, message.publicSpki)));
      case 'snapshot':
        return void store.snapshot(message.folder).then(
          (value) => {
            post({ kind: 'answer', call: message.call, value });
            send();
          },
          (error: unknown) => {
            post({ kind: 'failed', call: message.call, error: textOf(error), outage: isDiskTrouble(error) });
            send();
          },
        );
      case 'replace':
        return attempt(message.call, () => {
          for (const { call } of tasks.splice(0)) post({ kind: 'failed', call, error: 'the database was replaced meanwhile', outage: true });
          store.close();
          store = reopen();
          post({ kind: 'answer', call: message.call, value: null });
        });
      case 'close':
        attempt(message.call, () => {
          store.close();
          post({ kind: 'answer', call: message.call, value: null });
        });
        send();
        return port.close();
    }
  };
  port.on('message', (messages: readonly ToWorker[]) => {
    messages.forEach(receive);
    send();
  });
}

/** A disk that fails is an outage for the whole group, even where only its signature was not written: what cannot be vouched for is not answered. */
function commitOrFail(store: OpenStore, group: GroupMessage): readonly SetOutcome[] {
  try {
    return store.commitGroup(group);
  } catch (error) {
    return group.sets.map(() => ({ error: textOf(error), outage: isDiskTrouble(error) }));
  }
}

/** Answers that go to the caller as one message: each message wakes it anew. */
interface Outbox {
  readonly post: (message: FromWorker) => void;
  readonly send: () => void;
}

function openOutbox(port: NonNullable<typeof parentPort>): Outbox {
  let messages: FromWorker[] = [];
  return {
    post: (message) => void messages.push(message),
    send: () => {
      if (messages.length > 0) port.postMessage(messages);
      messages = [];
    },
  };
}

function start(port: NonNullable<typeof parentPort>): void {
  const outbox = openOutbox(port);
  const options = workerData as WorkerOptions | ExamineOptions;
  if ('examine' in options) {
    outbox.post({ kind: 'examined', examination: examineFolder(options.examine) });
    return outbox.send();
  }
  try {
    serve(() => openStore(options, outbox.post), port, outbox);
    outbox.post({ kind: 'ready' });
  } catch (error) {
    const message = error instanceof StoreRefused ? error.message : describeUnusable(options.dataDir, error);
    if (message === undefined) throw error;
    outbox.post({ kind: 'refused', message });
  }
  outbox.send();
}

if (parentPort !== null) start(parentPort);
