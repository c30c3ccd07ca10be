/** The two windows that a journey runs in: the page of a headless server, and the desktop app on the stand-in for Electron. */
import { expect } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel } from '../../src/preload/contract/channels.ts';
import type { Input, Output } from '../../src/preload/contract/contract.ts';
import type { Reply } from '../../src/preload/contract/reply.ts';
import { type Page, watch } from './browser.ts';
import { type Desktop, WINDOW_ORIGIN, startDesktop } from './desktop.ts';
import { SERVER_PASSPHRASE } from './server.ts';
import { PATIENCE, type TestWindow, openWindow } from './window.ts';

export interface DesktopWindow extends TestWindow {
  readonly desktop: Desktop;
}

export interface AnyWindowOptions {
  /** Without a vault, as on the very first start; otherwise one that SERVER_PASSPHRASE opens. */
  readonly firstStart?: boolean;
  /** What is done before the journey looks at the page. */
  readonly seed?: (window: Pick<TestWindow, 'call'>) => Promise<unknown>;
}

/** Calls as the page itself does. */
function callerIn(page: Page): TestWindow['call'] {
  return async <C extends Channel>(channel: C, input?: Input<C>): Promise<Output<C>> => {
    const reply = (await page.evaluate(([name, given]) => (window as unknown as { readonly ca: { call(channel: string, input: unknown): Promise<unknown> } }).ca.call(name, given), [channel, input ?? {}] as const)) as Reply;
    if (!reply.ok) throw new Error(`${channel}: ${reply.error.code}: ${reply.error.message}`);
    return reply.value as Output<C>;
  };
}

/** Starts the desktop app; its device listener takes a free port. */
export async function openDesktopWindow({ firstStart = false, seed }: AnyWindowOptions = {}): Promise<DesktopWindow> {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-desktop-'));
  const desktop = await startDesktop({ dataDir });
  const page = await desktop.page();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(PATIENCE);
  const watched = watch(page, WINDOW_ORIGIN);
  const call = callerIn(page);
  await page.waitForFunction(() => 'ca' in window);
  // The port that it takes by itself may be another program's.
  await call('listener.configure', { host: '127.0.0.1', port: 0 });
  if (!firstStart) await call('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE });
  if (seed !== undefined) {
    await seed({ call });
    // The first run stays until the admin leaves it.
    // In one go and unannounced: the page still believes that nothing is set up, and would lead back.
    const loaded = page.waitForEvent('load');
    await page.evaluate(() => {
      history.replaceState(null, '', '#/requests');
      location.reload();
    });
    await loaded;
  }
  return {
    ...watched,
    desktop,
    origin: WINDOW_ORIGIN,
    call,
    stop: async () => {
      const complaints = watched.complaints();
      const code = await desktop.stop();
      await rm(dataDir, { recursive: true, force: true });
      expect(complaints, 'the page’s console').toEqual([]);
      expect(code, `exit code of the desktop app: ${desktop.said()}`).toBe(0);
    },
  };
}

/** Each way to open the window, for `describe.each`. */
export const WINDOWS: readonly { readonly name: string; readonly open: (options?: AnyWindowOptions) => Promise<TestWindow> }[] = [
  {
    name: 'the headless window',
    open: ({ firstStart = false, seed } = {}) =>
      openWindow({ ...(firstStart ? { args: ['--vault', 'passphrase', '--rate-limit', 'off'], env: {} } : {}), ...(seed === undefined ? {} : { seed }) }),
  },
  { name: 'the desktop app', open: openDesktopWindow },
];
