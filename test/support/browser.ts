/**
 * Chromium for the journeys: started once per file, every page watched. A page that logs an error, breaks its content security policy or
 * fetches anything from elsewhere has a complaint, and a journey ends with none.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type Dialog, type Page, chromium } from 'playwright-core';
import { findChromium } from './optional.ts';

const RESULTS = fileURLToPath(new URL('../../test-results', import.meta.url));

/** Not sandboxed, for tests run as root too; and silent towards the outside, so that a stray request is the page's own. */
export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--no-first-run'] as const;

export function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium here');
  return chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, ...more] });
}

export interface Watched {
  readonly page: Page;
  /** What the page complained of, apart from what was forgiven. */
  complaints(): readonly string[];
  /** From here on, and for what was said already: a journey that provokes a refusal forgives its line in the console. */
  forgive(pattern: RegExp): void;
  /** Every line of the console, for whoever has to find out why a journey failed. */
  said(): readonly string[];
}

/** Chromium's own line for an answer of 4xx or 5xx: the page reads the answer's words, and the reply's code is what a journey checks. */
export const HTTP_ERRORS = /the server responded with a status of [45]\d\d/;
/** Chromium's own line where nobody listens. */
export const NOBODY_THERE = /net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/;

/** Watches a page; `origin` is the only place that it may fetch anything from. */
export function watch(page: Page, origin: string): Watched {
  const lines: string[] = [];
  const complaints: string[] = [];
  const forgiven: RegExp[] = [];
  const complain = (text: string): void => {
    lines.push(text);
    complaints.push(text);
  };
  page.on('console', (message) => {
    const text = `${message.type()}: ${message.text()} (${message.location().url})`;
    if (message.type() === 'error' || message.type() === 'warning') complain(text);
    else lines.push(text);
  });
  page.on('pageerror', (error) => complain(`thrown: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:') complain(`fetched from elsewhere: ${request.url()}`);
  });
  return {
    page,
    complaints: () => complaints.filter((line) => !forgiven.some((pattern) => pattern.test(line))),
    forgive: (pattern) => void forgiven.push(pattern),
    said: () => lines,
  };
}

/** The rules that can find something else in another colour scheme; all others look at what is the same in both. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What axe finds on the page as it stands, in light and dark, one line for each element; empty where all is well. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // A colour half way from one scheme to the other is one that nobody ever reads.
    await page.waitForFunction((scheme) => document.documentElement.dataset['mantineColorScheme'] === scheme && !document.getAnimations().some((one) => one instanceof CSSTransition), colorScheme);
    // The other mode opens a page of its own for each look, for frames of other origins; there are none here.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    const { violations } = await (colorScheme === 'light' ? axe : axe.withRules(COLOUR_RULES)).analyze();
    found.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${colorScheme}: ${id}: ${html} ${failureSummary?.replaceAll('\n', ' ') ?? ''}`)));
  }
  return found;
}

/** Keeps what a failed test looked like under test-results/. */
export async function keepEvidence(name: string, { page, said }: Pick<Watched, 'page' | 'said'>): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, name.replace(/[^a-z0-9]+/gi, '-').slice(0, 120));
  writeFileSync(`${file}.txt`, [page.url(), ...said()].join('\n'));
  await page.screenshot({ path: `${file}.png`, timeout: 5_000 }).catch(() => undefined);
}

export type { Browser, BrowserContext, Dialog, Page };
