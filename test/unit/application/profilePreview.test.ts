/** The certificate that a profile would give, before it is saved: the same plan and lint as a real request, and no key in sight. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdminDoor, createAdminDoor } from '../../../src/main/admin/door.ts';
import { sampleCsr } from '../../../src/main/core/ca/sampleCsr.ts';
import { keyProblem } from '../../../src/main/core/ca/keyChecks.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { describeExtensions } from '../../../src/main/core/pki/describeExtensions.ts';
import { nameToText, parseNameText } from '../../../src/main/core/pki/names.ts';
import type { Input, Output } from '../../../src/preload/contract/contract.ts';
import { pkcsReq } from '../../support/forge.ts';
import { ADMIN, type Office, openOffice } from '../../support/office.ts';

let office: Office;
let door: AdminDoor;
beforeEach(async () => {
  office = await openOffice({ settings: { publicBaseUrl: 'http://ca.office.lan:8080' } });
  door = createAdminDoor(office.deps);
});
afterEach(() => office.close());

type Wish = Partial<Input<'profiles.preview'>>;
const ask = (wish: Wish = {}) => door.call('profiles.preview', { authorityId: office.endpoint.authorityId, ...wish }, ADMIN);
async function preview(wish: Wish = {}): Promise<Output<'profiles.preview'>> {
  const reply = await ask(wish);
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value as Output<'profiles.preview'>;
}
async function plan(wish: Wish = {}) {
  const shown = await preview(wish);
  if (shown.kind !== 'plan') throw new Error(`${shown.code}: ${shown.text}`);
  return shown;
}

describe('the preview of a profile', () => {
  it('is what a device really gets, extension by extension', async () => {
    const issued = await office.ask(pkcsReq({ recipient: office.scepCertificate, challenge: await office.challenge(), subject: 'CN=printer-2f.office.lan' }));
    expect(issued.pkiStatus).toBe('SUCCESS');
    const record = (await office.certificates()).find(({ kind }) => kind === 'device')!;
    const real = parseCertificate(record.der);
    if (!real.ok) throw new Error(real.error);
    const shown = await plan();
    expect(shown.subject).toBe(nameToText(real.value.subject));
    // Key identifiers differ, for the keys do.
    const withoutKey = (extensions: readonly { readonly oid: string }[]) => extensions.filter(({ oid }) => oid !== '2.5.29.14');
    expect(withoutKey(shown.extensions)).toEqual(withoutKey(describeExtensions(real.value.extensions)));
    expect(shown.extensions.map(({ name }) => name).length).toBeGreaterThan(6);
    expect(Date.parse(shown.notAfter) - Date.parse(shown.notBefore)).toBe(365 * 86_400_000 + 3_600_000);
  });

  it('shows fields that are not saved, over the saved profile or over `device`', async () => {
    expect(await plan({ fields: { validityDays: 90, renewalWindowDays: 10, subjectTemplate: 'CN={{device_name}},OU=Printers', extraSans: ['DNS:{{device_name}}'] } })).toMatchObject({
      subject: 'CN=printer-2f.office.lan, OU=Printers',
      subjectAltNames: ['DNS:printer-2f.office.lan'],
      extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'],
    });
    expect(await plan({ id: 'tls-server', fields: {} })).toMatchObject({ extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'] });
    expect(await plan({ id: 'user', key: 'p256', subjectAltNames: ['email:ada@office.lan'] })).toMatchObject({ keyUsage: ['digitalSignature', 'keyAgreement'], subjectAltNames: ['email:ada@office.lan'] });
    expect(office.deps.directory.profiles().map(({ id }) => id).sort()).toEqual(['device', 'tls-server', 'user']);
    expect(office.deps.directory.profile('device')).toMatchObject({ validityDays: 365, version: 1 });
  });

  it.each([
    ['a template without its value', { subject: 'O=Office', fields: { subjectTemplate: 'CN={{device_name}}' } }, 'template-incomplete', 'device_name'],
    ['a template that does not exist', { fields: { subjectTemplate: 'CN={{serial}}' } }, 'template-invalid', '{{serial}}'],
    ['a key usage that the key cannot have', { key: 'p256', fields: { keyUsageEc: ['keyEncipherment'] } }, 'lint', 'needs an RSA key'],
    ['a usage that is never issued', { fields: { extendedKeyUsages: ['2.5.29.37.0'] } }, 'lint', 'anyExtendedKeyUsage'],
    ['a name of a kind that is not allowed', { subjectAltNames: ['DNS:a.lan'], fields: { allowedSans: ['ip'] } }, 'csr-san', 'DNS:a.lan'],
    ['a window longer than the life', { fields: { validityDays: 10, renewalWindowDays: 20 } }, 'invalid-input', 'renewalWindowDays'],
    ['the CA’s own name', { subject: 'O=Test,CN=Office CA' }, 'lint', 'own name'],
  ] as const)('says why %s gives no certificate', async (_what, wish, code, words) => {
    expect(await preview(wish as unknown as Wish)).toEqual({ kind: 'impossible', code, text: expect.stringContaining(words) });
  });

  it('refuses an unknown profile or authority, and a sample that is no name', async () => {
    expect(await ask({ id: 'none' })).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await ask({ authorityId: 'none' })).toMatchObject({ ok: false, error: { code: 'not-found', message: expect.stringContaining('authorityId') } });
    expect(await ask({ subject: 'printer' })).toMatchObject({ ok: false, error: { code: 'invalid-input', message: expect.stringContaining('subject:') } });
    expect(await ask({ subjectAltNames: ['IP:printer'] })).toMatchObject({ ok: false, error: { code: 'invalid-input', message: expect.stringContaining('subjectAltNames:') } });
  });

  it('needs no key: it works while the vault is locked, and writes nothing', async () => {
    const before = await office.store.read.auditHead();
    await office.lock();
    expect(await plan()).toMatchObject({ subject: 'CN=printer-2f.office.lan' });
    expect(await office.store.read.auditHead()).toEqual(before);
    expect((await office.certificates()).filter(({ kind }) => kind === 'device')).toEqual([]);
  });

  it('says so while the authority awaits its certificate', async () => {
    const authorityId = office.endpoint.authorityId;
    const waiting = { ...office.deps, directory: { ...office.deps.directory, currentGeneration: () => undefined } };
    expect(await createAdminDoor(waiting).call('profiles.preview', { authorityId }, ADMIN)).toMatchObject({ ok: true, value: { kind: 'impossible', code: 'awaiting-certificate' } });
  });
});

describe('the sample keys', () => {
  it.each(['rsa-2048', 'p256'] as const)('%s meets the strictest rules for keys', (key) => {
    const subject = parseNameText('CN=x');
    if (!subject.ok) throw new Error(subject.error);
    expect(keyProblem(sampleCsr({ key, subject: subject.value, subjectAltNames: [] }).publicKey, 'strict')).toBeUndefined();
  });
});
