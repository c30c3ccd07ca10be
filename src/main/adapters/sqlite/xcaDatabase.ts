/**
 * XCA's databases (schema 6 to 8 of XCA 2), read from their bytes in memory. Whoever made the file is not trusted: its tables must be plain ones,
 * so that no view or trigger of theirs runs here, and what is read is bounded. Private keys come out as they lie there, encrypted.
 */
import Database from 'better-sqlite3';
import type { XcaContents } from '../../application/ports/migrationFiles.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';

const SCHEMAS = { least: 6, most: 8 } as const;
const MOST_ROWS = 200_000;
/** Base64 of one item. */
const MOST_TEXT = 1_000_000;
const TABLES = ['settings', 'items', 'x509super', 'certs', 'private_keys', 'authority', 'revocations', 'crls', 'requests', 'templates'] as const;

/** With the column by which each is joined to the others. */
const JOINED = [['items', 'id'], ['certs', 'item'], ['x509super', 'item'], ['private_keys', 'item'], ['crls', 'item']] as const;

const NO_XCA = 'It is a SQLite database, and not one of XCA 2.';

/** The error is a sentence. */
export function readXcaDatabase(bytes: Uint8Array): Result<XcaContents, string> {
  let database: Database.Database;
  try {
    // A database in WAL mode cannot be opened in memory: its log lies in another file. XCA does not use one, so the header may say so.
    const copy = Buffer.from(bytes);
    if (copy[18] === 2) copy[18] = copy[19] = 1;
    database = new Database(copy);
  } catch (error) {
    return err(`The database does not open (${error instanceof Error ? error.message : ''}).`);
  }
  try {
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    database.pragma('query_only = ON');
    return read(database);
  } catch (error) {
    if (error instanceof Database.SqliteError) return err(`The database is damaged (${error.message}).`);
    throw error;
  } finally {
    database.close();
  }
}

function read(database: Database.Database): Result<XcaContents, string> {
  const problem = findProblem(database);
  if (problem !== undefined) return err(problem);
  const all = <T>(sql: string): readonly T[] => database.prepare<[], T>(`${sql} LIMIT ${MOST_ROWS + 1}`).all();
  const unreadable: string[] = [];
  const decode = (what: string, name: string, text: unknown): Uint8Array | undefined => {
    // Spaces go first: a pattern that allows for them would try each place in a megabyte of them.
    const written = typeof text === 'string' && text.length <= MOST_TEXT ? text.replace(/\s/g, '') : '';
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(written)) return new Uint8Array(Buffer.from(written, 'base64'));
    unreadable.push(`The ${what} “${name}” of the database is not base64.`);
    return undefined;
  };
  const items = <R extends { readonly name: string; readonly text: unknown }>(what: string, rows: readonly R[]): (R & { readonly der: Uint8Array })[] =>
    rows.flatMap((row) => {
      const der = decode(what, row.name, row.text);
      return der === undefined ? [] : [{ ...row, der }];
    });

  const schema = Number(database.prepare<[], { value: unknown }>(`SELECT value FROM settings WHERE key_ = 'schema'`).get()?.value);
  const certs = items('certificate', all<{ item: number; name: string; text: unknown }>('SELECT item, name, cert AS text FROM certs JOIN items ON items.id = certs.item WHERE items.del = 0 ORDER BY item'));
  const byItem = new Map(certs.map(({ item, der }) => [item, der]));
  const keys = items(
    'private key',
    all<{ name: string; text: unknown }>(
      `SELECT DISTINCT items.name AS name, private AS text FROM certs JOIN x509super ON x509super.item = certs.item JOIN private_keys ON private_keys.item = x509super.pkey
       JOIN items ON items.id = private_keys.item WHERE certs.ca = 1 AND items.del = 0 ORDER BY items.id`,
    ),
  );
  const crls = items('revocation list', all<{ name: string; text: unknown }>('SELECT name, crl AS text FROM crls JOIN items ON items.id = crls.item WHERE items.del = 0 ORDER BY item'));
  const revocations = all<{ caId: number; serial: unknown; date: unknown; reasonBit: unknown }>('SELECT caId, serial, date, reasonBit FROM revocations ORDER BY rowid');
  const numbers = all<{ item: number; crlNo: unknown }>('SELECT item, crlNo FROM authority ORDER BY rowid');
  if ([certs, keys, crls, revocations].some((rows) => rows.length > MOST_ROWS)) return err(`The database holds more than ${MOST_ROWS} items of one kind.`);
  const count = (table: string): number => Number(database.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  return ok({
    schema,
    certificates: certs.map(({ name, der }) => ({ name, der })),
    keys: keys.map(({ name, der }) => ({ name, der })),
    crls: crls.map(({ name, der }) => ({ name, der })),
    revocations: revocations.flatMap(({ caId, serial, date, reasonBit }) => {
      const issuerDer = byItem.get(caId);
      if (issuerDer !== undefined) return [{ issuerDer, serial: String(serial), date: String(date), reason: Number(reasonBit) }];
      unreadable.push(`The revocation of serial ${String(serial).slice(0, 128)} is of a CA that is not in the database.`);
      return [];
    }),
    crlNumbers: numbers.flatMap(({ item, crlNo }) => {
      const issuerDer = byItem.get(item);
      return issuerDer !== undefined && Number.isSafeInteger(Number(crlNo)) ? [{ issuerDer, number: Number(crlNo) }] : [];
    }),
    unreadable,
    others: { keys: count('private_keys') - keys.length, requests: count('requests'), templates: count('templates') },
  });
}

/** Why it is not read, in a sentence. */
function findProblem(database: Database.Database): string | undefined {
  const objects = database.prepare<[], { type: string; name: string; sql: string | null }>(`SELECT type, name, sql FROM sqlite_schema WHERE name IN (${TABLES.map((name) => `'${name}'`).join(', ')}) LIMIT 100`).all();
  // A view of that name could compute for ever, and a virtual table run code.
  if (objects.some(({ type, sql }) => type !== 'table' || !/^\s*CREATE\s+TABLE\b/i.test(sql ?? '') || /\bGENERATED\b|\bAS\s*\(/i.test(sql ?? ''))) return NO_XCA;
  const missing = TABLES.filter((table) => !objects.some(({ name }) => name === table));
  if (missing.includes('settings') || missing.includes('items')) return NO_XCA;
  const schema = Number(database.prepare<[], { value: unknown }>(`SELECT value FROM settings WHERE key_ = 'schema'`).get()?.value);
  if (!Number.isInteger(schema)) return NO_XCA;
  if (schema < SCHEMAS.least || schema > SCHEMAS.most) return `XCA's database has schema ${schema}; ${SCHEMAS.least} to ${SCHEMAS.most} are read. Open it once with XCA 2.4 or newer, which brings it up to date.`;
  if (missing.length > 0) return `XCA's database lacks the table ${missing.join(', ')}.`;
  // What is joined has one row for each item: rows that repeat each other would multiply until nobody can wait for the answer.
  const repeated = JOINED.find(([table, column]) => database.prepare(`SELECT 1 FROM ${table} WHERE ${column} IS NOT NULL GROUP BY ${column} HAVING count(*) > 1 LIMIT 1`).get() !== undefined);
  return repeated === undefined ? undefined : `XCA's database has two rows for one item in the table ${repeated[0]}.`;
}
