/**
 * Pages of lists by keyset, newest first or by a time that is still to come: the cursor is the last row's place, so that rows that come in
 * meanwhile shift nothing. A search looks through the kept text from the newest row back, in slices between which commits go ahead.
 */
import type { Sql } from './database.ts';
import type { Cell, Columns, Row } from './codec.ts';
import { type Search, placesOf } from './searchText.ts';
import { selectText } from './statements.ts';

/** What a list is drawn from. */
export interface Listing {
  readonly table: string;
  readonly codec: Columns;
  /** The rows' number: `seq` or `id`. */
  readonly number: string;
  /** SQL for the text that a search reads; in lower case where `folded`. */
  readonly text: string;
  readonly folded: boolean;
  /** SQL for the hex that a search for hex reads besides. */
  readonly digests?: string;
  /** The narrow table (seq, text) that holds it, where it is not made of the row's own columns. */
  readonly textTable?: string;
  /** How many rows there are, where counting them one by one would read the whole table. */
  readonly count?: string;
}

/** The conditions that filters set, and their values. */
export interface Filter {
  readonly where: string;
  readonly values: readonly Cell[];
  /** Index to take where the planner would choose another. */
  readonly index?: string;
  /** The same for a search, which goes by the rows' numbers. */
  readonly searchIndex?: string;
  /** How many rows it leaves, where there is a shorter way than to count them. */
  readonly count?: string;
  /** The column of times by which the list goes up, in place of the newest first. */
  readonly soonest?: string;
}

/** Rows with their number in front. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly total: number;
}

/** The last row that was shown: its number, and its time in a list that goes by one. */
export interface Place {
  readonly number: number;
  readonly at: number | null;
}

export interface PageQuery {
  readonly search: Search | undefined;
  readonly limit: number;
  readonly after: Place | undefined;
}

const END: Place = { number: 0, at: Number.MAX_SAFE_INTEGER };

/** The place in a cursor; one that is none of ours is the end of every list. */
export function readCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, at, number] = /^(?:([0-9]{1,15})\.)?([0-9]{1,15})$/.exec(cursor) ?? [];
  if (number === undefined) return END;
  return { number: Number(number), at: at === undefined ? null : Number(at) };
}

/** Row numbers looked at before commits get their turn. */
const SLICE = 8_000;

/** LIKE rather than instr(), which takes twice as long. It folds ASCII by itself; only words beyond that need the text folded. */
function found(search: Search, { text, folded, digests }: Listing): Filter {
  const spellings = search.flatMap((terms) => terms.flat());
  const names = folded || spellings.every((spelling) => /^[ -~]*$/.test(spelling)) ? text : `fold(${text})`;
  const like = (column: string): string => `${column} LIKE ? ESCAPE '\\'`;
  const columnsOf = (spelling: string): readonly string[] => placesOf(spelling).flatMap((place) => (place === 'names' ? [names] : digests === undefined ? [] : [digests]));
  const any = (parts: readonly string[], word: string): string => `(${parts.join(` ${word} `)})`;
  const where = any(search.map((terms) => any(terms.map((term) => any(term.flatMap((spelling) => columnsOf(spelling).map(like)), 'OR')), 'AND')), 'OR');
  return { where, values: spellings.flatMap((spelling) => columnsOf(spelling).map(() => `%${spelling.replace(/[\\%_]/g, '\\$&')}%`)) };
}

const indexed = (table: string, index: string | undefined): string => (index === undefined ? table : `${table} INDEXED BY ${index}`);

const selectNumbered = (from: string, { table, codec, number }: Listing, rest: string): string =>
  selectText(table, codec, rest)
    .replace('SELECT ', `SELECT ${table}.${number}, `)
    .replace(`FROM ${table}`, `FROM ${from}`);

/** One page of a list, with how many rows match in all. */
export function* listPage(sql: Sql, listing: Listing, filter: Filter | undefined, query: PageQuery): Generator<void, RowPage> {
  return query.search === undefined ? plainPage(sql, listing, filter, query) : yield* searchPage(sql, listing, filter, query, query.search);
}

function pageOf({ codec }: Listing, filter: Filter | undefined, limit: number, rows: readonly Row[], total: number): RowPage {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: shown, next: null, total };
  const place = filter?.soonest === undefined ? '' : `${last[1 + codec.columns.indexOf(filter.soonest)]}.`;
  return { rows: shown, next: `${place}${last[0]}`, total };
}

