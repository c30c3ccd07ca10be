/**
 * The store in memory, for unit tests: the same answers as SQLite's (test/contract/store.test.ts holds both to them), nothing durable.
 * A commit works on copies of the tables and swaps them in, so a throw leaves nothing half done.
 */
import { createHash } from 'node:crypto';
import { entryLine, headLine } from '../../src/main/adapters/sqlite/exportLog.ts';
import { readCursor } from '../../src/main/adapters/sqlite/listing.ts';
import { type SearchText, certificateText, challengeText, matches, readSearch, requestText, withEndpoints } from '../../src/main/adapters/sqlite/searchText.ts';
import { digest } from '../../src/main/adapters/sqlite/writes.ts';
import { SOURCES_KEPT, type AuditQuery, type CertificateQuery, type Change, type ChangeSet, type DeviceContact, type DeviceSurvey, type Expectation, type ListedCertificateState, type ListQuery, type Page, type SourceContact, type Store, type VersionedTable } from '../../src/main/application/ports/store.ts';
import { type DeviceFacts, type NewGeneration, type SourceFacts, type SurveyQuery, survey } from '../../src/main/core/ca/adoption.ts';
import { type AuditEntry, type AuditHead, actorText, EMPTY_HEAD, followChain, hashEntry, isFault, judgeCertificate, toStoredEntry } from '../../src/main/core/ca/audit.ts';
import { type ToldSerial, judgeRevokedSerial, serialKey, toldSerial } from '../../src/main/core/ca/revokedSerial.ts';
import type { Authority, Generation, ScepIdentity, StoredKey } from '../../src/main/core/ca/authority.ts';
import type { CertificateRecord, CrlRecord, IssuanceIntent, RevokedSerial } from '../../src/main/core/ca/certificateRecord.ts';
import { type Challenge, challengeState } from '../../src/main/core/ca/challenge.ts';
import type { CourierItem, CourierLink } from '../../src/main/core/ca/courier.ts';
import type { Endpoint } from '../../src/main/core/ca/endpoint.ts';
import type { EnrolmentRequest, RequestState } from '../../src/main/core/ca/enrolment.ts';
import type { CertificateProfile } from '../../src/main/core/ca/profile.ts';
import type { TransactionRecord } from '../../src/main/core/ca/transaction.ts';
import { DAY } from '../../src/main/core/lib/instant.ts';
import { assertNever } from '../../src/main/core/lib/assertNever.ts';
import { err, ok } from '../../src/main/core/lib/result.ts';

export interface MemoryStore extends Store {
  /** The whole audit log, oldest first. */
  readonly entries: () => readonly AuditEntry[];
}

interface Tables {
  readonly authority: Map<string, Authority>;
  readonly generation: Map<string, Generation>;
  readonly scepIdentity: Map<string, ScepIdentity>;
  readonly key: Map<string, StoredKey>;
  readonly endpoint: Map<string, Endpoint>;
  readonly profile: Map<string, CertificateProfile>;
  readonly request: Map<string, EnrolmentRequest>;
  readonly challenge: Map<string, Challenge>;
  readonly certificate: Map<string, CertificateRecord>;
  readonly crl: Map<string, CrlRecord>;
  readonly intent: Map<string, IssuanceIntent>;
  readonly courierLink: Map<string, CourierLink>;
  readonly courierItem: Map<string, CourierItem>;
  readonly revokedSerial: Map<string, RevokedSerial>;
  readonly setting: Map<string, unknown>;
  readonly nextCaContact: Map<string, SourceFacts & { readonly authorityId: string; readonly generation: number; readonly source: string }>;
  readonly deviceContact: Map<string, DeviceContact>;
  readonly transactions: (TransactionRecord & { readonly id: number })[];
  readonly audit: AuditEntry[];
}

const emptyTables = (): Tables => ({
  authority: new Map(),
  generation: new Map(),
  scepIdentity: new Map(),
  key: new Map(),
  endpoint: new Map(),
  profile: new Map(),
  request: new Map(),
  challenge: new Map(),
  certificate: new Map(),
  crl: new Map(),
  intent: new Map(),
  courierLink: new Map(),
  courierItem: new Map(),
  revokedSerial: new Map(),
  setting: new Map(),
  nextCaContact: new Map(),
  deviceContact: new Map(),
  transactions: [],
  audit: [],
});

