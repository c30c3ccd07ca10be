/** Every question that the store answers, by name. Answers are rows; the caller's side makes records of them. Long ones are generators and let commits in between. */
import type { ChallengeState } from '../../core/ca/challenge.ts';
import type { RequestState } from '../../core/ca/enrolment.ts';
import { DAY } from '../../core/lib/instant.ts';
import type { Cell, Columns, Row } from './codec.ts';
import type { Sql } from './database.ts';
import { type AuditNarrowing, type CertificateNarrowing, auditFilter, certificateFilter, challengeFilter, requestFilter } from './filters.ts';
import { type Listing, listPage, type PageQuery } from './listing.ts';
import { openSurveys } from './surveyRows.ts';
import { withEndpoints } from './searchText.ts';
import { selectText } from './statements.ts';
import * as tables from './tables.ts';
import { readHead } from './writes.ts';

const REQUESTS: Listing = {
  table: 'request',
  codec: tables.requests,
  number: 'seq',
  text: 'requestText.text',
  folded: true,
  digests: 'requestText.digests',
  textTable: 'requestText',
};
const CERTIFICATES: Listing = {
  table: 'certificate',
  codec: tables.certificates,
  number: 'seq',
  text: 'certificateText.text',
  folded: true,
  digests: 'certificateText.digests',
  textTable: 'certificateText',
};
const CHALLENGES: Listing = { table: 'challenge', codec: tables.challenges, number: 'seq', text: 'challenge.text', folded: true };
const TRANSACTIONS: Listing = {
  table: 'deviceTransaction',
  codec: tables.transactions,
  number: 'id',
  text: `concat_ws(' ', source, path, operation, transactionId, outcome, code, text, algorithms, requestId, certificateId, client, subject)`,
  folded: false,
  count: 'SELECT coalesce(max(id) - min(id) + 1, 0) FROM deviceTransaction',
};
const AUDIT: Listing = {
  table: 'audit',
  codec: tables.auditEntries,
  number: 'seq',
  text: `concat_ws(' ', actor, action, subject, outcome, code, detail)`,
  folded: false,
  count: 'SELECT coalesce(max(seq), 0) FROM audit',
};

/** Each count is a walk over an index; the CA's own certificates are few and have one of their own, so they are taken off. */
const countValid = (end: string): string =>
  `(SELECT count(*) FROM certificate INDEXED BY certificateExpiry WHERE state = 'valid' AND ${end})
 - (SELECT count(*) FROM certificate INDEXED BY certificateOwn WHERE kind <> 'device' AND state = 'valid' AND ${end})`;
const countRevoked = (state: 'held' | 'revoked'): string =>
  `(SELECT count(*) FROM certificate INDEXED BY certificateRevocation WHERE state <> 'valid' AND kind = 'device' AND state = '${state}')`;
