import { afterEach, describe, expect, it } from 'vitest';
import { reopenRequest } from '../../../src/main/application/requests.ts';
import { approveRequest } from '../../../src/main/application/approve.ts';
import { revokeCertificate } from '../../../src/main/application/certificates.ts';
import { Busy, VaultLocked } from '../../../src/main/application/ports/outages.ts';
import { createDeviceDoor } from '../../../src/main/application/scep/door.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import { nameToText } from '../../../src/main/core/pki/names.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { certPoll, ecKey, getCert, getCrl, pkcsReq, renewalReq, rsaKey, serialOf, subjectOf } from '../../support/forge.ts';
import type { RequestOptions, SentMessage } from '../../support/forge.ts';
import { ADMIN, type Office, type OfficeOptions, PAST_THE_WINDOW, must, openOffice } from '../../support/office.ts';

const FAIL = { badAlg: 0, badMessageCheck: 1, badRequest: 2, badTime: 3, badCertId: 4 } as const;
let office: Office;
afterEach(() => office.close());

async function open(options?: OfficeOptions): Promise<Office> {
  office = await openOffice(options);
  return office;
}
const first = (options: RequestOptions = {}): SentMessage => pkcsReq({ subject: 'O=Test, CN=device', recipient: office.scepCertificate, ...options });
const poll = (sent: SentMessage, options: Parameters<typeof certPoll>[1] = {}): SentMessage => certPoll(sent, { recipient: office.scepCertificate, ...options });
const issuedTo = async (sent: SentMessage): Promise<Uint8Array> => {
  const reply = await office.ask(sent);
  if (reply.pkiStatus !== 'SUCCESS' || reply.certificates[0] === undefined) throw new Error(`${reply.pkiStatus} ${reply.failInfoText ?? ''}`);
  return reply.certificates[0];
};
const codes = async (): Promise<readonly string[]> => (await office.audit()).map((e) => `${e.action} ${e.code}`);

