/** `npm run screens`: a picture of every page and main dialog, light and dark, in a usual and in a narrow window, into screens/ for people to look through. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HTTP_ERRORS } from '../support/browser.ts';
import { seedOffice } from '../support/seed.ts';
import { seedCourier } from '../support/seedCourier.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';
import { type HeadlessWindow, createAuthority, openWindow } from '../support/window.ts';
import { FIRST_STATIONS, LAST_STATIONS, LOCKED_STATIONS, SIGNER_STATIONS, STATIONS, type Station, VAULT_STATIONS, listenerStations, settle } from './tour.ts';

const FOLDER = fileURLToPath(new URL('../../screens', import.meta.url));
const WIDE = { name: 'wide', width: 1280, height: 800 } as const;
const NARROW = { name: 'narrow', width: 520, height: 800 } as const;

/** Words of the names to draw; every station without them. */
const wanted = process.argv.slice(2);

async function draw(window: HeadlessWindow, stations: readonly Station[]): Promise<void> {
  const { page } = window;
  for (const { name, show, secret } of stations) {
    const drawn = secret !== true && (wanted.length === 0 || wanted.some((word) => name.includes(word)));
    if (!drawn && name !== 'vault-locked') continue;
    for (const { name: size, width, height } of [WIDE, NARROW]) {
      await page.setViewportSize({ width, height });
      await show(window);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction((scheme) => document.documentElement.dataset['mantineColorScheme'] === scheme, colorScheme);
        await settle(page);
        await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`) });
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await openAgain(window);
    }
    console.log(name);
  }
}

/** A window that was locked for its picture is opened for the next one. */
async function openAgain({ page }: HeadlessWindow): Promise<void> {
  const field = page.getByLabel('Passphrase of the vault');
  if (!(await field.isVisible())) return;
  await field.fill(SERVER_PASSPHRASE);
  await field.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

mkdirSync(FOLDER, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'countersign-screens-'));
try {
  console.log('An office with a past …');
  await seedOffice({ dataDir });
  const office = await openWindow({ dataDir });
  // A page that is locked while it asks for something hears of it.
  office.forgive(HTTP_ERRORS);
  await draw(office, STATIONS);
  await draw(office, LOCKED_STATIONS);
  await office.stop();

  const signer = await openWindow();
  const listener = await openWindow();
  const stick = await seedCourier(signer, listener);
  listener.forgive(HTTP_ERRORS);
  await draw(signer, SIGNER_STATIONS);
  await draw(listener, listenerStations(() => stick));
  await signer.stop();
  await listener.stop();

  const first = await openWindow({ args: ['--vault', 'passphrase'], env: {} });
  await draw(first, FIRST_STATIONS);
  await first.call('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE });
  await draw(first, VAULT_STATIONS);
  await createAuthority(first);
  await draw(first, LAST_STATIONS);
  await first.stop();
  console.log(`The pictures are in ${FOLDER}.`);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
