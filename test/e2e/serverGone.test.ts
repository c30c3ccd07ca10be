/** The CA is killed under the window: it says so, keeps showing what it knew, and finds back by itself as far as a new process lets it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HTTP_ERRORS, NOBODY_THERE, type Page } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { openDevice } from '../support/seedDevice.ts';
import { startServer } from '../support/server.ts';
import { createAuthority, freshUrl, openWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('outlives its server', () => undefined);

/** The banner, and not the same words in the page below it. */
const gone = (page: Page) => page.getByRole('alert').filter({ hasText: 'this page tries again by itself' });

describe.skipIf(!available)('the window', () => {
  it('says that the CA is gone, and goes on with a new link when it is back', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
    const window = await openWindow({ dataDir, seed: createAuthority });
    const { page, server, forgive } = window;
    forgive(NOBODY_THERE);
    forgive(HTTP_ERRORS);
    try {
      await (await openDevice(server.scepUrl, { subject: 'CN=before.test' })).enrol();
      await page.getByRole('heading', { name: 'before.test' }).waitFor();
      await server.kill();
      await gone(page).waitFor();
      expect(await page.getByRole('heading', { name: 'before.test' }).count()).toBe(1);

      const back = await startServer({ dataDir, built: true, args: ['--vault', 'passphrase', '--rate-limit', 'off', '--admin-port', new URL(server.adminOrigin).port] });
      try {
        // Sessions live in the process alone: the new one knows none, and says how to get one.
        await page.getByText('countersign open').waitFor();
        await page.goto(await freshUrl(back));
        await page.getByRole('heading', { name: 'before.test' }).waitFor();
        expect(await gone(page).count()).toBe(0);
        await (await openDevice(back.scepUrl, { subject: 'CN=after.test' })).enrol();
        await page.getByRole('button', { name: '1 new' }).click();
        await page.getByRole('link', { name: /after\.test/ }).waitFor();
      } finally {
        await back.stop();
      }
    } finally {
      await window.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
