/** axe finds nothing in the first run, and on pages that have nothing to show yet. */
import { describe, it } from 'vitest';
import { FIRST_STATIONS, LAST_STATIONS, VAULT_STATIONS } from '../screens/tour.ts';
import { look } from '../support/axeTour.ts';
import { HTTP_ERRORS } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { SERVER_PASSPHRASE } from '../support/server.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('has nothing for axe to find in the first run', () => undefined);

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
