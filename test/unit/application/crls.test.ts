/** CRLs that fell behind what was decided: revoked while the key was locked away, or killed before the list was signed. */
import { afterEach, describe, expect, it } from 'vitest';
import { releaseCertificate, revokeCertificate } from '../../../src/main/application/certificates.ts';
import { CRL_FLOOR_SETTING, crlNumberAt } from '../../../src/main/application/crls.ts';
import { runHousekeeping } from '../../../src/main/application/housekeeping.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import type { CertificateRecord } from '../../../src/main/core/ca/certificateRecord.ts';
import { parseCrl } from '../../../src/main/core/pki/crl.ts';
import { pkcsReq } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

async function device(): Promise<CertificateRecord> {
  const challenge = await office.challenge();
  await office.ask(pkcsReq({ subject: 'O=Test, CN=device', recipient: office.scepCertificate, challenge }));
  const record = (await office.certificates()).find(({ kind }) => kind === 'device');
  if (record === undefined) throw new Error('nothing was issued');
  return record;
}

async function latest({ authorityId }: CertificateRecord): Promise<{ readonly number: number; readonly serials: readonly string[] }> {
  const crl = await office.store.read.latestCrl(authorityId, 1);
  const parsed = crl === undefined ? undefined : parseCrl(crl.der);
  if (crl === undefined || parsed?.ok !== true) throw new Error('there is no CRL');
  return { number: crl.number, serials: parsed.value.revoked.map(({ serialHex }) => serialHex) };
}

describe.each(['memory', 'sqlite'] as const)('a CRL that is behind (%s)', (store) => {
  it('is published once the vault is unlocked, for a revocation and for a release', async () => {
    office = await openOffice({ store });
    const record = await device();
    const before = await latest(record);
    await office.lock();
    must(await revokeCertificate(office.deps, { id: record.id, reason: 'certificateHold' }, ADMIN));
    expect(await latest(record)).toEqual(before);
    await office.unlock();
    await runHousekeeping(office.deps);
    expect(await latest(record)).toEqual({ number: before.number + 1, serials: [record.serial] });

    await office.lock();
    must(await releaseCertificate(office.deps, { id: record.id }, ADMIN));
    await office.unlock();
    await runHousekeeping(office.deps);
    expect(await latest(record)).toEqual({ number: before.number + 2, serials: [] });
  });

  it('is published when a hold became final while the key was away: the reason counts', async () => {
    office = await openOffice({ store });
    const record = await device();
    must(await revokeCertificate(office.deps, { id: record.id, reason: 'certificateHold' }, ADMIN));
    const before = await latest(record);
    await office.lock();
    must(await revokeCertificate(office.deps, { id: record.id, reason: 'keyCompromise' }, ADMIN));
    await office.unlock();
    await runHousekeeping(office.deps);
    expect((await latest(record)).number).toBe(before.number + 1);
  });

  it('is published above a floor, as a restored CA has one, and then counts on', async () => {
    office = await openOffice({ store });
    const record = await device();
    const floor = crlNumberAt(office.now());
    await office.store.commit({ actor: ADMIN, at: office.now(), expect: [], changes: [{ kind: 'setting', key: CRL_FLOOR_SETTING, value: floor }], audit: [] });
    await runHousekeeping(office.deps);
    expect((await latest(record)).number).toBe(floor);
    must(await revokeCertificate(office.deps, { id: record.id, reason: 'superseded' }, ADMIN));
    expect((await latest(record)).number).toBe(floor + 1);
    await runHousekeeping(office.deps);
    expect((await latest(record)).number).toBe(floor + 1);
  });

  it('is not published again and again: not for no reason given, not when a revoked certificate expires', async () => {
    office = await openOffice({ store });
    const record = await device();
    must(await revokeCertificate(office.deps, { id: record.id, reason: 'unspecified' }, ADMIN));
    const { number } = await latest(record);
    await runHousekeeping(office.deps);
    await runHousekeeping(office.deps);
    expect((await latest(record)).number).toBe(number);

    // A list made in the certificate's last hour outlives it.
    office.advance(record.notAfter - office.now() - 60_000);
    await runHousekeeping(office.deps);
    const late = await latest(record);
    expect(late.serials).toEqual([record.serial]);
    office.advance(DAY);
    await runHousekeeping(office.deps);
    expect(await latest(record)).toEqual(late);
  });
});
