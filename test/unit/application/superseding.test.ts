/** Superseded on renewal: off unless an endpoint says so, never before the device has its new certificate and the days are over. */
import { afterEach, describe, expect, it } from 'vitest';
import { getCrl } from '../../../src/main/application/crls.ts';
import { DAY, HOUR } from '../../../src/main/core/lib/instant.ts';
import { parseCrl } from '../../../src/main/core/pki/crl.ts';
import { type SentMessage, certPoll, pkcsReq, renewalReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';
import { revokeCertificate } from '../../../src/main/application/certificates.ts';

let office: Office;
afterEach(() => office.close());

const states = async (): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await office.certificates()).filter(({ kind }) => kind === 'device').map(({ id, state, reason, renews }) => [renews === null ? 'first' : id, reason ?? state]));
const first = async (): Promise<string | undefined> => (await states())['first'];

async function enrol(i = 1): Promise<Uint8Array> {
  const reply = await office.ask(pkcsReq({ key: rsaKey(i), subject: 'CN=dev', recipient: office.scepCertificate, challenge: await office.challenge() }));
  return reply.certificates[0]!;
}
const renewal = (signerCertificate: Uint8Array, i = 2): SentMessage => renewalReq({ key: rsaKey(1), signerCertificate, subject: 'CN=dev', csr: { key: rsaKey(i) }, recipient: office.scepCertificate, transactionId: `renewal-${i}` });

describe.each(['memory', 'sqlite'] as const)('superseding (%s)', (store) => {
  it('is off by default, and revokes the former certificate the chosen days after the new one was handed over', async () => {
    office = await openOffice({ store });
    const old = await enrol();
    expect((await office.ask(renewal(old))).pkiStatus).toBe('SUCCESS');
    office.advance(40 * DAY);
    await office.settle();
    expect(await first()).toBe('valid');

    await office.change({ supersedeAfterDays: 7 });
    await office.settle();
    expect(await first()).toBe('superseded');
    const [entry] = await office.audit();
    expect((await office.audit()).find(({ action }) => action === 'certificate.revoke')).toMatchObject({ actor: 'system:superseding', detail: { reason: 'superseded' } });
    expect(entry).toBeDefined();
    // On the CRL of the same round.
    const crl = parseCrl(must(await getCrl(office.deps, { authorityId: office.endpoint.authorityId })).der);
    expect(crl.ok && crl.value.revoked.map(({ reason }) => reason)).toEqual(['superseded']);
    expect((await office.store.verifyAudit()).ok).toBe(true);
  });

  it('waits for the days to be over, and looks once an hour', async () => {
    office = await openOffice({ store });
    await office.change({ supersedeAfterDays: 7 });
    const old = await enrol();
    await office.ask(renewal(old));
    await office.settle();
    office.advance(7 * DAY - HOUR);
    await office.settle();
    expect(await first()).toBe('valid');
    office.advance(2 * HOUR);
    await office.settle();
    expect(await first()).toBe('superseded');
  });

  it('does not begin while the device has not got the new one, nor while it asks for it', async () => {
    office = await openOffice({ store });
    await office.change({ supersedeAfterDays: 7, renewal: 'hold', earlyRenewal: 'hold' });
    const old = await enrol();
    const sent = renewal(old);
    expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    const [waiting] = await office.requests('pending');
    await office.approve(waiting!.id);
    office.advance(30 * DAY);
    await office.settle();
    // Issued, and nobody came for it.
    expect(await first()).toBe('valid');
    expect((await office.ask(certPoll(sent, { recipient: office.scepCertificate }))).pkiStatus).toBe('SUCCESS');
    office.advance(6 * DAY);
    await office.settle();
    expect(await first()).toBe('valid');
    // Asks again with the old one: it is not done yet.
    expect((await office.ask(renewal(old, 3))).pkiStatus).toBe('PENDING');
    await office.approve((await office.requests('pending'))[0]!.id);
    office.advance(3 * DAY);
    await office.settle();
    expect(await first()).toBe('valid');
  });

  it('leaves the former one where the new one does not hold', async () => {
    office = await openOffice({ store });
    await office.change({ supersedeAfterDays: 0 });
    const old = await enrol();
    await office.ask(renewal(old));
    const renewed = (await office.certificates()).find(({ renews }) => renews !== null);
    must(await revokeCertificate(office.deps, { id: renewed!.id, reason: 'keyCompromise' }, ADMIN));
    office.advance(2 * HOUR);
    await office.settle();
    expect(await first()).toBe('valid');
  });
});
