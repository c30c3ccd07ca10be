/** Revocation in the window: a reason, the serial's last digits typed, and the very CRL that devices fetch names it, as OpenSSL reads it. */
import { describe, expect, it } from 'vitest';
import { mustRun } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { must, openDevice } from '../support/seedDevice.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium', 'openssl');
if (!available) itNeeding('revokes a certificate', () => undefined);

describe.skipIf(!available)('a certificate', () => {
  const current = useWindow(() =>
    openWindow({
      seed: async (server) => {
        await createAuthority(server);
        for (const name of ['lost-laptop', 'parked-van']) {
          const device = await openDevice(server.scepUrl, { subject: `CN=${name}.test` });
          await must('SUCCESS', device.enrol({ challenge: (await server.call('challenges.create')).password }));
        }
      },
    }),
  );

  /** The serials on the list that devices fetch, as OpenSSL reads it. */
  async function publishedSerials(): Promise<string> {
    const { server } = current();
    const [authority] = (await server.call('authorities.list')).items;
    const response = await fetch(new URL(`/crl/${authority?.number}/1.crl`, server.scepUrl));
    return (await mustRun('openssl', ['crl', '-inform', 'DER', '-noout', '-text'], { input: Buffer.from(await response.arrayBuffer()) })).toString();
  }

  it('is found, revoked, and stands in the CRL at once', async () => {
    const { page, call, origin } = current();
    const [{ serial } = { serial: '' }] = (await call('certificates.list', { query: 'lost-laptop' })).items;
    await page.goto(`${origin}/#/certificates`);
    await page.getByRole('searchbox').fill('lost-laptop');
    const row = page.getByRole('row', { name: /lost-laptop\.test/ });
    await row.waitFor();
    await expect.poll(() => page.getByRole('row', { name: /parked-van/ }).count()).toBe(0);
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /lost-laptop\.test/ }).first().waitFor();
    await page.getByRole('button', { name: /^Revoke/ }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Revoke for good' });
    await dialog.getByRole('radio', { name: 'The key may be known to others' }).check();
    await dialog.getByRole('textbox', { name: 'The last four of its serial' }).fill(serial.slice(0, 4));
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'The last four of its serial' }).fill(serial.slice(-4).toLowerCase());
    await confirm.click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(/CRL \d+ lists it/).waitFor();
    const text = await publishedSerials();
    expect(text).toContain(`Serial Number: ${serial}`);
    expect(text).toContain('Key Compromise');
  });

  it('is put on hold and released again', async () => {
    const { page, call, origin } = current();
    const [held = { id: '', serial: '' }] = (await call('certificates.list', { query: 'parked-van' })).items;
    await page.goto(`${origin}/#/certificates/${held.id}`);
    await page.getByRole('heading', { name: /parked-van\.test/ }).first().waitFor();
    await page.getByRole('button', { name: 'Put on hold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Put on hold' }).click();
    await page.getByRole('button', { name: 'Release' }).waitFor();
    expect(await publishedSerials()).toContain('Certificate Hold');
    await page.getByRole('button', { name: 'Release' }).click();
    await expect.poll(async () => (await call('certificates.get', { id: held.id })).state).toBe('valid');
    expect(await publishedSerials()).not.toContain(held.serial);
  });
});
