/** Nothing that is not saved, and nothing that is shown once, goes without being asked for: by a link, a key, the browser's way back, or the window's end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/optional.ts';
import type { Page } from '../support/browser.ts';
import { type TestWindow, createAuthority, openWindow, useWindow } from '../support/window.ts';
import { type DesktopWindow, openDesktopWindow } from '../support/windows.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('asks before it goes', () => undefined);

/** Goes as a link does. */
const goTo = (page: Page, path: string): Promise<void> => page.evaluate((to) => void (location.hash = to), path);
const question = (page: Page) => page.getByRole('alertdialog', { name: 'Leave without saving' });
const place = (page: Page): string => new URL(page.url()).hash;

const endpointOf = async ({ call }: Pick<TestWindow, 'call'>): Promise<string> => (await call('endpoints.list')).items[0]?.id ?? '';

/** Comes from the list, so that there is a way back. */
async function edit(page: Page, endpoint: string): Promise<void> {
  await goTo(page, '/endpoints');
  await page.getByRole('heading', { name: 'Endpoints and profiles' }).waitFor();
  await goTo(page, `/endpoints/${endpoint}`);
  await page.getByRole('textbox', { name: 'Path' }).fill('/scep/edited');
}

describe.skipIf(!available)('in a browser', () => {
  const current = useWindow(() => openWindow({ seed: createAuthority }));

  it.each([
    ['a link', (page: Page) => page.getByRole('link', { name: /^Certificates/ }).click()],
    ['a shortcut', async (page: Page) => {
      await page.getByRole('heading', { level: 1 }).click();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press('g');
      await page.keyboard.press('c');
    }],
    ['the way back', (page: Page) => page.evaluate(() => void history.back())],
  ])('an edited endpoint stays where %s would leave it, until it is given up', async (_by, leave) => {
    const { page, call } = current();
    const endpoint = await endpointOf(current());
    const here = `#/endpoints/${endpoint}`;
    await edit(page, endpoint);
    await leave(page);
    const stay = question(page).getByRole('button', { name: 'Keep editing' });
    // What loses nothing has the focus.
    await stay.and(page.locator(':focus')).waitFor();
    await expect.poll(() => place(page)).toBe(here);
    await stay.click();
    await question(page).waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Path' }).inputValue()).toBe('/scep/edited');

    await leave(page);
    await question(page).getByRole('button', { name: 'Discard and leave' }).click();
    await page.getByRole('textbox', { name: 'Path' }).waitFor({ state: 'detached' });
    expect(place(page)).not.toBe(here);
    expect((await call('endpoints.list')).items.map(({ path }) => path)).toEqual(['/scep']);
  });

  it('a new profile leaves without a word once it is saved, and so does one that was not touched', async () => {
    const { page } = current();
    await goTo(page, '/endpoints/profiles?new=1');
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Cameras');
    await page.getByRole('button', { name: 'Make the profile' }).click();
    await page.getByRole('heading', { level: 1, name: 'Cameras' }).waitFor();
    await goTo(page, '/requests');
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
  });

  it('the browser asks before a tab with an edited profile is closed', async () => {
    const { page, call } = current();
    const [profile] = (await call('profiles.list')).items;
    await goTo(page, `/endpoints/profiles/${profile?.id}`);
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Another name');
    const asked = page.waitForEvent('dialog');
    await page.evaluate(() => void setTimeout(() => location.reload()));
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    expect(await page.getByRole('textbox', { name: 'Name' }).first().inputValue()).toBe('Another name');
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
  });

  it('a password that is shown once outlives the way back', async () => {
    const { page } = current();
    await goTo(page, '/challenges');
    await page.getByRole('button', { name: 'New challenge' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make the challenge' }).click();
    const password = await dialog.getByRole('group', { name: 'One-time password' }).innerText();
    const asking = dialog.getByRole('alertdialog', { name: 'Close without noting it' });
    await page.evaluate(() => void history.back());
    await asking.getByRole('button', { name: 'Keep it open' }).and(page.locator(':focus')).click();
    expect(await dialog.getByRole('group', { name: 'One-time password' }).innerText()).toBe(password);
    await page.evaluate(() => void history.back());
    await asking.getByRole('button', { name: 'Close it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(password.slice(0, 4));
    // The way on leads to a form and not to the password.
    await page.evaluate(() => void history.forward());
    await page.getByRole('dialog', { name: 'New challenge' }).waitFor();
    await page.keyboard.press('Escape');
  });
});

describe.skipIf(!available)('in the desktop app', () => {
  let window: DesktopWindow;
  let endpoint: string;
  beforeAll(async () => {
    window = await openDesktopWindow({ seed: createAuthority });
    endpoint = await endpointOf(window);
  });
  afterAll(() => window?.stop());
  const open = async (): Promise<number> => (await window.desktop.shell.look()).windows.length;

  it('a window with an edited endpoint closes only once that is given up', async () => {
    const { page, desktop } = window;
    await edit(page, endpoint);
    await desktop.shell.closeWindow();
    await question(page).getByRole('button', { name: 'Keep editing' }).click();
    expect(await open()).toBe(1);
    expect(await page.getByRole('textbox', { name: 'Path' }).inputValue()).toBe('/scep/edited');
    await desktop.shell.closeWindow();
    await question(page).getByRole('button', { name: 'Discard and leave' }).click();
    await expect.poll(open).toBe(0);
  });

  it('the end of the app does not wait for an answer', async () => {
    await window.desktop.shell.clickTray();
    const page = await window.desktop.page();
    await edit(page, endpoint);
    const ended = window.desktop.ended;
    void window.desktop.shell.quit().catch(() => undefined);
    expect(await ended).toBe(0);
  });
});
