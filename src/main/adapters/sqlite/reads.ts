/** Every question that the store answers, by name. Answers are rows; the caller's side makes records of them. Long ones are generators and let commits in between. */
import type { ListedCertificateState } from '../../application/ports/store.ts';
import type { ChallengeState } from '../../core/ca/challenge.ts';
import type { RequestState } from '../../core/ca/enrolment.ts';
import type { Cell, Columns, Row } from './codec.ts';
import type { Sql } from './database.ts';
import { type Filter, type Listing, listPage, type PageQuery } from './listing.ts';
import { selectText } from './statements.ts';
import * as tables from './tables.ts';
import { readHead } from './writes.ts';

const REQUESTS: Listing = { table: 'request', codec: tables.requests, number: 'seq', text: 'requestText.text', textTable: 'requestText' };
const CERTIFICATES: Listing = {
  table: 'certificate',
  codec: tables.certificates,
  number: 'seq',
  text: 'certificateText.text',
  textTable: 'certificateText',
};
const CHALLENGES: Listing = { table: 'challenge', codec: tables.challenges, number: 'seq', text: 'challenge.text' };
const TRANSACTIONS: Listing = {
  table: 'deviceTransaction',
  codec: tables.transactions,
  number: 'id',
  text: `fold(concat_ws(' ', source, path, operation, transactionId, outcome, code, text, algorithms, requestId, certificateId))`,
  count: 'SELECT coalesce(max(id) - min(id) + 1, 0) FROM deviceTransaction',
};
const AUDIT: Listing = {
  table: 'audit',
  codec: tables.auditEntries,
  number: 'seq',
  text: `fold(concat_ws(' ', actor, action, subject, outcome, code, detail))`,
  count: 'SELECT coalesce(max(seq), 0) FROM audit',
};
const AUDIT_OK: Filter = {
  where: `outcome = 'ok'`,
  values: [],
  count: `SELECT (SELECT coalesce(max(seq), 0) FROM audit) - (SELECT count(*) FROM audit INDEXED BY auditOutcome WHERE outcome <> 'ok')`,
};

function certificateFilter(state: ListedCertificateState | undefined, at: number): Filter | undefined {
  if (state === undefined) return undefined;
  const index = 'certificateState';
  if (state === 'valid') return { where: `certificate.state = 'valid' AND certificate.notAfter > ?`, values: [at], index };
  if (state === 'expired') return { where: `certificate.state = 'valid' AND certificate.notAfter <= ?`, values: [at], index };
  return { where: 'certificate.state = ?', values: [state], index };
}

function challengeFilter(state: ChallengeState | undefined, at: number): Filter | undefined {
  if (state === undefined) return undefined;
  const index = 'challengeStanding';
  if (state === 'live') return { where: `standing = 'open' AND expiresAt > ?`, values: [at], index };
  if (state === 'expired') return { where: `standing = 'open' AND expiresAt <= ?`, values: [at], index };
  return { where: 'standing = ?', values: [state], index };
}

/** Refusals and failures are few and have an index; what went well is most of the log. */
const outcomeFilter = (outcome: string | undefined): Filter | undefined => {
  if (outcome === undefined) return undefined;
  return outcome === 'ok' ? AUDIT_OK : { where: `outcome = ? AND outcome <> 'ok'`, values: [outcome], index: 'auditOutcome' };
};

/** Issued requests have an index of their own, the others share one. */
const requestFilter = (state: RequestState | undefined): Filter | undefined => {
  if (state === undefined) return undefined;
  if (state === 'issued') return { where: `request.state = 'issued'`, values: [], index: 'requestIssued' };
  return { where: `request.state = ? AND request.state <> 'issued'`, values: [state], index: 'requestOther' };
};

const count = (row: Row | undefined, i = 0): number => Number(row?.[i] ?? 0);

