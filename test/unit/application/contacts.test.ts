/** Who spoke SCEP last: what tells an admin that a new device reaches the CA. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminDoor } from '../../../src/main/admin/door.ts';
import type { Output } from '../../../src/preload/contract/contract.ts';
import { pkcsReq } from '../../support/forge.ts';
import { ADMIN, type Office, openOffice } from '../../support/office.ts';

let office: Office;
afterEach(() => office.close());

const lastContact = async (): Promise<Output<'listener.get'>['lastContact']> => {
  const reply = await createAdminDoor(office.deps).call('listener.get', {}, ADMIN);
  if (!reply.ok) throw new Error(reply.error.message);
  return (reply.value as Output<'listener.get'>).lastContact;
};

describe('the last contact', () => {
  it('is nobody at first, then whoever asked, questions for the CA certificate included', async () => {
    office = await openOffice();
    expect(await lastContact()).toBeNull();
    await office.request({ method: 'GET', rawQuery: 'operation=GetCACert', source: '192.0.2.7' });
    expect(await lastContact()).toMatchObject({ source: '192.0.2.7', path: '/scep', operation: 'GetCACert' });
    await office.ask(pkcsReq({ subject: 'CN=device', recipient: office.scepCertificate }), { source: '192.0.2.8' });
    expect(await lastContact()).toMatchObject({ source: '192.0.2.8', operation: 'PKIOperation' });
  });

  it('is not whoever speaks no SCEP', async () => {
    office = await openOffice();
    await office.request({ method: 'GET', rawQuery: 'operation=Nonsense', source: '192.0.2.9' });
    await office.door.health();
    expect(await lastContact()).toBeNull();
  });
});
