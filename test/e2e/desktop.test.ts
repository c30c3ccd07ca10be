/**
 * The desktop app on the stand-in for Electron: the built main process, preload and window, from the first start to quitting. What the window shows
 * is its own tests' matter; here it is what stands around it, and who may speak to whom.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Reply } from '../../src/preload/contract/reply.ts';
import { type Desktop, WINDOW_ORIGIN, startDesktop } from '../support/desktop.ts';
import { COMPROMISED } from '../support/electron/injected.ts';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';

const { describe } = needs('chromium');

const PASSPHRASE = 'correct horse battery staple';
const SOON = { timeout: 15_000 };

type Bridge = { readonly ca: { call(channel: string, input?: unknown): Promise<Reply>; subscribe(listener: (event: string, detail: unknown) => void): () => void }; heard: unknown[] };

/** A call by the page's own bridge. */
const ask = (page: Page, channel: string, input?: unknown): Promise<Reply> => page.evaluate(([name, value]) => (window as unknown as Bridge).ca.call(name, value), [channel, input] as const);

async function must<T>(page: Page, channel: string, input?: unknown): Promise<T> {
  const reply = await ask(page, channel, input);
  if (!reply.ok) throw new Error(`${channel}: ${reply.error.code}: ${reply.error.message}`);
  return reply.value as T;
}

