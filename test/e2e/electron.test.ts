/**
 * The desktop app on real Electron, where its binary is there: that what holds on the stand-in (desktop.test.ts) holds where it will be used.
 * Playwright drives the window and reaches into the main process for what a desktop would do.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Reply } from '../../src/preload/contract/reply.ts';
import { findElectron, needs } from '../support/optional.ts';

const { available, describe } = needs('electron');

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOON = { timeout: 20_000 };

type Bridge = { readonly ca: { call(channel: string, input?: unknown): Promise<Reply>; subscribe(listener: (event: string, detail: unknown) => void): () => void }; heard: unknown[] };

describe('the desktop app on Electron', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-electron-'));
  let app: ElectronApplication;
  let page: Page;
  let scepUrl = '';

  const launch = async (...args: readonly string[]): Promise<ElectronApplication> => {
    const executablePath = findElectron();
    if (executablePath === undefined) throw new Error('no Electron');
    const env = { ...process.env, COUNTERSIGN_DATA: '', XDG_CONFIG_HOME: join(folder, 'config') } as Record<string, string>;
    delete env['ELECTRON_RUN_AS_NODE'];
    return _electron.launch({ executablePath, args: [root, '--data', folder, ...args], cwd: root, env });
  };

  const ask = (channel: string, input?: unknown): Promise<Reply> => page.evaluate(([name, value]) => (window as unknown as Bridge).ca.call(name, value), [channel, input] as const);

  beforeAll(async () => {
    if (!available) return;
    app = await launch();
    page = await app.firstWindow();
    await page.waitForLoadState('load');
  });

  afterAll(async () => {
    await app?.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  it('opens the window of app://countersign, sandboxed, with the bridge and nothing behind it', async () => {
    expect(page.url()).toMatch(/^app:\/\/countersign\/index\.html/);
    expect(await page.title()).toMatch(/Countersign/);
    const found = await page.evaluate(() => ({ bridge: Object.keys((window as unknown as Bridge).ca).sort(), others: ['require', 'process', 'module', 'ipcRenderer'].filter((name) => name in window) }));
    expect(found).toEqual({ bridge: ['call', 'subscribe'], others: [] });
    await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()), SOON).toBe(true);
  });

  it('answers calls by IPC', async () => {
    const reply = await ask('status.get', {});
    expect(reply).toMatchObject({ ok: true, value: { state: 'empty' } });
    scepUrl = reply.ok ? (reply.value as { readonly scepUrl: string }).scepUrl : '';
    expect(await ask('desktop.get')).toMatchObject({ ok: true, value: { available: true, platform: process.platform } });
  });

  it('runs no inline script, fetches nothing, opens no window and goes nowhere', async () => {
    const outcome = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const fetched = await fetch('https://example.org/').then(
        () => true,
        () => false,
      );
      const opened = window.open('file:///etc/passwd');
      location.href = 'https://example.org/away';
      return { injected: 'injected' in window, fetched, opened };
    });
    expect(outcome).toEqual({ injected: false, fetched: false, opened: null });
    expect(app.windows()).toHaveLength(1);
    expect(page.url()).toMatch(/^app:\/\/countersign\//);
  });

  it('a menu item is an action that the page hears', async () => {
    await page.evaluate(() => {
      const own = window as unknown as Bridge;
      own.heard = [];
      own.ca.subscribe((event, detail) => void own.heard.push([event, detail]));
    });
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('go.audit')?.click());
    await expect.poll(() => page.evaluate(() => (window as unknown as Bridge).heard), SOON).toContainEqual(['desktop.action', { action: 'go.audit' }]);
  });

  it('the system’s dialog says where a file goes', async () => {
    const path = join(folder, 'saved.pem');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    expect(await ask('desktop.saveFile', { name: 'ca.pem', mediaType: 'application/x-pem-file', base64: Buffer.from('PEM').toString('base64') })).toEqual({ ok: true, value: { path } });
    expect(readFileSync(path, 'utf8')).toBe('PEM');
  });

  it('closing leaves the listener running, and it opens again where it was', async () => {
    const bounds = { x: 80, y: 90, width: 900, height: 650 };
    await app.evaluate(({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place), bounds);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(() => app.windows().length, SOON).toBe(0);
    expect((await fetch(`${scepUrl}?operation=GetCACaps`)).status).toBe(200);
    const [opened] = await Promise.all([app.waitForEvent('window'), app.evaluate(({ app: electron }) => void electron.emit('activate'))]);
    page = opened;
    await page.waitForLoadState('load');
    expect(await ask('status.get', {})).toMatchObject({ ok: true });
    // A window manager has the last word about places, not about sizes.
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toMatchObject({ width: bounds.width, height: bounds.height });
  });

  it('quits with 0', async () => {
    const ended = new Promise((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ app: electron }) => electron.quit()).catch(() => undefined);
    expect(await ended).toBe(0);
  });
});
