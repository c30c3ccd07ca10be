/** The Chromium that all windows of one process live in, launched when the app gets ready. A first empty tab keeps it alive while no window is open. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

export interface Browser {
  readonly context: BrowserContext;
  /** Where the test connects to the same Chromium. */
  readonly endpoint: string;
  close(): Promise<void>;
}

let launching: Promise<Browser> | undefined;

/** Launched once. */
export const browser = (): Promise<Browser> => (launching ??= launch());

/** Ends it, where it was ever launched. */
export async function closeBrowser(): Promise<void> {
  if (launching === undefined) return;
  await (await launching).close();
}

async function launch(): Promise<Browser> {
  const executablePath = process.env['STANDIN_CHROMIUM'];
  if (executablePath === undefined) throw new Error('STANDIN_CHROMIUM names no Chromium');
  const profile = mkdtempSync(join(tmpdir(), 'countersign-standin-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    viewport: null,
    handleSIGTERM: false,
    handleSIGINT: false,
    handleSIGHUP: false,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run', '--remote-debugging-port=0'],
  });
  const port = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0];
  return {
    context,
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