describe('a device with a challenge', () => {
  it('A1.1 A8.1 A8.9 A8.16 gets its certificate at once, enveloped to its own key', async () => {
    await open();
    const sent = first({ challenge: await office.challenge({ label: 'router' }), dnsNames: ['device.lan'] });
    const reply = await office.ask(sent, { signerCertificate: office.scepCertificate });
    expect(reply.pkiStatus).toBe('SUCCESS');
    expect(reply.certificates).toHaveLength(1);
    expect(nameToText(subjectOf(reply.certificates[0]!))).toBe('O=Test, CN=device');
    expect(await office.requests()).toMatchObject([{ state: 'issued', proof: { kind: 'challenge', label: 'router' }, decidedBy: 'policy' }]);
    expect(await office.transactions()).toMatchObject([{ operation: 'PKCSReq', outcome: 'success', code: 'issued' }]);
    expect(await codes()).toEqual(expect.arrayContaining(['request.receive granted', 'certificate.issue issued']));
    expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('A7.7 cannot use it twice: the second use is refused, told like any wrong password, and audited', async () => {
    await open();
    const challenge = await office.challenge();
    await issuedTo(first({ challenge }));
    const again = await office.ask(first({ challenge, key: rsaKey(1), subject: 'O=Test, CN=thief' }));
    const invented = await office.ask(first({ challenge: 'AAAA-BBBB-CCCC-DDDD', key: rsaKey(2), subject: 'O=Test, CN=thief' }));
    expect(again).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
    expect(again.failInfoText).toBe(invented.failInfoText);
    expect(await codes()).toEqual(expect.arrayContaining(['message.refuse challenge-spent', 'message.refuse challenge-unknown']));
    expect(await office.certificates()).toHaveLength(2);
  });

  it('A7.6 may type it in lower case and without dashes', async () => {
    await open();
    const challenge = (await office.challenge()).toLowerCase().replaceAll('-', '');
    expect((await office.ask(first({ challenge }))).pkiStatus).toBe('SUCCESS');
  });

  it('A7.6 is refused when it has expired, is for another subject, or for another endpoint; none of it burns the challenge', async () => {
    await open();
    await office.change({ path: '/scep/lab', authorityId: office.endpoint.authorityId, profileId: 'device' });
    const bound = await office.challenge({ subject: 'O=Test, CN=device', endpoint: '/scep' });
    const old = await office.challenge({ minutes: 1 });
    expect(await office.ask(first({ challenge: bound, subject: 'O=Test, CN=other', key: rsaKey(1) }))).toMatchObject({ failInfo: FAIL.badRequest });
    expect(await office.ask(first({ challenge: bound }), { path: '/scep/lab' })).toMatchObject({ failInfo: FAIL.badRequest });
    expect((await office.ask(first({ challenge: bound }))).pkiStatus).toBe('SUCCESS');
    office.advance(61_000);
    expect(await office.ask(first({ challenge: old, key: rsaKey(2) }))).toMatchObject({ failInfo: FAIL.badRequest });
    expect(await codes()).toEqual(expect.arrayContaining(['message.refuse challenge-expired', 'message.refuse challenge-mismatch']));
  });

  it('keeps its challenge when the message is refused for another reason', async () => {
    await open();
    const challenge = await office.challenge();
    expect((await office.ask(first({ challenge, key: rsaKey(0, 1024) }))).failInfoText).toMatch(/2048/);
    expect((await office.ask(first({ challenge, dnsNames: ['*.lan'] }))).failInfoText).toMatch(/wildcard/);
    expect(await office.ask(first({ challenge, breakSignature: true }))).toMatchObject({ failInfo: FAIL.badMessageCheck });
    expect(await office.ask(first({ challenge, messageType: 18 }))).toMatchObject({ failInfo: FAIL.badRequest });
    expect(await office.ask(first({ challenge, csr: { key: rsaKey(3), challenge } }))).toMatchObject({ failInfo: FAIL.badMessageCheck });
    expect((await office.ask(first({ challenge }))).pkiStatus).toBe('SUCCESS');
  });

  it('A10.3 a lost reply is given again: same serial, no second challenge, and a poll gets it too (A10.9)', async () => {
    await open();
    const sent = first({ challenge: await office.challenge() });
    const serial = serialOf(await issuedTo(sent));
    expect(serialOf(await issuedTo(sent))).toBe(serial);
    const rebuilt = first({ csrDer: sent.csr!, signerCertificate: sent.signerCertificate });
    expect(rebuilt.bytes).not.toEqual(sent.bytes);
    expect(serialOf(await issuedTo(rebuilt))).toBe(serial);
    expect(serialOf(await issuedTo(poll(sent)))).toBe(serial);
    expect((await office.certificates()).filter((c) => c.kind === 'device')).toHaveLength(1);
  });

  it('A10.3 two copies that arrive together make one certificate', async () => {
    await open();
    const sent = first({ challenge: await office.challenge() });
    const replies = await Promise.all([office.ask(sent), office.ask(sent), office.ask(sent)]);
    expect(replies.map((r) => r.pkiStatus)).toContain('SUCCESS');
    expect(replies.map((r) => r.pkiStatus)).not.toContain('FAILURE');
    expect((await office.certificates()).filter((c) => c.kind === 'device')).toHaveLength(1);
  });

  it('A10.3 after the window the same request is a new one, and needs a challenge that holds', async () => {
    await open();
    const sent = first({ challenge: await office.challenge() });
    await issuedTo(sent);
    office.advance(PAST_THE_WINDOW);
    expect(await office.ask(sent)).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
  });
});

describe('a device without a challenge', () => {
  it('A7.4 A8.8 waits; CertPoll says so; after the approval the poll brings the certificate', async () => {
    await open();
    const sent = first();
    expect(await office.ask(sent)).toMatchObject({ pkiStatus: 'PENDING', eContent: 'absent' });
    expect((await office.ask(poll(sent))).pkiStatus).toBe('PENDING');
    const [waiting] = await office.requests('pending');
    expect(waiting).toMatchObject({ subject: 'O=Test, CN=device', key: 'RSA 2048', source: '192.0.2.1', polls: 1 });
    await office.approve(waiting!.id);
    const certificate = await issuedTo(poll(sent));
    expect(parseCertificate(certificate)).toMatchObject({ ok: true, value: { keyUsage: ['digitalSignature', 'keyEncipherment'] } });
    expect((await office.requests('issued'))[0]?.toldAt).not.toBeNull();
  });

  it('A10.2 re-sends identical bytes five times and then gets its certificate, like micromdm’s client', async () => {
    await open();
    const sent = first();
    for (let i = 0; i < 5; i++) expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    const waiting = await office.requests('pending');
    expect(waiting).toHaveLength(1);
    await office.approve(waiting[0]!.id);
    expect((await office.ask(sent)).pkiStatus).toBe('SUCCESS');
  });

  it('A10.4 another CSR under the same transactionID is refused while the first waits', async () => {
    await open();
    const sent = first();
    await office.ask(sent);
    const other = first({ subject: 'O=Test, CN=device 2', transactionId: sent.transactionId });
    expect(await office.ask(other)).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
    expect(await office.requests('pending')).toHaveLength(1);
  });

  it('A7.17 A7.18 a poll that nothing is known of, or by a stranger’s key, is badCertId', async () => {
    await open();
    const sent = first();
    expect(await office.ask(poll(sent))).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badCertId });
    await office.ask(sent);
    const stranger = first({ key: rsaKey(1), transactionId: sent.transactionId });
    expect(await office.ask(poll(stranger))).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badCertId });
  });

  it('a device that starts anew under another transactionID has one row in the queue', async () => {
    await open();
    const old = first({ transactionId: 'one' });
    await office.ask(old);
    const fresh = first({ transactionId: 'two' });
    expect((await office.ask(fresh)).pkiStatus).toBe('PENDING');
    expect(await office.requests('pending')).toMatchObject([{ transactionId: 'two' }]);
    expect(await office.requests('superseded')).toMatchObject([{ transactionId: 'one' }]);
    expect(await office.ask(poll(old))).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
    await office.approve((await office.requests('pending'))[0]!.id);
    expect((await office.ask(poll(fresh))).pkiStatus).toBe('SUCCESS');
  });

  it('a refusal reaches the device with its reason, and is reopenable until then', async () => {
    await open();
    const sent = first();
    await office.ask(sent);
    const [waiting] = await office.requests('pending');
    const refused = await office.refuse(waiting!.id, 'not ours');
    const reopened = must(await reopenRequest(office.deps, { id: refused.id, version: refused.version }, ADMIN));
    expect((await office.ask(poll(sent))).pkiStatus).toBe('PENDING');
    await office.refuse(reopened.id, 'not ours');
    expect((await office.ask(poll(sent))).failInfoText).toMatch(/not ours/);
    const told = await office.store.read.request(reopened.id);
    expect(await reopenRequest(office.deps, { id: told!.id, version: told!.version }, ADMIN)).toMatchObject({ ok: false, error: { code: 'already-told' } });
  });

  it('a device that re-sends its PKCSReq hears the refusal once, and may then ask anew', async () => {
    await open();
    const sent = first();
    await office.ask(sent);
    await office.refuse((await office.requests('pending'))[0]!.id);
    expect((await office.ask(sent)).pkiStatus).toBe('FAILURE');
    expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    expect(await office.requests()).toHaveLength(2);
  });

  it('A10.10 lapses after a week, and the poll says so', async () => {
    await open();
    const sent = first();
    await office.ask(sent);
    office.advance(7 * DAY + 1000);
    await office.settle();
    expect((await office.requests())[0]?.state).toBe('expired');
    expect(await office.ask(poll(sent))).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
  });

  it('finds no place in a full queue: 2 a source, 3 in all here', async () => {
    await open({ settings: { maxWaiting: 3, maxWaitingPerSource: 2 } });
    const send = (i: number, source: string): Promise<{ pkiStatus: string; failInfo?: number }> => office.ask(first({ key: rsaKey(i), subject: `O=Test, CN=device ${i}` }), { source });
    expect((await send(0, '192.0.2.1')).pkiStatus).toBe('PENDING');
    expect((await send(1, '192.0.2.1')).pkiStatus).toBe('PENDING');
    expect(await send(2, '192.0.2.1')).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
    expect((await send(2, '192.0.2.2')).pkiStatus).toBe('PENDING');
    expect((await send(3, '192.0.2.3')).pkiStatus).toBe('FAILURE');
  });

  it('is refused where the endpoint takes only challenges', async () => {
    await open();
    await office.change({ authorization: 'challenge-only' });
    expect(await office.ask(first())).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
  });

  it('an approval of something else than was shown is refused', async () => {
    await open();
    await office.ask(first());
    const [waiting] = await office.requests('pending');
    const shown = { id: waiting!.id, version: waiting!.version };
    expect(await approveRequest(office.deps, { ...shown, spkiSha256: '00'.repeat(32) }, ADMIN)).toMatchObject({ ok: false, error: { code: 'not-what-was-shown' } });
    expect(await approveRequest(office.deps, { ...shown, version: 99 }, ADMIN)).toMatchObject({ ok: false, error: { code: 'stale-version' } });
    expect(await approveRequest(office.deps, { ...shown, spkiSha256: waiting!.fingerprints.spkiSha256 }, ADMIN)).toMatchObject({ ok: true, value: { state: 'issued' } });
  });

  it('two admins cannot both decide', async () => {
    await open();
    await office.ask(first());
    const [waiting] = await office.requests('pending');
    const input = { id: waiting!.id, version: waiting!.version };
    const outcomes = await Promise.all([approveRequest(office.deps, input, ADMIN), approveRequest(office.deps, input, ADMIN)]);
    expect(outcomes.filter((o) => o.ok)).toHaveLength(1);
    expect((await office.certificates()).filter((c) => c.kind === 'device')).toHaveLength(1);
  });
});

