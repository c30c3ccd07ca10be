/**
 * The desktop app as its users run it, on the stand-in for Electron: the built main process in a process of its own, its window in Chromium,
 * and a hand on everything that a desktop would show. `page` is a Playwright page of that same Chromium.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Methods } from './electron/control.ts';
import { findChromium } from './optional.ts';

const MAIN = fileURLToPath(new URL('../../out/main/index.js', import.meta.url));
const REGISTER = new URL('./electron/register.ts', import.meta.url).href;

/** Where the window's page lies in Chromium; to the product it is app://countersign. */
export const WINDOW_ORIGIN = 'http://countersign.app.localhost';

/** The hand: each method of electron/control.ts, answered over the fork's channel. */
export type Shell = { readonly [Name in keyof Methods]: (...args: Parameters<Methods[Name]>) => Promise<Awaited<ReturnType<Methods[Name]>>> };

export interface DesktopOptions {
  /** Kept after the stop where it is given. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Besides --data. */
  readonly args?: readonly string[];
}

export interface Desktop {
  readonly dataDir: string;
  readonly pid: number;
  readonly shell: Shell;
  /** The window's page as it is now; waits for one where none is open yet. */
  page(): Promise<Page>;
  /** All that Chromium has open, strangers and popups too. */
  pages(): readonly Page[];
  /** Starts the program once more on the same data folder; resolves with its exit code. */
  startAgain(...args: readonly string[]): Promise<number | null>;
  /** The exit code, once it has ended by itself. */
  readonly ended: Promise<number | null>;
  /** What it wrote to standard error. */
  said(): string;
  /** Quits as the menu would; gives the exit code. */
  stop(): Promise<number | null>;
}

const PATIENCE = 20_000;

/** Starts it, and waits until Chromium runs; with `--hidden` there is no page until the tray opens one. */
export async function startDesktop({ dataDir, env = {}, args = [] }: DesktopOptions = {}): Promise<Desktop> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'countersign-desktop-')));
  const start = (...more: readonly string[]): ChildProcess =>
    fork(MAIN, ['--data', folder, ...more], {
      // A developer's own settings must not decide what a test sees, nor a test write into their session.
      env: { ...process.env, COUNTERSIGN_DATA: undefined, COUNTERSIGN_PASSPHRASE: undefined, XDG_CONFIG_HOME: join(folder, 'config'), DBUS_SESSION_BUS_ADDRESS: undefined, ...env, STANDIN_CHROMIUM: findChromium() },
      execArgv: ['--import', REGISTER],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  const child = start(...args);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const remove = async (): Promise<void> => {
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
  };
  const endpoint = await Promise.race([
    new Promise<string>((resolve) => child.on('message', (message) => typeof message === 'object' && 'ready' in message && resolve(String(message.ready)))),
    ended.then((code) => {
      throw new Error(`the desktop app ended with ${code} before it was ready: ${said}`);
    }),
  ]).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const browser = await chromium.connectOverCDP(endpoint);
  const leave = async (): Promise<void> => {
    await browser.close();
    await remove();
  };
  const shell = reach(child);
  return {
    dataDir: folder,
    pid: child.pid ?? 0,
    shell,
    page: () => findPage(browser, shell),
    pages: () => allPages(browser),
    startAgain: (...more) => new Promise((resolve) => start(...more).once('close', resolve)),
    ended,
    said: () => said,
    stop: async () => {
      // It may be gone already, or go before it can answer.
      if (child.exitCode === null) void shell.quit().catch(() => undefined);
      const code = await ended;
      await leave();
      return code;
    },
  };
}

function reach(child: ChildProcess): Shell {
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let last = 0;
  child.on('message', (message: { readonly id?: number; readonly value?: unknown; readonly error?: string }) => {
    const asked = message.id === undefined ? undefined : waiting.get(message.id);
    if (asked === undefined || message.id === undefined) return;
    waiting.delete(message.id);
    if (message.error === undefined) asked.resolve(message.value);
    else asked.reject(new Error(message.error));
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the desktop app has ended'));
  });
  return new Proxy({} as Shell, {
    get: (_target, method) => (...args: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        child.send({ id: last, method, args });
      }),
  });
}

const allPages = (browser: Browser): readonly Page[] => browser.contexts().flatMap((context) => context.pages());

/** Pages come to a connected browser as they open, and stay listed for a moment after they close: the shell knows which window there is. */
async function findPage(browser: Browser, shell: Shell): Promise<Page> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    const pages = allPages(browser);
    const page = pages.filter((one) => one.url().startsWith(`${WINDOW_ORIGIN}/`) && !one.isClosed()).at(-1);
    const { windows } = await shell.look();
    if (page !== undefined && windows.some(({ visible }) => visible)) return page;
    if (performance.now() > until) throw new Error(`no window opened: ${pages.map((one) => one.url()).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
