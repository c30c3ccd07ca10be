/** axe finds nothing on the courier's pages, on either machine. */
import { describe } from 'vitest';
import { SIGNER_STATIONS, listenerStations } from '../screens/tour.ts';
import { look } from '../support/axeTour.ts';
import { HTTP_ERRORS } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { type Stick, seedCourier } from '../support/seedCourier.ts';
import { openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('has nothing for axe to find at the courier', () => undefined);

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
