/** axe finds nothing, on any page and in any dialog of an office at work, in either scheme (WCAG 2.2 AA and its best practices); no page is wider than a narrow window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { LOCKED_STATIONS, STATIONS } from '../screens/tour.ts';
import { look } from '../support/axeTour.ts';
import { HTTP_ERRORS } from '../support/browser.ts';
import { needs } from '../support/optional.ts';
import { seedOffice } from '../support/seed.ts';
import { openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('has nothing for axe to find', () => undefined);

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