describe('the desktop app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-desktop-'));
  let desktop: Desktop;
  let page: Page;
  let scepUrl = '';
  let asked = '';
  const complaints: string[] = [];

  const look = () => desktop.shell.look();
  const onlyWindow = async () => (await look()).windows[0];

  /** The window as it is now, with an ear on the bridge. */
  async function takePage(): Promise<void> {
    page = await desktop.page();
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.evaluate(() => {
      const own = window as unknown as Bridge;
      own.heard = [];
      own.ca.subscribe((event, detail) => void own.heard.push([event, detail]));
    });
  }

  const heard = (name: string): Promise<readonly unknown[]> => page.evaluate((wanted) => (window as unknown as { readonly heard: readonly (readonly [string, unknown])[] }).heard.filter(([event]) => event === wanted).map(([, detail]) => detail), name);

  const reopen = async (): Promise<void> => {
    await desktop.shell.clickTrayMenu('open');
    await takePage();
  };

  async function sendRequest(name: string): Promise<string> {
    const client = createScepClient(scepUrl);
    const [recipient = new Uint8Array(0)] = await client.caCertificates();
    const reply = await client.ask(pkcsReq({ key: rsaKey(0), recipient, subject: `CN=${name}`, transactionId: name }));
    expect(reply.pkiStatus).toBe('PENDING');
    const { items } = await must<{ readonly items: readonly { readonly id: string; readonly subject: string }[] }>(page, 'requests.list', { state: 'pending' });
    return items.find(({ subject }) => subject === `CN=${name}`)?.id ?? '';
  }

  beforeAll(async () => {
    desktop = await startDesktop({ dataDir: folder });
    await takePage();
  });

  afterAll(async () => {
    await desktop?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('the window', () => {
    it('shows the page of app://countersign, sandboxed, and asks nobody else for anything', async () => {
      const { windows, wishes } = await look();
      expect(windows).toHaveLength(1);
      expect(windows[0]).toMatchObject({ visible: true, focused: true, webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false } });
      expect(windows[0]?.url).toMatch(/^app:\/\/countersign\/index\.html/);
      expect(await page.title()).toMatch(/Countersign/);
      expect(wishes.requests).toEqual([]);
    });

    it('has the bridge and nothing behind it: no token, no Node, no raw IPC', async () => {
      const found = await page.evaluate(() => ({
        bridge: Object.keys((window as unknown as Bridge).ca).sort(),
        frozen: Object.isFrozen((window as unknown as Bridge).ca),
        others: ['require', 'process', 'module', 'ipcRenderer', 'electron', 'Buffer'].filter((name) => name in window),
        stored: sessionStorage.length + localStorage.length,
        address: location.href,
      }));
      expect(found).toMatchObject({ bridge: ['call', 'subscribe'], frozen: true, others: [] });
      expect(found.address).not.toContain('token');
    });

    it('answers a call, and refuses what is no channel before it is sent', async () => {
      expect(await ask(page, 'status.get', {})).toMatchObject({ ok: true, value: { state: 'empty' } });
      expect(await ask(page, 'desktop.get')).toMatchObject({ ok: true, value: { available: true, platform: process.platform, startAtLogin: false } });
      expect(await ask(page, 'status.get', { more: 1 })).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
      await expect(ask(page, 'no.channel')).rejects.toThrow('no such channel');
    });

    it('runs no inline script and fetches nothing: its policy holds', async () => {
      const outcome = await page.evaluate(async () => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
        const fetched = await fetch('https://example.org/').then(
          () => true,
          () => false,
        );
        return { injected: 'injected' in window, fetched };
      });
      expect(outcome).toEqual({ injected: false, fetched: false });
      expect((await look()).wishes.requests).toEqual([]);
    });

    it('opens no other window and goes nowhere, the system’s browser included', async () => {
      const before = desktop.pages().length;
      const opened = await page.evaluate(() => [window.open('https://example.org/manual'), window.open('file:///etc/passwd'), window.open('app://countersign/index.html')]);
      expect(opened).toEqual([null, null, null]);
      await page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: 'https://example.org/link', target: '_blank' });
        document.body.append(link);
        link.click();
        location.href = 'https://example.org/away';
      });
      await expect.poll(() => desktop.pages().length, SOON).toBe(before);
      expect(page.url()).toMatch(new RegExp(`^${WINDOW_ORIGIN}/`));
      await expect.poll(async () => (await look()).wishes, SOON).toEqual({ requests: [], held: ['https://example.org/away'], windows: [] });
      expect((await look()).opened).toEqual([]);
    });

    it('may put text on the clipboard, and nothing else', async () => {
      expect(await desktop.shell.permits('clipboard-sanitized-write', 'app://countersign/index.html', true)).toEqual({ check: true, request: true });
      expect(await desktop.shell.permits('clipboard-read', 'app://countersign/index.html', true)).toEqual({ check: false, request: false });
      expect(await desktop.shell.permits('clipboard-sanitized-write', 'https://example.org/', true)).toEqual({ check: false, request: false });
      expect(await page.evaluate(() => navigator.clipboard.writeText('CA').then(() => true))).toBe(true);
    });

    it('has the ground of the desktop’s scheme, so that it does not flash', async () => {
      expect((await onlyWindow())?.backgroundColor).toBe('#ffffff');
      await desktop.shell.setDark(true);
      expect((await onlyWindow())?.backgroundColor).toBe('#1a1b1e');
      await desktop.shell.setDark(false);
    });
  });

  describe('strangers', () => {
    const refused = { ok: false, error: { code: 'untrusted-sender' } };

    it('a frame inside the page is not answered', async () => {
      const reply = await page.evaluate(async (name) => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const inside = frame.contentWindow as unknown as Record<string, ((channel: string, input: unknown) => Promise<unknown>) | undefined>;
        const answer = await inside[name]?.('ca:status.get', {});
        frame.remove();
        return answer;
      }, COMPROMISED);
      expect(reply).toMatchObject(refused);
    });

    it.each([
      ['https://elsewhere.example/', 'https://elsewhere.example/'],
      ['app://countersign/index.html', `${WINDOW_ORIGIN}/index.html`],
    ])('another window on %s is not answered', async (address, inChromium) => {
      const before = new Set(desktop.pages());
      await desktop.shell.openForeign(address);
      await expect.poll(() => desktop.pages().some((one) => !before.has(one)), SOON).toBe(true);
      const stranger = desktop.pages().find((one) => !before.has(one));
      await stranger?.waitForURL((url) => url.href.startsWith(inChromium));
      const reply = await stranger?.evaluate((name) => (window as unknown as Record<string, (channel: string, input: unknown) => Promise<unknown>>)[name]?.('ca:status.get', {}), COMPROMISED);
      expect(reply).toMatchObject(refused);
      await stranger?.close();
    });

    it('our own window is not answered while it shows somebody else’s page', async () => {
      await desktop.shell.leadAway('https://elsewhere.example/');
      await page.waitForURL('https://elsewhere.example/');
      expect(await ask(page, 'status.get', {})).toMatchObject(refused);
      await desktop.shell.closeWindow();
      await reopen();
      expect(await ask(page, 'status.get', {})).toMatchObject({ ok: true });
    });

    it('each of them is in the log', () => {
      const strangers = desktop.said().split('\n').filter((line) => line.includes('"ipc.stranger"'));
      expect(strangers.length).toBeGreaterThanOrEqual(4);
    });
  });

  describe('around the window', () => {
    beforeAll(async () => {
      await must(page, 'vault.initialize', { kind: 'passphrase', passphrase: PASSPHRASE });
      await must(page, 'authorities.create', { commonName: 'Office CA', key: 'rsa-2048', years: 5, scepKey: 'combined' });
      scepUrl = (await must<{ readonly scepUrl: string }>(page, 'status.get', {})).scepUrl;
    });

    it('events reach the page with what they tell', async () => {
      await must(page, 'challenges.create', {});
      await expect.poll(() => heard('status.changed'), SOON).not.toEqual([]);
    });

    it('closing leaves the listener running, says so once, and the tray opens it again', async () => {
      // It was closed once already, by the stranger's page.
      const told = (await look()).notifications;
      expect(told).toEqual([{ title: 'Countersign keeps running', body: expect.stringContaining('tray') as string }]);
      await desktop.shell.closeWindow();
      expect((await look()).windows).toEqual([]);
      const caps = await fetch(`${scepUrl}?operation=GetCACaps`);
      expect(caps.status).toBe(200);
      expect((await look()).notifications).toEqual(told);
      await desktop.shell.clickTray();
      await takePage();
      expect(await onlyWindow()).toMatchObject({ visible: true, focused: true });
    });

    it('the tray says how things stand', async () => {
      const [tray] = (await look()).tray;
      expect(tray?.toolTip).toContain(new URL(scepUrl).origin);
      expect(tray?.menu).toContainEqual(expect.objectContaining({ id: 'vault', label: 'The vault is open' }));
    });

    it('nobody is notified where the setting says so', async () => {
      await must(page, 'settings.update', { notifyRequests: false });
      const before = (await look()).notifications.length;
      await desktop.shell.blurWindow();
      await sendRequest('printer-2');
      await expect.poll(async () => (await look()).badge, SOON).toBe(1);
      // Longer than a note is gathered.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect((await look()).notifications).toHaveLength(before);
      await must(page, 'settings.update', { notifyRequests: true });
    });

    it('a new request shows on badge and tray, and a click on its note shows it', async () => {
      await desktop.shell.blurWindow();
      asked = await sendRequest('printer-3');
      await expect.poll(async () => (await look()).notifications.at(-1), SOON).toEqual({ title: 'A new request', body: 'CN=printer-3, from 127.0.0.1' });
      expect((await look()).badge).toBe(2);
      expect((await look()).tray[0]?.menu).toContainEqual(expect.objectContaining({ id: 'waiting', label: '2 requests wait', enabled: true }));
      await desktop.shell.clickNotification((await look()).notifications.length - 1);
      await expect.poll(() => heard('desktop.open'), SOON).toEqual([{ path: `/requests/${asked}` }]);
      expect((await onlyWindow())?.focused).toBe(true);
    });

    it('a note that opens the window is heard once the page listens', async () => {
      await desktop.shell.closeWindow();
      await desktop.shell.clickNotification((await look()).notifications.length - 1);
      await takePage();
      await expect.poll(() => page.evaluate(() => location.hash), SOON).toBe(`#/requests/${asked}`);
    });

    it('the menu’s items are actions that the page hears, and bring the window to the front', async () => {
      await desktop.shell.minimizeWindow();
      await desktop.shell.clickMenu(['Go', 'go.audit']);
      await expect.poll(() => heard('desktop.action'), SOON).toEqual([{ action: 'go.audit' }]);
      expect(await onlyWindow()).toMatchObject({ minimized: false, focused: true });
    });

    it('a second start on the same folder ends at once and brings the first to the front', async () => {
      await desktop.shell.blurWindow();
      expect(await desktop.startAgain()).toBe(0);
      await expect.poll(async () => (await onlyWindow())?.focused, SOON).toBe(true);
      await desktop.shell.blurWindow();
      expect(await desktop.startAgain('--hidden')).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await onlyWindow())?.focused).toBe(false);
    });

    it('the system’s dialog says where a file goes, and it is for its owner alone', async () => {
      const path = join(folder, 'saved.pem');
      const file = { name: '../office-ca.pem', mediaType: 'application/x-pem-file', base64: Buffer.from('PEM').toString('base64') };
      expect(await must(page, 'desktop.saveFile', file)).toEqual({ path: null });
      await desktop.shell.answerSaveDialog(path);
      expect(await must(page, 'desktop.saveFile', file)).toEqual({ path });
      expect(readFileSync(path, 'utf8')).toBe('PEM');
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
      const [question] = (await look()).dialogs as readonly { readonly defaultPath: string; readonly hasParent: boolean }[];
      expect(basename(question?.defaultPath ?? '')).toBe('office-ca.pem');
      expect(question?.defaultPath).not.toContain('..');
      expect(question?.hasParent).toBe(true);
    });

    it('starts with the session where it is told to', async () => {
      const file = join(folder, 'config', 'autostart', 'countersign.desktop');
      expect(await must(page, 'desktop.configure', { startAtLogin: true })).toMatchObject({ startAtLogin: true });
      if (process.platform === 'linux') expect(readFileSync(file, 'utf8')).toContain(`"--data" "${folder}" "--hidden"`);
      else expect((await look()).loginItem).toMatchObject({ openAtLogin: true });
      expect(await must(page, 'desktop.configure', { startAtLogin: false })).toMatchObject({ startAtLogin: false });
      expect(existsSync(file)).toBe(false);
    });
  });

  describe('the lock of the window', () => {
    const locked = async (): Promise<boolean> => (await must<{ readonly locked: boolean }>(page, 'window.status')).locked;
    const unlock = () => must(page, 'window.unlock', { passphrase: PASSPHRASE });

    it.each([
      ['the tray', () => desktop.shell.clickTrayMenu('lock-window')],
      ['the session’s lock screen', () => desktop.shell.power('lock-screen')],
      ['a machine that goes to sleep', () => desktop.shell.power('suspend')],
    ])('%s locks it; the CA goes on', async (_by, act) => {
      await act();
      await expect.poll(locked, SOON).toBe(true);
      expect(await ask(page, 'requests.list', {})).toMatchObject({ ok: false, error: { code: 'window-locked' } });
      expect((await fetch(`${scepUrl}?operation=GetCACert`)).status).toBe(200);
      await unlock();
      expect(await ask(page, 'requests.list', {})).toMatchObject({ ok: true });
    });

    it('closing and opening again unlocks nothing', async () => {
      await desktop.shell.power('lock-screen');
      await expect.poll(locked, SOON).toBe(true);
      await desktop.shell.closeWindow();
      await reopen();
      expect(await locked()).toBe(true);
      await unlock();
    });

    it('the tray locks the vault too, and says so', async () => {
      await desktop.shell.clickTrayMenu('lock-vault');
      await expect.poll(async () => (await look()).tray[0]?.menu, SOON).toContainEqual(expect.objectContaining({ id: 'lock-vault', enabled: false }));
      expect((await look()).tray[0]?.toolTip).toContain('The vault is locked');
      expect(await must(page, 'vault.status')).toMatchObject({ state: 'locked' });
    });
  });

  describe('quitting and coming back', () => {
    const bounds = { x: 40, y: 60, width: 1000, height: 700 };

    it('the tray’s Quit answers who is being answered, and ends with 0', async () => {
      await desktop.shell.moveWindow(bounds);
      await desktop.shell.clickTrayMenu('quit');
      expect(await desktop.ended).toBe(0);
      await expect(fetch(`${scepUrl}?operation=GetCACaps`)).rejects.toThrow();
      await desktop.stop();
    });

    it('starts hidden where the session starts it, with devices served and the tray there', async () => {
      desktop = await startDesktop({ dataDir: folder, args: ['--hidden'] });
      await expect.poll(async () => (await look()).tray.length, SOON).toBe(1);
      expect((await look()).windows).toEqual([]);
      expect((await look()).badge).toBe(2);
      await reopen();
    });

    it('opens where it was', async () => {
      expect((await onlyWindow())?.bounds).toEqual(bounds);
    });

    it('SIGTERM ends it as Quit does', async () => {
      process.kill(desktop.pid, 'SIGTERM');
      expect(await desktop.ended).toBe(0);
    });
  });

  it('no script of the page failed', () => {
    expect(complaints).toEqual([]);
  });
});
