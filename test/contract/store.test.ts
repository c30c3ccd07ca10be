// The port `Store`, on memory and on SQLite: unit tests that run on the one are worth something for the other.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditQuery, CertificateQuery, ChangeSet, Expectation, ListQuery, Page, Store } from '../../src/main/application/ports/store.ts';
import type { SurveyQuery } from '../../src/main/core/ca/adoption.ts';
import type { CertificateRecord } from '../../src/main/core/ca/certificateRecord.ts';
import type { EnrolmentRequest } from '../../src/main/core/ca/enrolment.ts';
import { revokedSerialEvent } from '../../src/main/core/ca/revokedSerial.ts';
import { DAY, HOUR, MINUTE } from '../../src/main/core/lib/instant.ts';
import { STORE_KINDS } from '../support/memoryStoreKinds.ts';
import {
  aCertificate,
  aChallenge,
  aChangeSet,
  aCrl,
  aGeneration,
  aKey,
  anAuthority,
  anEndpoint,
  anEnrolment,
  anEvent,
  aCourierLink,
  anIntent,
  aProfile,
  aRequest,
  aRevokedSerial,
  aScepIdentity,
  AT,
  aTransaction,
  issueEvent,
  ISSUER,
  sha256,
} from '../support/memoryRecords.ts';

type Change = ChangeSet['changes'][number];
const put = (...requests: readonly EnrolmentRequest[]): Change[] => requests.map((value) => ({ kind: 'put', table: 'request', value }));

