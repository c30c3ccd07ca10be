// What the window reads beyond rows: a certificate with its history, a request with what it would become, an authority's key and lists, the log.
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminDoor } from '../../../src/main/admin/door.ts';
import { DAY, MINUTE, toIso } from '../../../src/main/core/lib/instant.ts';
import type { Channel } from '../../../src/preload/contract/channels.ts';
import { type Input, type Output, contract } from '../../../src/preload/contract/contract.ts';
import { certPoll, pkcsReq, renewalReq, rsaKey, type RequestOptions, type SentMessage } from '../../support/forge.ts';
import { ADMIN, type Office, type OfficeOptions, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

const open = async (options?: OfficeOptions): Promise<void> => void (office = await openOffice(options));
const first = (options: RequestOptions = {}): SentMessage => pkcsReq({ subject: 'O=Test, CN=device', recipient: office.scepCertificate, ...options });

async function call<C extends Channel>(channel: C, input: Input<C>): Promise<Output<C>> {
  const reply = await createAdminDoor(office.deps).call(channel, input, ADMIN);
  if (!reply.ok) throw new Error(`${channel}: ${reply.error.code}: ${reply.error.message}`);
  return contract[channel].output.parse(reply.value) as Output<C>;
}

async function issued(sent: SentMessage): Promise<{ readonly id: string; readonly der: Uint8Array }> {
  const reply = await office.ask(sent);
  const der = reply.certificates[0];
  const record = (await office.certificates()).find((c) => Buffer.compare(c.der, der ?? new Uint8Array()) === 0);
  if (der === undefined || record === undefined) throw new Error(`${reply.pkiStatus} ${reply.failInfoText ?? ''}`);
  return { id: record.id, der };
}

const steps = ({ history }: Output<'certificates.get'>): readonly (readonly [string, string])[] => history.map(({ kind, text }) => [kind, text]);

describe('a certificate', () => {
  it('tells its way: asked, compared, approved, issued, sent, held, released, renewed, revoked, and its end', async () => {
    await open();
    const sent = first();
    await office.ask(sent);
    const [waiting] = await office.requests('pending');
    office.advance(MINUTE);
    await call('requests.match', { text: waiting!.fingerprints.sha256 });
    office.advance(MINUTE);
    await office.approve(waiting!.id);
    office.advance(MINUTE);
    const { id, der } = await issued(certPoll(sent, { recipient: office.scepCertificate }));
    office.advance(DAY);
    await call('certificates.revoke', { id, reason: 'certificateHold' });
    office.advance(DAY);
    await call('certificates.release', { id });
    office.advance(DAY);
    const renewal = await issued(renewalReq({ key: rsaKey(0), signerCertificate: der, subject: 'O=Test, CN=device', recipient: office.scepCertificate, csr: { key: rsaKey(4), subject: 'O=Test, CN=device' }, transactionId: 'renewal' }));
    office.advance(DAY);
    await call('certificates.revoke', { id, reason: 'superseded' });

    const detail = await call('certificates.get', { id });
    const next = await call('certificates.get', { id: renewal.id });
    expect(steps(detail)).toEqual([
      ['requested', 'Requested from 192.0.2.1 without any proof.'],
      ['matched', 'Fingerprint compared by test: it is the one that the device printed.'],
      ['approved', 'Approved by test.'],
      ['issued', 'Issued by Office CA.'],
      ['delivered', 'Sent to the device.'],
      ['held', 'Put on hold by test.'],
      ['released', 'Taken off hold by test.'],
      ['renewed', `Renewed by the certificate ${next.serial}.`],
      ['revoked', 'Revoked by test: superseded.'],
      ['expires', 'Expires.'],
    ]);
    expect([...detail.history].sort((a, b) => a.at.localeCompare(b.at))).toEqual(detail.history);
    expect(detail.history.map(({ requestId }) => requestId)).toEqual([waiting!.id, waiting!.id, waiting!.id, undefined, waiting!.id, undefined, undefined, undefined, undefined, undefined]);
    expect(detail).toMatchObject({ renewedBy: renewal.id, renews: null, state: 'revoked' });
    expect(next).toMatchObject({ renews: id, renewedBy: null });
    expect(steps(next).slice(0, 2)).toEqual([
      ['requested', `Renewal requested from 192.0.2.1 with the certificate ${detail.serial}.`],
      ['approved', 'Granted at once: the certificate that it renews was valid.'],
    ]);
    expect(steps(next).filter(([kind]) => kind === 'revoked' || kind === 'held')).toEqual([]);
  });

  it('is decoded, with its chain, endpoint and profile', async () => {
    await open({ settings: { publicBaseUrl: 'http://ca.lan' } });
    const { id } = await issued(first({ challenge: await office.challenge({ label: 'router' }) }));
    const detail = await call('certificates.get', { id });
    expect(detail).toMatchObject({ key: 'RSA 2048', signature: 'SHA-256 with RSA', issuer: 'O=Test, CN=Office CA', endpoint: '/scep', profile: 'Device', renewedBy: null });
    expect(detail.fingerprints.sha256).toBe(detail.sha256);
    expect(detail.chain).toMatchObject([{ subject: 'O=Test, CN=Office CA', pem: (await call('authorities.list', {})).items[0]?.certificatePem }]);
    expect(detail.extensions.map(({ name }) => name)).toContain('Extended key usage');
    expect(steps(detail).slice(0, 2)).toEqual([
      ['requested', 'Requested from 192.0.2.1 with the challenge “router”.'],
      ['approved', 'Granted at once: the challenge held.'],
    ]);
    const own = (await call('certificates.list', { kind: 'authority' })).items;
    expect(own).toHaveLength(1);
    expect(await call('certificates.get', { id: own[0]!.id })).toMatchObject({ chain: [], endpoint: null, profile: null });
  });

  it('that has ended says so, and one that ends soon is listed', async () => {
    await open();
    const { id } = await issued(first({ challenge: await office.challenge() }));
    expect((await call('certificates.list', { expiringDays: 364 })).items).toEqual([]);
    office.advance(340 * DAY);
    expect((await call('certificates.list', { expiringDays: 30, kind: 'device' })).items).toMatchObject([{ id, state: 'valid' }]);
    office.advance(30 * DAY);
    expect((await call('certificates.list', { expiringDays: 30, kind: 'device' })).total).toBe(0);
    expect(steps(await call('certificates.get', { id })).at(-1)).toEqual(['expires', 'Expired.']);
  });
});

describe('a request', () => {
  it('says where its certificate would differ from what it asks, and bears all digests of its key', async () => {
    await open();
    const profile = office.deps.directory.profile('device')!;
    await call('profiles.save', { id: profile.id, name: profile.name, subjectTemplate: 'CN={{device_name}}, OU=Devices', extraSans: ['DNS:{{device_name}}.lan'] });
    await office.ask(first({ subject: 'O=Test, CN=device', dnsNames: ['device.example'] }));
    const [waiting] = await office.requests('pending');
    const detail = await call('requests.get', { id: waiting!.id });
    expect(detail.differences).toEqual([
      { field: 'subject', asked: 'O=Test, CN=device', granted: 'CN=device, OU=Devices', text: 'The profile writes the subject as CN=device, OU=Devices.' },
      { field: 'subjectAltNames', asked: 'DNS:device.example', granted: 'DNS:device.example, DNS:device.lan', text: 'The profile adds DNS:device.lan.' },
    ]);
    expect(detail.keyFingerprints).toMatchObject({ sha1: detail.spkiSha1, sha256: detail.spkiSha256 });
    for (const digest of ['md5', 'sha512'] as const) {
      expect(await call('requests.match', { text: detail.keyFingerprints[digest] }), digest).toMatchObject({ outcome: 'match', request: { id: waiting!.id } });
    }
    await office.approve(waiting!.id);
    expect(await call('requests.get', { id: waiting!.id })).toMatchObject({ differences: [], givesUpAt: null, keyFingerprints: detail.keyFingerprints });
  });

  it('of the first schema still has all digests of its key: from the signer’s certificate, else from the sealed CSR', async () => {
    await open();
    await office.ask(first());
    const [waiting] = await office.requests('pending');
    const { spkiMd5, spkiSha512, ...old } = waiting!.fingerprints;
    const keep = async (version: number, changes: object): Promise<void> =>
      void (await office.store.commit({ actor: ADMIN, at: office.now(), expect: [], changes: [{ kind: 'put', table: 'request', value: { ...waiting!, version, fingerprints: old, ...changes } }], audit: [] }));
    await keep(2, {});
    const expected = { md5: spkiMd5, sha512: spkiSha512 };
    expect((await call('requests.get', { id: waiting!.id })).keyFingerprints).toMatchObject(expected);
    // The signer's certificate cannot be read: as for a renewal with a new key, only the CSR knows it.
    await keep(3, { signerCertificate: new Uint8Array([0]) });
    expect((await call('requests.get', { id: waiting!.id })).keyFingerprints).toMatchObject(expected);
    await office.lock();
    await expect(call('requests.get', { id: waiting!.id })).rejects.toThrow(/^requests.get: locked/);
    await office.unlock();
  });

  it('tells when an Apple device gives up, until it turns out to be more patient', async () => {
    await open();
    await office.request({ body: first().bytes, userAgent: 'mdmclient/1.0' });
    const [waiting] = await office.requests('pending');
    const ends = async (): Promise<string | null> => (await call('requests.get', { id: waiting!.id })).givesUpAt;
    expect(await ends()).toBe(toIso(waiting!.receivedAt + 30_000));
    office.advance(MINUTE);
    office.store.note({ transactions: [], seen: [{ id: waiting!.id, at: office.now() }] });
    expect(await ends()).toBeNull();
  });
});

describe('an authority', () => {
  it('shows where its key lies, whether it signs, and its lists with what is on them', async () => {
    await open();
    const { authorityId } = office.endpoint;
    const { id } = await issued(first({ challenge: await office.challenge() }));
    await call('certificates.revoke', { id, reason: 'keyCompromise' });
    const shown = await call('authorities.get', { id: authorityId });
    expect(shown).toMatchObject({ keyPlace: 'passphrase', keyReady: true, chain: [{ subject: 'O=Test, CN=Office CA', selfSigned: true }], crls: [{ generation: 1, number: 2, entries: 1, url: null }] });
    office.setCaKeyPresent(false);
    expect(await call('authorities.get', { id: authorityId })).toMatchObject({ keyReady: false });
    const up = { ...office.deps, listener: { ...office.deps.listener, state: () => ({ host: '192.0.2.9', port: 8080, listening: true, baseUrl: 'http://192.0.2.9:8080', problem: null }) } };
    const reply = await createAdminDoor(up).call('authorities.get', { id: authorityId }, ADMIN);
    expect(reply).toMatchObject({ ok: true, value: { crls: [{ url: 'http://192.0.2.9:8080/crl/1/1.crl' }] } });
  });
});

describe('the days of the overview', () => {
  it('count issued, renewed and revoked in UTC, today’s last, and days without anything too', async () => {
    await open();
    const { id, der } = await issued(first({ challenge: await office.challenge() }));
    office.advance(2 * DAY);
    await issued(renewalReq({ key: rsaKey(0), signerCertificate: der, subject: 'O=Test, CN=device', recipient: office.scepCertificate, csr: { key: rsaKey(4), subject: 'O=Test, CN=device' }, transactionId: 'renewal' }));
    await call('certificates.revoke', { id, reason: 'superseded' });
    const { days } = await call('status.history', { days: 4 });
    expect(days.map(({ issued: i, renewed, revoked }) => [i, renewed, revoked])).toEqual([[0, 0, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]]);
    expect(days.at(-1)?.date).toBe(toIso(office.now()).slice(0, 10));
    expect((await call('status.history', {})).days).toHaveLength(30);
  });
});

describe('the audit log', () => {
  it('is narrowed by outcome, actor, action and time', async () => {
    await open();
    const from = toIso(office.now() + DAY);
    office.advance(2 * DAY);
    await office.ask(first({ challenge: 'made up' }));
    await office.ask(first({ key: rsaKey(1) }));
    const actions = async (input: Input<'audit.list'>): Promise<readonly string[]> => (await call('audit.list', input)).items.map(({ action }) => action);
    expect(await actions({ outcome: 'refused' })).toEqual(['message.refuse']);
    expect(await actions({ since: from })).toEqual(['request.receive', 'message.refuse']);
    expect(await actions({ since: from, action: 'request' })).toEqual(['request.receive']);
    expect(await actions({ until: from, action: 'authority.create' })).toEqual(['authority.create']);
    expect(await actions({ actor: 'device:192.0.2.1', outcome: 'ok' })).toEqual(['request.receive']);
    await expect(call('audit.list', { since: '2026-02-31T00:00:00Z' })).rejects.toThrow('audit.list: invalid-input: since: there is no such moment');
  });
});