describe('a renewal', () => {
  const enrolled = async (): Promise<{ sent: SentMessage; certificate: Uint8Array }> => {
    const sent = first({ challenge: await office.challenge() });
    return { sent, certificate: await issuedTo(sent) };
  };
  const renew = (certificate: Uint8Array, options: RequestOptions = {}): SentMessage =>
    renewalReq({ key: rsaKey(0), signerCertificate: certificate, subject: 'O=Test, CN=device', recipient: office.scepCertificate, csr: { key: rsaKey(4), subject: 'O=Test, CN=device' }, ...options });

  it.each([17, 19])('A7.10 A7.12 by messageType %i signed with the old certificate needs no challenge', async (messageType) => {
    await open();
    const { certificate } = await enrolled();
    const renewed = await issuedTo(renew(certificate, { messageType, transactionId: 'renewal' }));
    expect(serialOf(renewed)).not.toBe(serialOf(certificate));
    const [newest] = (await office.certificates()).filter((c) => c.renews !== null);
    expect(newest?.serial).toBe(serialOf(renewed));
  });

  it('A10.5 with the same key and the same transactionID is a new transaction', async () => {
    await open();
    const { sent, certificate } = await enrolled();
    const again = renewalReq({ key: rsaKey(0), signerCertificate: certificate, csrDer: sent.csr!, transactionId: sent.transactionId, recipient: office.scepCertificate });
    expect(serialOf(await issuedTo(again))).not.toBe(serialOf(certificate));
  });

  it('A7.11 is refused once the certificate is revoked', async () => {
    await open();
    const { certificate } = await enrolled();
    const [record] = (await office.certificates()).filter((c) => c.kind === 'device');
    must(await revokeCertificate(office.deps, { id: record!.id, reason: 'keyCompromise' }, ADMIN));
    expect(await office.ask(renew(certificate))).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
    const crl = await office.store.read.latestCrl(record!.authorityId, 1);
    expect(crl?.number).toBe(2);
  });

  it('A7.11 is refused for another subject', async () => {
    await open();
    const { certificate } = await enrolled();
    const reply = await office.ask(renew(certificate, { csr: { key: rsaKey(4), subject: 'O=Test, CN=admin' } }));
    expect(reply).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
  });

  it('A7.11 is not approved when its certificate is revoked at that very moment', async () => {
    await open();
    const { certificate } = await enrolled();
    await office.change({ renewal: 'hold' });
    await office.ask(renew(certificate, { transactionId: 'race' }));
    const [waiting] = await office.requests('pending');
    const [record] = (await office.certificates()).filter((c) => c.kind === 'device');
    // The admin's approval has read the certificate as valid; the revocation is committed before the approval is.
    const { read } = office.store;
    const late = { ...read, certificate: async (id: string) => {
      const seen = await read.certificate(id);
      must(await revokeCertificate(office.deps, { id: record!.id, reason: 'keyCompromise' }, ADMIN));
      return seen;
    } };
    const outcome = await approveRequest({ ...office.deps, store: { ...office.store, read: late } }, { id: waiting!.id, version: waiting!.version }, ADMIN);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'stale-version' } });
    expect((await office.certificates()).filter((c) => c.renews !== null)).toHaveLength(0);
  });

  it('A7.11 is refused when its certificate is revoked between approval and signature', async () => {
    await open({ authority: { key: 'p256', scepKey: 'split' } });
    const { certificate } = await enrolled();
    office.setCaKeyPresent(false);
    const sent = renew(certificate, { transactionId: 'late' });
    expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    const [record] = (await office.certificates()).filter((c) => c.kind === 'device');
    must(await revokeCertificate(office.deps, { id: record!.id, reason: 'keyCompromise' }, ADMIN));
    office.setCaKeyPresent(true);
    await office.settle();
    expect((await office.ask(poll(sent))).failInfoText).toMatch(/revoked/);
    expect((await office.certificates()).filter((c) => c.renews !== null)).toHaveLength(0);
  });

  it('waits for the admin where the endpoint holds renewals, and then goes to the old key', async () => {
    await open();
    const { certificate } = await enrolled();
    await office.change({ renewal: 'hold' });
    const sent = renew(certificate, { transactionId: 'held' });
    expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    await office.approve((await office.requests('pending'))[0]!.id);
    expect(serialOf(await issuedTo(sent))).not.toBe(serialOf(certificate));
  });
});

