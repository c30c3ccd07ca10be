/** What the two machines hold of each other's without a certificate: revocations that came by migration, and keys that wait for theirs. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../src/main/application/authorities.ts';
import { listLinks } from '../../../src/main/application/courier/status.ts';
import { importRequests } from '../../../src/main/application/courier/importRequests.ts';
import { issuerHashOf } from '../../../src/main/application/issue.ts';
import { stageGeneration } from '../../../src/main/application/rollover/stage.ts';
import type { RevokedSerial } from '../../../src/main/core/ca/certificateRecord.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import { type CourierPair, openCourierPair } from '../../support/courierPair.ts';
import { pkcsReq, rsaKey } from '../../support/forge.ts';
import { certId, ocspRequest, readOcspResponse } from '../../support/ocsp.ts';
import { ADMIN, type Office, must } from '../../support/office.ts';

let pair: CourierPair;
afterEach(async () => {
  // Whatever came and went at the listener, its log tells of it.
  expect(await pair.listener.store.verifyAudit()).toMatchObject({ ok: true });
  await pair.close();
});

const ocsp = async (office: Office, serial: string): Promise<string> => {
  const { status, answers } = readOcspResponse((await office.door.ocsp({ request: ocspRequest([certId(pair.signer.caCertificate, serial)]), byGet: false })).body);
  return answers[0]?.status ?? status;
};
const serials = async (office: Office): Promise<readonly string[]> => (await office.store.read.revokedSerials(pair.authorityId)).map(({ serial, state }) => `${serial} ${state}`);
const put = async (office: Office, value: RevokedSerial): Promise<void> => void (await office.store.commit({ actor: ADMIN, at: office.now(), expect: [], changes: [{ kind: 'put', table: 'revokedSerial', value }], audit: [] }));

describe.each(['memory', 'sqlite'] as const)('revocations of certificates that are nowhere (%s)', (store) => {
  it('are told by the listener’s OCSP too, follow the signer, and are no wishes', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    const issuerHash = issuerHashOf(signer.deps, signer.deps.directory.authority(pair.authorityId)?.subject ?? new Uint8Array(0));
    const row = { authorityId: pair.authorityId, generation: 1, issuerHash, subject: 'CN=from the former CA', notAfter: signer.now() + 100 * DAY, revokedAt: signer.now() - DAY };
    await put(signer, { ...row, id: 'r1', serial: '0A0B0C', state: 'revoked', reason: 'keyCompromise' });
    await put(signer, { ...row, id: 'r2', serial: '0A0B0D', state: 'held', reason: 'certificateHold' });
    expect(await ocsp(listener, '0A0B0C')).toBe('unknown');
    await pair.run();
    expect(await serials(listener)).toEqual(['0A0B0C revoked', '0A0B0D held']);
    for (const serial of ['0A0B0C', '0A0B0D']) expect([await ocsp(listener, serial), await ocsp(signer, serial)]).toEqual(['revoked', 'revoked']);

    await put(signer, { ...row, id: 'r2', serial: '0A0B0D', state: 'revoked', reason: 'superseded' });
    const back = await pair.toListener(await pair.certificates());
    expect(back.findings).toEqual([]);
    expect(await serials(listener)).toEqual(['0A0B0C revoked', '0A0B0D revoked']);
    expect((await listLinks(listener.deps))[0]?.waiting.revocations).toBe(0);
    expect((await pair.toSigner(await pair.requests())).findings).toEqual([]);

    // Expired: no list names them any more, so nothing here does.
    pair.advance(101 * DAY);
    expect((await pair.toListener(await pair.certificates())).findings).toEqual([]);
    expect(await serials(listener)).toEqual([]);
    expect((await listLinks(listener.deps))[0]?.waiting.revocations).toBe(0);
    expect(await listener.store.verifyAudit()).toMatchObject({ ok: true });
  });

  it('give way to the certificate when it comes', async () => {
    pair = await openCourierPair({ store });
    const { listener, signer } = pair;
    await listener.ask(pkcsReq({ key: rsaKey(0), subject: 'O=Test, CN=device-0', recipient: listener.scepCertificate, challenge: await listener.challenge() }));
    await pair.toSigner(await pair.requests(), true);
    const issued = (await signer.certificates()).find(({ kind }) => kind === 'device');
    if (issued === undefined) throw new Error('nothing was issued');
    await put(listener, { id: 'early', authorityId: pair.authorityId, generation: 1, serial: issued.serial, issuerHash: issued.issuerHash, subject: null, notAfter: null, state: 'revoked', revokedAt: 1, reason: null });
    await pair.toListener(await pair.certificates());
    expect(await serials(listener)).toEqual([]);
    expect(await ocsp(listener, issued.serial)).toBe('good');
  });
});

describe('keys that have no certificate yet', () => {
  it('outlast housekeeping at the listener, which has OCSP signers of an authority of its own', async () => {
    pair = await openCourierPair({ store: 'sqlite', listenerSettings: { publicBaseUrl: 'http://front.test' } });
    const { listener, signer } = pair;
    must(await createAuthority(listener.deps, { commonName: 'Own CA', organization: 'Test', key: 'p256', years: 5, scepKey: 'split' }, ADMIN));
    must(await stageGeneration(signer.deps, { authorityId: pair.authorityId, activateAt: signer.now() + 90 * DAY }, ADMIN));
    await pair.toListener(await pair.certificates());
    const out = await pair.requests();
    const wanted = listener.deps.directory.courierLinks().flatMap((link) => link.wanted.map(({ keyId }) => keyId));
    expect(wanted).toHaveLength(2);
    const signers = async () => (await listener.certificates()).filter(({ kind, authorityId }) => kind === 'ocsp' && authorityId !== pair.authorityId).length;
    await listener.settle();
    expect(await signers()).toBe(1);
    // Its own signer is renewed too.
    listener.advance(25 * DAY);
    await listener.settle();
    expect(await signers()).toBe(2);
    const kept = (await listener.store.read.keys()).map(({ id }) => id);
    for (const id of wanted) expect(kept).toContain(id);
    await pair.toSigner(out);
    expect(await pair.toListener(await pair.certificates())).toMatchObject({ certificates: 2 });
    expect(listener.deps.directory.scepIdentities(pair.authorityId).map(({ generation }) => generation)).toEqual([1, 2]);
  });

  it('get their certificates after a signature that was cut off: the sweep at the signer takes the serial, and no key', async () => {
    pair = await openCourierPair({ store: 'sqlite' });
    const { listener, signer } = pair;
    must(await stageGeneration(signer.deps, { authorityId: pair.authorityId, activateAt: signer.now() + 90 * DAY }, ADMIN));
    await pair.toListener(await pair.certificates());
    const out = await pair.requests();
    const keys = (await signer.store.read.keys()).length;
    const cut: Office['deps'] = { ...signer.deps, signers: { ...signer.deps.signers, sign: () => Promise.reject(new Error('power cut')) } };
    await expect(importRequests(cut, { bytes: out, acceptGranted: false }, ADMIN)).rejects.toThrow('power cut');
    expect(await signer.store.read.intents()).toHaveLength(1);
    await signer.settle();
    expect(await signer.store.read.intents()).toHaveLength(0);
    expect((await signer.store.read.keys()).length).toBe(keys);
    expect(await pair.toSigner(out)).toMatchObject({ already: false, certificates: 2, findings: [] });
    expect(await pair.toListener(await pair.certificates())).toMatchObject({ certificates: 2 });
    expect(listener.deps.directory.scepIdentities(pair.authorityId).map(({ generation }) => generation)).toEqual([1, 2]);
  });
});