function plainPage(sql: Sql, listing: Listing, filter: Filter | undefined, { limit, after }: PageQuery): RowPage {
  const { table, number } = listing;
  const from = indexed(table, filter?.index);
  const where = filter?.where ?? '1';
  const values = filter?.values ?? [];
  const short = filter === undefined ? listing.count : filter.count;
  const counted = short === undefined ? sql.prepare(`SELECT count(*) FROM ${from} WHERE ${where}`).row(...values) : sql.prepare(short).row();
  const total = Number(counted?.[0] ?? 0);
  if (filter?.soonest !== undefined) {
    const time = `${table}.${filter.soonest}`;
    const since = timeOf(after);
    const order = `WHERE ${where} AND (${time}, ${table}.${number}) > (?, ?) ORDER BY ${time}, ${table}.${number} LIMIT ?`;
    return pageOf(listing, filter, limit, sql.prepare(selectNumbered(from, listing, order)).rows(...values, since, after?.number ?? 0, limit + 1), total);
  }
  const order = `WHERE ${where} AND ${table}.${number} < ? ORDER BY ${table}.${number} DESC LIMIT ?`;
  return pageOf(listing, filter, limit, sql.prepare(selectNumbered(from, listing, order)).rows(...values, after?.number ?? Number.MAX_SAFE_INTEGER, limit + 1), total);
}

function* searchPage(sql: Sql, listing: Listing, filter: Filter | undefined, { limit, after }: PageQuery, search: Search): Generator<void, RowPage> {
  const { table, number } = listing;
  const match = found(search, listing);
  const { source, numberOf } = searched(listing, filter);
  const time = filter?.soonest === undefined ? '0' : `${table}.${filter.soonest}`;
  const where = `${filter?.where ?? '1'} AND ${match.where} AND ${numberOf} > ? AND ${numberOf} <= ?`;
  const places = sql.prepare(`SELECT ${numberOf}, ${time} FROM ${source} WHERE ${where} ORDER BY ${numberOf} DESC`);
  const byNumber = sql.prepare(selectNumbered(table, listing, `WHERE ${table}.${number} = ?`));
  const comes = filter?.soonest === undefined ? comesOlder(after) : comesLater(after);
  const wanted: Row[] = [];
  let total = 0;
  for (let top = highest(sql, listing); top > 0; top -= SLICE) {
    for (const place of places.rows(...(filter?.values ?? []), ...match.values, top - SLICE, top)) {
      total += 1;
      // A list that goes by a time is sorted when all of it is known; one that goes by number is in order, and full at some point.
      if (comes(place) && (filter?.soonest !== undefined || wanted.length <= limit)) wanted.push(place);
    }
    yield;
  }
  if (filter?.soonest !== undefined) wanted.sort((a, b) => Number(a[1]) - Number(b[1]) || Number(a[0]) - Number(b[0]));
  // A row that left the log between two slices is not shown.
  const rows = wanted.slice(0, limit + 1).map(([n]) => byNumber.row(n ?? null)).filter((row) => row !== undefined);
  return pageOf(listing, filter, limit, rows, total);
}

const comesOlder =
  (after: Place | undefined) =>
  ([n]: Row): boolean =>
    after === undefined || Number(n) < after.number;

const comesLater =
  (after: Place | undefined) =>
  ([n, at]: Row): boolean =>
    Number(at) > timeOf(after) || (Number(at) === timeOf(after) && Number(n) > (after?.number ?? 0));

/** A place without a time is of another list: nothing comes after it. */
const timeOf = (after: Place | undefined): number => (after === undefined ? 0 : (after.at ?? Number.MAX_SAFE_INTEGER));

/** What a search goes through: the narrow text alone where there is no filter, else beside the filter's index. */
function searched({ table, number, textTable }: Listing, filter: Filter | undefined): { readonly source: string; readonly numberOf: string } {
  const from = indexed(table, filter?.searchIndex ?? filter?.index);
  if (textTable === undefined) return { source: from, numberOf: `${table}.${number}` };
  if (filter === undefined) return { source: textTable, numberOf: `${textTable}.seq` };
  return { source: `${from} JOIN ${textTable} ON ${textTable}.seq = ${table}.${number}`, numberOf: `${table}.${number}` };
}

const highest = (sql: Sql, { table, number }: Listing): number => Number(sql.prepare(`SELECT coalesce(max(${number}), 0) FROM ${table}`).row()?.[0] ?? 0);