describe('GetCert and GetCRL', () => {
  it('A7.20 A7.21 give a certified device its certificate and the CRL, whatever serial it names', async () => {
    await open();
    const sent = first({ challenge: await office.challenge() });
    const certificate = await issuedTo(sent);
    const by = { key: rsaKey(0), signerCertificate: certificate, recipient: office.scepCertificate };
    expect((await office.ask(getCert(certificate, by))).certificates).toEqual([certificate]);
    const crl = await office.ask(getCrl(office.caCertificate, by));
    expect(crl.crls).toHaveLength(1);
    expect(crl.certificates).toHaveLength(0);
    expect((await office.ask(getCrl(certificate, by))).crls).toEqual(crl.crls);
  });

  it('A7.20 refuse strangers and unknown serials', async () => {
    await open();
    const certificate = await issuedTo(first({ challenge: await office.challenge() }));
    const stranger = first({ key: rsaKey(1) });
    expect((await office.ask(getCert(certificate, { key: rsaKey(1), signerCertificate: stranger.signerCertificate, recipient: office.scepCertificate }))).pkiStatus).toBe('FAILURE');
    const foreign = first({ key: rsaKey(2) }).signerCertificate;
    expect(await office.ask(getCert(foreign, { key: rsaKey(0), signerCertificate: certificate, recipient: office.scepCertificate }))).toMatchObject({ failInfo: FAIL.badCertId });
  });
});