const copyTables = (t: Tables): Tables =>
  Object.fromEntries(Object.entries(t).map(([name, table]) => [name, Array.isArray(table) ? [...(table as unknown[])] : new Map(table as Map<string, unknown>)])) as unknown as Tables;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const valuesOf = <T>(table: ReadonlyMap<string, T>): T[] => [...table.values()];

export function memoryStore(): MemoryStore {
  let tables = emptyTables();
  const head = (): AuditHead => headOf(tables);

  return {
    entries: () => tables.audit,
    read: readsOf(() => tables),
    commit: async (set) => {
      const failed = set.expect.find((expectation) => !holds(tables, expectation));
      if (failed !== undefined) return err({ failed });
      const next = copyTables(tables);
      // A clone, as the worker's is: what a caller changes afterwards changes nothing here.
      applySet(next, structuredClone(set));
      tables = next;
      return ok(head());
    },
    note: ({ transactions, seen, sources = [], devices = [] }) => {
      for (const record of transactions) appendTransaction(tables, record);
      for (const { id, at } of seen) applyChange(tables, { kind: 'request-seen', id, at });
      for (const contact of sources) meetSource(tables, contact);
      for (const contact of devices) if ((tables.deviceContact.get(contact.certificateId)?.at ?? 0) <= contact.at) tables.deviceContact.set(contact.certificateId, contact);
    },
    verifyAudit: async () => {
      const firstBad = findFault(tables);
      const notes = tables.audit.length === 0 ? [] : ['the log is not signed: it has no key yet'];
      return { ok: firstBad === undefined, entries: tables.audit.length, head: head(), signedHead: null, ...(firstBad === undefined ? {} : { firstBad }), notes };
    },
    exportAudit: async () => tables.audit.map((entry) => entryLine(toStoredEntry(entry))).join('') + headLine(head(), null),
  };
}

function meetSource(t: Tables, { authorityId, generation, source, at, fetched }: SourceContact): void {
  const id = `${authorityId}/${generation}/${source}`;
  const known = t.nextCaContact.get(id);
  if (known === undefined && valuesOf(t.nextCaContact).filter((c) => c.authorityId === authorityId && c.generation === generation).length >= SOURCES_KEPT) return;
  t.nextCaContact.set(id, { authorityId, generation, source, firstAt: known?.firstAt ?? at, lastAt: Math.max(known?.lastAt ?? at, at), fetchedAt: known?.fetchedAt ?? (fetched ? at : null) });
}

function surveyOf(t: Tables, authorityId: string, target: NewGeneration, query: SurveyQuery, at: number): DeviceSurvey {
  const certificates = valuesOf(t.certificate);
  const requestOf = (c: CertificateRecord): EnrolmentRequest | undefined => (c.requestId === null ? undefined : t.request.get(c.requestId));
  const devices = certificates.flatMap((c, i): DeviceFacts[] => {
    if (c.kind !== 'device' || c.authorityId !== authorityId || c.state !== 'valid' || c.notAfter <= at) return [];
    const request = requestOf(c);
    const met = t.deviceContact.get(c.id);
    const newest = met !== undefined && met.at >= (request?.lastSeenAt ?? 0) ? { source: met.source, at: met.at } : request === undefined ? undefined : { source: request.source, at: request.lastSeenAt };
    const replaced = certificates.some((n) => n.renews === c.id && n.state !== 'revoked');
    return [{ certificateId: c.id, place: i + 1, generation: c.generation, notAfter: c.notAfter, issuedAt: c.issuedAt, replaced, source: newest?.source ?? null, lastSeenAt: newest?.at ?? null }];
  });
  const sources = new Map(valuesOf(t.nextCaContact).filter((c) => c.authorityId === authorityId && c.generation === target.number).map((c) => [c.source, c]));
  const { page, ...rest } = survey(devices, sources, target, query);
  return {
    ...rest,
    page: page.map((follower) => {
      const c = certificates[follower.place - 1];
      if (c === undefined) throw new Error('a device has no certificate');
      return { ...follower, subject: c.subject, serial: c.serial, client: requestOf(c)?.clientGuess ?? null };
    }),
  };
}

