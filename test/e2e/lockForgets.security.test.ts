/**
 * Attack: somebody reads a locked window without opening it: the tab's title, a note in the corner, the words for a screen reader, the answers that
 * the page keeps in memory, the passphrase in the form's own store, or another tab of the same session.
 * Impact: names of devices, and in the worst case the vault's passphrase.
 * Defence: the lock forgets what was asked, said and shown; secrets are handed on and not kept; every tab of a session locks with it.
 */
import { expect, it } from 'vitest';
import { HTTP_ERRORS, type Page } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { openDevice } from '../support/seedDevice.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';
import { PATIENCE, createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('forgets behind the lock', () => undefined);

/** Everything that a page holds and that can be reached from its root element: React's own tree, hooks, query and mutation stores. */
const holds = (page: Page, words: readonly string[]): Promise<readonly string[]> =>
  page.evaluate((wanted) => {
    const found = new Set<string>();
    const seen = new WeakSet();
    const queue: unknown[] = [...document.querySelectorAll('#root, #root *, body > *')];
    while (queue.length > 0) {
      const value = queue.pop();
      if (typeof value === 'string') for (const word of wanted) if (value.includes(word)) found.add(word);
      if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) continue;
      seen.add(value);
      if (value instanceof Map || value instanceof Set) queue.push(...value.keys(), ...value.values());
      if (value instanceof Window || value instanceof Document) continue;
      for (const key of Reflect.ownKeys(value)) {
        const described = Object.getOwnPropertyDescriptor(value, key);
        if (described !== undefined && 'value' in described) queue.push(described.value as unknown);
      }
      const client = (value as { readonly queryCache?: unknown }).queryCache;
      if (client !== undefined) queue.push(client);
    }
    return [...found];
  }, words);

const current = useWindow(async () => {
  const window = await openWindow({
    seed: async (server) => {
      await createAuthority(server);
      const { scepUrl } = await server.call('status.get');
      await (await openDevice(scepUrl ?? '', { subject: 'CN=secret-lab.test' })).enrol();
    },
  });
  window.forgive(HTTP_ERRORS);
  return window;
});

const locked = (page: Page) => page.getByRole('heading', { name: 'This window is locked' });

it.skipIf(!available)('forgets what it showed, said and asked', async () => {
  const { page } = current();
  await page.getByRole('heading', { name: 'secret-lab.test' }).waitFor();
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'Refuse it' }).click();
  // A note with an undo, and the decision said aloud.
  await page.getByText('secret-lab.test was refused').first().waitFor();
  expect(await holds(page, ['secret-lab'])).toEqual(['secret-lab']);

  await page.keyboard.press('ControlOrMeta+Shift+L');
  await locked(page).waitFor();
  expect(await page.title()).toBe('Locked · Countersign');
  await expect.poll(async () => (await page.content()).includes('secret-lab'), { timeout: PATIENCE }).toBe(false);
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
});

it.skipIf(!available)('keeps no passphrase, right or wrong, in its stores', async () => {
  const { page } = current();
  const field = page.getByLabel('Passphrase of the vault');
  await field.fill('wrong-but-close-passphrase');
  expect(await holds(page, ['wrong-but-close-passphrase'])).toHaveLength(1);
  await field.press('Enter');
  await page.getByRole('alert').waitFor();
  await expect.poll(() => holds(page, ['wrong-but-close-passphrase']), { timeout: PATIENCE }).toEqual([]);
  await field.fill(SERVER_PASSPHRASE);
  await field.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await expect.poll(() => holds(page, [SERVER_PASSPHRASE]), { timeout: PATIENCE }).toEqual([]);
});

it.skipIf(!available)('locks every tab of the session at once', async () => {
  const { page, origin } = current();
  const session = await page.evaluate(() => sessionStorage.getItem('countersign.session') ?? '');
  const twin = await page.context().newPage();
  await twin.addInitScript((token) => {
    sessionStorage.setItem('countersign.session', token);
  }, session);
  await twin.goto(`${origin}/#/overview`);
  await twin.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.keyboard.press('ControlOrMeta+Shift+L');
  await locked(page).waitFor();
  await locked(twin).waitFor({ timeout: PATIENCE });
  await twin.close();
});