/** The questions over one database. */
export function openReads(sql: Sql) {
  const all = (table: string, codec: Columns) => (): readonly Row[] => sql.prepare(selectText(table, codec, 'ORDER BY seq')).rows();
  const one =
    (table: string, codec: Columns, where: string) =>
    (...cells: readonly Cell[]): Row | undefined =>
      sql.prepare(selectText(table, codec, `WHERE ${where}`)).row(...cells);
  const many =
    (table: string, codec: Columns, rest: string) =>
    (...cells: readonly Cell[]): readonly Row[] =>
      sql.prepare(selectText(table, codec, rest)).rows(...cells);

  return {
    setting: (key: string) => sql.prepare('SELECT value FROM setting WHERE key = ?').row(key),
    authorities: all('authority', tables.authorities),
    generations: all('generation', tables.generations),
    scepIdentities: all('scepIdentity', tables.scepIdentities),
    keys: all('key', tables.keys),
    endpoints: all('endpoint', tables.endpoints),
    profiles: all('profile', tables.profiles),
    intents: all('intent', tables.intents),

    request: one('request', tables.requests, 'id = ?'),
    requestsOfTransaction: many('request', tables.requests, 'WHERE signerSpkiSha256 = ? AND transactionId = ? AND endpointId = ? ORDER BY seq DESC'),
    waitingOfSigner: many('request', tables.requests, `WHERE signerSpkiSha256 = ? AND endpointId = ? AND state = 'pending' ORDER BY seq DESC`),
    requests: (state: RequestState | undefined, query: PageQuery) => listPage(sql, REQUESTS, requestFilter(state), query),
    openRequests: many('request', tables.requests, `INDEXED BY requestOther WHERE state = ? AND state <> 'issued' ORDER BY seq`),
    countRequests: () => {
      const others = sql.prepare(`SELECT state, count(*) FROM request INDEXED BY requestOther WHERE state <> 'issued' GROUP BY state`).rows();
      return [...others, ['issued', count(sql.prepare(`SELECT count(*) FROM request INDEXED BY requestIssued WHERE state = 'issued'`).row())]];
    },
    lapsedRequests: many('request', tables.requests, `INDEXED BY requestWaiting WHERE state = 'pending' AND expiresAt <= ? ORDER BY seq`),

    challenge: one('challenge', tables.challenges, 'id = ?'),
    challengeByMac: one('challenge', tables.challenges, 'mac = ? ORDER BY seq DESC LIMIT 1'),
    challenges: (state: ChallengeState | undefined, at: number, query: PageQuery) => listPage(sql, CHALLENGES, challengeFilter(state, at), query),

    certificate: one('certificate', tables.certificates, 'id = ?'),
    certificateBySerial: one('certificate', tables.certificates, 'serial = ? AND issuerHash = ?'),
    certificatesOfKey: many('certificate', tables.certificates, `WHERE spkiSha256 = ? AND state <> 'revoked' AND notAfter > ? ORDER BY seq DESC`),
    certificates: (state: ListedCertificateState | undefined, at: number, query: PageQuery) => listPage(sql, CERTIFICATES, certificateFilter(state, at), query),
    // The CA's own certificates are few and have an index of their own: they are taken off, so that counting devices stays a walk over an index.
    countCertificates: (at: number) => {
      const byState = sql.prepare(`SELECT state, count(*), sum(notAfter <= ?) FROM certificate INDEXED BY certificateState GROUP BY state`).rows(at);
      const own = sql
        .prepare(`SELECT state, count(*), sum(notAfter <= ?) FROM certificate INDEXED BY certificateOwn WHERE kind <> 'device' GROUP BY state`)
        .rows(at);
      return { byState, own };
    },
    countIssued: (since: number) => {
      const all = sql.prepare('SELECT count(*), coalesce(sum(renews IS NOT NULL), 0) FROM certificate INDEXED BY certificateIssued WHERE issuedAt >= ?').row(since);
      const own = sql.prepare(`SELECT count(*) FROM certificate INDEXED BY certificateOwn WHERE kind <> 'device' AND issuedAt >= ?`).row(since);
      return [count(all) - count(own), count(all, 1)];
    },
    revoked: (authorityId: string, generation: number, at: number) =>
      sql
        .prepare(`SELECT serial, revokedAt, reason FROM certificate WHERE authorityId = ? AND generation = ? AND state <> 'valid' AND notAfter > ? ORDER BY seq`)
        .rows(authorityId, generation, at),

    latestCrl: one('crl', tables.crls, 'authorityId = ? AND generation = ?'),

    transactions: (outcome: string | undefined, query: PageQuery) => listPage(sql, TRANSACTIONS, outcome === undefined ? undefined : { where: 'outcome = ?', values: [outcome] }, query),
    transaction: (id: number) => one('deviceTransaction', tables.transactions, 'id = ?')(id),
    audit: (outcome: string | undefined, query: PageQuery) => listPage(sql, AUDIT, outcomeFilter(outcome), query),
    auditHead: () => readHead(sql),
    /** Entries after `seq`, oldest first: how the log is exported, piece by piece. */
    entriesAfter: many('audit', tables.auditEntries, 'WHERE seq > ? AND seq <= ? ORDER BY seq'),
  };
}

export type Questions = ReturnType<typeof openReads>;
