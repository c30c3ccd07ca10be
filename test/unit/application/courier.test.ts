/** The courier over two offices: pairing, what a run carries each way, and who decides what. */
import { afterEach, describe, expect, it } from 'vitest';
import { releaseCertificate, revokeCertificate } from '../../../src/main/application/certificates.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import { listLinks } from '../../../src/main/application/courier/status.ts';
import type { CertificateRecord } from '../../../src/main/core/ca/certificateRecord.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { parseCrl } from '../../../src/main/core/pki/crl.ts';
import { type SentMessage, certPoll, pkcsReq, renewalReq, rsaKey } from '../../support/forge.ts';
import { type CourierPair, openCourierPair } from '../../support/courierPair.ts';
import { certId, ocspRequest, readOcspResponse } from '../../support/ocsp.ts';
import { ADMIN, type Office, must } from '../../support/office.ts';

let pair: CourierPair;
afterEach(() => pair.close());

const asks = (nth: number, challenge?: string): SentMessage => pkcsReq({ key: rsaKey(nth), subject: `O=Test, CN=device-${nth}`, recipient: pair.listener.scepCertificate, ...(challenge === undefined ? {} : { challenge }) });
const poll = (sent: SentMessage): SentMessage => certPoll(sent, { recipient: pair.listener.scepCertificate });
const devices = async (office: Office): Promise<readonly CertificateRecord[]> => (await office.certificates()).filter(({ kind }) => kind === 'device');
const crlOf = async (office: Office) => {
  const crl = await office.store.read.latestCrl(pair.authorityId, 1);
  const parsed = parseCrl(crl?.der ?? new Uint8Array(0));
  if (!parsed.ok || crl === undefined) throw new Error('no CRL');
  return { number: crl.number, serials: parsed.value.revoked.map(({ serialHex }) => serialHex) };
};
const ocspStatus = async (serial: string): Promise<string> => {
  const { status, answers } = readOcspResponse((await pair.listener.door.ocsp({ request: ocspRequest([certId(pair.listener.caCertificate, serial)]), byGet: false })).body);
  return answers[0]?.status ?? status;
};
const notices = async (office: Office): Promise<readonly string[]> => (await getStatus(office.deps)).notices.map(({ code }) => code);

