/** One test for each station of the tour: axe finds nothing there in either scheme, and a narrow window does not have to scroll sideways. */
import { expect, it } from 'vitest';
import type { Station } from '../screens/tour.ts';
import { axeFindings } from './browser.ts';
import type { HeadlessWindow } from './window.ts';

export function look(current: () => HeadlessWindow, stations: readonly Station[]): void {
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
