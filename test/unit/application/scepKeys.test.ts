/** The SCEP key beside a CA's own: split, combined again, renewed in time, forgotten in the end; what was enveloped to a former one is still opened, and answered by it. */
import { afterEach, describe, expect, it } from 'vitest';
import { combineScepKey, keepScepKeys, renewScepKey, splitScepKey } from '../../../src/main/application/authorities/scepKeys.ts';
import { createDeadlineLog } from '../../../src/main/application/deadlines.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import type { Authority } from '../../../src/main/core/ca/authority.ts';
import { scepRenewalAt, scepRenewalDue } from '../../../src/main/core/ca/scepKey.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { certPoll, getCrl, pkcsReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office?.close());

const authority = (): Authority => office.deps.directory.authorities()[0]!;
const split = async (): Promise<Authority> => must(await splitScepKey(office.deps, authority(), ADMIN));
const combine = async (): Promise<Authority> => must(await combineScepKey(office.deps, authority(), ADMIN));
const enrol = async (name: string, recipient: Uint8Array, i: number) => office.ask(pkcsReq({ key: rsaKey(i), subject: `CN=${name}`, recipient, challenge: await office.challenge() }));
const health = async () => JSON.parse(Buffer.from((await office.door.health()).body).toString()) as { readonly status: string; readonly message: string; readonly warnings: readonly { readonly code: string; readonly severity: string; readonly message: string }[] };

describe('the life of a SCEP key', () => {
  it('is renewed 60 days before its end, not before two thirds of a short life, and never to end no later', () => {
    const life = (days: number) => ({ notBefore: 0, notAfter: days * DAY });
    expect(scepRenewalAt(life(730))).toBe(670 * DAY);
    expect(scepRenewalAt(life(90))).toBe(60 * DAY);
    expect(scepRenewalDue(life(730), { notAfter: 5000 * DAY }, 670 * DAY)).toBe(true);
    expect(scepRenewalDue(life(730), { notAfter: 5000 * DAY }, 669 * DAY)).toBe(false);
    expect(scepRenewalDue(life(730), { notAfter: 730 * DAY }, 729 * DAY)).toBe(false);
  });
});

