/**
 * From nothing to a first enrolled device, with what stands on the pages alone: each step in both windows, at its end the very command that the
 * page offers to copy, run by a shell as a newcomer would.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder, runProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';
import { useWindow } from '../support/window.ts';
import { WINDOWS } from '../support/windows.ts';

const { available, it: itNeeding } = needs('chromium', 'pki', 'openssl');
if (!available) itNeeding('leads a newcomer to a first device', () => undefined);

describe.each(available ? WINDOWS : [])('in $name', ({ open }) => {
  const current = useWindow(() => open({ firstStart: true }));
  const folder = makeFolder();
  afterAll(folder.remove);

  const step = (title: string) => current().page.getByRole('heading', { level: 1, name: title });
  const press = (name: string): Promise<void> => current().page.getByRole('button', { name, exact: true }).click();

  it('asks what kind of CA, makes the vault and shows the audit key to write down', async () => {
    const { page, call } = current();
    await step('What kind of CA do you want?').waitFor();
    for (const kind of ['One CA', 'Root and issuing CA', 'Issuing CA under a root elsewhere', 'A CA that I already have']) expect(await page.getByRole('radio', { name: new RegExp(`^${kind}`) }).count()).toBe(1);
    await press('Continue');
    await step('Where should the keys be kept?').waitFor();
    await page.getByRole('radio', { name: /^A passphrase/ }).check();
    await page.getByLabel('Passphrase', { exact: true }).fill(SERVER_PASSPHRASE);
    await page.getByLabel('Passphrase, once more').fill('something else');
    expect(await page.getByRole('button', { name: 'Make the vault' }).isDisabled()).toBe(true);
    await page.getByLabel('Passphrase, once more').fill(SERVER_PASSPHRASE);
    await press('Make the vault');
    await step('Write this down').waitFor();
    const { auditKeyFingerprint } = await call('vault.status');
    expect((await page.getByRole('main').innerText()).replace(/\s/g, '')).toContain(auditKeyFingerprint);
    await press('I have written it down');
  });

  it('goes on after a reload where it was, and names the CA', async () => {
    const { page } = current();
    await step('Name your CA').waitFor();
    await page.reload();
    await step('Name your CA').waitFor();
    await press('Create the CA');
    // A name is needed, and that is said at the field.
    await page.getByRole('textbox', { name: 'Name' }).and(page.locator('[aria-invalid="true"]')).waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Example Office CA');
    await page.getByRole('textbox', { name: 'Organization' }).fill('Example Ltd');
    await page.getByRole('radio', { name: /^RSA 2048/ }).check();
    await press('Create the CA');
    await step('Your CA is made').waitFor({ timeout: 30_000 });
    await press('Continue');
  });

  it('picks the network and how devices get in', async () => {
    const { page } = current();
    await step('Which network are the devices in?').waitFor();
    await page.getByText(/Port \d+ is free there/).waitFor();
    await press('Listen there');
    await step('How do devices get a certificate?').waitFor();
    await press('Continue');
    await step('Enrol a first device').waitFor();
  });

  it('enrols a first device with the commands that it offers, and sees it happen', async () => {
    const { page, call } = current();
    await page.getByText('Waiting for the first contact').waitFor();
    await page.getByRole('button', { name: 'Make a challenge' }).click();
    await page.getByRole('tab', { name: 'strongSwan pki' }).click();
    const shown = page.getByRole('tabpanel').locator('code').first();
    await expect.poll(() => shown.innerText()).not.toContain('YOUR-CHALLENGE');
    const commands = await shown.innerText();
    const { code, stderr } = await runProgram('sh', ['-c', commands], { cwd: folder.path, env: { HOME: folder.path }, patience: 60_000 });
    expect([code, stderr]).toEqual([0, expect.stringContaining('Issued certificate is trusted')]);
    expect(readFileSync(join(folder.path, 'first-device', 'device.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
    await page.getByText('CN=first-device is enrolled.').waitFor();

    const password = /--password (\S+)/.exec(commands)?.[1] ?? '';
    await press('Go to the queue');
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    expect(await page.content()).not.toContain(password);
    expect((await call('certificates.list', { query: 'first-device' })).items).toMatchObject([{ state: 'valid', subject: 'CN=first-device' }]);
  }, 90_000);
});
