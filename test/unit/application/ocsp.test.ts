/** The OCSP responder over an office: statuses, whom it speaks for, its signers and what it keeps. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../../src/main/application/authorities.ts';
import { releaseCertificate, revokeCertificate } from '../../../src/main/application/certificates.ts';
import type { DeviceReply } from '../../../src/main/application/deviceDoor.ts';
import { runHousekeeping } from '../../../src/main/application/housekeeping.ts';
import type { CertificateRecord } from '../../../src/main/core/ca/certificateRecord.ts';
import { DAY, HOUR, MINUTE } from '../../../src/main/core/lib/instant.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { OID } from '../../../src/main/core/pki/oids.ts';
import { pkcsReq, rsaKey } from '../../support/forge.ts';
import { certId, ocspRequest, readOcspResponse } from '../../support/ocsp.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

let lastKey = 20;
async function device(name = 'device'): Promise<CertificateRecord> {
  const challenge = await office.challenge();
  await office.ask(pkcsReq({ key: rsaKey(lastKey++ % 24), subject: `O=Test, CN=${name}`, recipient: office.scepCertificate, challenge }));
  const record = (await office.certificates()).find(({ kind, subject }) => kind === 'device' && subject.includes(`CN=${name}`));
  if (record === undefined) throw new Error('nothing was issued');
  return record;
}

const ask = (request: Uint8Array, byGet = false): Promise<DeviceReply> => office.door.ocsp({ request, byGet });
const about = (...serials: readonly string[]): Uint8Array => ocspRequest(serials.map((serial) => certId(office.caCertificate, serial)));

async function statusOf(serial: string): Promise<string> {
  const { status, answers } = readOcspResponse((await ask(about(serial))).body);
  return answers[0]?.status ?? status;
}

const signers = async (): Promise<readonly CertificateRecord[]> => (await office.certificates()).filter(({ kind }) => kind === 'ocsp');
const ocspKeys = async (): Promise<number> => (await office.store.read.keys()).filter(({ purpose }) => purpose === 'ocsp').length;

describe.each(['memory', 'sqlite'] as const)('OCSP (%s)', (store) => {
  it('F5 tells good, held, released, revoked with reason and time, and unknown', async () => {
    office = await openOffice({ store });
    const { id, serial } = await device();
    expect(await statusOf(serial)).toBe('good');
    must(await revokeCertificate(office.deps, { id, reason: 'certificateHold' }, ADMIN));
    const held = readOcspResponse((await ask(about(serial))).body).answers[0];
    expect(held).toMatchObject({ status: 'revoked', reason: 6 });
    must(await releaseCertificate(office.deps, { id }, ADMIN));
    expect(await statusOf(serial)).toBe('good');
    must(await revokeCertificate(office.deps, { id, reason: 'keyCompromise' }, ADMIN));
    const row = await office.store.read.certificate(id);
    expect(readOcspResponse((await ask(about(serial))).body).answers[0]).toMatchObject({ status: 'revoked', reason: 1, revokedAt: Math.floor((row?.revokedAt ?? 0) / 1000) * 1000 });
    expect(await statusOf('7F00')).toBe('unknown');
  });

  it('F5 makes its signer at the first question, with a certificate that says what it is for', async () => {
    office = await openOffice({ store });
    expect(await signers()).toEqual([]);
    const replies = await Promise.all(['1', '2', '3'].map((serial) => ask(about(serial))));
    const [signer, second] = await signers();
    expect(second).toBeUndefined();
    const given = replies.map(({ body }) => readOcspResponse(body).certificates.map((der) => Buffer.from(der).toString('hex')));
    expect(given).toEqual(replies.map(() => [Buffer.from(signer?.der ?? []).toString('hex')]));
    const parsed = parseCertificate(signer?.der ?? new Uint8Array(0));
    if (!parsed.ok || signer === undefined) throw new Error('no signer');
    expect(parsed.value).toMatchObject({ keyUsage: ['digitalSignature'], extendedKeyUsages: [OID.ocspSigning] });
    expect(parsed.value.extensions.filter(({ oid }) => oid === OID.ocspNoCheck).map(({ critical, value }) => [critical, Buffer.from(value).toString('hex')])).toEqual([[false, '0500']]);
    expect(parsed.value.notAfter - office.now()).toBeLessThanOrEqual(30 * DAY);
    expect((await office.audit()).filter(({ action, actor }) => actor === 'system:ocsp' && action === 'certificate.issue')).toHaveLength(1);
    expect(await statusOf(signer.serial)).toBe('good');
  });

  it('keeps its signer over a lock, renews it by housekeeping, and drops the old key', async () => {
    office = await openOffice({ store });
    const { serial } = await device();
    await statusOf(serial);
    await office.lock();
    await office.unlock();
    await statusOf(serial);
    const [first] = await signers();
    expect(await signers()).toHaveLength(1);
    office.advance(18 * DAY);
    await runHousekeeping(office.deps);
    expect(await signers()).toHaveLength(1);
    office.advance(3 * DAY);
    await runHousekeeping(office.deps);
    await runHousekeeping(office.deps);
    const all = await signers();
    expect(all).toHaveLength(2);
    expect(all[0]?.spkiSha256).not.toBe(first?.spkiSha256);
    expect(await ocspKeys()).toBe(1);
    const read = readOcspResponse((await ask(about(serial))).body);
    expect(Buffer.from(read.certificates[0] ?? []).equals(all[0]?.der ?? new Uint8Array(0))).toBe(true);
  });

  it('makes signers before anybody asks where certificates name the responder, and never one for another key that is still needed', async () => {
    office = await openOffice({ store, settings: { publicBaseUrl: 'http://ca.test' } });
    must(await createAuthority(office.deps, { commonName: 'Curve CA', key: 'p384', years: 10, scepKey: 'split' }, ADMIN));
    await runHousekeeping(office.deps);
    expect((await signers()).map(({ subject }) => subject).sort()).toEqual(['CN=Curve CA OCSP', 'O=Test, CN=Office CA OCSP']);
    expect(await ocspKeys()).toBe(2);
    office.advance(21 * DAY);
    await runHousekeeping(office.deps);
    expect(await signers()).toHaveLength(4);
    expect(await ocspKeys()).toBe(2);
  });
});

describe('an OCSP answer', () => {
  it('SECURITY is never guessed while the vault is locked: tryLater, and again an answer after it', async () => {
    office = await openOffice();
    const { serial } = await device();
    expect(await statusOf(serial)).toBe('good');
    await office.lock();
    expect(await statusOf(serial)).toBe('tryLater');
    expect((await ask(about(serial), true)).headers).toEqual({ 'Cache-Control': 'no-store' });
    expect(readOcspResponse((await ask(new Uint8Array(3))).body).status).toBe('malformedRequest');
    await office.unlock();
    expect(await statusOf(serial)).toBe('good');
  });

  it('is unauthorized about another CA, about two CAs at once, and once the CA has expired', async () => {
    office = await openOffice();
    const { serial } = await device();
    const other = await openOffice({ authority: { commonName: 'Other CA' }, keys: {} });
    const foreign = certId(other.caCertificate, serial);
    await other.close();
    const own = must(await createAuthority(office.deps, { commonName: 'Second CA', key: 'p256', years: 10, scepKey: 'split' }, ADMIN));
    const second = certId(office.deps.directory.currentGeneration(own.authority.id)?.certificate ?? new Uint8Array(0), '1');
    const first = certId(office.caCertificate, serial);
    const status = async (...ids: readonly Uint8Array[]): Promise<string> => readOcspResponse((await ask(ocspRequest(ids))).body).status;
    expect(await status(first)).toBe('successful');
    expect(await status(second)).toBe('successful');
    expect(await status(foreign)).toBe('unauthorized');
    expect(await status(first, foreign)).toBe('unauthorized');
    expect(await status(first, second)).toBe('unauthorized');
    expect(await status(first, first)).toBe('successful');
    office.advance(11 * 366 * DAY);
    expect(await status(first)).toBe('unauthorized');
  });

  it('of another issuer with the same serial is unknown, not good', async () => {
    office = await openOffice();
    const { serial } = await device();
    const own = must(await createAuthority(office.deps, { commonName: 'Second CA', key: 'p256', years: 10, scepKey: 'split' }, ADMIN));
    const second = certId(office.deps.directory.currentGeneration(own.authority.id)?.certificate ?? new Uint8Array(0), serial, 'sha256');
    expect(readOcspResponse((await ask(ocspRequest([second]))).body).answers).toMatchObject([{ status: 'unknown' }]);
  });

  it('goes on while the CA key is away and its signer lives, and then is tryLater', async () => {
    office = await openOffice();
    const { serial } = await device();
    await statusOf(serial);
    office.setCaKeyPresent(false);
    office.advance(29 * DAY);
    await runHousekeeping(office.deps);
    expect(await statusOf(serial)).toBe('good');
    const [answer] = readOcspResponse((await ask(about(serial))).body).answers;
    office.advance(DAY);
    expect(await statusOf(serial)).toBe('tryLater');
    expect(answer?.nextUpdate).toBeLessThanOrEqual((await signers())[0]?.notAfter ?? 0);
    office.setCaKeyPresent(true);
    expect(await statusOf(serial)).toBe('good');
    expect(await ocspKeys()).toBe(1);
  });

  it('is signed by another signer once an admin has revoked one', async () => {
    office = await openOffice();
    const { serial } = await device();
    await statusOf(serial);
    const [first] = await signers();
    must(await revokeCertificate(office.deps, { id: first?.id ?? '', reason: 'keyCompromise' }, ADMIN));
    const read = readOcspResponse((await ask(about(serial))).body);
    expect(Buffer.from(read.certificates[0] ?? []).equals(first?.der ?? new Uint8Array(0))).toBe(false);
    expect(read.answers).toMatchObject([{ status: 'good' }]);
    expect(await ocspKeys()).toBe(1);
  });

  it('waits a minute after its signer could not be made, and leaves neither key nor intent of the failure', async () => {
    office = await openOffice();
    const { signers: caKeys } = office.deps;
    const { sign } = caKeys;
    let tried = 0;
    caKeys.sign = async () => {
      tried += 1;
      throw new Error('the smart card was pulled out');
    };
    await expect(ask(about('1'))).rejects.toThrow(/smart card/);
    expect(await statusOf('1')).toBe('tryLater');
    expect(tried).toBe(1);
    caKeys.sign = sign;
    office.advance(MINUTE);
    expect(await statusOf('1')).toBe('unknown');
    await runHousekeeping(office.deps);
    expect([await ocspKeys(), (await signers()).length, (await office.store.read.intents()).length]).toEqual([1, 1, 0]);
    expect((await office.audit()).filter(({ code }) => code === 'abandoned')).toMatchObject([{ detail: { reason: 'the program stopped while the ocsp certificate was made' } }]);
  });

  it('to a nonce repeats it, is never kept, and lasts an hour from five minutes ago', async () => {
    office = await openOffice();
    const { serial } = await device();
    const nonce = new Uint8Array(16).fill(5);
    const request = ocspRequest([certId(office.caCertificate, serial)], { nonce });
    const replies = [await ask(request, true), await ask(request, true)];
    expect(replies.map(({ headers }) => headers)).toEqual([{ 'Cache-Control': 'no-store' }, { 'Cache-Control': 'no-store' }]);
    const read = readOcspResponse(replies[0]?.body ?? new Uint8Array(0));
    expect(read.nonce).toBe(`0410${'05'.repeat(16)}`);
    expect((read.answers[0]?.nextUpdate ?? 0) - (read.answers[0]?.thisUpdate ?? 0)).toBe(HOUR + 5 * MINUTE);
  });

  it('RFC 5019 by GET is kept for ten minutes, until something changes, and caches are told so', async () => {
    office = await openOffice();
    const { id, serial } = await device();
    const first = await ask(about(serial), true);
    expect(first.headers).toMatchObject({ 'Cache-Control': 'max-age=300, public, no-transform, must-revalidate', ETag: expect.stringMatching(/^"[0-9a-f]{64}"$/), 'Last-Modified': expect.stringMatching(/GMT$/), Expires: expect.stringMatching(/GMT$/) });
    office.advance(2 * MINUTE);
    expect((await ask(about(serial), true)).headers.ETag).toBe(first.headers.ETag);
    office.advance(9 * MINUTE);
    const later = await ask(about(serial), true);
    expect(later.headers.ETag).not.toBe(first.headers.ETag);
    must(await revokeCertificate(office.deps, { id, reason: 'superseded' }, ADMIN));
    expect(readOcspResponse((await ask(about(serial), true)).body).answers).toMatchObject([{ status: 'revoked', reason: 4 }]);
    expect((await ask(about('7F00'), true)).headers).toEqual({ 'Cache-Control': 'no-store' });
    expect((await ask(about(serial))).headers).toEqual({ 'Cache-Control': 'no-store' });
  });

  it('SECURITY that was read before a revocation is not kept after it', async () => {
    office = await openOffice();
    const { id, serial } = await device();
    await statusOf('1');
    const slow = office.store.read.certificateBySerial;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    let reading: () => void = () => undefined;
    const read = new Promise<void>((resolve) => (reading = resolve));
    office.store.read.certificateBySerial = async (...args) => {
      const record = await slow.call(office.store.read, ...args);
      reading();
      await gate;
      return record;
    };
    const early = ask(about(serial));
    await read;
    office.store.read.certificateBySerial = slow;
    must(await revokeCertificate(office.deps, { id, reason: 'keyCompromise' }, ADMIN));
    go();
    expect(readOcspResponse((await early).body).answers).toMatchObject([{ status: 'good' }]);
    expect(await statusOf(serial)).toBe('revoked');
  });
});

describe('certificates', () => {
  it('name the responder where the public URL is set, and only there', async () => {
    office = await openOffice({ settings: { publicBaseUrl: 'http://ca.test' } });
    expect(Buffer.from((await device()).der).includes('http://ca.test/ocsp')).toBe(true);
    await office.close();
    office = await openOffice();
    expect(Buffer.from((await device()).der).includes('/ocsp')).toBe(false);
  });
});