describe.each(['memory', 'sqlite'] as const)('the courier (%s)', (store) => {
  it('makes a listener work that has no CA key: its own SCEP and OCSP keys, and nothing of the authority’s', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    expect(listener.endpoint).toMatchObject({ path: '/scep', authorityId: pair.authorityId });
    expect((await listener.store.read.keys()).map(({ purpose }) => purpose).sort()).toEqual(['audit', 'courier', 'courier', 'ocsp', 'scep', 'secrets', 'secrets']);
    const generation = listener.deps.directory.currentGeneration(pair.authorityId);
    expect((await listener.store.read.keys()).some(({ id }) => id === generation?.keyId)).toBe(false);
    expect(listener.caCertificate).toEqual(signer.caCertificate);
    const health = JSON.parse(new TextDecoder().decode((await listener.door.health()).body)) as { readonly status: string };
    expect(health.status).toBe('healthy');
    const scep = parseCertificate(listener.scepCertificate);
    expect(scep.ok && scep.value.keyUsage).toEqual(['digitalSignature', 'keyEncipherment']);
    expect(await ocspStatus('7F00')).toBe('unknown');
    expect(await listener.store.verifyAudit()).toMatchObject({ ok: true });
    await listener.settle();
    expect(await listener.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('carries requests out and answers back; devices hear them at their next poll', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    const sent = [asks(0), asks(1), asks(2), asks(3, await listener.challenge({ label: 'printer' }))];
    for (const message of sent) expect((await listener.ask(message)).pkiStatus).toBe('PENDING');
    expect((await listener.requests()).map(({ state }) => state).sort()).toEqual(['approved', 'pending', 'pending', 'pending']);
    const arrived = await pair.toSigner(await pair.requests(), true);
    expect(arrived).toMatchObject({ arrived: 4, issued: 1, known: 0, already: false, findings: [] });
    const queue = await signer.requests('pending');
    expect(queue.map(({ source }) => source)).toEqual(Array.from({ length: 3 }, () => '192.0.2.1 via Front desk'));
    expect(queue[0]?.findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['by-courier', 'unproven']));
    const of = (nth: number) => queue.find(({ subject }) => subject.includes(`device-${nth}`))!.id;
    await signer.approve(of(0));
    await signer.refuse(of(1), 'not one of ours');
    const back = await pair.toListener(await pair.certificates());
    expect(back).toMatchObject({ issued: 2, refused: 1, undecided: 1, findings: [] });
    const told = await Promise.all(sent.map((message) => listener.ask(poll(message))));
    expect(told.map(({ pkiStatus }) => pkiStatus)).toEqual(['SUCCESS', 'FAILURE', 'PENDING', 'SUCCESS']);
    expect(told[1]?.failInfoText).toContain('not one of ours');
    expect(Buffer.from(told[0]?.certificates[0] ?? [])).toEqual(Buffer.from((await devices(signer)).find(({ subject }) => subject.includes('device-0'))?.der ?? []));
    for (const office of [listener, signer]) expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
    const [issued] = await devices(listener);
    expect(issued).toMatchObject({ endpointId: listener.endpoint.id, profileId: 'device', authorityId: pair.authorityId });
  });

  it('takes the very same file twice without harm, and says so', async () => {
    pair = await openCourierPair({ store });
    await pair.listener.ask(asks(0));
    const out = await pair.requests();
    await pair.toSigner(out);
    expect(await pair.toSigner(out)).toMatchObject({ already: true, arrived: 0 });
    await pair.signer.approve((await pair.signer.requests('pending'))[0]!.id);
    const back = await pair.certificates();
    expect(await pair.toListener(back)).toMatchObject({ already: false, issued: 1 });
    expect(await pair.toListener(back)).toMatchObject({ already: true, issued: 0 });
    expect(await devices(pair.listener)).toHaveLength(1);
  });

  it('loses nothing with a lost stick: each file carries all that is open, until the other side says that it arrived', async () => {
    pair = await openCourierPair({ store });
    await pair.listener.ask(asks(0));
    await pair.requests();
    await pair.listener.ask(asks(1));
    expect(await pair.toSigner(await pair.requests())).toMatchObject({ arrived: 2, findings: [{ code: 'courier-gap' }] });
    for (const { id } of await pair.signer.requests('pending')) await pair.signer.approve(id);
    await pair.certificates();
    expect(await pair.toListener(await pair.certificates())).toMatchObject({ issued: 2, findings: [{ code: 'courier-gap' }] });
    expect((await pair.signer.store.read.courierItems((await listLinks(pair.signer.deps))[0]!.link.id)).length).toBe(2);
    await pair.run();
    expect((await listLinks(pair.signer.deps))[0]).toMatchObject({ waiting: { requests: 0, answers: 0 } });
    expect(await pair.signer.store.read.courierItems((await listLinks(pair.signer.deps))[0]!.link.id)).toEqual([]);
  });

  it('closes at the signer what was refused at the listener, and takes its pending ones no further', async () => {
    pair = await openCourierPair({ store });
    await pair.listener.ask(asks(0));
    await pair.run();
    await pair.listener.refuse((await pair.listener.requests('pending'))[0]!.id, 'unknown device');
    expect(await pair.toSigner(await pair.requests())).toMatchObject({ closed: 1 });
    expect((await pair.signer.requests()).map(({ state }) => state)).toEqual(['superseded']);
  });

  it('carries a revocation from the signer: list, OCSP and store of the listener agree with it', async () => {
    pair = await openCourierPair({ store });
    await pair.listener.ask(asks(0, await pair.listener.challenge()));
    await pair.run(true);
    const [at] = await devices(pair.signer);
    expect(await ocspStatus(at!.serial)).toBe('good');
    must(await revokeCertificate(pair.signer.deps, { id: at!.id, reason: 'keyCompromise' }, ADMIN));
    expect(await ocspStatus(at!.serial)).toBe('good');
    await pair.run();
    expect(await ocspStatus(at!.serial)).toBe('revoked');
    expect((await crlOf(pair.listener)).serials).toEqual([at!.serial]);
    expect((await devices(pair.listener))[0]).toMatchObject({ state: 'revoked', reason: 'keyCompromise' });
    expect(await pair.listener.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('carries a wish to revoke to the signer; OCSP says it at once, the list with the next run; a hold is released by the signer alone', async () => {
    pair = await openCourierPair({ store });
    for (const nth of [0, 1]) await pair.listener.ask(asks(nth, await pair.listener.challenge()));
    await pair.run(true);
    const [one, two] = (await devices(pair.listener)).map(({ id, serial }) => ({ id, serial }));
    must(await revokeCertificate(pair.listener.deps, { id: one!.id, reason: 'superseded' }, ADMIN));
    must(await revokeCertificate(pair.listener.deps, { id: two!.id, reason: 'certificateHold' }, ADMIN));
    expect(await ocspStatus(one!.serial)).toBe('revoked');
    expect((await crlOf(pair.listener)).serials).toEqual([]);
    expect(await notices(pair.listener)).toContain('courier-waits');
    await pair.run();
    expect([...(await crlOf(pair.listener)).serials].sort()).toEqual([one!.serial, two!.serial].sort());
    expect(await releaseCertificate(pair.listener.deps, { id: two!.id }, ADMIN)).toMatchObject({ ok: false, error: { code: 'courier-decides' } });
    must(await releaseCertificate(pair.signer.deps, { id: two!.id }, ADMIN));
    await pair.run();
    expect((await crlOf(pair.listener)).serials).toEqual([one!.serial]);
    expect(await ocspStatus(two!.serial)).toBe('good');
    expect((await pair.listener.store.read.certificate(two!.id))?.state).toBe('valid');
    expect(await notices(pair.listener)).not.toContain('courier-waits');
  });

  it('renews a device at the listener: its policy grants, the signer judges the renewal anew', async () => {
    pair = await openCourierPair({ store });
    await pair.listener.ask(asks(0, await pair.listener.challenge()));
    await pair.run(true);
    const old = (await devices(pair.listener))[0]!;
    const renewal = renewalReq({ key: rsaKey(0), signerCertificate: old.der, subject: 'O=Test, CN=device-0', csr: { key: rsaKey(5) }, transactionId: 'renewal-1', recipient: pair.listener.scepCertificate } as Parameters<typeof renewalReq>[0]);
    expect((await pair.listener.ask(renewal)).pkiStatus).toBe('PENDING');
    expect(await pair.toSigner(await pair.requests(), true)).toMatchObject({ arrived: 1, issued: 1 });
    await pair.toListener(await pair.certificates());
    expect((await pair.listener.ask(poll(renewal))).pkiStatus).toBe('SUCCESS');
    expect((await devices(pair.listener)).filter(({ renews }) => renews === old.id)).toHaveLength(1);
  });

  it('brings successors of the listener’s own keys in time, and drops the old OCSP key', async () => {
    pair = await openCourierPair({ store, signerSettings: { crlDays: 60 } });
    const before = pair.listener.scepCertificate;
    const keysBefore = (await pair.listener.store.read.keys()).length;
    pair.advance(300 * DAY);
    expect(await notices(pair.listener)).toContain('courier-due-crl');
    await pair.run();
    expect(pair.listener.scepCertificate).not.toEqual(before);
    expect(await ocspStatus('7F00')).toBe('unknown');
    // The former SCEP key still opens late messages; of OCSP keys there is one.
    expect((await pair.listener.store.read.keys()).length).toBe(keysBefore + 1);
    expect((await pair.listener.ask(pkcsReq({ key: rsaKey(0), subject: 'CN=late', recipient: before }))).pkiStatus).toBe('PENDING');
    expect(await notices(pair.listener)).not.toContain('courier-due-crl');
  });

  it('lets no challenge leave in clear', async () => {
    pair = await openCourierPair({ store });
    const challenge = await pair.listener.challenge();
    await pair.listener.ask(asks(0, challenge));
    const file = Buffer.from(await pair.requests());
    expect(file.includes(challenge)).toBe(false);
    expect(file.includes(Buffer.from(challenge).toString('base64').slice(0, 20))).toBe(false);
    expect(file.includes('device-0')).toBe(false);
    await pair.toSigner(file);
    expect(JSON.stringify(await pair.signer.audit())).not.toContain(challenge);
  });
});
