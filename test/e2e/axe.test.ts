/** axe finds nothing, on any page and in any dialog, in either scheme (WCAG 2.2 AA and its best practices); no page is wider than a narrow window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FIRST_STATIONS, LAST_STATIONS, LOCKED_STATIONS, SIGNER_STATIONS, STATIONS, type Station, VAULT_STATIONS, listenerStations } from '../screens/tour.ts';
import { HTTP_ERRORS, axeFindings } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { seedOffice } from '../support/seed.ts';
import { type Stick, seedCourier } from '../support/seedCourier.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';
import { type HeadlessWindow, createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('has nothing for axe to find', () => undefined);

function look(current: () => HeadlessWindow, stations: readonly Station[]): void {
  it.each(stations.filter(({ onlyPicture }) => onlyPicture !== true).map((station) => [station.name, station] as const))('%s', async (_name, { show }) => {
    const { page } = current();
    await show(current());
    const findings = await axeFindings(page);
    await page.setViewportSize({ width: 480, height: 800 });
    const overhang = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await expect.poll(overhang, { message: 'pixels that a window of 480 would have to scroll sideways' }).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(findings).toEqual([]);
  });
}

describe.skipIf(!available)('a seeded office', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-axe-'));
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const current = useWindow(async () => {
    await seedOffice({ dataDir, past: false });
    const window = await openWindow({ dataDir });
    // A page that is locked while it asks for something hears of it.
    window.forgive(HTTP_ERRORS);
    return window;
  });
  look(current, STATIONS);
  describe('locked', () => look(current, LOCKED_STATIONS));
});

describe.skipIf(!available)('the courier', () => {
  let stick: Stick | undefined;
  const signer = useWindow(() => openWindow());
  const listener = useWindow(async () => {
    const window = await openWindow();
    stick = await seedCourier(signer(), window);
    window.forgive(HTTP_ERRORS);
    return window;
  });
  const carried = (): Stick => {
    if (stick === undefined) throw new Error('nothing was carried yet');
    return stick;
  };
  describe('at the signing machine', () => look(signer, SIGNER_STATIONS));
  describe('at the listener', () => look(listener, listenerStations(carried)));
});

describe.skipIf(!available)('the first run', () => {
  const current = useWindow(async () => {
    const window = await openWindow({ args: ['--vault', 'passphrase'], env: {} });
    window.forgive(HTTP_ERRORS);
    return window;
  });
  look(current, FIRST_STATIONS);
  describe('with a vault', () => {
    it('is made', () => current().call('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE }));
    look(current, VAULT_STATIONS);
  });
  describe('with an authority', () => {
    it('is made', () => createAuthority(current()));
    look(current, LAST_STATIONS);
  });
});
