/** A rollover of an authority that two machines share: the signer decides, the listener tells the devices and keeps the date. */
import { X509Certificate, verify } from 'node:crypto';
import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { afterEach, describe, expect, it } from 'vitest';
import { combineScepKey, renewScepKey, splitScepKey } from '../../../src/main/application/authorities/scepKeys.ts';
import { importCertificates } from '../../../src/main/application/courier/importCertificates.ts';
import { activateGeneration } from '../../../src/main/application/rollover/activate.ts';
import { makeLinks } from '../../../src/main/application/rollover/links.ts';
import { previewRollover } from '../../../src/main/application/rollover/preview.ts';
import { publishGeneration } from '../../../src/main/application/rollover/publish.ts';
import { retireGeneration, undoStep } from '../../../src/main/application/rollover/retire.ts';
import { stageGeneration } from '../../../src/main/application/rollover/stage.ts';
import { type RolloverStatus, rolloverStatus } from '../../../src/main/application/rollover/status.ts';
import { withdrawGeneration } from '../../../src/main/application/rollover/withdraw.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import { toHex } from '../../../src/main/core/lib/bytes.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import { type Certificate, parseCertificate, verifySignedBy } from '../../../src/main/core/pki/certificate.ts';
import { parseCrl } from '../../../src/main/core/pki/crl.ts';
import { readNextCa } from '../../../src/main/core/scep/nextCa.ts';
import { type CourierPair, openCourierPair, openUnpaired, pairOf, pairOffices } from '../../support/courierPair.ts';
import { type SentMessage, certPoll, pkcsReq, rsaKey } from '../../support/forge.ts';
import { certId, ocspRequest, readOcspResponse } from '../../support/ocsp.ts';
import { ADMIN, type Office, must } from '../../support/office.ts';

let pair: CourierPair;
afterEach(() => pair.close());

const at = () => ({ authorityId: pair.authorityId });
const read = (der: Uint8Array | null | undefined): Certificate => {
  const parsed = der ? parseCertificate(der) : undefined;
  if (parsed?.ok !== true) throw new Error('no certificate');
  return parsed.value;
};
const generation = (office: Office, number: number) => office.deps.directory.generation(pair.authorityId, number);
const states = (office: Office): readonly string[] => office.deps.directory.generations(pair.authorityId).map(({ number, state }) => `${number} ${state}`);
const activeGeneration = (office: Office): number | undefined => office.deps.directory.activeScepIdentity(pair.authorityId)?.generation;
const nextScep = (office: Office): Uint8Array => office.deps.directory.scepIdentities(pair.authorityId).find((s) => s.generation === 2)?.certificate ?? new Uint8Array(0);
const status = async (office: Office): Promise<RolloverStatus> => must(await rolloverStatus(office.deps, { ...at(), limit: 100 }));
const notices = async (office: Office): Promise<readonly string[]> => (await getStatus(office.deps)).notices.map(({ code }) => code);
const get = async (operation: string): Promise<{ readonly contentType: string; readonly body: Uint8Array; readonly status: number }> => pair.listener.request({ method: 'GET', rawQuery: `operation=${operation}` });
const caps = async (): Promise<string> => Buffer.from((await get('GetCACaps')).body).toString();
const asks = (nth: number, recipient: Uint8Array, challenge?: string): SentMessage => pkcsReq({ key: rsaKey(nth), subject: `O=Test, CN=device-${nth}`, recipient, ...(challenge === undefined ? {} : { challenge }) });
const device = async (office: Office, nth: number) => (await office.certificates()).find(({ kind, subject }) => kind === 'device' && subject.includes(`device-${nth}`));

const stage = async (days = 40) => must(await stageGeneration(pair.signer.deps, { ...at(), activateAt: pair.signer.now() + days * DAY }, ADMIN));
const publish = async (activateAt?: number) => publishGeneration(pair.signer.deps, { ...at(), activateAt }, ADMIN);
/** Staged, and with the listener's keys for it certified; the listener has them with the second run. */
async function published(days = 40): Promise<void> {
  await stage(days);
  await pair.toListener(await pair.certificates());
  await pair.toSigner(await pair.requests());
  must(await publish());
  await pair.toListener(await pair.certificates());
}

