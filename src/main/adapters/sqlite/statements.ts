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
  courierLink: { codec: tables.courierLinks, extra: [], key: 'id' },
  courierItem: { codec: tables.courierItems, extra: [], key: 'id' },
  revokedSerial: { codec: tables.revokedSerials, extra: [], key: 'id' },
};

/** Polls and the telling of an answer are counted beside a request's version, so a row that was read before them must not take them back. */
const MONOTONE: Readonly<Record<string, string>> = {
  lastSeenAt: 'max(lastSeenAt, excluded.lastSeenAt)',
  polls: 'max(polls, excluded.polls)',
  toldAt: 'coalesce(toldAt, excluded.toldAt)',
};

/**
 * What a row is known by never changes while it lives. SQLite writes every index anew whose columns an UPDATE names, even with the same
 * values, so these are not named: replacing a request would otherwise dirty a page of each of its indexes.
 */
const IDENTITY: Partial<Readonly<Record<PutTable, readonly string[]>>> = {
  request: ['endpointId', 'transactionId', 'signerSpkiSha256', 'messageSha256', 'source'],
  certificate: ['serial', 'issuerHash', 'authorityId', 'generation', 'sha256', 'spkiSha256', 'issuedAt', 'renews'],
};

/** Inserts a row, or replaces the one with its key; returns its number, or nothing where the row has another identity or an older CRL would replace a newer one. */
export function putText(table: PutTable): string {
  const { codec, extra, key } = PUT[table];
  const columns = [...codec.columns, ...extra];
  const identity = IDENTITY[table] ?? [];
  const kept = new Set([...key.split(', '), ...identity]);
  const keep = (column: string): string => (table === 'request' ? (MONOTONE[column] ?? `excluded.${column}`) : `excluded.${column}`);
  const set = columns.filter((column) => !kept.has(column)).map((column) => `${column} = ${keep(column)}`);
  const conditions = table === 'crl' ? ['excluded.number >= number'] : identity.map((column) => `${table}.${column} IS excluded.${column}`);
  const only = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const returning = IDENTITY[table] === undefined ? '' : ' RETURNING seq';
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (${key}) DO UPDATE SET ${set.join(', ')}${only}${returning}`;
}

export const insertText = (table: string, codec: Columns): string =>
  `INSERT INTO ${table} (${codec.columns.join(', ')}) VALUES (${codec.columns.map(() => '?').join(', ')})`;

/** `SELECT <columns> FROM <table> <rest>`; the columns are qualified, for joins. */
export const selectText = (table: string, codec: Columns, rest = ''): string =>
  `SELECT ${codec.columns.map((column) => `${table}.${column}`).join(', ')} FROM ${table} ${rest}`;
