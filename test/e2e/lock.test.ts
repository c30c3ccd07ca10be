/** Locking, in both windows: the vault takes the keys away and tells devices to wait; the window hides the CA and leaves it running; a wrong passphrase opens neither. */
import { afterEach, describe, expect, it } from 'vitest';
import { HTTP_ERRORS } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { openDevice } from '../support/seedDevice.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';
import { createAuthority, useWindow } from '../support/window.ts';
import { WINDOWS } from '../support/windows.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('locks and unlocks', () => undefined);

describe.each(available ? WINDOWS : [])('in $name', ({ open }) => {
  const current = useWindow(async () => {
    const window = await open({ seed: createAuthority });
    // Every refusal here is asked for.
    window.forgive(HTTP_ERRORS);
    return window;
  });
  afterEach(() => current().page.keyboard.press('Escape'));

  it('locks the vault, tells what devices get meanwhile, and takes no wrong passphrase', async () => {
    const { page, call } = current();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await call('vault.lock');
    const banner = page.getByRole('status').filter({ hasText: 'The vault is locked.' });
    await banner.waitFor();
    const { scepUrl } = await call('status.get');
    const answer = await fetch(`${scepUrl}?operation=PKIOperation`, { method: 'POST', body: 'anything' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
    expect((await fetch(`${scepUrl}?operation=GetCACert`)).status).toBe(200);

    await banner.getByRole('button', { name: 'Unlock' }).click();
    const dialog = page.getByRole('dialog', { name: 'Unlock the vault' });
    const field = dialog.getByLabel('Passphrase', { exact: true });
    await field.fill('not the passphrase');
    await field.press('Enter');
    await dialog.getByRole('alert').waitFor();
    // What was typed is not kept, right or wrong.
    expect(await field.inputValue()).toBe('');
    expect(await call('vault.status')).toMatchObject({ state: 'locked' });

    await field.fill(SERVER_PASSPHRASE);
    await field.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await banner.waitFor({ state: 'detached' });
    expect(await call('vault.status')).toMatchObject({ state: 'open' });
    expect(await page.content()).not.toContain(SERVER_PASSPHRASE);
  });

  it('locks the window by its shortcut, shows nothing of the CA, survives a reload, and leaves devices alone', async () => {
    const { page, call } = current();
    await page.goto(page.url().replace(/#.*$/, '#/requests'));
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    await page.keyboard.press('ControlOrMeta+Shift+L');
    await page.getByRole('heading', { name: 'This window is locked' }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.reload();
    await page.getByRole('heading', { name: 'This window is locked' }).waitFor();

    const field = page.getByLabel('Passphrase of the vault');
    await field.fill('not the passphrase');
    await field.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('heading', { name: 'This window is locked' }).count()).toBe(1);

    const { scepUrl } = await call('status.get');
    const device = await openDevice(scepUrl ?? '', { subject: 'CN=while-locked.test' });
    expect((await device.enrol()).pkiStatus).toBe('PENDING');
    await page.getByText('One request waits for you.').waitFor();
    expect(await page.content()).not.toContain('while-locked');

    await field.fill(SERVER_PASSPHRASE);
    await field.press('Enter');
    await page.getByRole('heading', { name: 'while-locked.test' }).waitFor();
  });

  it('locks by itself when nobody has touched it for as long as the settings say', async () => {
    const { page, call } = current();
    // Before the settings: while a clock is being installed it stands in 1970, and whoever begins to count at that moment has been idle for decades.
    await page.clock.install();
    await call('settings.update', { idleMinutes: 10 });
    await page.reload();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.clock.fastForward('09:00');
    await page.mouse.move(200, 200);
    await page.mouse.move(220, 220);
    await page.clock.fastForward('05:00');
    expect(await page.getByRole('heading', { name: 'This window is locked' }).count()).toBe(0);
    await page.clock.fastForward('06:00');
    await page.getByRole('heading', { name: 'This window is locked' }).waitFor();
    await page.getByLabel('Passphrase of the vault').fill(SERVER_PASSPHRASE);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  });
});
