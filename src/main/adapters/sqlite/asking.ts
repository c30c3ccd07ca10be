/** The port's reads, asked of the worker: rows come back and become records here. */
import type { DeviceSurvey, ListQuery, Page, Reads, RevokedEntry } from '../../application/ports/store.ts';
import type { AuditHead } from '../../core/ca/audit.ts';
import { fromStoredEntry } from '../../core/ca/audit.ts';
import type { RequestState } from '../../core/ca/enrolment.ts';
import type { Codec, Row } from './codec.ts';
import type { AuditNarrowing, CertificateNarrowing } from './filters.ts';
import type { RowPage } from './listing.ts';
import { type PageQuery, readCursor } from './listing.ts';
import { readSearch } from './searchText.ts';
import * as tables from './tables.ts';

const pageQuery = (query: ListQuery): PageQuery => ({ search: readSearch(query.query), limit: query.limit, after: readCursor(query.cursor) });

/** More than any request or certificate has; a poll is no entry. */
const ABOUT_LIMIT = 1_000;

const toPage = <T>(page: RowPage, toItem: (row: Row) => T): Page<T> => ({
  items: page.rows.map(toItem),
  ...(page.next === null ? {} : { nextCursor: page.next }),
  total: page.total,
});

export function asking(ask: (name: string, ...args: readonly unknown[]) => Promise<unknown>): Reads {
  const one = async <T>(codec: Codec<T>, name: string, ...args: readonly unknown[]): Promise<T | undefined> => {
    const row = (await ask(name, ...args)) as Row | undefined;
    return row === undefined ? undefined : codec.fromRow(row);
  };
  const many = async <T>(codec: Codec<T>, name: string, ...args: readonly unknown[]): Promise<readonly T[]> =>
    ((await ask(name, ...args)) as readonly Row[]).map(codec.fromRow);
  const page = async <T>(toItem: (row: Row) => T, name: string, ...args: readonly unknown[]): Promise<Page<T>> => toPage((await ask(name, ...args)) as RowPage, toItem);
  /** Rows of lists bear their number in front. */
  const listed =
    <T>(codec: Codec<T>) =>
    (row: Row): T =>
      codec.fromRow(row.slice(1));

  return {
    setting: async (key) => {
      const row = (await ask('setting', key)) as Row | undefined;
      return row === undefined ? undefined : (JSON.parse(String(row[0])) as unknown);
    },
    authorities: () => many(tables.authorities, 'authorities'),
    generations: () => many(tables.generations, 'generations'),
    scepIdentities: () => many(tables.scepIdentities, 'scepIdentities'),
    keys: () => many(tables.keys, 'keys'),
    endpoints: () => many(tables.endpoints, 'endpoints'),
    profiles: () => many(tables.profiles, 'profiles'),
    intents: () => many(tables.intents, 'intents'),
    courierLinks: () => many(tables.courierLinks, 'courierLinks'),
    courierItems: (linkId) => many(tables.courierItems, 'courierItems', linkId),

    request: (id) => one(tables.requests, 'request', id),
    requestsOfTransaction: (endpointId, transactionId, signer) => many(tables.requests, 'requestsOfTransaction', signer, transactionId, endpointId),
    waitingOfSigner: (endpointId, signer) => many(tables.requests, 'waitingOfSigner', signer, endpointId),
    requests: (query) => page(listed(tables.requests), 'requests', query.state, pageQuery(query)),
    waitingRequests: () => many(tables.requests, 'openRequests', 'pending'),
    countRequests: async () => {
      const none: Record<RequestState, number> = { pending: 0, approved: 0, issued: 0, refused: 0, expired: 0, superseded: 0 };
      return { ...none, ...(Object.fromEntries((await ask('countRequests')) as readonly Row[]) as Partial<Record<RequestState, number>>) };
    },
    lapsedRequests: (at) => many(tables.requests, 'lapsedRequests', at),
    approvedRequests: () => many(tables.requests, 'openRequests', 'approved'),

    challenge: (id) => one(tables.challenges, 'challenge', id),
    challengeByMac: (mac) => one(tables.challenges, 'challengeByMac', mac),
    challenges: (query, at) => page(listed(tables.challenges), 'challenges', query.state, at, pageQuery(query)),

    certificate: (id) => one(tables.certificates, 'certificate', id),
    certificateBySerial: (issuerHash, serial) => one(tables.certificates, 'certificateBySerial', serial, issuerHash),
    revokedOfKey: (spkiSha256) => many(tables.certificates, 'revokedOfKey', spkiSha256),
    certificatesOfKey: (spkiSha256, at) => many(tables.certificates, 'certificatesOfKey', spkiSha256, at),
    certificates: ({ state, kind, authorityId, endpointId, expiringBy, ...query }, at) =>
      page(listed(tables.certificates), 'certificates', { state, kind, authorityId, endpointId, expiringBy } satisfies CertificateNarrowing, at, pageQuery(query)),
    supersededAt: (endpointId, settledBy, at, limit) => many(tables.certificates, 'supersededAt', endpointId, at, settledBy, limit),
    renewalsOf: (certificateId) => many(tables.certificates, 'renewalsOf', certificateId),
    countCertificates: async (at) => {
      const [valid, held, revoked, expired] = (await ask('countCertificates', at)) as Row;
      return { valid: Number(valid), held: Number(held), revoked: Number(revoked), expired: Number(expired) };
    },
    countIssued: async (since) => {
      const row = (await ask('countIssued', since)) as Row;
      return { issued: Number(row[0]), renewals: Number(row[1]) };
    },
    countDays: async (since, days) =>
      ((await ask('countDays', since, days)) as readonly Row[]).map(([from, issued, renewed, revoked]) => ({
        from: Number(from),
        issued: Number(issued),
        renewed: Number(renewed),
        revoked: Number(revoked),
      })),
    revoked: async (authorityId, generation, at) =>
      ((await ask('revoked', authorityId, generation, at)) as readonly Row[]).map(
        ([serial, revokedAt, reason]): RevokedEntry => ({ serial: String(serial), revokedAt: Number(revokedAt), reason: (reason ?? null) as RevokedEntry['reason'] }),
      ),

    certificatesBy: (authorityId, generation, at) => many(tables.certificates, 'certificatesBy', authorityId, generation, at),
    countIssuedBy: (authorityId, generation, since) => ask('countIssuedBy', authorityId, generation, since) as Promise<number>,
    surveyDevices: (authorityId, target, query, at) => ask('surveyDevices', authorityId, target, query, at) as Promise<DeviceSurvey>,
    revokedSerial: (issuerHash, serial) => one(tables.revokedSerials, 'revokedSerial', serial, issuerHash),
    revokedSerials: (authorityId) => many(tables.revokedSerials, 'revokedSerials', authorityId),

    latestCrl: (authorityId, generation) => one(tables.crls, 'latestCrl', authorityId, generation),

    transactions: (query) => page((row) => ({ id: Number(row[0]), ...listed(tables.transactions)(row) }), 'transactions', query.state, pageQuery(query)),
    transaction: async (id) => {
      const record = await one(tables.transactions, 'transaction', id);
      return record === undefined ? undefined : { id, ...record };
    },
    audit: ({ state, actor, action, since, until, ...query }) =>
      page((row) => fromStoredEntry(listed(tables.auditEntries)(row)), 'audit', { state, actor, action, since, until } satisfies AuditNarrowing, pageQuery(query)),
    auditAbout: async ({ requestId, certificateId }) => {
      const found = await Promise.all([
        requestId === null ? [] : many(tables.auditEntries, 'auditOfRequest', `request:${requestId}`, ABOUT_LIMIT),
        certificateId === null ? [] : many(tables.auditEntries, 'auditOfCertificate', certificateId, ABOUT_LIMIT),
      ]);
      const bySeq = new Map(found.flat().map((entry) => [entry.seq, fromStoredEntry(entry)]));
      return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    },
    auditHead: () => ask('auditHead') as Promise<AuditHead>,
  };
}