describe.each(STORE_KINDS)('the %s store', (_name, open) => {
  let store: Store;
  let close: () => Promise<void>;
  beforeAll(async () => ({ store, close } = await open()));
  afterAll(() => close());

  const commit = (changes: readonly Change[], more: Partial<ChangeSet> = {}) => store.commit(aChangeSet({ changes, ...more }));
  const apply = async (changes: readonly Change[], more: Partial<ChangeSet> = {}): Promise<void> => {
    expect(await commit(changes, more)).toMatchObject({ ok: true });
  };
  const holds = async (expectation: Expectation): Promise<boolean> => {
    const done = await commit([], { expect: [expectation] });
    if (!done.ok) expect(done.error.failed).toEqual(expectation);
    return done.ok;
  };

  async function walk<T>(ask: (query: Pick<ListQuery, 'limit' | 'cursor'>) => Promise<Page<T>>, between: () => Promise<void> = async () => undefined): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | undefined; ; ) {
      const page: Page<T> = await ask({ limit: 3, cursor });
      items.push(...page.items);
      await between();
      if (page.nextCursor === undefined) return items;
      cursor = page.nextCursor;
    }
  }

  describe('gives back what was put', () => {
    it('authorities, generations, SCEP identities, keys, profiles and endpoints, in the order they came', async () => {
      const awaiting = aGeneration({ number: 2, state: 'awaiting-certificate', certificate: null, chain: [] });
      await apply([
        { kind: 'put', table: 'authority', value: anAuthority() },
        { kind: 'put', table: 'authority', value: anAuthority({ id: 'a0', number: 2, organization: null, parentId: 'a1' }) },
        { kind: 'put', table: 'generation', value: aGeneration() },
        { kind: 'put', table: 'generation', value: awaiting },
        { kind: 'put', table: 'scepIdentity', value: aScepIdentity({ active: false }) },
        { kind: 'put', table: 'key', value: aKey() },
        { kind: 'put', table: 'profile', value: aProfile() },
        { kind: 'put', table: 'endpoint', value: anEndpoint() },
      ]);
      expect(await store.read.authorities()).toEqual([anAuthority(), anAuthority({ id: 'a0', number: 2, organization: null, parentId: 'a1' })]);
      expect(await store.read.generations()).toEqual([aGeneration(), awaiting]);
      expect(await store.read.scepIdentities()).toEqual([aScepIdentity({ active: false })]);
      expect(await store.read.keys()).toEqual([aKey()]);
      expect(await store.read.profiles()).toEqual([aProfile()]);
      expect(await store.read.endpoints()).toEqual([anEndpoint()]);
    });

    it('a request with every field, and bytes that are a view into a larger buffer', async () => {
      const request = aRequest('whole', {
        sealedCsr: new Uint8Array(new ArrayBuffer(4096), 100, 20).fill(9),
        proof: { kind: 'certificate', certificateId: 'c', serial: '0A' },
        findings: [{ code: 'sha1', severity: 'warning', text: 'Signed with SHA-1.' }],
        clientGuess: 'strongSwan',
        refusal: { code: 'policy', reason: 'not ours' },
        matchedAt: AT + 1,
        decidedAt: AT + 2,
        decidedBy: 'admin:window',
        toldAt: AT + 3,
        state: 'refused',
      });
      await apply(put(request));
      expect(await store.read.request('whole')).toEqual({ ...request, sealedCsr: new Uint8Array(20).fill(9) });
      expect(await store.read.request('nobody')).toBeUndefined();
    });

    it('pairings of a courier, and which requests wait for an answer', async () => {
      const link = aCourierLink();
      const invited = aCourierLink({ id: 'c2', role: 'signer', state: 'invited', peer: null, pairedAt: null, sent: null, wanted: [], deliveries: [] });
      const item = { id: 'r1', linkId: 'c1', granted: true, sentIn: null };
      await store.commit(
        aChangeSet({
          expect: [{ kind: 'absent', table: 'courierLink', id: 'c1' }],
          changes: [
            { kind: 'put', table: 'courierLink', value: link },
            { kind: 'put', table: 'courierLink', value: invited },
            { kind: 'put', table: 'courierItem', value: item },
            { kind: 'put', table: 'courierItem', value: { id: 'r2', linkId: 'c2', granted: false, sentIn: 5 } },
          ],
        }),
      );
      expect(await store.read.courierLinks()).toEqual([link, invited]);
      expect(await store.read.courierItems('c1')).toEqual([item]);
      const next = { ...link, version: 2, received: { sequence: 1, sha256: sha256('in'), at: AT } };
      const stale = aChangeSet({ expect: [{ kind: 'version', table: 'courierLink', id: 'c1', version: 2 }], changes: [{ kind: 'put', table: 'courierLink', value: next }] });
      expect((await store.commit(stale)).ok).toBe(false);
      await store.commit({ ...stale, expect: [{ kind: 'version', table: 'courierLink', id: 'c1', version: 1 }], changes: [...stale.changes, { kind: 'put', table: 'courierItem', value: { ...item, sentIn: 7 } }] });
      expect(await store.read.courierLinks()).toEqual([next, invited]);
      expect(await store.read.courierItems('c1')).toEqual([{ ...item, sentIn: 7 }]);
      await expect(store.commit(aChangeSet({ changes: [{ kind: 'remove', table: 'courierLink', id: 'c1' }] }))).rejects.toThrow(/FOREIGN KEY/);
      await store.commit(aChangeSet({ changes: [{ kind: 'remove', table: 'courierItem', id: 'r1' }, { kind: 'remove', table: 'courierLink', id: 'c1' }] }));
      expect(await store.read.courierLinks()).toEqual([invited]);
    });

    it('challenges, certificates, intents and settings', async () => {
      const challenge = aChallenge('kept', { subjectAltNames: ['DNS:x'], subject: 'CN=x', endpointPath: '/scep', profileId: 'device', label: null });
      const certificate = aCertificate('kept', { profileId: null, endpointId: null, renews: 'older', kind: 'scep' });
      await apply(
        [
          { kind: 'put', table: 'challenge', value: challenge },
          { kind: 'put', table: 'certificate', value: certificate },
          { kind: 'put', table: 'intent', value: anIntent('kept-intent') },
          { kind: 'setting', key: 'vault', value: { kind: 'passphrase', n: 1, list: [null] } },
        ],
        { audit: [issueEvent(certificate)] },
      );
      expect(await store.read.challenge('kept')).toEqual(challenge);
      expect(await store.read.challengeByMac(challenge.mac)).toEqual(challenge);
      expect(await store.read.challengeByMac('')).toBeUndefined();
      expect(await store.read.certificate('kept')).toEqual(certificate);
      expect(await store.read.certificateBySerial(ISSUER, certificate.serial)).toEqual(certificate);
      expect(await store.read.certificateBySerial(sha256('another issuer'), certificate.serial)).toBeUndefined();
      expect(await store.read.intents()).toEqual([anIntent('kept-intent')]);
      expect(await store.read.setting('vault')).toEqual({ kind: 'passphrase', n: 1, list: [null] });
      expect(await store.read.setting('nothing')).toBeUndefined();
      await apply([
        { kind: 'remove', table: 'intent', id: 'kept-intent' },
        { kind: 'setting', key: 'vault', value: null },
      ]);
      expect(await store.read.intents()).toEqual([]);
      expect(await store.read.setting('vault')).toBeNull();
    });

    it('keys until they are removed', async () => {
      await apply([{ kind: 'put', table: 'key', value: aKey({ id: 'former', purpose: 'ocsp' }) }]);
      expect(await store.read.keys()).toContainEqual(aKey({ id: 'former', purpose: 'ocsp' }));
      await apply([{ kind: 'remove', table: 'key', id: 'former' }]);
      expect((await store.read.keys()).map(({ id }) => id)).not.toContain('former');
      expect(await store.read.keys()).not.toEqual([]);
    });

    it('the CRL with the highest number, whichever was put last', async () => {
      await apply([{ kind: 'put', table: 'crl', value: aCrl(7) }]);
      await apply([{ kind: 'put', table: 'crl', value: aCrl(6) }]);
      expect(await store.read.latestCrl('a1', 1)).toEqual(aCrl(7));
      await apply([{ kind: 'put', table: 'crl', value: aCrl(8) }]);
      expect(await store.read.latestCrl('a1', 1)).toEqual(aCrl(8));
      expect(await store.read.latestCrl('a1', 2)).toBeUndefined();
    });

    it('SCEP identities until they are removed', async () => {
      await apply([{ kind: 'put', table: 'scepIdentity', value: aScepIdentity({ id: 'former', active: false }) }]);
      expect((await store.read.scepIdentities()).map(({ id }) => id)).toContain('former');
      await apply([{ kind: 'remove', table: 'scepIdentity', id: 'former' }]);
      expect((await store.read.scepIdentities()).map(({ id }) => id)).not.toContain('former');
    });

    it('endpoints and profiles until they are removed; a profile that an endpoint uses stays', async () => {
      await apply([
        { kind: 'put', table: 'profile', value: aProfile({ id: 'gone' }) },
        { kind: 'put', table: 'endpoint', value: anEndpoint({ id: 'gone', path: '/scep/gone', profileId: 'gone' }) },
      ]);
      await expect(commit([{ kind: 'remove', table: 'profile', id: 'gone' }])).rejects.toThrow(/FOREIGN KEY/);
      await apply([
        { kind: 'remove', table: 'endpoint', id: 'gone' },
        { kind: 'remove', table: 'profile', id: 'gone' },
      ]);
      expect((await store.read.endpoints()).map(({ id }) => id)).not.toContain('gone');
      expect((await store.read.profiles()).map(({ id }) => id)).not.toContain('gone');
    });
  });

  describe('expectations', () => {
    beforeAll(async () => {
      await apply([
        ...put(
          aRequest('x-pending', { transactionId: 'tx-1', signerSpkiSha256: 'key-1', source: 'crowd' }),
          aRequest('x-issued', { transactionId: 'tx-2', signerSpkiSha256: 'key-1', state: 'issued', certificateId: 'x-valid', source: 'crowd' }),
          aRequest('x-refused', { transactionId: 'tx-3', signerSpkiSha256: 'key-1', state: 'refused' }),
          aRequest('x-imported', { transactionId: 'tx-4', signerSpkiSha256: 'key-1', state: 'issued', certificateId: null, decidedAt: AT + HOUR }),
        ),
        { kind: 'put', table: 'challenge', value: aChallenge('x-live', { uses: 2, usesLeft: 2 }) },
        { kind: 'put', table: 'challenge', value: aChallenge('x-spent', { usesLeft: 0 }) },
        { kind: 'put', table: 'challenge', value: aChallenge('x-withdrawn', { withdrawnAt: AT }) },
        { kind: 'put', table: 'certificate', value: aCertificate('x-valid', { issuedAt: AT + MINUTE }) },
        { kind: 'put', table: 'certificate', value: aCertificate('x-held', { state: 'held' }) },
        { kind: 'put', table: 'intent', value: anIntent('x-intent') },
      ]);
    });

    it('version: the one that was read, of a row that is there', async () => {
      for (const [table, id] of [['authority', 'a1'], ['generation', 'a1/1'], ['scepIdentity', 's1'], ['endpoint', 'e1'], ['profile', 'device'], ['request', 'x-pending'], ['challenge', 'x-live'], ['certificate', 'x-valid']] as const) {
        expect(await holds({ kind: 'version', table, id, version: 1 }), table).toBe(true);
        expect(await holds({ kind: 'version', table, id, version: 2 }), table).toBe(false);
        expect(await holds({ kind: 'version', table, id: 'nobody', version: 1 }), table).toBe(false);
      }
    });

    it('absent', async () => {
      expect(await holds({ kind: 'absent', table: 'request', id: 'nobody' })).toBe(true);
      expect(await holds({ kind: 'absent', table: 'request', id: 'x-pending' })).toBe(false);
    });

    it('request-untold: until the device was told', async () => {
      await apply([{ kind: 'put', table: 'request', value: aRequest('untold', { toldAt: null }) }]);
      expect(await holds({ kind: 'request-untold', id: 'untold' })).toBe(true);
      await apply([{ kind: 'request-told', id: 'untold', at: AT }]);
      expect(await holds({ kind: 'request-untold', id: 'untold' })).toBe(false);
      expect(await holds({ kind: 'request-untold', id: 'nobody' })).toBe(false);
    });

    it('challenge-usable: uses left, not withdrawn, not expired', async () => {
      expect(await holds({ kind: 'challenge-usable', id: 'x-live', at: AT + 24 * HOUR - 1 })).toBe(true);
      expect(await holds({ kind: 'challenge-usable', id: 'x-live', at: AT + 24 * HOUR })).toBe(false);
      expect(await holds({ kind: 'challenge-usable', id: 'x-spent', at: AT })).toBe(false);
      expect(await holds({ kind: 'challenge-usable', id: 'x-withdrawn', at: AT })).toBe(false);
      expect(await holds({ kind: 'challenge-usable', id: 'nobody', at: AT })).toBe(false);
    });

    it('certificate-valid: neither held nor past its end', async () => {
      expect(await holds({ kind: 'certificate-valid', id: 'x-valid', at: AT + 365 * DAY - 1 })).toBe(true);
      expect(await holds({ kind: 'certificate-valid', id: 'x-valid', at: AT + 365 * DAY })).toBe(false);
      expect(await holds({ kind: 'certificate-valid', id: 'x-held', at: AT })).toBe(false);
      expect(await holds({ kind: 'certificate-valid', id: 'nobody', at: AT })).toBe(false);
    });

    it('transaction-unknown: nothing pending or approved, nothing issued lately, but for what is to be ignored', async () => {
      const unknown = (transactionId: string, issuedSince = AT, more: Partial<Extract<Expectation, { kind: 'transaction-unknown' }>> = {}) =>
        holds({ kind: 'transaction-unknown', endpointId: 'e1', transactionId, signerSpkiSha256: 'key-1', issuedSince, ignoring: [], ...more });
      expect(await unknown('tx-new')).toBe(true);
      expect(await unknown('tx-1')).toBe(false);
      expect(await unknown('tx-1', AT, { ignoring: ['x-pending'] })).toBe(true);
      expect(await unknown('tx-1', AT, { endpointId: 'e2' })).toBe(true);
      expect(await unknown('tx-1', AT, { signerSpkiSha256: 'key-2' })).toBe(true);
      expect(await unknown('tx-2', AT + MINUTE)).toBe(false);
      expect(await unknown('tx-2', AT + MINUTE + 1)).toBe(true);
      expect(await unknown('tx-3')).toBe(true);
      expect(await unknown('tx-4', AT + HOUR)).toBe(false);
      expect(await unknown('tx-4', AT + HOUR + 1)).toBe(true);
    });

    it('waiting-below: in all, and from one source', async () => {
      const { pending } = await store.read.countRequests();
      expect(await holds({ kind: 'waiting-below', total: pending + 1, source: 'crowd', perSource: 2 })).toBe(true);
      expect(await holds({ kind: 'waiting-below', total: pending, source: 'crowd', perSource: 2 })).toBe(false);
      expect(await holds({ kind: 'waiting-below', total: pending + 1, source: 'crowd', perSource: 1 })).toBe(false);
      expect(await holds({ kind: 'waiting-below', total: pending + 1, source: 'elsewhere', perSource: 1 })).toBe(true);
    });

    it('serial-free: of certificates and of intents, for one issuer name', async () => {
      const { serial } = aCertificate('x-valid');
      expect(await holds({ kind: 'serial-free', issuerHash: ISSUER, serial })).toBe(false);
      expect(await holds({ kind: 'serial-free', issuerHash: ISSUER, serial: anIntent('x-intent').serial })).toBe(false);
      expect(await holds({ kind: 'serial-free', issuerHash: sha256('another issuer'), serial })).toBe(true);
      expect(await holds({ kind: 'serial-free', issuerHash: ISSUER, serial: 'FF' })).toBe(true);
    });

    it('path-free: of other endpoints', async () => {
      expect(await holds({ kind: 'path-free', path: '/scep', endpointId: 'e1' })).toBe(true);
      expect(await holds({ kind: 'path-free', path: '/scep', endpointId: 'e2' })).toBe(false);
      expect(await holds({ kind: 'path-free', path: '/scep/new', endpointId: 'e2' })).toBe(true);
    });

    it('one that fails leaves nothing of its change-set, and names itself among several', async () => {
      const head = await store.read.auditHead();
      const failing = { kind: 'absent', table: 'endpoint', id: 'e1' } as const;
      const done = await commit(put(aRequest('x-never')), {
        expect: [{ kind: 'absent', table: 'request', id: 'x-never' }, failing],
        audit: [anEvent()],
        transactions: [aTransaction({ text: 'x-never' })],
      });
      expect(done).toEqual({ ok: false, error: { failed: failing } });
      expect(await store.read.request('x-never')).toBeUndefined();
      expect(await store.read.auditHead()).toEqual(head);
      expect((await store.read.transactions({ query: 'x-never', limit: 5 })).total).toBe(0);
    });
  });

  describe('changes', () => {
    it('spend-challenge takes one use and makes the version that was read stale', async () => {
      await apply([{ kind: 'put', table: 'challenge', value: aChallenge('twice', { uses: 2, usesLeft: 2 }) }]);
      await apply([{ kind: 'spend-challenge', id: 'twice', at: AT + 5 }], { expect: [{ kind: 'challenge-usable', id: 'twice', at: AT }] });
      expect(await store.read.challenge('twice')).toEqual(aChallenge('twice', { uses: 2, usesLeft: 1, lastUsedAt: AT + 5, version: 2 }));
    });

    it('of many commits that spend one use at the same moment, one succeeds', async () => {
      await apply([{ kind: 'put', table: 'challenge', value: aChallenge('once') }]);
      const spend = () => commit([{ kind: 'spend-challenge', id: 'once', at: AT }], { expect: [{ kind: 'challenge-usable', id: 'once', at: AT }], audit: [anEvent()] });
      const done = await Promise.all(Array.from({ length: 20 }, spend));
      expect(done.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await store.read.challenge('once')).toMatchObject({ usesLeft: 0 });
    });

    it('spending without a use left is a bug, and throws', async () => {
      await expect(commit([{ kind: 'spend-challenge', id: 'once', at: AT }])).rejects.toThrow(/no use left/);
    });

    it('request-seen and request-told leave the version, and a row put from an older reading does not take them back', async () => {
      const read = aRequest('polled');
      await apply(put(read));
      await apply([{ kind: 'request-seen', id: 'polled', at: AT + 10 }]);
      await apply([
        { kind: 'request-seen', id: 'polled', at: AT + 9 },
        { kind: 'request-told', id: 'polled', at: AT + 11 },
        { kind: 'request-told', id: 'polled', at: AT + 12 },
      ]);
      expect(await store.read.request('polled')).toEqual({ ...read, polls: 2, lastSeenAt: AT + 10, toldAt: AT + 11 });
      await apply(put({ ...read, version: 2, state: 'approved' }));
      expect(await store.read.request('polled')).toEqual({ ...read, version: 2, state: 'approved', polls: 2, lastSeenAt: AT + 10, toldAt: AT + 11 });
    });

    it('what a row is known by cannot be changed, nor a serial be used twice', async () => {
      await expect(commit(put(aRequest('polled', { transactionId: 'another' })))).rejects.toThrow(/id of another/);
      const taken = aCertificate('x-valid');
      await expect(commit([{ kind: 'put', table: 'certificate', value: aCertificate('thief', { serial: taken.serial }) }])).rejects.toThrow(/UNIQUE/);
      await expect(commit([{ kind: 'put', table: 'certificate', value: { ...taken, issuedAt: AT + MINUTE, sha256: sha256('forged') } }])).rejects.toThrow(/id of another/);
      expect(await store.read.certificate('thief')).toBeUndefined();
    });

    it('a change-set at fault fails alone: those that share its commit go through, and nothing of it stays', async () => {
      const results = await Promise.allSettled([
        commit(put(aRequest('beside-1')), { audit: [anEvent({ subject: 'request:beside-1' })] }),
        commit([...put(aRequest('at-fault')), { kind: 'put', table: 'endpoint', value: anEndpoint({ id: 'astray', path: '/scep/astray', authorityId: 'nobody' }) }], { audit: [anEvent({ subject: 'request:at-fault' })] }),
        commit(put(aRequest('beside-2')), { audit: [anEvent({ subject: 'request:beside-2' })] }),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await Promise.all(['beside-1', 'at-fault', 'beside-2'].map(async (id) => (await store.read.request(id))?.id))).toEqual(['beside-1', undefined, 'beside-2']);
      expect((await store.read.audit({ query: 'at-fault', limit: 5 })).total).toBe(0);
    });

    it('a change-set sees what the ones before it in the same commit did', async () => {
      const first = commit(put(aRequest('ordered')));
      const second = commit(put(aRequest('ordered', { version: 2, state: 'approved' })), { expect: [{ kind: 'version', table: 'request', id: 'ordered', version: 1 }] });
      const third = commit(put(aRequest('ordered', { version: 2, state: 'refused' })), { expect: [{ kind: 'version', table: 'request', id: 'ordered', version: 1 }] });
      expect((await Promise.all([first, second, third])).map(({ ok }) => ok)).toEqual([true, true, false]);
      expect(await store.read.request('ordered')).toMatchObject({ state: 'approved' });
    });

    it('what a caller changes after the call is not stored', async () => {
      const findings: EnrolmentRequest['findings'][number][] = [];
      const committed = commit(put(aRequest('cloned', { findings })));
      findings.push({ code: 'late', severity: 'info', text: 'too late' });
      await committed;
      expect(await store.read.request('cloned')).toMatchObject({ findings: [] });
    });
  });

  describe('questions about requests and certificates', () => {
    beforeAll(async () => {
      const of = { transactionId: 'q-tx', signerSpkiSha256: 'q-key' };
      await apply([
        ...put(
          aRequest('q-1', { ...of, state: 'refused', messageSha256: 'q-message' }),
          aRequest('q-2', { ...of, state: 'issued', messageSha256: 'q-message' }),
          aRequest('q-3', { ...of, state: 'superseded', messageSha256: 'q-message' }),
          aRequest('q-late', { expiresAt: AT - 1 }),
          aRequest('q-late-approved', { expiresAt: AT - 1, state: 'approved' }),
        ),
        { kind: 'put', table: 'certificate', value: aCertificate('q-valid', { spkiSha256: 'q-key', generation: 9, issuedAt: AT + 10 * DAY }) },
        { kind: 'put', table: 'certificate', value: aCertificate('q-held', { spkiSha256: 'q-key', generation: 9, state: 'held', revokedAt: AT + 1, reason: 'certificateHold', issuedAt: AT + 11 * DAY, renews: 'q-valid' }) },
        { kind: 'put', table: 'certificate', value: aCertificate('q-revoked', { spkiSha256: 'q-key', generation: 9, state: 'revoked', revokedAt: AT + 2, reason: 'keyCompromise' }) },
        { kind: 'put', table: 'certificate', value: aCertificate('q-over', { spkiSha256: 'q-key', generation: 9, state: 'revoked', revokedAt: AT, reason: null, notAfter: AT + DAY }) },
      ]);
    });

    it('finds the requests of a transaction, newest first', async () => {
      expect((await store.read.requestsOfTransaction('e1', 'q-tx', 'q-key')).map(({ id }) => id)).toEqual(['q-3', 'q-2', 'q-1']);
      expect(await store.read.requestsOfTransaction('e2', 'q-tx', 'q-key')).toEqual([]);
    });

    it('finds what waits of one signer', async () => {
      const at = (id: string, changes: Partial<EnrolmentRequest>) => ({ kind: 'put', table: 'request', value: aRequest(id, { endpointId: 'e1', signerSpkiSha256: 'w-key', transactionId: id, ...changes }) }) as const;
      await apply([at('w-1', {}), at('w-2', {}), at('w-3', { state: 'issued' }), at('w-4', { endpointId: 'e2' }), at('w-5', { signerSpkiSha256: 'other' })]);
      expect((await store.read.waitingOfSigner('e1', 'w-key')).map(({ id }) => id)).toEqual(['w-2', 'w-1']);
      await apply([at('w-1', { state: 'issued', version: 2 }), at('w-2', { state: 'issued', version: 2 }), at('w-4', { endpointId: 'e2', state: 'issued', version: 2 }), at('w-5', { signerSpkiSha256: 'other', state: 'issued', version: 2 })]);
      expect(await store.read.waitingOfSigner('e1', 'w-key')).toEqual([]);
    });

    it('finds what waits, what is approved and what has lapsed', async () => {
      const idsOf = (requests: readonly EnrolmentRequest[]) => requests.map(({ id }) => id);
      const waiting = await store.read.waitingRequests();
      expect(waiting.every(({ state }) => state === 'pending')).toBe(true);
      expect(idsOf(waiting)).toContain('q-late');
      expect(idsOf(await store.read.approvedRequests())).toEqual(expect.arrayContaining(['q-late-approved']));
      expect(idsOf(await store.read.lapsedRequests(AT - 1))).toEqual(['q-late']);
      expect(idsOf(await store.read.lapsedRequests(AT - 2))).toEqual([]);
      expect(await store.read.countRequests()).toMatchObject({ pending: waiting.length, superseded: 1 });
    });

    it('finds the live certificates of a key', async () => {
      expect((await store.read.certificatesOfKey('q-key', AT)).map(({ id }) => id)).toEqual(['q-held', 'q-valid']);
      expect(await store.read.certificatesOfKey('q-key', AT + 365 * DAY)).toEqual([]);
    });

    it('finds the certificates of a key that were revoked for good, however long ago', async () => {
      expect((await store.read.revokedOfKey('q-key')).map(({ id }) => id)).toEqual(['q-over', 'q-revoked']);
      expect(await store.read.revokedOfKey('no-key')).toEqual([]);
    });

    it('finds what a CRL must name: held and revoked, not yet past their end', async () => {
      const held = { serial: aCertificate('q-held').serial, revokedAt: AT + 1, reason: 'certificateHold' };
      const revoked = { serial: aCertificate('q-revoked').serial, revokedAt: AT + 2, reason: 'keyCompromise' };
      expect(await store.read.revoked('a1', 9, AT + DAY)).toEqual([held, revoked]);
      expect(await store.read.revoked('a1', 9, AT)).toHaveLength(3);
      expect(await store.read.revoked('a1', 8, AT)).toEqual([]);
    });

    it('keeps revocations whose certificate is not here, until their time is over, and gives their serials to nobody', async () => {
      const [known, forever] = [aRevokedSerial('lost', { generation: 10, notAfter: AT + DAY }), aRevokedSerial('older', { generation: 10, notAfter: null, state: 'held', reason: 'certificateHold' })];
      await store.commit(aChangeSet({ changes: [known, forever].map((value) => ({ kind: 'put', table: 'revokedSerial', value }) as const), audit: [anEvent()] }));
      expect((await store.read.revoked('a1', 10, AT)).map(({ serial }) => serial)).toEqual([known.serial, forever.serial]);
      expect((await store.read.revoked('a1', 10, AT + DAY)).map(({ serial }) => serial)).toEqual([forever.serial]);
      expect(await store.read.revokedSerial(ISSUER, known.serial)).toEqual(known);
      expect(await store.read.revokedSerials('a1')).toEqual([known, forever]);
      expect(await store.commit(aChangeSet({ expect: [{ kind: 'serial-free', issuerHash: ISSUER, serial: known.serial }] }))).toMatchObject({ ok: false });
      await store.commit(aChangeSet({ changes: [{ kind: 'remove', table: 'revokedSerial', id: 'lost' }], audit: [anEvent()] }));
      expect(await store.read.revokedSerial(ISSUER, known.serial)).toBeUndefined();
    });

    it('counts certificates by the state that lists show, and what was issued since', async () => {
      const counts = await store.read.countCertificates(AT);
      for (const state of ['valid', 'held', 'revoked', 'expired'] as const) expect((await store.read.certificates({ state, limit: 500 }, AT)).items.filter(({ kind }) => kind === 'device'), state).toHaveLength(counts[state]);
      expect(counts).toMatchObject({ revoked: 2, expired: 0 });
      expect(await store.read.countCertificates(AT + 365 * DAY)).toMatchObject({ valid: 0, expired: counts.valid, held: counts.held });
      expect(await store.read.countIssued(AT + 10 * DAY)).toEqual({ issued: 2, renewals: 1 });
    });

    it('counts devices only: the CA’s own certificates are no enrolments', async () => {
      const [counts, issued] = [await store.read.countCertificates(AT), await store.read.countIssued(0)];
      await apply([{ kind: 'put', table: 'certificate', value: aCertificate('own-ca', { kind: 'authority', issuedAt: AT }) }]);
      expect(await store.read.countCertificates(AT)).toEqual(counts);
      expect(await store.read.countIssued(0)).toEqual(issued);
    });
  });

  describe('lists', () => {
    /** All pages, one after the other; `between` runs after each. */
    beforeAll(async () => {
      await apply(put(...Array.from({ length: 10 }, (_, i) => aRequest(`page-${i}`, { state: i % 2 === 0 ? 'expired' : 'superseded', source: '198.51.100.7' }))));
    });

    it('are paged newest first, with the true total, and nothing twice or left out', async () => {
      const seen = await walk((query) => store.read.requests({ ...query, query: '198.51.100.7' }));
      expect(seen.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, i) => `page-${9 - i}`));
      expect(await store.read.requests({ query: '198.51.100.7', limit: 4 })).toMatchObject({ total: 10 });
      const everything = await walk((query) => store.read.requests(query));
      expect(everything).toHaveLength((await store.read.requests({ limit: 1 })).total);
    });

    it('do not shift when rows come in between two pages', async () => {
      let more = 0;
      const seen = await walk((query) => store.read.requests({ ...query, state: 'expired' }), async () => {
        more += 1;
        await apply(put(aRequest(`later-${more}`, { state: 'expired' })));
      });
      expect(seen.map(({ id }) => id)).toEqual(['page-8', 'page-6', 'page-4', 'page-2', 'page-0']);
    });

    it('filter by state, with a search beside it', async () => {
      expect(await store.read.requests({ query: '198.51.100.7', state: 'superseded', limit: 2 })).toMatchObject({ total: 5, items: [{ id: 'page-9' }, { id: 'page-7' }] });
      expect(await store.read.requests({ query: '198.51.100.7', state: 'approved', limit: 2 })).toEqual({ items: [], total: 0 });
    });

    it('end at a cursor that is none of theirs', async () => {
      expect((await store.read.requests({ limit: 5, cursor: 'rubbish' })).items).toEqual([]);
    });

    it('a search finds every word in any case, and hex however it is grouped', async () => {
      const certificate = aCertificate('search', { subject: 'CN=Drucker Büro, O=Größe 100%_a', serial: '00C0FFEE00112233445566778899AABB' });
      await apply([{ kind: 'put', table: 'certificate', value: certificate }, ...put(aRequest('search'))]);
      const find = async (query: string): Promise<readonly string[]> => (await store.read.certificates({ query, limit: 5 }, AT)).items.map(({ id }) => id);
      for (const query of ['drucker BÜRO', 'büro drucker', '  Größe 100%_a', 'c0ffee', 'C0:FF:EE:00', 'c0 ff ee 00 11 22', '00C0-FFEE-0011', certificate.sha256.toUpperCase(), (certificate.sha256.match(/../g) ?? []).join(':')]) {
        expect(await find(query), query).toEqual(['search']);
      }
      for (const query of ['drucker nowhere', '100%_b', '100__a', 'C0:FF:EF', `' OR 1=1 --`]) expect(await find(query), query).toEqual([]);
      const { fingerprints, transactionId } = aRequest('search');
      for (const query of [...Object.values(fingerprints), transactionId]) expect((await store.read.requests({ query, limit: 5 })).items.map(({ id }) => id), query).toEqual(['search']);
    });

    it('a search knows the SHA-1 of a certificate, a serial with its sign octet, and the path of an endpoint', async () => {
      await apply([
        { kind: 'put', table: 'endpoint', value: anEndpoint({ id: 'e0badc0ffee0', path: '/scep/annex' }) },
        { kind: 'put', table: 'certificate', value: aCertificate('by-path', { endpointId: 'e0badc0ffee0', serial: '9A00000000000000000000000000BEEF' }) },
        ...put(aRequest('by-path', { endpointId: 'e0badc0ffee0' })),
      ]);
      const { der, sha256: digest } = aCertificate('by-path');
      const sha1 = createHash('sha1').update(der).digest('hex').toUpperCase();
      const find = async (query: string): Promise<readonly string[]> => (await store.read.certificates({ query, limit: 5 }, AT)).items.map(({ id }) => id);
      for (const query of [sha1, (sha1.match(/../g) ?? []).join(':'), (sha1.match(/.{4}/g) ?? []).join(' '), (digest.match(/.{8}/g) ?? []).join(' '), digest.slice(10, 40), '009A00000000000000000000000000BEEF', '00:9a:00:00:00:00:00:00:00:00:00:00:00:00:00:be:ef', '/scep/annex', 'ANNEX']) {
        expect(await find(query), query).toEqual(['by-path']);
      }
      expect(await find(`${sha1.slice(0, -1)}${sha1.endsWith('0') ? '1' : '0'}`)).toEqual([]);
      expect((await store.read.requests({ query: '/scep/annex', limit: 5 })).items.map(({ id }) => id)).toEqual(['by-path']);
      expect((await store.read.certificates({ query: 'anne', limit: 5 }, AT)).total).toBe(0);
    });

    it('certificates are narrowed by kind, authority, endpoint and state, in any combination', async () => {
      const of = (id: string, changes: Parameters<typeof aCertificate>[1]): Change => ({ kind: 'put', table: 'certificate', value: aCertificate(`n-${id}`, { authorityId: 'narrow', endpointId: 'n1', ...changes }) });
      await apply([of('1', {}), of('2', { kind: 'scep', endpointId: null }), of('3', { endpointId: 'n2' }), of('4', { state: 'revoked', revokedAt: AT }), of('5', { authorityId: 'narrower' })]);
      const ids = async (query: Partial<CertificateQuery>): Promise<readonly string[]> => {
        const page = await store.read.certificates({ limit: 10, ...query }, AT);
        expect(page.total).toBe(page.items.length);
        return page.items.map(({ id }) => id.slice(2));
      };
      expect(await ids({ authorityId: 'narrow' })).toEqual(['4', '3', '2', '1']);
      expect(await ids({ authorityId: 'narrow', kind: 'device' })).toEqual(['4', '3', '1']);
      expect(await ids({ authorityId: 'narrow', kind: 'scep' })).toEqual(['2']);
      expect(await ids({ endpointId: 'n1' })).toEqual(['5', '4', '1']);
      expect(await ids({ endpointId: 'n1', authorityId: 'narrow', state: 'valid', kind: 'device' })).toEqual(['1']);
      expect(await ids({ endpointId: 'n1', query: 'n-4.example' })).toEqual(['4']);
      const paged = await walk((query) => store.read.certificates({ ...query, authorityId: 'narrow' }, AT));
      expect(paged.map(({ id }) => id.slice(2))).toEqual(['4', '3', '2', '1']);
    });

    it('certificates that end soon come the soonest first, page by page, and without those that are over or revoked', async () => {
      const ending = (id: string, days: number, changes: Parameters<typeof aCertificate>[1] = {}): Change => ({ kind: 'put', table: 'certificate', value: aCertificate(`soon-${id}`, { authorityId: 'ending', notAfter: AT + days * DAY, ...changes }) });
      await apply([ending('d', 9), ending('a', 1), ending('c', 5), ending('b', 5), ending('over', 0), ending('late', 11), ending('revoked', 2, { state: 'revoked', revokedAt: AT }), ending('e', 10)]);
      const query = { authorityId: 'ending', expiringBy: AT + 10 * DAY } as const;
      const names = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id.slice(5));
      expect(names(await walk((page) => store.read.certificates({ ...page, ...query }, AT)))).toEqual(['a', 'c', 'b', 'd', 'e']);
      expect(names(await walk((page) => store.read.certificates({ ...page, ...query, query: 'soon' }, AT)))).toEqual(['a', 'c', 'b', 'd', 'e']);
      expect(await store.read.certificates({ ...query, limit: 2 }, AT)).toMatchObject({ total: 5 });
      expect(names((await store.read.certificates({ ...query, limit: 9, query: 'soon-c.example' }, AT)).items)).toEqual(['c']);
      expect((await store.read.certificates({ ...query, limit: 9, state: 'revoked' }, AT)).items).toEqual([]);
      for (const cursor of ['rubbish', '17']) expect((await store.read.certificates({ ...query, limit: 9, cursor }, AT)).items, cursor).toEqual([]);
    });

    it('tells which certificates renewed one, oldest first', async () => {
      await apply([
        { kind: 'put', table: 'certificate', value: aCertificate('rn-0') },
        { kind: 'put', table: 'certificate', value: aCertificate('rn-1', { renews: 'rn-0' }) },
        { kind: 'put', table: 'certificate', value: aCertificate('rn-2', { renews: 'rn-0' }) },
      ]);
      expect((await store.read.renewalsOf('rn-0')).map(({ id }) => id)).toEqual(['rn-1', 'rn-2']);
      expect(await store.read.renewalsOf('rn-2')).toEqual([]);
    });

    it('tells what renewals that were handed over have superseded, and leaves out what a device still asks for', async () => {
      const renewed = (id: string, toldAt: number | null, lastSeenAt = AT): Change[] => [
        { kind: 'put', table: 'certificate', value: aCertificate(`${id}-old`, { notAfter: AT + 900 * DAY }) },
        { kind: 'put', table: 'request', value: aRequest(`${id}-request`, { state: 'issued', toldAt, lastSeenAt }) },
        { kind: 'put', table: 'certificate', value: aCertificate(`${id}-new`, { renews: `${id}-old`, requestId: `${id}-request`, endpointId: 'superseding', notAfter: AT + 900 * DAY }) },
      ];
      await apply([
        ...renewed('sp-told', AT),
        ...renewed('sp-untold', null),
        ...renewed('sp-asks', AT, AT + 5 * DAY),
        ...renewed('sp-elsewhere', AT).map((change) => (change.kind === 'put' && change.table === 'certificate' ? { ...change, value: { ...change.value, endpointId: 'another' } } : change)),
        ...renewed('sp-twice', AT),
        { kind: 'put', table: 'request', value: aRequest('sp-again', { state: 'issued', toldAt: null }) },
        { kind: 'put', table: 'certificate', value: aCertificate('sp-third', { renews: 'sp-twice-old', requestId: 'sp-again', endpointId: 'superseding', notAfter: AT + 900 * DAY }) },
        ...renewed('sp-revoked', AT).map((change) => (change.kind === 'put' && change.table === 'certificate' && change.value.renews !== null ? { ...change, value: { ...change.value, state: 'revoked', revokedAt: AT, reason: 'unspecified' } as const } : change)),
      ]);
      const at = async (settledBy: number, now = AT): Promise<readonly string[]> => (await store.read.supersededAt('superseding', settledBy, now, 10)).map(({ id }) => id);
      expect(await at(AT)).toEqual(['sp-told-old']);
      expect(await at(AT - 1)).toEqual([]);
      expect(await at(AT + 5 * DAY)).toEqual(['sp-told-old', 'sp-asks-old']);
      expect(await at(AT + 5 * DAY, AT + 900 * DAY)).toEqual([]);
      expect(await store.read.supersededAt('superseding', AT + 5 * DAY, AT, 1)).toHaveLength(1);
    });

    it('counts what was issued, renewed and revoked on each day, of devices only', async () => {
      const since = AT + 5000 * DAY;
      const on = (id: string, day: number, changes: Parameters<typeof aCertificate>[1] = {}): Change => ({ kind: 'put', table: 'certificate', value: aCertificate(`day-${id}`, { issuedAt: since + day * DAY, notAfter: since + 9000 * DAY, ...changes }) });
      await apply([
        on('1', -0.001),
        on('2', 0),
        on('3', 0.999, { renews: 'day-1' }),
        on('4', 0.5, { kind: 'scep' }),
        on('5', 2, { state: 'revoked', revokedAt: since + 2.5 * DAY }),
        on('6', 2, { state: 'held', revokedAt: since + 2.5 * DAY }),
        on('7', 2, { kind: 'scep', state: 'revoked', revokedAt: since + 2.5 * DAY, renews: 'day-4' }),
        on('8', 3),
      ]);
      expect(await store.read.countDays(since, 3)).toEqual([
        { from: since, issued: 2, renewed: 1, revoked: 0 },
        { from: since + DAY, issued: 0, renewed: 0, revoked: 0 },
        { from: since + 2 * DAY, issued: 2, renewed: 0, revoked: 1 },
      ]);
    });

    it('challenges stand as withdrawn, spent, expired or live, in that order', async () => {
      await apply(
        (
          [
            ['l-live', {}],
            ['l-spent', { usesLeft: 0, expiresAt: AT - 1 }],
            ['l-expired', { expiresAt: AT }],
            ['l-withdrawn', { usesLeft: 0, withdrawnAt: AT }],
          ] as const
        ).map(([id, changes]) => ({ kind: 'put', table: 'challenge', value: aChallenge(id, { label: 'for the list', ...changes }) })),
      );
      for (const state of ['live', 'spent', 'expired', 'withdrawn'] as const) {
        const page = await store.read.challenges({ query: 'for the list', state, limit: 5 }, AT);
        expect(page.items.map(({ id }) => id), state).toEqual([`l-${state}`]);
        expect((await store.read.challenges({ state, limit: 100 }, AT)).items.map(({ id }) => id), state).toContain(`l-${state}`);
      }
      expect((await store.read.challenges({ query: 'list for', limit: 9 }, AT)).total).toBe(4);
    });

    it('transactions: newest first, by outcome, by words, each by its number', async () => {
      await apply([], { transactions: [aTransaction({ text: 'first told' }), aTransaction({ outcome: 'failure', text: 'Second told' })] });
      const page = await store.read.transactions({ query: 'TOLD', limit: 5 });
      expect(page.items.map(({ text }) => text)).toEqual(['Second told', 'first told']);
      expect((await store.read.transactions({ query: 'told', state: 'failure', limit: 5 })).items.map(({ text }) => text)).toEqual(['Second told']);
      const [newest] = page.items;
      expect(await store.read.transaction(newest?.id ?? 0)).toEqual({ id: newest?.id, ...aTransaction({ outcome: 'failure', text: 'Second told' }) });
      expect(await store.read.transaction(999_999)).toBeUndefined();
      expect((await store.read.transactions({ limit: 1 })).total).toBe((await walk((query) => store.read.transactions(query))).length);
    });

    it('notes reach the transaction log and the polls without a commit of their own', async () => {
      await apply(put(aRequest('noted')));
      store.note({ transactions: [aTransaction({ text: 'only noted' })], seen: [{ id: 'noted', at: AT + 99 }] });
      await expect.poll(async () => (await store.read.transactions({ query: 'only noted', limit: 5 })).total).toBe(1);
      expect(await store.read.request('noted')).toMatchObject({ polls: 1, lastSeenAt: AT + 99, version: 1 });
    });
  });

  describe('who follows to a next generation', () => {
    const device = (id: string, source: string, changes: Partial<CertificateRecord> = {}): Change[] => [
      { kind: 'put', table: 'request', value: aRequest(`follower ${id}`, { source, state: 'issued', lastSeenAt: AT, clientGuess: 'strongSwan', authorityId: 'a7' }) },
      { kind: 'put', table: 'certificate', value: aCertificate(id, { authorityId: 'a7', requestId: `follower ${id}`, subject: `CN=${id}`, notAfter: AT + 100 * DAY, issuedAt: AT, ...changes }) },
    ];
    const target = { number: 2, publishedAt: AT + HOUR };
    const survey = (query: Partial<SurveyQuery> = {}) => store.read.surveyDevices('a7', target, { limit: 50, ...query }, AT + DAY);

    it('is counted by address, by signed messages and by renewals, each device once', async () => {
      await apply([
        ...device('f1', '10.0.0.1'),
        ...device('f2', '10.0.0.2'),
        ...device('f3', '10.0.0.3'),
        ...device('f4', '10.0.0.4'),
        ...device('f4-next', '10.0.0.4', { generation: 2, renews: 'f4', issuedAt: AT + 2 * HOUR }),
        ...device('f5', '10.0.0.5'),
        ...device('f6', '10.0.0.5'),
        ...device('f7', '10.0.0.7', { state: 'revoked', revokedAt: AT, reason: 'superseded' }),
        ...device('f8', '10.0.0.8', { notAfter: AT + HOUR }),
        ...device('f9', '10.0.0.9', { kind: 'scep' }),
      ]);
      const seen = (source: string, at: number, fetched: boolean) => ({ authorityId: 'a7', generation: 2, source, at, fetched });
      store.note({ transactions: [], seen: [], sources: [seen('10.0.0.2', AT + 2 * HOUR, false), seen('10.0.0.2', AT + 3 * HOUR, true), seen('10.0.0.2', AT + 4 * HOUR, false), seen('10.0.0.5', AT + 3 * HOUR, true)] });
      store.note({ transactions: [], seen: [], devices: [{ certificateId: 'f3', source: '10.0.9.9', at: AT + 5 * HOUR }, { certificateId: 'f3', source: '10.0.0.3', at: AT + 4 * HOUR }] });
      await expect.poll(async () => (await survey()).counts).toEqual({ renewed: 1, fetched: 1, seen: 1, silent: 3 });
      const { page, byGeneration, lastEnd, total } = await survey();
      expect(page.map(({ certificateId, standing, sharedBy }) => [certificateId, standing, sharedBy])).toEqual([
        ['f1', 'silent', 1],
        ['f5', 'silent', 2],
        ['f6', 'silent', 2],
        ['f3', 'seen', 1],
        ['f2', 'fetched', 1],
        ['f4-next', 'renewed', 1],
      ]);
      expect(page.find(({ certificateId }) => certificateId === 'f2')).toMatchObject({ subject: 'CN=f2', client: 'strongSwan', fetchedAt: AT + 3 * HOUR, lastSeenAt: AT + 4 * HOUR });
      expect(page.find(({ certificateId }) => certificateId === 'f3')).toMatchObject({ source: '10.0.9.9', lastSeenAt: AT + 5 * HOUR });
      expect(page.find(({ certificateId }) => certificateId === 'f5')).toMatchObject({ fetchedAt: null, fetchedBySource: true });
      expect({ byGeneration, lastEnd, total }).toEqual({ byGeneration: { 1: 6, 2: 1 }, lastEnd: AT + 100 * DAY, total: 6 });
    });

    it('comes in pages, and by standing', async () => {
      const first = await survey({ limit: 4 });
      const second = await survey({ limit: 4, cursor: first.nextCursor });
      expect([...first.page, ...second.page].map(({ certificateId }) => certificateId)).toEqual(['f1', 'f5', 'f6', 'f3', 'f2', 'f4-next']);
      expect(second.nextCursor).toBeUndefined();
      expect(await survey({ standing: 'silent', limit: 1 })).toMatchObject({ total: 3, page: [{ certificateId: 'f1' }] });
      expect((await survey({ cursor: 'nonsense' })).page).toEqual([]);
    });

    it('is told what a generation signed', async () => {
      expect((await store.read.certificatesBy('a7', 1, AT + DAY)).map(({ id }) => id)).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f9']);
      expect(await store.read.countIssuedBy('a7', 2, AT + HOUR)).toBe(1);
      expect(await store.read.countIssuedBy('a7', 2, AT + 3 * HOUR)).toBe(0);
    });

    it('goes with its generation and its SCEP key', async () => {
      await apply([
        { kind: 'put', table: 'authority', value: anAuthority({ id: 'a7', number: 7 }) },
        { kind: 'put', table: 'generation', value: aGeneration({ authorityId: 'a7', number: 2, state: 'next' }) },
        { kind: 'put', table: 'scepIdentity', value: aScepIdentity({ id: 's7', authorityId: 'a7' }) },
      ]);
      await apply([{ kind: 'remove', table: 'generation', id: 'a7/2' }, { kind: 'remove', table: 'scepIdentity', id: 's7' }]);
      expect((await store.read.generations()).some(({ authorityId }) => authorityId === 'a7')).toBe(false);
      expect((await store.read.scepIdentities()).some(({ id }) => id === 's7')).toBe(false);
    });
  });

  describe('the audit log', () => {
    it('chains what each commit says, in order, and tells the head after it', async () => {
      const before = await store.read.auditHead();
      const done = await commit([], {
        actor: { kind: 'admin', name: 'window' },
        audit: [anEvent({ subject: 'challenge:chain-1', detail: { b: true, a: null } }), anEvent({ subject: 'challenge:chain-2', outcome: 'refused', code: 'policy' })],
      });
      const { items } = await store.read.audit({ limit: 2 });
      expect(items.map(({ seq, actor, subject, previous }) => [seq, actor, subject, previous])).toEqual([
        [before.seq + 2, 'admin:window', 'challenge:chain-2', items[1]?.hash],
        [before.seq + 1, 'admin:window', 'challenge:chain-1', before.hash],
      ]);
      expect(items[1]).toMatchObject({ at: AT, detail: { a: null, b: true }, code: 'done' });
      expect(done).toEqual({ ok: true, value: { seq: items[0]?.seq, hash: items[0]?.hash } });
      expect(await store.read.auditHead()).toEqual({ seq: items[0]?.seq, hash: items[0]?.hash });
    });

    it('is listed by outcome and by words', async () => {
      const { total } = await store.read.audit({ limit: 1 });
      expect(total).toBe((await store.read.auditHead()).seq);
      const refused = await store.read.audit({ state: 'refused', limit: 10 });
      expect(refused).toMatchObject({ total: 1, items: [{ subject: 'challenge:chain-2' }] });
      expect((await store.read.audit({ state: 'ok', limit: 1 })).total).toBe(total - 1);
      expect((await store.read.audit({ query: 'Chain-1 ADMIN', limit: 5 })).items.map(({ subject }) => subject)).toEqual(['challenge:chain-1']);
    });

    it('is narrowed by actor, action, what stands before its dot, outcome and time, in any combination', async () => {
      const at = AT + 6000 * DAY;
      const actor = { kind: 'admin', name: 'narrow' } as const;
      await apply([], { at, actor, audit: [anEvent({ action: 'narrow.one' }), anEvent({ action: 'narrow.two', outcome: 'refused' }), anEvent({ action: 'narrower.one' })] });
      await apply([], { at: at + 1000, audit: [anEvent({ action: 'narrow.one', subject: 'later' })] });
      const asked = async (query: Partial<AuditQuery>): Promise<readonly string[]> => {
        const page = await store.read.audit({ limit: 10, ...query });
        expect(page.total).toBe(page.items.length);
        return page.items.map(({ action }) => action);
      };
      expect(await asked({ actor: 'admin:narrow' })).toEqual(['narrower.one', 'narrow.two', 'narrow.one']);
      expect(await asked({ action: 'narrow' })).toEqual(['narrow.one', 'narrow.two', 'narrow.one']);
      expect(await asked({ action: 'narrow.one' })).toEqual(['narrow.one', 'narrow.one']);
      expect(await asked({ action: 'narrow.one', actor: 'admin:narrow' })).toEqual(['narrow.one']);
      expect(await asked({ action: 'narrow', state: 'refused' })).toEqual(['narrow.two']);
      expect(await asked({ since: at, until: at + 1000 })).toEqual(['narrower.one', 'narrow.two', 'narrow.one']);
      expect(await asked({ since: at + 1000, until: at + 2000 })).toEqual(['narrow.one']);
      expect(await asked({ action: 'narrow', query: 'LATER' })).toEqual(['narrow.one']);
      expect(await asked({ action: 'narrow.three' })).toEqual([]);
      expect((await walk((query) => store.read.audit({ ...query, action: 'narrow' }))).map(({ action }) => action)).toEqual(['narrow.one', 'narrow.two', 'narrow.one']);
    });

    it('tells what it says about a request and about a certificate, oldest first, each entry once', async () => {
      const certificate = aCertificate('about', { state: 'revoked', revokedAt: AT });
      await apply([{ kind: 'put', table: 'certificate', value: certificate }], { audit: [anEvent({ subject: 'request:about' }), anEvent({ subject: 'request:about-another' }), { ...issueEvent(certificate), subject: 'request:about' }] });
      await apply([], { audit: [issueEvent(certificate, 'certificate.revoke'), anEvent({ action: 'request.tell', subject: 'request:about' })] });
      const said = async (requestId: string | null, certificateId: string | null): Promise<readonly string[]> => (await store.read.auditAbout({ requestId, certificateId })).map(({ action }) => action);
      expect(await said('about', 'about')).toEqual(['request.receive', 'certificate.issue', 'certificate.revoke', 'request.tell']);
      expect(await said('about', null)).toEqual(['request.receive', 'certificate.issue', 'request.tell']);
      expect(await said(null, 'about')).toEqual(['certificate.issue', 'certificate.revoke']);
      expect(await said(null, null)).toEqual([]);
    });

    it('is exported whole, one entry a line, with the head last', async () => {
      const lines = (await store.exportAudit()).trimEnd().split('\n');
      const head = await store.read.auditHead();
      expect(lines).toHaveLength(head.seq + 1);
      expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ head, signed: null });
      expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject(head);
    });

    it('names a certificate that was stored without an entry', async () => {
      expect(await store.verifyAudit()).toMatchObject({ ok: false, firstBad: { seq: null, problem: expect.stringMatching(/^certificate [0-9A-F]+ has no entry/) as string } });
    });
  });

  it('a whole enrolment verifies', async () => {
    const fresh = await open();
    const { read } = fresh.store;
    expect(await fresh.store.verifyAudit()).toMatchObject({ ok: true, entries: 0, notes: [] });
    await fresh.store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'challenge', value: aChallenge('c1') }] }));
    for (const set of anEnrolment('r1', 'c1')) expect(await fresh.store.commit(set)).toMatchObject({ ok: true });
    expect(await read.request('r1')).toMatchObject({ state: 'issued', certificateId: 'r1' });
    expect(await fresh.store.verifyAudit()).toMatchObject({ ok: true, entries: 4, head: await read.auditHead() });
    const held = aCertificate('r1', { requestId: 'r1', state: 'held', version: 2 });
    await fresh.store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'certificate', value: held }], audit: [issueEvent({ ...held, state: 'revoked' }, 'certificate.revoke')] }));
    expect(await fresh.store.verifyAudit()).toMatchObject({ ok: false, firstBad: { seq: 5, problem: expect.stringContaining('its state differs') as string } });
    await fresh.close();
  });

  it('a revocation without its certificate verifies while its row says what was told, and where its certificate came', async () => {
    const { store: fresh, close } = await open();
    const lost = aRevokedSerial('lost', { notAfter: AT + DAY });
    const put = (value: typeof lost) => ({ kind: 'put', table: 'revokedSerial', value }) as const;
    await fresh.commit(aChangeSet({ changes: [put(lost)], audit: [revokedSerialEvent(lost)] }));
    expect(await fresh.verifyAudit()).toMatchObject({ ok: true });
    await fresh.commit(aChangeSet({ changes: [put({ ...lost, notAfter: AT })], audit: [anEvent()] }));
    expect(await fresh.verifyAudit()).toMatchObject({ ok: false, firstBad: { seq: 1, problem: `the revocation of serial ${lost.serial} differs from what entry 1 says` } });
    await fresh.commit(aChangeSet({ changes: [{ kind: 'remove', table: 'revokedSerial', id: lost.id }], audit: [anEvent()] }));
    expect(await fresh.verifyAudit()).toMatchObject({ ok: false, firstBad: { seq: 1, problem: `the revocation of serial ${lost.serial} is gone: entry 1 tells of it` } });
    const found = aCertificate('found', { serial: lost.serial, issuerHash: lost.issuerHash, authorityId: lost.authorityId, state: 'revoked' });
    await fresh.commit(aChangeSet({ changes: [{ kind: 'put', table: 'certificate', value: found }], audit: [issueEvent(found)] }));
    expect(await fresh.verifyAudit()).toMatchObject({ ok: true });
    const untold = aRevokedSerial('untold');
    await fresh.commit(aChangeSet({ changes: [put(untold)], audit: [anEvent()] }));
    expect(await fresh.verifyAudit()).toMatchObject({ ok: false, firstBad: { seq: null, problem: `the revocation of serial ${untold.serial} has no entry in the log` } });
    await close();
  });
});