const COUNT_CERTIFICATES = `SELECT ${countValid('notAfter > ?')}, ${countRevoked('held')}, ${countRevoked('revoked')}, ${countValid('notAfter <= ?')}`;

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

  const byPath = (query: PageQuery): PageQuery => {
    if (query.search === undefined) return query;
    const endpoints = sql.prepare('SELECT id, path FROM endpoint').rows();
    return { ...query, search: withEndpoints(query.search, endpoints.map(([id, path]) => ({ id: String(id), path: String(path) }))) };
  };

  return {
    setting: (key: string) => sql.prepare('SELECT value FROM setting WHERE key = ?').row(key),
    authorities: all('authority', tables.authorities),
    generations: all('generation', tables.generations),
    scepIdentities: all('scepIdentity', tables.scepIdentities),
    keys: all('key', tables.keys),
    endpoints: all('endpoint', tables.endpoints),
    profiles: all('profile', tables.profiles),
    intents: all('intent', tables.intents),
    courierLinks: all('courierLink', tables.courierLinks),
    courierItems: many('courierItem', tables.courierItems, 'WHERE linkId = ? ORDER BY seq'),

    request: one('request', tables.requests, 'id = ?'),
    requestsOfTransaction: many('request', tables.requests, 'WHERE signerSpkiSha256 = ? AND transactionId = ? AND endpointId = ? ORDER BY seq DESC'),
    waitingOfSigner: many('request', tables.requests, `WHERE signerSpkiSha256 = ? AND endpointId = ? AND state = 'pending' ORDER BY seq DESC`),
    requests: (state: RequestState | undefined, query: PageQuery) => listPage(sql, REQUESTS, requestFilter(state), byPath(query)),
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
    revokedOfKey: many('certificate', tables.certificates, `WHERE spkiSha256 = ? AND state = 'revoked' ORDER BY seq DESC`),
    certificatesOfKey: many('certificate', tables.certificates, `WHERE spkiSha256 = ? AND state <> 'revoked' AND notAfter > ? ORDER BY seq DESC`),
    certificates: (narrowing: CertificateNarrowing, at: number, query: PageQuery) => listPage(sql, CERTIFICATES, certificateFilter(narrowing, at), byPath(query)),
    renewalsOf: many('certificate', tables.certificates, 'WHERE renews = ? ORDER BY seq'),
    supersededAt: many(
      'certificate',
      tables.certificates,
      `JOIN certificate renewal INDEXED BY certificateRenewal ON renewal.renews = certificate.id
       WHERE renewal.endpointId = ? AND renewal.renews IS NOT NULL AND renewal.state = 'valid' AND certificate.state = 'valid' AND certificate.kind = 'device' AND certificate.notAfter > ?
         AND NOT EXISTS (SELECT 1 FROM certificate other JOIN request ON request.id = other.requestId
           WHERE other.renews = certificate.id AND (request.toldAt IS NULL OR max(request.toldAt, request.lastSeenAt) > ?))
       GROUP BY certificate.seq ORDER BY certificate.seq LIMIT ?`,
    ),
    countCertificates: (at: number) => sql.prepare(COUNT_CERTIFICATES).row(at, at, at, at),
    countIssued: (since: number) => {
      const all = sql.prepare('SELECT count(*), coalesce(sum(renews IS NOT NULL), 0) FROM certificate INDEXED BY certificateIssued WHERE issuedAt >= ?').row(since);
      const own = sql.prepare(`SELECT count(*) FROM certificate INDEXED BY certificateOwn WHERE kind <> 'device' AND issuedAt >= ?`).row(since);
      return [count(all) - count(own), count(all, 1)];
    },
    // The CA's own certificates are few and have an index of their own: they are taken off, so that a day stays a short walk over an index.
    countDays: (since: number, days: number) =>
      Array.from({ length: days }, (_, day): Row => {
        const [from, to] = [since + day * DAY, since + (day + 1) * DAY];
        const all = sql.prepare('SELECT count(*), coalesce(sum(renews IS NOT NULL), 0) FROM certificate INDEXED BY certificateIssued WHERE issuedAt >= ? AND issuedAt < ?').row(from, to);
        const own = sql
          .prepare(`SELECT count(*), coalesce(sum(renews IS NOT NULL), 0) FROM certificate INDEXED BY certificateOwn WHERE kind <> 'device' AND issuedAt >= ? AND issuedAt < ?`)
          .row(from, to);
        const revoked = sql
          .prepare(`SELECT count(*) FROM certificate INDEXED BY certificateRevocation WHERE state <> 'valid' AND kind = 'device' AND state = 'revoked' AND revokedAt >= ? AND revokedAt < ?`)
          .row(from, to);
        return [from, count(all) - count(own), count(all, 1) - count(own, 1), count(revoked)];
      }),
    revoked: (authorityId: string, generation: number, at: number) =>
      sql
        .prepare(
          `SELECT serial, revokedAt, reason FROM (SELECT 1 AS part, seq, serial, revokedAt, reason FROM certificate WHERE authorityId = ? AND generation = ? AND state <> 'valid' AND notAfter > ?
           UNION ALL SELECT 2, seq, serial, revokedAt, reason FROM revokedSerial WHERE authorityId = ? AND generation = ? AND (notAfter IS NULL OR notAfter > ?)) ORDER BY part, seq`,
        )
        .rows(authorityId, generation, at, authorityId, generation, at),
    revokedSerial: one('revokedSerial', tables.revokedSerials, 'serial = ? AND issuerHash = ?'),
    revokedSerials: many('revokedSerial', tables.revokedSerials, 'WHERE authorityId = ? ORDER BY seq'),

    certificatesBy: many('certificate', tables.certificates, `WHERE authorityId = ? AND generation = ? AND notAfter > ? AND state <> 'revoked' ORDER BY seq`),
    countIssuedBy: (authorityId: string, generation: number, since: number) =>
      count(sql.prepare(`SELECT count(*) FROM certificate INDEXED BY certificateIssued WHERE issuedAt >= ? AND authorityId = ? AND generation = ? AND kind = 'device'`).row(since, authorityId, generation)),
    surveyDevices: openSurveys(sql),

    latestCrl: one('crl', tables.crls, 'authorityId = ? AND generation = ?'),

    transactions: (outcome: string | undefined, query: PageQuery) => listPage(sql, TRANSACTIONS, outcome === undefined ? undefined : { where: 'outcome = ?', values: [outcome] }, query),
    transaction: (id: number) => one('deviceTransaction', tables.transactions, 'id = ?')(id),
    audit: (narrowing: AuditNarrowing, query: PageQuery) => listPage(sql, AUDIT, auditFilter(narrowing), query),
    auditOfRequest: many('audit', tables.auditEntries, `INDEXED BY auditRequest WHERE subject = ? AND subject >= 'request:' AND subject < 'request;' ORDER BY seq LIMIT ?`),
    auditOfCertificate: many('audit', tables.auditEntries, `INDEXED BY auditCertificate WHERE certificate ->> 'id' = ? AND certificate IS NOT NULL ORDER BY seq LIMIT ?`),
    auditHead: () => readHead(sql),
    /** Entries after `seq`, oldest first: how the log is exported, piece by piece. */
    entriesAfter: many('audit', tables.auditEntries, 'WHERE seq > ? AND seq <= ? ORDER BY seq'),
  };
}

export type Questions = ReturnType<typeof openReads>;
