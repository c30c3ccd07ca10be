/** Who gets into the headless window: a link works once, a reload stays in, a second window has a session of its own, and whoever has none is told the way. */
import { describe, expect, it } from 'vitest';
import { HTTP_ERRORS } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { createAuthority, freshUrl, openWindow, useWindow } from '../support/window.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('opens sessions', () => undefined);

describe.skipIf(!available)('a session', () => {
  const current = useWindow(() => openWindow({ seed: createAuthority }));

  it('begins with the link, which leaves the address at once, and survives a reload', async () => {
    const { page } = current();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect(page.url()).not.toContain('token');
    expect(await page.context().cookies()).toEqual([]);
    await page.reload();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  });

  it('is not begun by a link that was used before, nor without one', async () => {
    const { page, server } = current();
    for (const url of [server.adminUrl, server.adminOrigin]) {
      const stranger = await page.context().newPage();
      await stranger.goto(url);
      await stranger.getByText('countersign open').waitFor();
      expect(stranger.url()).not.toContain('token');
      expect(await stranger.getByRole('navigation').count()).toBe(0);
      await stranger.close();
    }
  });

  it('is one of several, each with its own token and its own lock', async () => {
    const { page, server, openAnother } = current();
    const other = await openAnother();
    await other.getByRole('navigation', { name: 'Pages' }).waitFor();
    const tokens = await Promise.all([page, other].map((one) => one.evaluate(() => sessionStorage.getItem('countersign.session'))));
    expect(new Set(tokens).size).toBe(2);
    expect(tokens).not.toContain(server.token);
    await other.keyboard.press('ControlOrMeta+Shift+L');
    await other.getByRole('heading', { name: 'This window is locked' }).waitFor();
    await page.reload();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await other.getByLabel('Passphrase of the vault').fill(SERVER_PASSPHRASE);
    await other.keyboard.press('Enter');
    await other.getByRole('navigation', { name: 'Pages' }).waitFor();
    await other.context().close();
  });

  it('can begin anew where the last one ended: a fresh link in the same tab', async () => {
    const { page, server, forgive } = current();
    forgive(HTTP_ERRORS);
    await page.evaluate(() => sessionStorage.setItem('countersign.session', 'x'.repeat(43)));
    await page.reload();
    await page.getByText('countersign open').waitFor();
    await page.goto(await freshUrl(server));
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  });
});