describe.each(['memory', 'sqlite'] as const)('split and combine (%s)', (store) => {
  it('gives an RSA key with a certificate by the CA, and goes back', async () => {
    office = await openOffice({ store });
    const before = office.scepCertificate;
    expect(await split()).toMatchObject({ scepKey: 'split', version: 2 });
    const certificate = parseCertificate(office.scepCertificate);
    if (!certificate.ok) throw new Error(certificate.error);
    expect(certificate.value).toMatchObject({ keyUsage: ['digitalSignature', 'keyEncipherment'], extendedKeyUsages: ['1.3.6.1.4.1.311.20.2.1'], publicKey: { kind: 'rsa', bits: 2048 } });

    // A device that fetched the CA certificate before: opened, and answered by the key that it knows.
    const late = pkcsReq({ key: rsaKey(1), subject: 'CN=late', recipient: before, challenge: await office.challenge() });
    const answered = await office.ask(late, { signerCertificate: before });
    expect(answered.pkiStatus).toBe('SUCCESS');
    const fresh = await enrol('fresh', office.scepCertificate, 2);
    expect(Buffer.from(fresh.signerCertificate).equals(Buffer.from(office.scepCertificate))).toBe(true);

    const splitKey = office.scepCertificate;
    expect(await combine()).toMatchObject({ scepKey: 'combined', version: 3 });
    expect(Buffer.from(office.scepCertificate).equals(Buffer.from(before))).toBe(true);
    expect(Buffer.from((await enrol('between', splitKey, 3)).signerCertificate).equals(Buffer.from(splitKey))).toBe(true);
    expect(office.deps.directory.scepIdentities(authority().id)).toHaveLength(2);
    expect((await office.audit()).map(({ action }) => action)).toEqual(expect.arrayContaining(['authority.split', 'authority.combine']));
    expect((await office.store.verifyAudit()).ok).toBe(true);
  });

  it('answers polls, failures and questions by the key that they were enveloped to', async () => {
    office = await openOffice({ store });
    const before = office.scepCertificate;
    const waiting = pkcsReq({ key: rsaKey(1), subject: 'CN=waits', recipient: before });
    expect((await office.ask(waiting)).pkiStatus).toBe('PENDING');
    await split();
    expect((await office.ask(certPoll(waiting, { recipient: before }), { signerCertificate: before })).pkiStatus).toBe('PENDING');
    const wrong = await office.ask(pkcsReq({ key: rsaKey(2), subject: 'CN=wrong', recipient: before, challenge: 'AAAA-AAAA' }), { signerCertificate: before });
    expect(wrong.pkiStatus).toBe('FAILURE');
    // A fault on the way in, too.
    const broken = await office.ask(pkcsReq({ key: rsaKey(2), recipient: before, csrDer: Uint8Array.of(0x30, 0) }), { signerCertificate: before });
    expect(broken.pkiStatus).toBe('FAILURE');
    const enrolled = await enrol('asks', before, 3);
    const crl = await office.ask(getCrl(enrolled.certificates[0]!, { key: rsaKey(3), signerCertificate: enrolled.certificates[0]!, recipient: before }), { signerCertificate: before });
    expect(crl.crls).toHaveLength(1);
  });

  it('renews by itself in time, by hand at any time, and forgets a key long after its end', async () => {
    office = await openOffice({ store, authority: { key: 'p256', scepKey: 'split' } });
    const first = office.scepCertificate;
    await office.settle();
    expect(office.scepCertificate).toEqual(first);
    office.advance(669 * DAY);
    await office.settle();
    expect(office.scepCertificate).toEqual(first);
    office.advance(2 * DAY);
    await office.settle();
    const second = office.scepCertificate;
    expect(second).not.toEqual(first);
    await office.settle();
    expect(office.scepCertificate).toEqual(second);
    expect(Buffer.from((await enrol('late', first, 1)).signerCertificate).equals(Buffer.from(first))).toBe(true);

    must(await renewScepKey(office.deps, { id: authority().id, version: authority().version }, ADMIN));
    const third = office.scepCertificate;
    expect(third).not.toEqual(second);
    const keys = async (): Promise<number> => (await office.store.read.keys()).filter(({ purpose }) => purpose === 'scep').length;
    expect(await keys()).toBe(3);
    // 30 days after the end of the first.
    office.advance(88 * DAY);
    await office.settle();
    expect(await keys()).toBe(3);
    office.advance(2 * DAY);
    await office.settle();
    expect(await keys()).toBe(2);
    expect(office.deps.directory.scepIdentities(authority().id).some(({ certificate }) => Buffer.from(certificate).equals(Buffer.from(first)))).toBe(false);
    await office.lock();
    await office.unlock();
    expect((await enrol('after', third, 2)).pkiStatus).toBe('SUCCESS');
    expect((await office.audit()).filter(({ action, actor }) => action === 'authority.renewScepKey' && actor === 'system:scep-keys')).toHaveLength(1);
    expect((await office.store.verifyAudit()).ok).toBe(true);
  });
});

