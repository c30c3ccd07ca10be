/** A working day without a mouse: into the queue, through it, decide, search, go elsewhere, make a challenge; and the focus is always somewhere that can be seen. */
import { describe, expect, it } from 'vitest';
import { needs } from '../support/optional.ts';
import { openDevice } from '../support/seedDevice.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('works by the keyboard alone', () => undefined);

const NAMES = ['alpha', 'bravo', 'charlie', 'delta'] as const;

describe.skipIf(!available)('by the keyboard alone', () => {
  const current = useWindow(() =>
    openWindow({
      seed: async (server) => {
        await createAuthority(server);
        for (const name of NAMES) await (await openDevice(server.scepUrl, { subject: `CN=${name}.test` })).enrol();
      },
    }),
  );
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await current().page.keyboard.press(key);
  };
  const heading = (name: string, level: number) => current().page.getByRole('heading', { name, level });
  /** What has the focus has an outline, or stands in a frame that shows it, and is within the window. */
  const focusIsSeen = (): Promise<boolean> =>
    current().page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return false;
      const { width, height, top, left } = focused.getBoundingClientRect();
      const shown = [focused, focused.closest('[class*=Input-wrapper], label, [data-focus]')].some((element) => {
        if (element === null) return false;
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || borderColor !== '';
      });
      return shown && width > 0 && height > 0 && top > -height && left > -width;
    });

  it('begins with a way past the navigation', async () => {
    const { page } = current();
    await heading('delta.test', 2).waitFor();
    await press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the page' });
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
    expect(await focusIsSeen()).toBe(true);
    await press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('walks the queue with J and K, opens with Enter, comes back with Escape', async () => {
    await press('j');
    await heading('charlie.test', 2).waitFor();
    await press('j');
    await heading('bravo.test', 2).waitFor();
    await press('k');
    await heading('charlie.test', 2).waitFor();
    await press('Enter');
    expect(await current().page.evaluate(() => document.activeElement?.id)).toBe('request-title');
    await press('Escape');
    expect(await focusIsSeen()).toBe(true);
  });

  it('approves with A and Enter, and not when another key comes between', async () => {
    const { page, call } = current();
    await press('a');
    await page.getByRole('button', { name: /^Sign it/ }).waitFor();
    await press('Escape');
    await page.getByRole('button', { name: /^Sign it/ }).waitFor({ state: 'detached' });
    expect((await call('requests.list', { state: 'pending' })).total).toBe(4);
    await press('a');
    await page.getByRole('button', { name: /^Sign it/ }).and(page.locator(':focus')).waitFor();
    await press('Enter');
    await heading('bravo.test', 2).waitFor();
    expect((await call('requests.list', { state: 'issued' })).items.map(({ subject }) => subject)).toEqual(['CN=charlie.test']);
    // It is said aloud too.
    await expect.poll(() => page.getByRole('status').allInnerTexts()).toEqual(expect.arrayContaining([expect.stringContaining('charlie.test was approved')]));
  });

  it('refuses with R and a reason, and takes it back with U', async () => {
    const { page, call } = current();
    await press('r');
    await page.keyboard.type('Not ours');
    await press('Enter');
    await expect.poll(async () => (await call('requests.list', { state: 'refused' })).items.map(({ refusal }) => refusal?.reason)).toEqual(['Not ours']);
    // The next one is looked at by then.
    await heading('alpha.test', 2).waitFor();
    const [refused] = (await call('requests.list', { state: 'refused' })).items;
    await page.evaluate((id) => void (location.hash = `#/requests/${id}?state=refused`), refused?.id);
    await page.getByRole('button', { name: /^Reopen/ }).waitFor();
    await press('u');
    await expect.poll(async () => (await call('requests.list', { state: 'refused' })).total).toBe(0);
  });

  it('keeps the focus with the next request, and takes the last decision back with U', async () => {
    const { page, call } = current();
    await press('g', 'r');
    await page.locator('[data-queue-row]').first().waitFor();
    const name = await page.getByRole('article').getByRole('heading', { level: 2 }).first().innerText();
    await press('r', 'Enter');
    const last = page.getByRole('region', { name: 'The last decision' });
    await last.getByText(`${name} was refused.`).waitFor();
    await page.locator('#request-title:focus').waitFor();
    await press('u');
    await page.getByRole('heading', { level: 2, name }).and(page.locator(':focus')).waitFor();
    expect((await call('requests.list', { state: 'refused' })).total).toBe(0);
  });

  it('approves what was selected with X by Shift A and Enter, only where it was matched', async () => {
    const { page, call } = current();
    const { items } = await call('requests.list', { state: 'pending' });
    const [matched] = items;
    await call('requests.match', { text: matched?.fingerprints.sha256 ?? '' });
    for (let i = 0; i < items.length; i += 1) await press('k');
    for (let i = 0; i < items.length; i += 1) await press('x', 'j');
    const bar = page.getByRole('region', { name: 'Selected requests' });
    await bar.getByRole('button', { name: /^Approve 1/ }).waitFor();
    await press('Shift+A');
    await bar.getByRole('button', { name: /^Sign it/ }).and(page.locator(':focus')).waitFor();
    await press('Enter');
    await expect.poll(async () => (await call('requests.list', { state: 'pending' })).items.map(({ id }) => id)).toEqual(items.slice(1).map(({ id }) => id));
  });

  it('closes a dialog with Escape and stays on the page beneath it', async () => {
    const { page } = current();
    await press('g', 'a');
    await page.getByRole('link', { name: /Office CA/ }).first().click();
    await page.getByRole('tab', { name: 'Trust export' }).click();
    const before = page.url();
    await press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toBe(before);
  });

  it('goes to every page by G and a letter, and keeps the focus in sight', async () => {
    for (const [keys, title] of [['c', 'Certificates'], ['h', 'Challenges'], ['a', 'Authorities'], ['e', 'Endpoints'], ['o', 'Overview'], ['t', 'Transactions'], ['l', 'Audit log'], ['r', 'Requests']] as const) {
      await press('g', keys);
      await current().page.getByRole('heading', { level: 1, name: new RegExp(title) }).waitFor();
      await press('Tab');
      expect([title, await focusIsSeen()]).toEqual([title, true]);
      // Out of a search field, in which letters are letters.
      await press('Escape');
    }
    await press('Control+,');
    await heading('Settings', 1).waitFor();
  });

  it('tabs through a page without a trap, each stop in sight', async () => {
    await press('g', 'r');
    await heading('Requests', 1).waitFor();
    await current().page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const stops = new Set<string>();
    for (let i = 0; i < 60; i += 1) {
      await press('Tab');
      const stop = await current().page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? '');
      if (stop.startsWith('<body')) break;
      stops.add(stop);
    }
    expect(stops.size).toBeGreaterThan(15);
  });

  it('searches with /, finds actions with Ctrl K, asks for help with ?', async () => {
    const { page } = current();
    await press('/');
    await page.keyboard.type('alpha');
    await page.getByText('1 request', { exact: true }).waitFor();
    // Letters are letters while one types.
    expect(await page.getByRole('searchbox').inputValue()).toBe('alpha');
    await press('Escape', 'Escape');
    await press('Control+k');
    // It is drawn a moment before it takes the focus.
    await page.getByPlaceholder('What do you want to do, or see?').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('new chall');
    await press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New challenge' });
    await dialog.waitFor();
    // The focus stays in the dialog.
    for (let i = 0; i < 20; i += 1) {
      await press('Tab');
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});
