/** Ten thousand requests that wait: only the rows in sight are in the page, all can be reached, and a search finds the one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { needs } from '../support/optional.ts';
import { openDevice } from '../support/seedDevice.ts';
import { seedBulk } from '../support/seedBulk.ts';
import { openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('shows a long queue', () => undefined);

const WAITING = 10_000;
const MOST_ROWS = 60;

describe.skipIf(!available)('a queue of 10 000', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-queue-'));
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const current = useWindow(async () => {
    await seedBulk({ dataDir, pending: WAITING - 1, certificates: 0 });
    return openWindow({ dataDir });
  });
  const rows = () => current().page.getByRole('list', { name: 'Requests' }).getByRole('listitem');

  it('has only the rows in sight in the page, and says how many there are', async () => {
    const { page } = current();
    await page.getByText('10,000 requests', { exact: true }).waitFor();
    expect(await rows().count()).toBeLessThan(MOST_ROWS);
    expect(await rows().first().getAttribute('aria-setsize')).toBe(String(WAITING));
  });

  it('brings further rows as one scrolls', async () => {
    const { page } = current();
    const positions = async (): Promise<number> => Number((await rows().last().getAttribute('aria-posinset')) ?? 0);
    await rows().first().hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 20_000);
        return positions();
      }, { timeout: 20_000 })
      .toBeGreaterThan(500);
    expect(await rows().count()).toBeLessThan(MOST_ROWS);
  });

  it('finds one by name, by fingerprint and by address', async () => {
    const { page, call } = current();
    const search = page.getByRole('searchbox', { name: 'Search the requests' });
    const [wanted] = (await call('requests.list', { query: 'camera-004444' })).items;
    for (const words of ['camera-004444', wanted?.fingerprints.sha256.replace(/..(?=.)/g, '$&:').toUpperCase() ?? '', `camera ${wanted?.source}`]) {
      await search.fill(words);
      await page.getByText('1 request', { exact: true }).waitFor();
      await page.getByRole('link', { name: /camera-004444/ }).waitFor();
    }
    await search.fill('');
    await page.getByText('10,000 requests', { exact: true }).waitFor();
  });

  it('does not move when another comes: it waits behind a bar', async () => {
    const { page, server } = current();
    const before = await rows().first().innerText();
    await (await openDevice(server.scepUrl, { subject: 'CN=the-latest.test' })).enrol();
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await rows().first().innerText()).toBe(before);
    await page.keyboard.press('.');
    await page.getByRole('link', { name: /the-latest\.test/ }).waitFor();
    await page.getByText('10,001 requests', { exact: true }).waitFor();
  });
});
