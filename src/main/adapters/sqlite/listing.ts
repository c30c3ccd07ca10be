/**
 * Pages of lists, newest first, by keyset: the cursor is the last row's number, so that rows that come in meanwhile shift nothing.
 * A search looks through the kept text from the newest row back, in slices between which commits go ahead.
 */
import type { Sql } from './database.ts';
import type { Cell, Columns, Row } from './codec.ts';
import type { Search } from './searchText.ts';
import { selectText } from './statements.ts';

/** What a list is drawn from. */
export interface Listing {
  readonly table: string;
  readonly codec: Columns;
  /** The rows' number: `seq` or `id`. */
  readonly number: string;
  /** SQL for the lower-case text that a search reads. */
  readonly text: string;
  /** The narrow table (seq, text) that holds it, where it is not made of the row's own columns. */
  readonly textTable?: string;
  /** How many rows there are, where counting them one by one would read the whole table. */
  readonly count?: string;
}

/** The condition that a state filter sets, and its values. */
export interface Filter {
  readonly where: string;
  readonly values: readonly Cell[];
  /** Index to take where the planner would choose another. */
  readonly index?: string;
  /** How many rows it leaves, where there is a shorter way than to count them. */
  readonly count?: string;
}

/** Rows with their number in front. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly next: number | null;
  readonly total: number;
}

export interface PageQuery {
  readonly search: Search | undefined;
  readonly limit: number;
  /** Rows below this number. */
  readonly below: number;
}

/** The number in a cursor; one that is none of ours ends the list. */
export const readCursor = (cursor: string | undefined): number => (cursor === undefined ? Number.MAX_SAFE_INTEGER : /^[0-9]{1,15}$/.test(cursor) ? Number(cursor) : 0);

/** Row numbers looked at before commits get their turn. */
const SLICE = 8_000;

/** LIKE rather than instr(), which takes twice as long; both texts are in lower case already. */
const found = (search: Search, text: string): Filter => {
  const values = search.flatMap((terms) => terms.flat()).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  const any = (parts: readonly string[], word: string): string => `(${parts.join(` ${word} `)})`;
  const where = any(search.map((terms) => any(terms.map((spellings) => any(spellings.map(() => `${text} LIKE ? ESCAPE '\\'`), 'OR')), 'AND')), 'OR');
  return { where, values };
};

export function* listPage(sql: Sql, listing: Listing, filter: Filter | undefined, query: PageQuery): Generator<void, RowPage> {
  const { table, number } = listing;
  const from = filter?.index === undefined ? table : `${table} INDEXED BY ${filter.index}`;
  const select = (rest: string): string => selectText(table, listing.codec, rest).replace('SELECT ', `SELECT ${table}.${number}, `);
  const page = (rows: readonly Row[], total: number): RowPage => {
    const shown = rows.slice(0, query.limit);
    return { rows: shown, next: rows.length > query.limit ? Number(shown.at(-1)?.[0]) : null, total };
  };

  if (query.search === undefined) {
    const where = filter?.where ?? '1';
    const values = filter?.values ?? [];
    const short = filter === undefined ? listing.count : filter.count;
    const counted = short === undefined ? sql.prepare(`SELECT count(*) FROM ${from} WHERE ${where}`).row(...values) : sql.prepare(short).row();
    const total = Number(counted?.[0] ?? 0);
    const order = `WHERE ${where} AND ${table}.${number} < ? ORDER BY ${table}.${number} DESC LIMIT ?`;
    return page(sql.prepare(select(order).replace(`FROM ${table}`, `FROM ${from}`)).rows(...values, query.below, query.limit + 1), total);
  }

  const match = found(query.search, listing.text);
  const { source, numberOf } = searched(listing, filter, from);
  const where = `${filter?.where ?? '1'} AND ${match.where} AND ${numberOf} > ? AND ${numberOf} <= ?`;
  const numbers = sql.prepare(`SELECT ${numberOf} FROM ${source} WHERE ${where} ORDER BY ${numberOf} DESC`);
  const byNumber = sql.prepare(select(`WHERE ${table}.${number} = ?`));
  const rows: Row[] = [];
  let total = 0;
  for (let top = highest(sql, listing); top > 0; top -= SLICE) {
    for (const [n] of numbers.rows(...(filter?.values ?? []), ...match.values, top - SLICE, top)) {
      total += 1;
      if (Number(n) >= query.below || rows.length > query.limit) continue;
      const row = byNumber.row(n ?? null);
      if (row !== undefined) rows.push(row);
    }
    yield;
  }
  return page(rows, total);
}

/** What a search goes through: the narrow text alone where there is no filter, else beside the filter's index. */
function searched({ table, number, textTable }: Listing, filter: Filter | undefined, from: string): { readonly source: string; readonly numberOf: string } {
  if (textTable === undefined) return { source: from, numberOf: `${table}.${number}` };
  if (filter === undefined) return { source: textTable, numberOf: `${textTable}.seq` };
  return { source: `${from} JOIN ${textTable} ON ${textTable}.seq = ${table}.${number}`, numberOf: `${table}.${number}` };
}

const highest = (sql: Sql, { table, number }: Listing): number => Number(sql.prepare(`SELECT coalesce(max(${number}), 0) FROM ${table}`).row()?.[0] ?? 0);
