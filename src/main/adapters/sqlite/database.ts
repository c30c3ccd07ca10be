/**
 * Opening the database file: one process at a time, durable commits, migrations in order.
 * SQLite's own exclusive lock guards the data folder: the system releases it when a process dies, however it dies.
 * (POSIX locks belong to the process: whoever opens and closes this file by other means in the same process drops it.)
 */
import Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, Row } from './codec.ts';
import { MIGRATIONS } from './migrations/index.ts';

export const DATABASE_FILE = 'countersign.db';

/** Counts migrations: what this program writes. */
export const SCHEMA = MIGRATIONS.length;

/** A reason not to open that an admin can act on; its message is one sentence. */
export class StoreRefused extends Error {}

/** A prepared statement on rows as arrays: the adapter's whole use of SQL goes through here, so that slow statements can be told. */
export interface Statement {
  run(...cells: readonly Cell[]): number;
  row(...cells: readonly Cell[]): Row | undefined;
  rows(...cells: readonly Cell[]): Row[];
}

export interface Sql {
  /** Each text is prepared once and kept. */
  prepare(text: string): Statement;
  inTransaction(): boolean;
  /** Copies the whole database into a new file, some pages at a time; it is as after the commit that was the last when this resolves. */
  copyTo(file: string): Promise<void>;
  close(): void;
}

export type SlowSql = (statement: string, milliseconds: number) => void;

function toSql(database: Database.Database, slowMs: number | null, onSlow: SlowSql): Sql {
  const kept = new Map<string, Statement>();
  const timed =
    <A extends readonly unknown[], T>(text: string, work: (...args: A) => T): ((...args: A) => T) =>
    (...args) => {
      const from = performance.now();
      const result = work(...args);
      const milliseconds = performance.now() - from;
      if (milliseconds >= (slowMs ?? 0)) onSlow(text, milliseconds);
      return result;
    };
  const prepare = (text: string): Statement => {
    const before = kept.get(text);
    if (before !== undefined) return before;
    const prepared = database.prepare<[readonly Cell[]], Cell[]>(text);
    if (prepared.reader) prepared.raw(true);
    const plain: Statement = {
      run: (...cells) => prepared.run(cells).changes,
      row: (...cells) => prepared.get(cells),
      rows: (...cells) => prepared.all(cells),
    };
    const statement = slowMs === null ? plain : { run: timed(text, plain.run), row: timed(text, plain.row), rows: timed(text, plain.rows) };
    kept.set(text, statement);
    return statement;
  };
  return { prepare, inTransaction: () => database.inTransaction, copyTo: async (file) => void (await database.backup(file)), close: () => database.close() };
}

const isBusy = (error: unknown): boolean => error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

/** What SQLite says of a file whose pages do not fit together. */
export const isDamaged = (error: unknown): boolean =>
  error instanceof Database.SqliteError && (error.code.startsWith('SQLITE_CORRUPT') || error.code.startsWith('SQLITE_NOTADB'));

function refuseNewer(version: number): void {
  if (version <= MIGRATIONS.length) return;
  throw new StoreRefused(`The data folder was written by a newer version of Countersign (schema ${version}, this program knows ${MIGRATIONS.length}): start that version, or restore a backup.`);
}

/** `fold` folds case as JavaScript does, for SQLite's lower() knows ASCII only; `sha1` is for the fingerprints of what was stored without one. */
function defineFunctions(database: Database.Database): void {
  database.function('fold', { deterministic: true }, (text: unknown) => String(text).toLowerCase());
  database.function('sha1', { deterministic: true }, (bytes: unknown) => hash('sha1', bytes as Uint8Array, 'hex'));
}

/** Runs the migrations that the database has not had, each in a transaction of its own. */
export function migrate(database: Database.Database, upTo = MIGRATIONS.length): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  refuseNewer(version);
  defineFunctions(database);
  for (let number = version + 1; number <= upTo; number++) {
    const text = MIGRATIONS[number - 1] ?? '';
    database.transaction(() => {
      database.exec(text);
      database.pragma(`user_version = ${number}`);
    })();
  }
}

/** Opens the data folder's database for writing, and creates both where they are missing. Throws `StoreRefused` for what an admin can mend. */
export function openDatabase(dataDir: string, slowMs: number | null, onSlow: SlowSql): Sql {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, DATABASE_FILE);
  const database = new Database(file, { timeout: 0 });
  try {
    chmodSync(file, 0o600);
    // In exclusive mode WAL needs no shared-memory file, and the lock lasts from the first read until the process ends.
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    // Without it an INSERT OR REPLACE would delete without firing delete triggers, and the audit log is guarded by those.
    database.pragma('recursive_triggers = ON');
    database.pragma('temp_store = MEMORY');
    // Pages that many commits touch are copied back once for all of them; a longer log would make the commit that copies it wait.
    database.pragma('wal_autocheckpoint = 2000');
    // Small on purpose: what falls out of it is read again from the system's own cache, and 20 000 enrolments fit into 200 MB of memory.
    database.pragma('cache_size = -8000');
    database.pragma('trusted_schema = OFF');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    migrate(database);
    return toSql(database, slowMs, onSlow);
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new StoreRefused(`The data folder ${dataDir} is in use by another running Countersign: stop that one first, or choose another folder.`);
    if (isDamaged(error)) throw new StoreRefused(`The database in ${dataDir} is damaged or is not Countersign's: restore a backup.`);
    throw error;
  }
}

/** Opens the database of a stopped server for looking only. */
export function openForReading(dataDir: string): Sql {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) throw new StoreRefused(`There is no Countersign database in ${dataDir}.`);
  const database = new Database(file, { readonly: true, timeout: 0 });
  try {
    refuseNewer(database.pragma('user_version', { simple: true }) as number);
    database.pragma('trusted_schema = OFF');
    return toSql(database, null, () => undefined);
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new StoreRefused(`The data folder ${dataDir} is in use by a running Countersign: let that one verify its log.`);
    if (isDamaged(error)) throw new StoreRefused(`The database in ${dataDir} is damaged or is not Countersign's.`);
    throw error;
  }
}