describe('what stands in the way', () => {
  it('an EC key, a certificate without the usages, another version, a mode that is there, a locked vault, a CA key elsewhere', async () => {
    office = await openOffice({ authority: { key: 'p256', scepKey: 'split' } });
    const { id, version } = authority();
    expect(await combineScepKey(office.deps, { id, version }, ADMIN)).toMatchObject({ ok: false, error: { code: 'ec-needs-split' } });
    expect(await splitScepKey(office.deps, { id, version }, ADMIN)).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
    expect(await combineScepKey(office.deps, { id, version: version + 1 }, ADMIN)).toMatchObject({ ok: false, error: { code: 'stale-version' } });
    expect(await combineScepKey(office.deps, { id: 'none', version }, ADMIN)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    office.setCaKeyPresent(false);
    expect(await renewScepKey(office.deps, { id }, ADMIN)).toMatchObject({ ok: false, error: { code: 'locked' } });
    await office.lock();
    expect(await renewScepKey(office.deps, { id }, ADMIN)).toMatchObject({ ok: false, error: { code: 'locked' } });
  });

  it('an RSA CA that was made to sign only, and a combined one that has nothing to renew', async () => {
    office = await openOffice({ authority: { scepKey: 'split' } });
    const { id, version } = authority();
    expect(await combineScepKey(office.deps, { id, version }, ADMIN)).toMatchObject({ ok: false, error: { code: 'ca-usage-missing' } });
    await office.close();
    office = await openOffice();
    expect(await renewScepKey(office.deps, { id: authority().id }, ADMIN)).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
  });

  it('a program that stops between the two commits: the begun certificate is given up with its key, and splitting goes again', async () => {
    office = await openOffice({ store: 'sqlite' });
    const dying = { ...office.deps, signers: { ...office.deps.signers, sign: () => Promise.reject(new Error('killed')) } };
    await expect(splitScepKey(dying, authority(), ADMIN)).rejects.toThrow('killed');
    const keys = async (): Promise<number> => (await office.store.read.keys()).filter(({ purpose }) => purpose === 'scep').length;
    expect([await keys(), (await office.store.read.intents()).length, authority().scepKey]).toEqual([1, 1, 'combined']);
    await office.settle();
    expect([await keys(), (await office.store.read.intents()).length]).toEqual([0, 0]);
    expect((await split()).scepKey).toBe('split');
    expect((await office.store.verifyAudit()).ok).toBe(true);
  });

  it('two at once: one of them is told, and no key is left over', async () => {
    office = await openOffice({ store: 'sqlite' });
    const input = authority();
    const outcomes = await Promise.all([splitScepKey(office.deps, input, ADMIN), splitScepKey(office.deps, input, ADMIN)]);
    expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect((await office.store.read.keys()).filter(({ purpose }) => purpose === 'scep')).toHaveLength(1);
    expect(await office.store.read.intents()).toEqual([]);
    expect((await office.store.verifyAudit()).ok).toBe(true);
  });
});

describe('the alarm before a SCEP certificate ends', () => {
  it('warns from 30 days and is a danger from 7, with the reason and the next step, in the overview, in health and in the log', async () => {
    const lines: string[] = [];
    office = await openOffice({ authority: { key: 'p256', scepKey: 'split', years: 20 } });
    const { deps } = office;
    const log = createDeadlineLog({ ...deps, log: (level, event) => void lines.push(`${level} ${event}`) });
    const told = async () => (await getStatus(deps)).notices.find(({ code }) => code === 'scep-key-ending');
    office.setCaKeyPresent(false);
    office.advance(699 * DAY);
    await office.settle();
    expect(await told()).toBeUndefined();
    office.advance(2 * DAY);
    await office.settle();
    expect(await told()).toMatchObject({ severity: 'warning', text: expect.stringContaining('The CA key that must certify a new one is not on this machine') as string });
    expect(await health()).toMatchObject({ status: 'degraded' });
    expect((await health()).warnings).toContainEqual(expect.objectContaining({ code: 'scep-key-ending', severity: 'warning' }));
    // It still works.
    expect((await enrol('still', office.scepCertificate, 1)).pkiStatus).toBe('PENDING');
    await log.keep();
    await log.keep();
    expect(lines.filter((line) => line.includes('scep-key-ending'))).toEqual(['warn deadline.scep-key-ending']);
    office.advance(23 * DAY);
    expect(await told()).toMatchObject({ severity: 'danger' });
    await log.keep();
    await log.keep();
    expect(lines.filter((line) => line.includes('scep-key-ending'))).toEqual(['warn deadline.scep-key-ending', 'error deadline.scep-key-ending']);

    await office.lock();
    expect(await told()).toMatchObject({ text: expect.stringContaining('unlock it') as string });
    expect(await health()).toMatchObject({ status: 'locked', warnings: expect.arrayContaining([expect.objectContaining({ code: 'scep-key-ending' })]) as unknown });

    office.setCaKeyPresent(true);
    await office.unlock();
    await keepScepKeys(deps);
    await office.settle();
    expect(await told()).toBeUndefined();
    expect(await health()).toMatchObject({ status: 'healthy', warnings: [] });
  });
});
