/** What happens while the queue is on its way, or while nobody looks at it, is in the queue all the same; and a key that leaves a page is not lost to what arrives meanwhile. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Page } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { openDevice } from '../support/seedDevice.ts';
import { type TestWindow, createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('shows what happens meanwhile', () => undefined);

const LIST = '**/api/call/requests.list';

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function makeGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Answers of the list are those of the CA, and come only once they are let go. */
async function holdLists(page: Page): Promise<{ readonly asked: Promise<void>; readonly release: () => void }> {
  const held = makeGate();
  const asked = makeGate();
  await page.route(LIST, async (route) => {
    const response = await route.fetch();
    asked.open();
    await held.opened;
    await route.fulfill({ response });
  });
  return { asked: asked.opened, release: held.open };
}

describe.skipIf(!available)('the queue', () => {
  const current = useWindow(() =>
    openWindow({
      seed: async (server) => {
        await createAuthority(server);
        for (const name of ['alpha', 'bravo']) await (await openDevice(server.scepUrl, { subject: `CN=${name}.test` })).enrol();
      },
    }),
  );
  afterEach(() => current().page.unroute(LIST));
  const row = (name: string) => current().page.getByRole('listitem').filter({ hasText: name });
  const names = (): Promise<readonly string[]> => current().page.locator('[data-queue-row] > :first-child > :first-child').allInnerTexts();
  const refused = ({ call }: TestWindow) => async (): Promise<number> => (await call('requests.list', { state: 'refused' })).total;

  it('shows a match that came while it was fetched', async () => {
    const { page, call, server } = current();
    await row('alpha.test').waitFor();
    await (await openDevice(server.scepUrl, { subject: 'CN=charlie.test' })).enrol();
    const lists = await holdLists(page);
    await page.getByRole('button', { name: '1 new' }).click();
    await lists.asked;
    const alpha = (await call('requests.list', { query: 'alpha' })).items[0];
    await call('requests.match', { text: alpha?.fingerprints.sha256 ?? '' });
    await row('alpha.test').getByText('Fingerprint matched').waitFor();
    lists.release();
    await row('charlie.test').waitFor();
    await row('alpha.test').getByText('Fingerprint matched').waitFor();
  });

  it('has a request whose refusal is taken back in its place at once', async () => {
    const { page } = current();
    const before = await names();
    await row('bravo.test').getByRole('link').click();
    await page.getByRole('heading', { level: 2, name: 'bravo.test' }).waitFor();
    const lists = await holdLists(page);
    await page.keyboard.press('r');
    await page.keyboard.press('Enter');
    await expect.poll(refused(current())).toBe(1);
    await row('bravo.test').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.keyboard.press('u');
    await page.getByRole('heading', { level: 2, name: 'bravo.test' }).waitFor();
    expect(await names()).toEqual(before);
    lists.release();
  });

  it('is asked for anew where it was left, for what came meanwhile', async () => {
    const { page, call } = current();
    const state = page.getByRole('combobox', { name: 'State of the requests' });
    await state.selectOption('Refused');
    await page.locator('[data-queue-row]').first().waitFor({ state: 'detached' });
    await state.selectOption('Waiting');
    const charlie = (await call('requests.list', { query: 'charlie' })).items[0];
    await row('charlie.test').waitFor();
    await call('requests.refuse', { id: charlie?.id ?? '', version: charlie?.version ?? 0 });
    await row('charlie.test').waitFor({ state: 'detached' });
    await state.selectOption('Refused');
    await row('charlie.test').waitFor();
    await state.selectOption('Waiting');
    await row('alpha.test').waitFor();
  });

  it('does not lead back from a page that was just gone to', async () => {
    const { page } = current();
    // In one breath, before the browser tells of the new address: the queue is drawn again.
    await page.evaluate(() => {
      location.hash = '/authorities';
      document.querySelector<HTMLInputElement>('[role=listitem] input')?.click();
    });
    await page.getByRole('heading', { level: 1, name: 'Authorities' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/authorities');
  });
});
