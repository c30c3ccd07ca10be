/** What stands above and below, in the window: a SCEP key split off and taken back, and a root that signs the issuing CA of another machine by files. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HTTP_ERRORS } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { must, openDevice } from '../support/seedDevice.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('splits a SCEP key and signs a CA', () => undefined);

describe.skipIf(!available)('keys and hierarchy', () => {
  const current = useWindow(() => openWindow({ seed: createAuthority }));
  const region = (name: string) => current().page.getByRole('region', { name, exact: true });
  const confirm = async (first: string, second: string): Promise<void> => {
    const { page } = current();
    await page.getByRole('button', { name: first, exact: true }).click();
    await page.getByRole('group').getByRole('button', { name: second, exact: true }).click();
  };

  it('splits the SCEP key, renews it, and goes back to one key; late messages still open', async () => {
    const { page, call, origin } = current();
    const { scepUrl } = await call('status.get');
    const before = await openDevice(scepUrl ?? '', { subject: 'CN=early.example.lan' });
    const { id } = (await call('authorities.list')).items[0] ?? { id: '' };
    await page.goto(`${origin}/#/authorities/${id}`);
    await region('SCEP key').getByText('One key does both').waitFor();
    await confirm('Split the SCEP key', 'Split it');
    await region('SCEP key').getByText('The authority’s key only signs').waitFor();
    await region('SCEP key').getByText(/^By itself on/).waitFor();
    await region('SCEP key').getByText('The authority’s own key, generation 1').waitFor();
    expect(await before.client.caCertificates()).toHaveLength(2);
    await must('SUCCESS', before.enrol({ challenge: (await call('challenges.create')).password }));

    await page.getByRole('button', { name: 'Renew the SCEP key now' }).click();
    await region('SCEP key').getByText(/^A former SCEP key of generation 1/).waitFor();
    await confirm('Back to one key', 'Back to one key');
    await region('SCEP key').getByText('One key does both').waitFor();
    expect(await before.client.caCertificates()).toHaveLength(1);
  }, 60_000);

  it('makes a root with limits, and says beside a field what is wrong with it', async () => {
    const { page, call } = current();
    await page.getByRole('link', { name: 'Authorities', exact: true }).first().click();
    await page.getByRole('button', { name: 'New authority' }).click();
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Head Office Root');
    await page.getByRole('radio', { name: 'EC P-384' }).check();
    await page.getByRole('button', { name: 'More options' }).click();
    await page.getByRole('radio', { name: 'So many levels' }).check();
    const names = page.getByLabel('Only these names');
    await names.fill('office.lan');
    await page.getByRole('button', { name: 'Make the authority' }).click();
    await page.getByText('“office.lan” says no kind').waitFor();
    await names.fill('DNS:office.lan');
    await page.getByRole('button', { name: 'Make the authority' }).click();
    await page.getByRole('heading', { name: 'Head Office Root' }).waitFor();
    await region('Certificate').getByText('One level').waitFor();
    await region('Certificate').getByText('DNS:office.lan').waitFor();
    const made = (await call('authorities.list')).items.find(({ commonName }) => commonName === 'Head Office Root');
    expect(made).toMatchObject({ pathLength: 1, nameConstraints: { permitted: ['DNS:office.lan'], excluded: [] } });
  }, 60_000);

  it('signs the request of another machine’s issuing CA, which installs what comes back', async () => {
    const { page, call } = current();
    const { authority, csrPem, sha256 } = await call('authorities.signingRequest', { commonName: 'Branch CA', key: 'rsa-2048' });
    await page.getByRole('tab', { name: 'Sign a CA' }).click();
    const show = page.getByRole('button', { name: 'Show what would be signed' });
    expect(await show.isDisabled()).toBe(true);
    const choose = (text: string): Promise<void> => page.locator('input[type=file]').setInputFiles({ name: 'branch.csr', mimeType: 'application/pkcs10', buffer: Buffer.from(text) });
    current().forgive(HTTP_ERRORS);
    await choose('no request at all');
    await show.click();
    await page.getByRole('alert').waitFor();
    await choose(csrPem);
    await show.click();
    const plan = region('2. What would be signed');
    await plan.getByText('CN=Branch CA').first().waitFor();
    await plan.getByText('None: it signs devices only').waitFor();
    expect((await plan.innerText()).replace(/\s/g, '')).toContain(sha256);
    expect((await call('certificates.list', { kind: 'authority', query: 'Branch CA' })).total).toBe(0);

    await confirm('Sign it', 'Sign it');
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: /^Save / }).click();
    const file = readFileSync(await (await downloaded).path());
    const installed = await call('authorities.installCertificate', { id: authority.id, files: [file.toString('base64')] });
    expect(installed).toMatchObject({ pathLength: 0, chainPem: { length: 2 } });
    await page.getByRole('link', { name: 'Its certificate' }).click();
    await page.getByRole('heading', { name: 'Branch CA' }).waitFor();
  }, 60_000);
});