describe('keys that cannot decrypt', () => {
  it('A9.2 J.14 get their certificate by a password recipient, now or after waiting', async () => {
    await open();
    const challenge = await office.challenge();
    const sent = first({ key: ecKey(0), challenge });
    const reply = await office.ask(sent, { password: challenge });
    expect(reply).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'password', envelopeVersion: 3 });
    await office.change({ authorization: 'hold' });
    const held = first({ key: ecKey(1), challenge: 'whatever the device was given', subject: 'O=Test, CN=ec' });
    expect((await office.ask(held)).pkiStatus).toBe('PENDING');
    await office.approve((await office.requests('pending'))[0]!.id);
    expect((await office.ask(poll(held), { password: 'whatever the device was given' })).pkiStatus).toBe('SUCCESS');
  });

  it('A9.5 are refused up front without a challenge', async () => {
    await open();
    expect(await office.ask(first({ key: ecKey(0) }))).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badAlg });
    expect(await office.requests()).toHaveLength(0);
  });
});

describe('locked, three things apart', () => {
  it('vault locked: certificates, capabilities and the CRL are served, messages get 503 with Retry-After, nothing is spent', async () => {
    await open();
    const challenge = await office.challenge();
    const sent = first({ challenge });
    await office.lock();
    expect(await office.request({ body: sent.bytes })).toMatchObject({ status: 503, headers: { 'Retry-After': expect.stringMatching(/^\d+$/) as string } });
    expect((await office.request({ method: 'GET', rawQuery: 'operation=GetCACert' })).status).toBe(200);
    expect((await office.door.crl(1, null)).status).toBe(200);
    expect(JSON.parse(Buffer.from((await office.door.health()).body).toString())).toMatchObject({ status: 'locked' });
    await office.unlock();
    expect((await office.ask(sent)).pkiStatus).toBe('SUCCESS');
  });

  it('CA key away while the SCEP key is open: grants rest as approved, devices see PENDING, and get it once the key is back', async () => {
    await open({ authority: { key: 'p256', scepKey: 'split' } });
    const sent = first({ challenge: await office.challenge() });
    const other = first({ key: rsaKey(1), subject: 'O=Test, CN=held' });
    office.setCaKeyPresent(false);
    expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    expect((await office.ask(other)).pkiStatus).toBe('PENDING');
    expect((await office.approve((await office.requests('pending'))[0]!.id)).state).toBe('approved');
    await office.settle();
    expect(await office.requests('approved')).toHaveLength(2);
    office.setCaKeyPresent(true);
    await office.settle();
    expect((await office.ask(poll(sent))).pkiStatus).toBe('SUCCESS');
    expect((await office.ask(poll(other))).pkiStatus).toBe('SUCCESS');
    expect(await office.store.read.intents()).toHaveLength(0);
  });
});

