/**
 * The admin's window as a journey meets it, whichever way it is opened: the built page in Chromium over a real headless server, or the
 * desktop app on the stand-in for Electron. Both have the same face, so that one journey runs on both.
 */
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Channel } from '../../src/preload/contract/channels.ts';
import type { Input, Output } from '../../src/preload/contract/contract.ts';
import { type Page, type Watched, keepEvidence, launchChromium, watch } from './browser.ts';
import { type ScepClient, createScepClient } from './scepClient.ts';
import { type TestServer, startServer } from './server.ts';

export interface TestWindow extends Watched {
  /** Where the page comes from. */
  readonly origin: string;
  call<C extends Channel>(channel: C, input?: Input<C>): Promise<Output<C>>;
  /** Ends page and server; throws where the page had something to complain of. */
  stop(): Promise<void>;
}

export interface HeadlessWindow extends TestWindow {
  readonly server: TestServer;
  /** Another page with a session of its own, in a profile of its own. */
  openAnother(): Promise<Page>;
}

export interface WindowOptions {
  readonly dataDir?: string;
  /** Of `serve`, in the place of an open passphrase vault. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What is done before the page is opened. */
  readonly seed?: (server: TestServer) => Promise<unknown>;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly chromiumArgs?: readonly string[];
}

/** How long a journey waits for something to be on the page: what takes longer is broken, on two busy cores too. */
export const PATIENCE = 12_000;

/** A fresh admin URL, for another window. */
export async function freshUrl({ adminOrigin, token }: TestServer): Promise<string> {
  const response = await fetch(`${adminOrigin}/api/open`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
  const { value } = (await response.json()) as { readonly value: { readonly token: string } };
  return `${adminOrigin}/#token=${value.token}`;
}

/** Whoever leaves the page before its link was traded for a session has used the link up, and is nobody. */
async function follow(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.waitForFunction(() => sessionStorage.getItem('countersign.session') !== null);
}

/** Starts the built server and opens its page in Chromium. */
export async function openWindow({ dataDir, args, env, seed, viewport = { width: 1280, height: 800 }, chromiumArgs = [] }: WindowOptions = {}): Promise<HeadlessWindow> {
  const server = await startServer({ built: true, ...(dataDir === undefined ? {} : { dataDir }), ...(args === undefined ? {} : { args }), ...(env === undefined ? {} : { env }) });
  await seed?.(server);
  const browser = await launchChromium(chromiumArgs);
  const settings = { viewport, reducedMotion: 'reduce', acceptDownloads: true } as const;
  const page = await (await browser.newContext(settings)).newPage();
  page.setDefaultTimeout(PATIENCE);
  const watched = watch(page, server.adminOrigin);
  await follow(page, server.adminUrl);
  return {
    ...watched,
    server,
    origin: server.adminOrigin,
    call: server.call,
    openAnother: async () => {
      const another = await (await browser.newContext(settings)).newPage();
      await follow(another, await freshUrl(server));
      return another;
    },
    stop: async () => {
      const complaints = watched.complaints();
      await browser.close();
      await server.stop();
      expect(complaints, 'the page’s console').toEqual([]);
    },
  };
}

/** Opens a window before a file's (or a suite's) tests and ends it after them; a test that fails leaves its picture and console. */
export function useWindow<W extends TestWindow>(open: () => Promise<W>): () => W {
  let opened: W | undefined;
  const current = (): W => {
    if (opened === undefined) throw new Error('the window is not open yet');
    return opened;
  };
  beforeAll(async () => {
    opened = await open();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail' && opened !== undefined) await keepEvidence(`${task.suite?.name ?? ''} ${task.name}`, opened);
  });
  afterAll(() => opened?.stop());
  return current;
}

/** A CA that works with every device and is made quickly. */
export const createAuthority = ({ call }: Pick<TestServer, 'call'>): Promise<Output<'authorities.create'>> => call('authorities.create', { commonName: 'Office CA', organization: 'Example Ltd', key: 'rsa-2048' });

/** A device at the endpoint `/scep` of the window’s CA. */
export async function deviceOf({ call }: Pick<TestWindow, 'call'>): Promise<ScepClient> {
  const { scepUrl } = await call('status.get');
  if (scepUrl === null) throw new Error('the device listener is down');
  return createScepClient(scepUrl);
}
