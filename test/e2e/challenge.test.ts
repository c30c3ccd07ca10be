/** A challenge: made in the window, shown once, used by a real client, and then nowhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/optional.ts';
import { type PkiFolder, openPkiFolder } from '../support/pkiClient.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium', 'pki', 'openssl');
if (!available) itNeeding('makes a challenge that a client uses', () => undefined);

describe.skipIf(!available)('a challenge', () => {
  const current = useWindow(() => openWindow({ seed: createAuthority }));
  let devices: PkiFolder;
  beforeAll(async () => {
    devices = await openPkiFolder(current().server.scepUrl);
  });
  afterAll(() => devices?.remove());

  it('is made in the window, lets one device in, and is gone from the page when it was noted', async () => {
    const { page, call } = current();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await dialog.getByRole('textbox', { name: 'Device or occasion' }).fill('Warehouse gate');
    await dialog.getByRole('button', { name: 'Make the challenge' }).click();
    const done = dialog.getByRole('button', { name: 'I have noted it' });
    await done.waitFor();
    const shown = /[0-9A-HJKMNP-TV-Z]{4}(?:[-\s][0-9A-HJKMNP-TV-Z]{4}){3,}/.exec(await dialog.innerText())?.[0] ?? '';
    const password = shown.replace(/\s+/g, '-');
    expect(password).toMatch(/^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/);

    const { code, said } = await (await devices.enrol('warehouse.test', password)).done;
    expect([code, said]).toEqual([0, expect.stringContaining('Issued certificate is trusted')]);

    await done.click();
    await dialog.waitFor({ state: 'detached' });
    const left = await page.evaluate(() => JSON.stringify([document.documentElement.outerHTML, document.title, location.href, { ...sessionStorage }, { ...localStorage }, [...document.querySelectorAll('input')].map(({ value }) => value)]));
    for (const part of [password, shown, password.replaceAll('-', '')]) expect(left).not.toContain(part);
    await page.getByText('Warehouse gate').waitFor();
    expect((await call('challenges.list', { state: 'spent' })).items).toMatchObject([{ label: 'Warehouse gate', usesLeft: 0 }]);
  }, 60_000);

  it('is withdrawn in place', async () => {
    const { page, call } = current();
    await call('challenges.create', { label: 'Nobody’s' });
    await page.reload();
    await page.getByRole('row', { name: /Nobody’s/ }).click();
    const panel = page.getByRole('dialog', { name: 'Nobody’s' });
    await panel.getByRole('button', { name: 'Withdraw' }).click();
    const question = panel.getByRole('group', { name: 'Withdraw this challenge?' });
    // What changes nothing has the focus.
    await expect.poll(() => question.getByRole('button', { name: 'Keep it' }).evaluate((button) => button === document.activeElement)).toBe(true);
    await question.getByRole('button', { name: 'Withdraw' }).click();
    await expect.poll(async () => (await call('challenges.list', { state: 'withdrawn' })).items.length).toBe(1);
  });
});
