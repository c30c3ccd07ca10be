/**
 * Looking through a stopped folder as a whole: does it open, does its log hold, how much is in it, which keys lie in it.
 * A long log takes seconds: `examineApart` does it beside the main thread.
 */
import type { Counts } from '../../application/ports/backups.ts';
import { isDamaged, openDatabase, openForReading, type Sql, StoreRefused } from './database.ts';
import type { Examination } from './messages.ts';
import { selectText } from './statements.ts';
import * as tables from './tables.ts';
import { verifyFolder } from './verifyLog.ts';

const COUNTED: Readonly<Record<keyof Counts, string>> = { authorities: 'authority', certificates: 'certificate', requests: 'request', challenges: 'challenge', keys: 'key', entries: 'audit' };

/** How many rows there are of what an admin would miss. */
export function countRows(sql: Sql): Counts {
  const count = (table: string): number => Number(sql.prepare(`SELECT count(*) FROM ${table}`).row()?.[0]);
  return Object.fromEntries(Object.entries(COUNTED).map(([name, table]) => [name, count(table)])) as unknown as Counts;
}

/** Brings a copy up to this program's schema first: what it held must still be there after that. */
export function examineFolder(dataDir: string): Examination {
  try {
    openDatabase(dataDir, null, () => undefined).close();
    const verdict = verifyFolder(dataDir);
    const sql = openForReading(dataDir);
    try {
      return { ok: true, verdict, counts: countRows(sql), keys: sql.prepare(selectText('key', tables.keys, '')).rows().map(tables.keys.fromRow) };
    } finally {
      sql.close();
    }
  } catch (error) {
    if (error instanceof StoreRefused || isDamaged(error)) return { ok: false, problem: error instanceof Error ? error.message : '' };
    throw error;
  }
}
