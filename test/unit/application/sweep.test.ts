import { afterEach, describe, expect, it } from 'vitest';
import { sweep } from '../../../src/main/application/sweep.ts';
import type { CertificateRecord, IssuanceIntent } from '../../../src/main/core/ca/certificateRecord.ts';
import type { EnrolmentRequest } from '../../../src/main/core/ca/enrolment.ts';
import { pkcsReq, rsaKey } from '../../support/forge.ts';
import { ADMIN, type Office, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

const enrol = async (number: number, challenge?: string): Promise<EnrolmentRequest> => {
  const sent = pkcsReq({ key: rsaKey(number), subject: `CN=device-${number}`, recipient: office.scepCertificate, ...(challenge === undefined ? {} : { challenge }) });
  await office.ask(sent);
  const request = (await office.requests()).find(({ transactionId }) => transactionId === sent.transactionId);
  if (request === undefined) throw new Error('the request is gone');
  return request;
};
const codes = async (): Promise<readonly string[]> => (await office.audit()).map(({ action, code }) => `${action} ${code}`);

/** The intent that a certificate was issued from, as it lay in the store before. */
const intentOf = ({ der: _der, sha256: _sha256, ...record }: CertificateRecord, tbs = new Uint8Array(0)): IssuanceIntent => {
  const { id, serial, issuerHash, authorityId, generation, requestId, issuedAt } = record;
  return { id, serial, issuerHash, authorityId, generation, requestId, tbs, createdAt: issuedAt, record };
};

describe('the sweep', () => {
  it('lets an intent be that was finished after the intents were listed: nothing of it was abandoned', async () => {
    office = await openOffice();
    const request = await enrol(0, await office.challenge());
    const certificate = (await office.certificates()).find(({ id }) => id === request.certificateId);
    const listed = [intentOf(certificate!)];
    const { store } = office;
    await sweep({ ...office.deps, store: { ...store, read: { ...store.read, intents: () => Promise.resolve(listed) } } });
    expect(await codes()).not.toContain('certificate.issue abandoned');
    expect(await office.requests()).toMatchObject([{ state: 'issued', certificateId: certificate?.id }]);
  });

  it('goes on to the others after one that cannot be finished', async () => {
    office = await openOffice();
    const good = await enrol(0, await office.challenge());
    const pattern = (await office.certificates()).find(({ id }) => id === good.certificateId)!;
    const broken = await enrol(1);
    office.setCaKeyPresent(false);
    const waiting = await enrol(2, await office.challenge());
    expect(waiting.state).toBe('approved');
    office.setCaKeyPresent(true);
    // To be signed are bytes that are no certificate: what comes out is not let through, now or ever.
    const intent = intentOf({ ...pattern, id: 'broken', serial: '0ABC', requestId: broken.id }, Uint8Array.of(0x30, 0x00));
    const approved: EnrolmentRequest = { ...broken, state: 'approved', version: broken.version + 1 };
    await office.store.commit({ actor: ADMIN, at: office.now(), expect: [], changes: [{ kind: 'put', table: 'request', value: approved }, { kind: 'put', table: 'intent', value: intent }], audit: [] });

    const said: unknown[] = [];
    await sweep({ ...office.deps, log: (...words) => void said.push(words) });
    expect(said).toEqual([['error', 'sweep.failed', { key: broken.id, error: expect.stringContaining('cannot be read') as string }]]);
    expect(await office.store.read.request(waiting.id)).toMatchObject({ state: 'issued' });
    expect(await office.store.read.request(broken.id)).toMatchObject({ state: 'approved', certificateId: null });
  });
});
