/** SQL texts made from the tables' field lists. Every SELECT names its columns. */
import type { Columns } from './codec.ts';
import type { PutTable } from './messages.ts';
import * as tables from './tables.ts';

/** Columns, after those of the codec, that the store fills itself. */
const PUT: Readonly<Record<PutTable, { readonly codec: Columns; readonly extra: readonly string[]; readonly key: string }>> = {
  authority: { codec: tables.authorities, extra: [], key: 'id' },
  generation: { codec: tables.generations, extra: ['id'], key: 'id' },
  scepIdentity: { codec: tables.scepIdentities, extra: [], key: 'id' },
  key: { codec: tables.keys, extra: [], key: 'id' },
  endpoint: { codec: tables.endpoints, extra: [], key: 'id' },
  profile: { codec: tables.profiles, extra: [], key: 'id' },
  request: { codec: tables.requests, extra: [], key: 'id' },
  challenge: { codec: tables.challenges, extra: ['text'], key: 'id' },
  certificate: { codec: tables.certificates, extra: [], key: 'id' },
  crl: { codec: tables.crls, extra: [], key: 'authorityId, generation' },
  intent: { codec: tables.intents, extra: [], key: 'id' },
};

/** Polls and the telling of an answer are counted beside a request's version, so a row that was read before them must not take them back. */
const MONOTONE: Readonly<Record<string, string>> = {
  lastSeenAt: 'max(lastSeenAt, excluded.lastSeenAt)',
  polls: 'max(polls, excluded.polls)',
  toldAt: 'coalesce(toldAt, excluded.toldAt)',
};

/** Inserts a row, or replaces the one with its key; an older CRL never replaces a newer one. */
export function putText(table: PutTable): string {
  const { codec, extra, key } = PUT[table];
  const columns = [...codec.columns, ...extra];
  const keep = (column: string): string => (table === 'request' ? (MONOTONE[column] ?? `excluded.${column}`) : `excluded.${column}`);
  const set = columns.filter((column) => !key.split(', ').includes(column)).map((column) => `${column} = ${keep(column)}`);
  const only = table === 'crl' ? ' WHERE excluded.number >= number' : '';
  const returning = table === 'request' || table === 'certificate' ? ' RETURNING seq' : '';
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (${key}) DO UPDATE SET ${set.join(', ')}${only}${returning}`;
}

export const insertText = (table: string, codec: Columns): string =>
  `INSERT INTO ${table} (${codec.columns.join(', ')}) VALUES (${codec.columns.map(() => '?').join(', ')})`;

/** `SELECT <columns> FROM <table> <rest>`; the columns are qualified, for joins. */
export const selectText = (table: string, codec: Columns, rest = ''): string =>
  `SELECT ${codec.columns.map((column) => `${table}.${column}`).join(', ')} FROM ${table} ${rest}`;