const headOf = (tables: Tables): AuditHead => {
  const last = tables.audit.at(-1);
  return last === undefined ? EMPTY_HEAD : { seq: last.seq, hash: last.hash };
};

function findFault(tables: Tables) {
  let at = EMPTY_HEAD;
  const marks = new Map<string, { seq: number; mark: NonNullable<AuditEntry['certificate']> }>();
  const serials = new Map<string, ToldSerial>();
  for (const entry of tables.audit) {
    const step = followChain(at, toStoredEntry(entry), digest);
    if (isFault(step)) return step;
    at = step;
    if (entry.certificate !== undefined) marks.set(entry.certificate.id, { seq: entry.seq, mark: entry.certificate });
    const told = toldSerial(toStoredEntry(entry));
    if (told !== undefined) serials.set(serialKey(told), told);
  }
  for (const id of new Set([...marks.keys(), ...tables.certificate.keys()])) {
    const row = tables.certificate.get(id);
    const fault = judgeCertificate(row === undefined ? undefined : { ...row, derSha256: sha256(row.der) }, marks.get(id));
    if (fault !== undefined) return fault;
  }
  const rows = new Map(valuesOf(tables.revokedSerial).map((row) => [serialKey(row), row]));
  for (const key of new Set([...serials.keys(), ...rows.keys()])) {
    const told = serials.get(key);
    const certified = valuesOf(tables.certificate).some((c) => c.serial === told?.serial && c.authorityId === told.authorityId);
    const fault = judgeRevokedSerial(rows.get(key), told, certified);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function holds(t: Tables, e: Expectation): boolean {
  const versionOf = (table: VersionedTable, id: string): number | undefined => t[table].get(id)?.version;
  switch (e.kind) {
    case 'version':
      return versionOf(e.table, e.id) === e.version;
    case 'absent':
      return versionOf(e.table, e.id) === undefined;
    case 'challenge-usable': {
      const challenge = t.challenge.get(e.id);
      return challenge !== undefined && challengeState(challenge, e.at) === 'live';
    }
    case 'certificate-valid': {
      const certificate = t.certificate.get(e.id);
      return certificate !== undefined && certificate.state === 'valid' && certificate.notAfter > e.at;
    }
    case 'transaction-unknown':
      return valuesOf(t.request)
        .filter((r) => r.endpointId === e.endpointId && r.transactionId === e.transactionId && r.signerSpkiSha256 === e.signerSpkiSha256)
        .filter((r) => r.state === 'pending' || r.state === 'approved' || (r.state === 'issued' && issuedAtOf(t, r) >= e.issuedSince))
        .every((r) => e.ignoring.includes(r.id));
    case 'request-untold':
      return t.request.get(e.id)?.toldAt === null;
    case 'waiting-below': {
      const waiting = valuesOf(t.request).filter((r) => r.state === 'pending');
      return waiting.length < e.total && waiting.filter((r) => r.source === e.source).length < e.perSource;
    }
    case 'serial-free':
      return ![...t.certificate.values(), ...t.intent.values(), ...t.revokedSerial.values()].some((c) => c.serial === e.serial && c.issuerHash === e.issuerHash);
    case 'path-free':
      return !valuesOf(t.endpoint).some((endpoint) => endpoint.path === e.path && endpoint.id !== e.endpointId);
    default:
      return assertNever(e);
  }
}

const issuedAtOf = (t: Tables, r: EnrolmentRequest): number => t.certificate.get(r.certificateId ?? '')?.issuedAt ?? r.decidedAt ?? r.receivedAt;

function applySet(t: Tables, set: ChangeSet): void {
  for (const change of set.changes) applyChange(t, change);
  for (const event of set.audit) {
    const before = headOf(t);
    const entry = { ...event, seq: before.seq + 1, at: set.at, actor: actorText(set.actor), previous: before.hash };
    t.audit.push({ ...entry, hash: hashEntry(entry, digest) });
  }
  for (const record of set.transactions ?? []) appendTransaction(t, record);
}

const appendTransaction = (t: Tables, record: TransactionRecord): void => void t.transactions.push({ id: (t.transactions.at(-1)?.id ?? 0) + 1, ...record });

function applyChange(t: Tables, change: Change): void {
  switch (change.kind) {
    case 'put':
      return put(t, change);
    case 'remove':
      if (change.table === 'profile' && valuesOf(t.endpoint).some((endpoint) => endpoint.profileId === change.id)) throw new Error('FOREIGN KEY constraint failed');
      if (change.table === 'courierLink' && valuesOf(t.courierItem).some((item) => item.linkId === change.id)) throw new Error('FOREIGN KEY constraint failed');
      return void t[change.table].delete(change.id);
    case 'spend-challenge': {
      const challenge = t.challenge.get(change.id);
      if (challenge === undefined || challenge.usesLeft <= 0) throw new Error(`challenge ${change.id} has no use left: expect challenge-usable beside spend-challenge`);
      return void t.challenge.set(change.id, { ...challenge, usesLeft: challenge.usesLeft - 1, lastUsedAt: change.at, version: challenge.version + 1 });
    }
    case 'request-seen': {
      const request = t.request.get(change.id);
      if (request !== undefined) t.request.set(change.id, { ...request, polls: request.polls + 1, lastSeenAt: Math.max(request.lastSeenAt, change.at) });
      return;
    }
    case 'request-told': {
      const request = t.request.get(change.id);
      if (request !== undefined) t.request.set(change.id, { ...request, toldAt: request.toldAt ?? change.at });
      return;
    }
    case 'setting':
      return void t.setting.set(change.key, change.value);
    default:
      return assertNever(change);
  }
}

function put(t: Tables, change: Extract<Change, { kind: 'put' }>): void {
  const owned = (authorityId: string): void => {
    if (!t.authority.has(authorityId)) throw new Error('FOREIGN KEY constraint failed');
  };
  switch (change.table) {
    case 'authority':
      if (valuesOf(t.authority).some((a) => a.number === change.value.number && a.id !== change.value.id)) throw new Error('UNIQUE constraint failed: authority.number');
      return void t.authority.set(change.value.id, change.value);
    case 'generation':
      owned(change.value.authorityId);
      return void t.generation.set(`${change.value.authorityId}/${change.value.number}`, change.value);
    case 'scepIdentity':
      owned(change.value.authorityId);
      return void t.scepIdentity.set(change.value.id, change.value);
    case 'key':
      return void t.key.set(change.value.id, change.value);
    case 'endpoint':
      owned(change.value.authorityId);
      if (!t.profile.has(change.value.profileId)) throw new Error('FOREIGN KEY constraint failed');
      return void t.endpoint.set(change.value.id, change.value);
    case 'profile':
      return void t.profile.set(change.value.id, change.value);
    case 'request': {
      const before = t.request.get(change.value.id);
      const value = change.value;
      keepIdentity('request', before, value, ['endpointId', 'transactionId', 'signerSpkiSha256', 'messageSha256', 'source']);
      const kept = { lastSeenAt: Math.max(value.lastSeenAt, before?.lastSeenAt ?? 0), polls: Math.max(value.polls, before?.polls ?? 0), toldAt: before?.toldAt ?? value.toldAt };
      return void t.request.set(value.id, { ...value, ...kept });
    }
    case 'challenge':
      return void t.challenge.set(change.value.id, change.value);
    case 'certificate': {
      const { id, serial, issuerHash } = change.value;
      keepIdentity('certificate', t.certificate.get(id), change.value, ['serial', 'issuerHash', 'authorityId', 'generation', 'sha256', 'spkiSha256', 'issuedAt', 'renews']);
      if (valuesOf(t.certificate).some((c) => c.serial === serial && c.issuerHash === issuerHash && c.id !== id)) {
        throw new Error('UNIQUE constraint failed: certificate.serial, certificate.issuerHash');
      }
      return void t.certificate.set(id, change.value);
    }
    case 'crl': {
      const id = `${change.value.authorityId}/${change.value.generation}`;
      if ((t.crl.get(id)?.number ?? 0) <= change.value.number) t.crl.set(id, change.value);
      return;
    }
    case 'intent':
      return void t.intent.set(change.value.id, change.value);
    case 'courierLink':
      return void t.courierLink.set(change.value.id, change.value);
    case 'courierItem':
      if (!t.courierLink.has(change.value.linkId)) throw new Error('FOREIGN KEY constraint failed');
      return void t.courierItem.set(change.value.id, change.value);
    case 'revokedSerial': {
      const { id, serial, issuerHash } = change.value;
      if (valuesOf(t.revokedSerial).some((r) => r.serial === serial && r.issuerHash === issuerHash && r.id !== id)) throw new Error('UNIQUE constraint failed: revokedSerial.serial, revokedSerial.issuerHash');
      return void t.revokedSerial.set(id, change.value);
    }
    default:
      return assertNever(change);
  }
}

/** What a row is known by never changes while it lives. */
function keepIdentity<T extends object>(what: string, before: T | undefined, after: T, fields: readonly (keyof T)[]): void {
  if (before !== undefined && fields.some((field) => before[field] !== after[field])) throw new Error(`a ${what} was put with the id of another one`);
}

const listedState = (c: CertificateRecord, at: number): ListedCertificateState => (c.state === 'valid' && c.notAfter <= at ? 'expired' : c.state);

interface Listed<T> {
  readonly textOf: (item: T) => string | SearchText;
  readonly holds: (item: T) => boolean;
  /** The list goes up by this time instead of the newest first. */
  readonly soonest?: ((item: T) => number) | undefined;
  /** Their paths are words that a search knows. */
  readonly endpoints?: readonly Endpoint[];
}

/** A page of what matches; a row's number is its place in the order it came. */
function pageOf<T>(all: readonly T[], query: Omit<ListQuery, 'state'>, { textOf, holds, soonest, endpoints = [] }: Listed<T>): Page<T> {
  const words = readSearch(query.query);
  const search = words === undefined ? undefined : withEndpoints(words, endpoints);
  const found = all
    .map((item, place) => ({ item, number: place + 1, at: soonest?.(item) ?? null }))
    .filter(({ item }) => holds(item) && (search === undefined || matches(search, lowered(textOf(item)))))
    .sort((a, b) => (a.at === null || b.at === null ? b.number - a.number : a.at - b.at || a.number - b.number));
  const after = readCursor(query.cursor);
  const comes = ({ number, at }: (typeof found)[number]): boolean =>
    after === undefined || (at === null ? number < after.number : after.at !== null && (at > after.at || (at === after.at && number > after.number)));
  const rest = found.filter(comes);
  const shown = rest.slice(0, query.limit);
  const last = shown.at(-1);
  const next = last === undefined || rest.length <= shown.length ? {} : { nextCursor: last.at === null ? String(last.number) : `${last.at}.${last.number}` };
  return { items: shown.map(({ item }) => item), ...next, total: found.length };
}

const isOf =
  <T>(state: string | undefined, stateOf: (item: T) => string) =>
  (item: T): boolean =>
    state === undefined || stateOf(item) === state;

const lowered = (text: string | SearchText): SearchText => (typeof text === 'string' ? { names: text.toLowerCase(), digests: '' } : text);

const isListed =
  ({ state, kind, authorityId, endpointId, expiringBy }: CertificateQuery, at: number) =>
  (c: CertificateRecord): boolean =>
    (state === undefined || listedState(c, at) === state) &&
    (kind === undefined || c.kind === kind) &&
    (authorityId === undefined || c.authorityId === authorityId) &&
    (endpointId === undefined || c.endpointId === endpointId) &&
    (expiringBy === undefined || (listedState(c, at) === 'valid' && c.notAfter <= expiringBy));

const isAudited =
  ({ state, actor, action, since, until }: AuditQuery) =>
  (e: AuditEntry): boolean =>
    (state === undefined || e.outcome === state) &&
    (actor === undefined || e.actor === actor) &&
    (action === undefined || e.action === action || (!action.includes('.') && e.action.startsWith(`${action}.`))) &&
    (since === undefined || e.at >= since) &&
    (until === undefined || e.at < until);

function readsOf(tables: () => Tables): Store['read'] {
  /** Copies go out, as from the worker. */
  const answer = async <T>(ask: (t: Tables) => T): Promise<T> => structuredClone(ask(tables()));
  const newest = <T>(items: readonly T[]): readonly T[] => [...items].reverse();
  return {
    setting: (key) => answer((t) => t.setting.get(key)),
    authorities: () => answer((t) => valuesOf(t.authority)),
    generations: () => answer((t) => valuesOf(t.generation)),
    scepIdentities: () => answer((t) => valuesOf(t.scepIdentity)),
    keys: () => answer((t) => valuesOf(t.key)),
    endpoints: () => answer((t) => valuesOf(t.endpoint)),
    profiles: () => answer((t) => valuesOf(t.profile)),
    revokedSerial: (issuerHash, serial) => answer((t) => valuesOf(t.revokedSerial).find((r) => r.issuerHash === issuerHash && r.serial === serial)),
    revokedSerials: (authorityId) => answer((t) => valuesOf(t.revokedSerial).filter((r) => r.authorityId === authorityId)),
    intents: () => answer((t) => valuesOf(t.intent)),
    courierLinks: () => answer((t) => valuesOf(t.courierLink)),
    courierItems: (linkId) => answer((t) => valuesOf(t.courierItem).filter((item) => item.linkId === linkId)),

    request: (id) => answer((t) => t.request.get(id)),
    requestsOfTransaction: (endpointId, transactionId, signer) =>
      answer((t) => newest(valuesOf(t.request).filter((r) => r.endpointId === endpointId && r.transactionId === transactionId && r.signerSpkiSha256 === signer))),
    waitingOfSigner: (endpointId, signer) => answer((t) => newest(valuesOf(t.request).filter((r) => r.endpointId === endpointId && r.signerSpkiSha256 === signer && r.state === 'pending'))),
    requests: (query) => answer((t) => pageOf(valuesOf(t.request), query, { textOf: requestText, holds: isOf(query.state, (r) => r.state), endpoints: valuesOf(t.endpoint) })),
    waitingRequests: () => answer((t) => valuesOf(t.request).filter((r) => r.state === 'pending')),
    countRequests: () =>
      answer((t) => {
        const counts: Record<RequestState, number> = { pending: 0, approved: 0, issued: 0, refused: 0, expired: 0, superseded: 0 };
        for (const { state } of t.request.values()) counts[state] += 1;
        return counts;
      }),
    lapsedRequests: (at) => answer((t) => valuesOf(t.request).filter((r) => r.state === 'pending' && r.expiresAt <= at)),
    approvedRequests: () => answer((t) => valuesOf(t.request).filter((r) => r.state === 'approved')),

    challenge: (id) => answer((t) => t.challenge.get(id)),
    challengeByMac: (mac) => answer((t) => valuesOf(t.challenge).findLast((c) => c.mac === mac)),
    challenges: (query, at) => answer((t) => pageOf(valuesOf(t.challenge), query, { textOf: challengeText, holds: isOf(query.state, (c) => challengeState(c, at)) })),

    certificate: (id) => answer((t) => t.certificate.get(id)),
    certificateBySerial: (issuerHash, serial) => answer((t) => valuesOf(t.certificate).find((c) => c.issuerHash === issuerHash && c.serial === serial)),
    revokedOfKey: (spki) => answer((t) => newest(valuesOf(t.certificate).filter((c) => c.spkiSha256 === spki && c.state === 'revoked'))),
    certificatesOfKey: (spki, at) => answer((t) => newest(valuesOf(t.certificate).filter((c) => c.spkiSha256 === spki && c.state !== 'revoked' && c.notAfter > at))),
    certificates: (query, at) =>
      answer((t) =>
        pageOf(valuesOf(t.certificate), query, {
          textOf: certificateText,
          holds: isListed(query, at),
          soonest: query.expiringBy === undefined ? undefined : (c) => c.notAfter,
          endpoints: valuesOf(t.endpoint),
        }),
      ),
    renewalsOf: (id) => answer((t) => valuesOf(t.certificate).filter((c) => c.renews === id)),
    supersededAt: (endpointId, settledBy, at, limit) =>
      answer((t) =>
        valuesOf(t.certificate)
          .filter((old) => {
            const renewals = valuesOf(t.certificate).filter((c) => c.renews === old.id);
            const settled = renewals.every(({ requestId }) => {
              const request = requestId === null ? undefined : t.request.get(requestId);
              return request === undefined || (request.toldAt !== null && Math.max(request.toldAt, request.lastSeenAt) <= settledBy);
            });
            return old.state === 'valid' && old.kind === 'device' && old.notAfter > at && settled && renewals.some((c) => c.endpointId === endpointId && c.state === 'valid');
          })
          .slice(0, limit),
      ),
    countDays: (since, days) =>
      answer((t) => {
        const devices = valuesOf(t.certificate).filter((c) => c.kind === 'device');
        return Array.from({ length: days }, (_, day) => {
          const from = since + day * DAY;
          const within = (at: number | null): boolean => at !== null && at >= from && at < from + DAY;
          const issued = devices.filter((c) => within(c.issuedAt));
          return { from, issued: issued.length, renewed: issued.filter((c) => c.renews !== null).length, revoked: devices.filter((c) => c.state === 'revoked' && within(c.revokedAt)).length };
        });
      }),
    countCertificates: (at) =>
      answer((t) => {
        const counts = { valid: 0, held: 0, revoked: 0, expired: 0 };
        for (const certificate of valuesOf(t.certificate).filter((c) => c.kind === 'device')) counts[listedState(certificate, at)] += 1;
        return counts;
      }),
    countIssued: (since) =>
      answer((t) => {
        const issued = valuesOf(t.certificate).filter((c) => c.kind === 'device' && c.issuedAt >= since);
        return { issued: issued.length, renewals: issued.filter((c) => c.renews !== null).length };
      }),
    revoked: (authorityId, generation, at) =>
      answer((t) =>
        [...valuesOf(t.certificate), ...valuesOf(t.revokedSerial)]
          .filter((c) => c.authorityId === authorityId && c.generation === generation && c.state !== 'valid' && (c.notAfter ?? Infinity) > at)
          .map((c) => ({ serial: c.serial, revokedAt: c.revokedAt ?? 0, reason: c.reason })),
      ),
    certificatesBy: (authorityId, generation, at) =>
      answer((t) => valuesOf(t.certificate).filter((c) => c.authorityId === authorityId && c.generation === generation && c.notAfter > at && c.state !== 'revoked')),
    countIssuedBy: (authorityId, generation, since) =>
      answer((t) => valuesOf(t.certificate).filter((c) => c.kind === 'device' && c.authorityId === authorityId && c.generation === generation && c.issuedAt >= since).length),
    surveyDevices: (authorityId, target, query, at) => answer((t) => surveyOf(t, authorityId, target, query, at)),
    latestCrl: (authorityId, generation) => answer((t) => t.crl.get(`${authorityId}/${generation}`)),

    transactions: (query) =>
      answer((t) =>
        pageOf(t.transactions, query, {
          textOf: (r) => [r.source, r.path, r.operation, r.transactionId, r.outcome, r.code, r.text, r.algorithms, r.requestId, r.certificateId, r.client, r.subject].join(' '),
          holds: isOf(query.state, (r) => r.outcome),
        }),
      ),
    transaction: (id) => answer((t) => t.transactions.find((r) => r.id === id)),
    audit: (query) =>
      answer((t) => pageOf(t.audit, query, { textOf: (e) => [e.actor, e.action, e.subject, e.outcome, e.code, toStoredEntry(e).detail].join(' '), holds: isAudited(query) })),
    auditAbout: ({ requestId, certificateId }) =>
      answer((t) => t.audit.filter((e) => (requestId !== null && e.subject === `request:${requestId}`) || (certificateId !== null && e.certificate?.id === certificateId))),
    auditHead: () => answer(headOf),
  };
}
