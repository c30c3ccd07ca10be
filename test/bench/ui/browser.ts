/** What is timed inside the page: the first paint, the first rows of a list, frames while it scrolls, and how soon an approved row is gone. */
import type { Browser, Page } from '../../support/browser.ts';
import { freshUrl } from '../../support/window.ts';
import type { TestServer } from '../../support/server.ts';

/** Milliseconds from the start of the navigation to the first contentful paint, each with an empty cache. */
export async function timeFirstPaint(browser: Browser, server: TestServer, times: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(await freshUrl(server));
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    taken.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN));
    await context.close();
  }
  return taken;
}

/** Milliseconds from a click on a link to the first row on the page, its script not loaded before: what an admin waits for. */
export async function timeFirstRows(page: Page, { from, to, row }: { readonly from: string; readonly to: string; readonly row: string }, times: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    await page.evaluate((path) => void (location.hash = path), from);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForTimeout(500);
    taken.push(
      await page.evaluate(
        ([path, selector]) =>
          new Promise<number>((resolve) => {
            const started = performance.now();
            const look = (): void => {
              if (document.querySelector(selector) === null) return void requestAnimationFrame(look);
              resolve(performance.now() - started);
            };
            location.hash = path;
            requestAnimationFrame(look);
          }),
        [to, row] as const,
      ),
    );
  }
  return taken;
}

export interface Frames {
  readonly seconds: number;
  readonly count: number;
  /** Of all frames, those that came later than two display intervals. */
  readonly lateShare: number;
  readonly longestMs: number;
  readonly rowsPassed: number;
}

/** Scrolls the list that holds `row` steadily for so long, by whole screens a second, and times each frame. */
export function timeScrolling(page: Page, row: string, seconds: number): Promise<Frames> {
  return page.evaluate(
    ([selector, length]) =>
      new Promise<Frames>((resolve, reject) => {
        let scroller = document.querySelector(selector)?.parentElement ?? null;
        while (scroller !== null && scroller.scrollHeight <= scroller.clientHeight + 1) scroller = scroller.parentElement;
        if (scroller === null) return reject(new Error('nothing here scrolls'));
        const list = scroller;
        const height = document.querySelector(selector)?.getBoundingClientRect().height ?? 1;
        const gaps: number[] = [];
        let last = performance.now();
        const end = last + length * 1000;
        let passed = 0;
        const frame = (now: number): void => {
          gaps.push(now - last);
          last = now;
          const before = list.scrollTop;
          list.scrollTop += 48;
          passed += list.scrollTop - before;
          if (now < end) return void requestAnimationFrame(frame);
          const real = gaps.slice(1);
          resolve({ seconds: length, count: real.length, lateShare: real.filter((gap) => gap > 33.4).length / real.length, longestMs: Math.max(...real), rowsPassed: Math.round(passed / height) });
        };
        requestAnimationFrame(frame);
      }),
    [row, seconds] as const,
  );
}

/** The same scrolling of a page with nothing in it but lines: how many frames this machine misses by itself, whoever draws. */
export async function timeBareScrolling(page: Page, seconds: number): Promise<Frames> {
  const bare = await page.context().newPage();
  try {
    await bare.setContent(`<div style="height:100vh;overflow:auto">${'<div class="line" style="height:52px;border-bottom:1px solid #ccc"></div>'.repeat(2_000)}</div>`);
    return await timeScrolling(bare, '.line', seconds);
  } finally {
    await bare.close();
    await page.bringToFront();
  }
}

/** Milliseconds from the arrival of the reply, which comes after the decision is on disk, to the row's leaving the page. */
export async function timeApproval(page: Page): Promise<number> {
  await page.evaluate(() => {
    const scope = window as unknown as { decided?: Promise<number> };
    const chosen = document.querySelector('[data-queue-row][aria-current]');
    const href = chosen?.getAttribute('href') ?? '';
    const fetchAsItWas = window.fetch;
    scope.decided = new Promise((resolve) => {
      let repliedAt: number | undefined;
      window.fetch = async (...args: Parameters<typeof fetch>) => {
        const response = await fetchAsItWas(...args);
        const target = args[0];
        if ((typeof target === 'string' ? target : '').endsWith('/requests.approve')) {
          repliedAt = performance.now();
          window.fetch = fetchAsItWas;
        }
        return response;
      };
      const look = (): void => {
        if (repliedAt !== undefined && document.querySelector(`[data-queue-row][href="${href}"]`) === null) resolve(performance.now() - repliedAt);
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  await page.keyboard.press('a');
  await page.getByRole('button', { name: /^Sign it/ }).waitFor();
  await page.keyboard.press('Enter');
  return page.evaluate(() => (window as unknown as { readonly decided: Promise<number> }).decided);
}
