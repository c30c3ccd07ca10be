/** The built window in a real browser, served by the headless host: it signs in by its link, shows the status, and is legible in light and dark. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findChromium, needs } from '../support/optional.ts';

interface Ready {
  readonly scepUrl: string;
  readonly adminUrl: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const { describe } = needs('chromium');

describe('the status page', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  let server: ChildProcess;
  let ready: Ready;
  let browser: Browser;

  beforeAll(async () => {
    server = spawn(process.execPath, [join(root, 'bin/countersign.mjs'), 'serve', '--data', dataDir, '--vault', 'passphrase', '--scep-port', '0', '--admin-port', '0', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = server.stdout;
    if (output === null) throw new Error('the server has no output');
    ready = await new Promise<Ready>((resolve, reject) => {
      server.once('exit', (code) => {
        reject(new Error(`the server ended with ${code} before it was ready`));
      });
      createInterface(output).once('line', (line) => {
        resolve(JSON.parse(line) as Ready);
      });
    });
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error('no chromium');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'] });
  });

  afterAll(async () => {
    await browser?.close();
    if (server?.exitCode === null) {
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** One context for the whole file: the link of the server works once, and the session it opens lives in the tab. */
  let page: Page | undefined;
  const complaints: string[] = [];

  async function openPage(): Promise<Page> {
    if (page !== undefined) return page;
    const context = await browser.newContext();
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(ready.adminUrl);
    return page;
  }

  it('shows the state, the SCEP URL and the counts of an empty data folder', async () => {
    const shown = await openPage();
    await shown.getByText('Nothing is set up here yet.').waitFor();
    expect(await shown.getByRole('heading', { level: 1 }).textContent()).toBe('Countersign');
    expect(await shown.locator('code.address').textContent()).toBe(ready.scepUrl);
    expect(await shown.locator('.fact', { hasText: 'Waiting for you' }).locator('dd').textContent()).toBe('0');
  });

  it('takes the one-time token out of the address, and survives a reload by its session', async () => {
    const shown = await openPage();
    expect(shown.url()).not.toContain('token');
    await shown.reload();
    await shown.getByText('Nothing is set up here yet.').waitFor();
  });

  it('follows what happens elsewhere without a reload', async () => {
    const shown = await openPage();
    const token = await shown.evaluate(() => sessionStorage.getItem('countersign.session'));
    const answer = await fetch(new URL('/api/call/vault.initialize', ready.adminUrl), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ kind: 'passphrase', passphrase: 'correct horse battery staple' }),
    });
    expect(await answer.json()).toMatchObject({ ok: true });
    await shown.getByText('The vault is open.').waitFor();
  });

  it.each(['light', 'dark'] as const)('has nothing for axe to find in %s', async (colorScheme) => {
    const shown = await openPage();
    await shown.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page: shown }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });

  it('says what to do where nobody is signed in', async () => {
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(new URL('/', ready.adminUrl).href);
    await stranger.getByText('countersign open').waitFor();
    await stranger.close();
  });

  it('breaks no rule of its content security policy and logs no error', async () => {
    await openPage();
    expect(complaints).toEqual([]);
  });
});