describe('outages on the way', () => {
  it('A2.34 full workers are 503 with Retry-After, and the same message is answered later', async () => {
    let busy = true;
    await open();
    const sent = first({ challenge: await office.challenge() });
    const { scepKeys } = office.deps;
    const door = createDeviceDoor({ ...office.deps, scepKeys: { ...scepKeys, open: (...args) => (busy ? Promise.reject(new Busy()) : scepKeys.open(...args)) } });
    const ask = () => door.scep({ method: 'POST', target: { kind: 'path', path: '/scep' }, path: '/scep', rawQuery: '', body: sent.bytes, source: '192.0.2.1', userAgent: null });
    expect(await ask()).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    busy = false;
    expect((await ask()).status).toBe(200);
    expect(await office.requests('issued')).toHaveLength(1);
  });

  it('a vault that is locked between the two commits leaves an intent that the unlock finishes, and the device gets its certificate', async () => {
    await open();
    const sent = first({ challenge: await office.challenge() });
    const { signers } = office.deps;
    const door = createDeviceDoor({ ...office.deps, signers: { ...signers, sign: () => Promise.reject(new VaultLocked()) } });
    const answer = await door.scep({ method: 'POST', target: { kind: 'path', path: '/scep' }, path: '/scep', rawQuery: '', body: sent.bytes, source: '192.0.2.1', userAgent: null });
    expect(answer.status).toBe(503);
    const [intent] = await office.store.read.intents();
    await office.settle();
    expect(serialOf(await issuedTo(poll(sent)))).toBe(intent?.serial);
    expect(await office.store.read.intents()).toHaveLength(0);
  });
});

describe('split mode', () => {
  it.each(['p256', 'p384', 'rsa-3072'] as const)('A4.10 a %s CA issues through its RSA SCEP key', async (key) => {
    await open({ authority: { key, scepKey: 'split' } });
    const certificate = await issuedTo(first({ challenge: await office.challenge() }));
    const parsed = parseCertificate(certificate);
    const scheme = parsed.ok && 'kind' in parsed.value.signatureAlgorithm ? parsed.value.signatureAlgorithm : undefined;
    expect(scheme?.kind).toBe(key === 'rsa-3072' ? 'rsa-pkcs1' : 'ecdsa');
    expect(office.scepCertificate).not.toEqual(office.caCertificate);
  });
});

describe('a disabled endpoint', () => {
  it('has no capabilities and refuses messages with words', async () => {
    await open();
    await office.change({ enabled: false });
    expect((await office.request({ method: 'GET', rawQuery: 'operation=GetCACaps' })).status).toBe(404);
    expect(await office.ask(first())).toMatchObject({ pkiStatus: 'FAILURE', failInfo: FAIL.badRequest });
  });
});