/** One signature of the outer SignedData, with the certificates that it names. */
async function outerHolds(answer: Uint8Array): Promise<boolean> {
  const info = pkijs.ContentInfo.fromBER(Uint8Array.from(answer).buffer);
  const signed = new pkijs.SignedData({ schema: info.content as asn1js.Sequence });
  const results = await Promise.all(signed.signerInfos.map((_, signer) => signed.verify({ signer, checkChain: false })));
  return results.length > 0 && results.every(Boolean);
}

/** By the certificate that came with it, and as its key usage allows. */
function ocspSignatureHolds(body: Uint8Array, delegate: Uint8Array | undefined): boolean {
  const outer = pkijs.OCSPResponse.fromBER(Uint8Array.from(body).buffer).responseBytes?.response.valueBlock.valueHexView;
  if (outer === undefined || delegate === undefined) return false;
  const { tbsResponseData, signature } = pkijs.BasicOCSPResponse.fromBER(outer.slice().buffer);
  const { publicKey, keyUsage } = new X509Certificate(delegate);
  return keyUsage.includes('1.3.6.1.5.5.7.3.9') && verify('sha256', tbsResponseData.tbsView, publicKey, signature.valueBlock.valueHexView);
}

describe.each(['memory', 'sqlite'] as const)('a rollover over the courier (%s)', (store) => {
  it('tells devices of the listener’s own next key, and issues what is addressed to it from the date on', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    await stage();
    expect(await publish()).toMatchObject({ ok: false, error: { code: 'listener-not-ready' } });
    expect((await status(signer)).steps.publish).toContain('“Front desk”');
    await pair.toListener(await pair.certificates());
    expect(await caps()).not.toContain('GetNextCACert');
    await pair.toSigner(await pair.requests());
    expect((await status(signer)).steps.publish).toBeNull();
    must(await publish());
    await pair.toListener(await pair.certificates());

    expect(await caps()).toContain('GetNextCACert');
    const answer = await get('GetNextCACert');
    expect(answer).toMatchObject({ status: 200, contentType: 'application/x-x509-next-ca-cert' });
    const told = readNextCa(answer.body);
    const next = generation(listener, 2)?.certificate ?? new Uint8Array(0);
    expect(told.ok && told.value.inner.map(toHex)).toEqual([toHex(nextScep(listener)), toHex(next)]);
    expect(told.ok && told.value.outer.map(toHex)).toEqual([toHex(nextScep(listener)), toHex(next), toHex(listener.caCertificate), toHex(listener.scepCertificate)]);
    expect(await outerHolds(answer.body)).toBe(true);
    expect(verifySignedBy(read(nextScep(listener)), read(next).spki, listener.deps.crypto)).toBe(true);
    expect(nextScep(listener)).not.toEqual(nextScep(signer));
    // The signer's own has the CA's signature alone: the other is by the key that devices talk to.
    const there = readNextCa(must(await previewRollover(signer.deps, at())).nextCaCert?.bytes ?? new Uint8Array(0));
    expect(there.ok && there.value.outer.map(toHex)).toEqual([toHex(nextScep(listener)), toHex(next), toHex(listener.caCertificate)]);
    expect(listener.deps.signers.has(generation(listener, 2)?.keyId ?? '')).toBe(false);

    const date = generation(listener, 2)?.activateAt ?? 0;
    const sent = asks(0, nextScep(listener), await listener.challenge());
    expect((await listener.ask(sent, { signerCertificate: nextScep(listener) })).pkiStatus).toBe('PENDING');
    await pair.run(true);
    const got = await listener.ask(certPoll(sent, { recipient: nextScep(listener) }), { signerCertificate: nextScep(listener) });
    expect(got.pkiStatus).toBe('SUCCESS');
    const certificate = read(got.certificates[0]);
    expect(verifySignedBy(certificate, read(next).spki, listener.deps.crypto)).toBe(true);
    expect(Math.abs(certificate.notBefore - date)).toBeLessThan(1000);
    expect(await device(signer, 0)).toMatchObject({ generation: 2 });
    for (const office of [listener, signer]) expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('takes over on both machines at the date; a file that says the same changes nothing', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    await published();
    const announcedBefore = await pair.certificates();
    pair.advance(41 * DAY);
    await Promise.all([listener.settle(), signer.settle()]);
    for (const office of [listener, signer]) {
      expect(states(office)).toEqual(['1 previous', '2 current']);
      expect(activeGeneration(office)).toBe(2);
    }
    // Written before the date, taken in after it: no reason to go back.
    expect((await pair.toListener(announcedBefore)).findings).toEqual([]);
    expect(states(listener)).toEqual(['1 previous', '2 current']);
    const version = generation(listener, 2)?.version;
    expect((await pair.toListener(await pair.certificates())).findings).toEqual([]);
    expect(generation(listener, 2)?.version).toBe(version);
    await listener.ask(asks(1, listener.scepCertificate, await listener.challenge()));
    await pair.run(true);
    expect(await device(listener, 1)).toMatchObject({ generation: 2 });
    expect(await status(listener)).toMatchObject({ stage: 'overlap', adoption: { generation: 2, counts: { renewed: 1 } } });
    must(await retireGeneration(signer.deps, at(), ADMIN));
    await pair.run();
    expect(states(listener)).toEqual(['1 retired', '2 current']);
    for (const office of [listener, signer]) expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('follows what the signer moved or undid, before the date and after it', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    await published(40);
    const later = signer.now() + 60 * DAY;
    must(await publish(later));
    await pair.run();
    pair.advance(41 * DAY);
    await Promise.all([listener.settle(), signer.settle()]);
    expect(states(listener)).toEqual(['1 current', '2 next']);

    must(await withdrawGeneration(signer.deps, at(), ADMIN));
    await pair.run();
    expect(await caps()).not.toContain('GetNextCACert');
    pair.advance(20 * DAY);
    await listener.settle();
    expect(states(listener)).toEqual(['1 current', '2 next']);

    must(await publish(signer.now() + 10 * DAY));
    await pair.run();
    pair.advance(11 * DAY);
    await Promise.all([listener.settle(), signer.settle()]);
    expect(states(listener)).toEqual(['1 previous', '2 current']);
    must(await undoStep(signer.deps, { ...at(), activateAt: signer.now() + 30 * DAY }, ADMIN));
    const undone = await pair.toListener(await pair.certificates());
    expect(undone.findings.map(({ code }) => code)).toEqual(['courier-activation-undone']);
    expect(states(listener)).toEqual(['1 current', '2 next']);
    expect(activeGeneration(listener)).toBe(1);
    expect((await listener.audit()).map(({ code }) => code)).toContain('undone-by-courier');
    expect(await caps()).toContain('GetNextCACert');
    await listener.settle();
    expect(states(listener)).toEqual(['1 current', '2 next']);
    for (const office of [listener, signer]) expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('does not take over where the listener has no key for it yet, and says so', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    await stage(40);
    await pair.toListener(await pair.certificates());
    await pair.toSigner(await pair.requests());
    must(await publish());
    // The file is taken in, but its certificates for the listener's keys are not of use any more: the keys are gone.
    await pair.toListener(await pair.certificates());
    const identity = listener.deps.directory.scepIdentities(pair.authorityId).find((s) => s.generation === 2);
    await listener.store.commit({ actor: ADMIN, at: listener.now(), expect: [], changes: [{ kind: 'remove', table: 'scepIdentity', id: identity?.id ?? '' }], audit: [] });
    await listener.deps.directory.refresh();
    expect(await notices(listener)).toContain('next-key-missing');
    pair.advance(41 * DAY);
    await Promise.all([listener.settle(), signer.settle()]);
    expect(states(listener)).toEqual(['1 current', '2 next']);
    expect((await getStatus(listener.deps)).notices.find(({ code }) => code === 'next-key-missing')).toMatchObject({ severity: 'danger' });
    // Whoever comes meanwhile is answered by the former key; the next whole run mends it.
    await pair.run();
    await pair.run();
    expect(states(listener)).toEqual(['1 previous', '2 current']);
    expect(activeGeneration(listener)).toBe(2);
    expect(await notices(listener)).not.toContain('next-key-missing');
  });

  it('forgets at the listener what was withdrawn at the signer, with its keys; certificates of it do not stop the courier', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    const keysBefore = (await listener.store.read.keys()).length;
    await published();
    const sent = asks(0, nextScep(listener), await listener.challenge());
    await listener.ask(sent, { signerCertificate: nextScep(listener) });
    await pair.run(true);
    const issued = await device(listener, 0);
    const late = asks(1, nextScep(listener), await listener.challenge());
    await listener.ask(late, { signerCertificate: nextScep(listener) });
    await pair.toSigner(await pair.requests(), true);
    must(await withdrawGeneration(signer.deps, at(), ADMIN));
    must(await withdrawGeneration(signer.deps, { ...at(), revokeIssued: true }, ADMIN));
    expect((await pair.toListener(await pair.certificates())).findings).toEqual([]);
    expect(states(listener)).toEqual(['1 current']);
    expect((await listener.store.read.keys()).length).toBe(keysBefore);
    expect(await listener.store.read.certificate(issued?.id ?? '')).toMatchObject({ state: 'revoked', reason: 'cessationOfOperation' });
    const last = parseCrl((await listener.store.read.latestCrl(pair.authorityId, 2))?.der ?? new Uint8Array(0));
    expect(last.ok && last.value.revoked.map(({ serialHex }) => serialHex)).toContain(issued?.serial);
    expect((await listener.requests('refused')).map(({ subject }) => subject)).toEqual([expect.stringContaining('device-1')]);
    expect(await caps()).not.toContain('GetNextCACert');

    await listener.ask(asks(2, listener.scepCertificate, await listener.challenge()));
    await pair.run(true);
    expect(await device(listener, 2)).toMatchObject({ generation: 1 });
    // Nothing is sent over and over for what was left out.
    await pair.run();
    const [link] = signer.deps.directory.courierLinks();
    expect(link?.delivered).toBe((await signer.store.read.certificates({ ...at(), limit: 1 }, signer.now())).total);
    // A next one gets a number of its own.
    await published();
    expect(states(listener)).toEqual(['1 current', '3 next']);
    for (const office of [listener, signer]) expect(await office.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('answers OCSP by a signer of each generation’s own, before and after', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    const good = async (number: number, serial: string): Promise<string> => {
      const issuer = generation(listener, number)?.certificate ?? new Uint8Array(0);
      const { body } = await listener.door.ocsp({ request: ocspRequest([certId(issuer, serial)]), byGet: false });
      const response = readOcspResponse(body);
      const [delegate] = response.certificates;
      expect(verifySignedBy(read(delegate), read(issuer).spki, listener.deps.crypto)).toBe(true);
      expect(ocspSignatureHolds(body, delegate)).toBe(true);
      return response.answers[0]?.status ?? response.status;
    };
    await listener.ask(asks(0, listener.scepCertificate, await listener.challenge()));
    await pair.run(true);
    await published();
    await listener.ask(asks(1, nextScep(listener), await listener.challenge()), { signerCertificate: nextScep(listener) });
    await pair.run(true);
    const [old, next] = [await device(listener, 0), await device(listener, 1)];
    expect([await good(1, old!.serial), await good(2, next!.serial), await good(1, next!.serial)]).toEqual(['good', 'good', 'unknown']);
    must(await activateGeneration(signer.deps, at(), ADMIN));
    await pair.run();
    expect(states(listener)).toEqual(['1 previous', '2 current']);
    await Promise.all([listener.settle(), signer.settle()]);
    expect([await good(1, old!.serial), await good(2, next!.serial)]).toEqual(['good', 'good']);
  });
});

describe('what the courier brings of a next CA', () => {
  it('is refused where the current CA did not sign it', async () => {
    pair = await openCourierPair();
    const { listener, signer } = pair;
    await published();
    const next = generation(signer, 2);
    if (!next?.announcement) throw new Error('nothing is published');
    const forged = next.announcement.slice();
    // The CA's signature stands last.
    forged[forged.length - 3] = (forged.at(-3) ?? 0) ^ 1;
    await signer.store.commit({ actor: ADMIN, at: signer.now(), expect: [], changes: [{ kind: 'put', table: 'generation', value: { ...next, announcement: forged, version: next.version + 1 } }], audit: [] });
    await signer.deps.directory.refresh();
    const before = (await get('GetNextCACert')).body;
    expect(await importCertificates(listener.deps, { bytes: await pair.certificates() }, ADMIN)).toMatchObject({ ok: false, error: { code: 'courier-damaged' } });
    expect((await get('GetNextCACert')).body).toEqual(before);
  });

  it('is withheld where it was published before the machines were paired, until the listener has its key', async () => {
    const offices = await openUnpaired();
    const { signer } = offices;
    must(await stageGeneration(signer.deps, { authorityId: offices.authorityId, activateAt: signer.now() + 40 * DAY }, ADMIN));
    must(await publishGeneration(signer.deps, { authorityId: offices.authorityId }, ADMIN));
    await pairOffices(offices);
    pair = pairOf(offices);
    await signer.settle();
    await pair.toListener(await pair.certificates());
    expect(await caps()).not.toContain('GetNextCACert');
    await pair.toSigner(await pair.requests());
    await signer.settle();
    await pair.toListener(await pair.certificates());
    expect(await caps()).toContain('GetNextCACert');
    const told = readNextCa((await get('GetNextCACert')).body);
    expect(told.ok && toHex(told.value.inner[0] ?? new Uint8Array(0))).toBe(toHex(nextScep(pair.listener)));
  });
});

describe('the listener of a rollover', () => {
  it('takes no step by itself, and says where it is taken; the signer says where devices are seen', async () => {
    pair = await openCourierPair();
    const { listener, signer } = pair;
    const steps = [
      () => stageGeneration(listener.deps, at(), ADMIN),
      () => publishGeneration(listener.deps, at(), ADMIN),
      () => activateGeneration(listener.deps, at(), ADMIN),
      () => retireGeneration(listener.deps, at(), ADMIN),
      () => withdrawGeneration(listener.deps, at(), ADMIN),
      () => undoStep(listener.deps, at(), ADMIN),
      () => makeLinks(listener.deps, at(), ADMIN),
    ];
    for (const step of steps) expect(await step()).toMatchObject({ ok: false, error: { code: 'courier-decides', message: expect.stringContaining('“Safe”') as unknown } });
    expect(await previewRollover(listener.deps, at())).toMatchObject({ ok: false, error: { code: 'courier-decides' } });
    await published();
    await get('GetNextCACert');
    const there = await status(listener);
    expect(new Set(Object.values(there.steps))).toEqual(new Set([expect.stringContaining('“Safe”')]));
    expect(there).toMatchObject({ stage: 'published', proposal: null, adoption: { generation: 2 } });
    expect((await status(signer)).findings.map(({ code }) => code)).toContain('devices-at-listener');
    expect((await status(signer)).steps.activate).toBeNull();
  });

  it('tells the signer with each run which devices asked and which were only seen', async () => {
    pair = await openCourierPair();
    const { listener, signer } = pair;
    const sources = ['192.0.2.11', '192.0.2.12', '192.0.2.13'];
    for (const [nth, source] of sources.entries()) await listener.ask(asks(nth, listener.scepCertificate, await listener.challenge()), { source });
    await pair.run(true);
    pair.advance(DAY);
    await published();
    pair.advance(DAY);
    const visit = (operation: string, source: string) => listener.request({ method: 'GET', rawQuery: `operation=${operation}`, source });
    await visit('GetNextCACert', '192.0.2.11');
    await visit('GetCACaps', '192.0.2.12');
    expect((await status(listener)).adoption).toMatchObject({ counts: { renewed: 0, fetched: 1, seen: 1, silent: 1 } });
    expect((await status(signer)).adoption).toMatchObject({ counts: { renewed: 0, fetched: 0, seen: 0, silent: 3 } });
    await pair.run();
    expect((await status(signer)).adoption).toMatchObject({ counts: { renewed: 0, fetched: 1, seen: 1, silent: 1 }, text: (await status(listener)).adoption?.text });
    expect((await status(signer)).devices.find(({ standing }) => standing === 'fetched')).toMatchObject({ subject: expect.stringContaining('device-0') as unknown, source: '192.0.2.11 via Front desk' });
  });

  it('has a SCEP key of its own that is neither split off, joined nor renewed by hand; the signer’s stays split', async () => {
    pair = await openCourierPair({ authority: { commonName: 'Vault CA', key: 'rsa-2048', scepKey: 'split' } });
    const wish = (office: Office) => ({ id: pair.authorityId, version: office.deps.directory.authority(pair.authorityId)?.version ?? 0 });
    for (const step of [splitScepKey, combineScepKey, renewScepKey]) expect(await step(pair.listener.deps, wish(pair.listener), ADMIN)).toMatchObject({ ok: false, error: { code: 'courier-decides' } });
    expect(await combineScepKey(pair.signer.deps, wish(pair.signer), ADMIN)).toMatchObject({ ok: false, error: { code: 'courier-needs-split' } });
    expect(await renewScepKey(pair.signer.deps, wish(pair.signer), ADMIN)).toMatchObject({ ok: true });
    await pair.run();
    expect((await pair.listener.ask(asks(0, pair.listener.scepCertificate))).pkiStatus).toBe('PENDING');
  });
});
