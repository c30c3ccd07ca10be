/**
 * `npm run bench:ui`: what the window costs and how quickly it answers, beside what it should. A real server on a data folder with ten thousand
 * requests that wait and a hundred thousand certificates; the built page in Chromium. It prints figures, and nothing passes or fails by time.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../../support/browser.ts';
import { openDevice } from '../../support/seedDevice.ts';
import { seedBulk } from '../../support/seedBulk.ts';
import { type TestServer, startServer } from '../../support/server.ts';
import { freshUrl } from '../../support/window.ts';
import { quantile } from '../load.ts';
import { type Frames, timeApproval, timeBareScrolling, timeFirstPaint, timeFirstRows, timeScrolling } from './browser.ts';
import { measureBundle } from './bundle.ts';

const PENDING = 10_000;
const CERTIFICATES = 100_000;
const LOADS = 7;
const SEARCHES = 200;
const APPROVALS = 10;
const SCROLL_SECONDS = 5;

const QUEUE_ROW = '[data-queue-row]';
const TABLE_ROW = '[role=grid] [role=row][data-index]';

interface Line {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean | undefined;
}

const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const median = (values: readonly number[]): number => quantile([...values].sort((a, b) => a - b), 0.5);
const spread = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return `p50 ${ms(quantile(sorted, 0.5))}, p95 ${ms(quantile(sorted, 0.95))}, max ${ms(sorted.at(-1) ?? Number.NaN)}`;
};

const lateness = ({ lateShare, count, longestMs }: Frames): string => `${(lateShare * 100).toFixed(1)} % of ${count} frames late, longest ${ms(longestMs)}`;

/** Milliseconds of each search, as a caller on a kept connection sees them. */
async function timeSearches(server: TestServer, channel: 'requests.list' | 'certificates.list', queries: readonly string[]): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const search = (query: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const asked = request(`${server.adminOrigin}/api/call/${channel}`, { agent, method: 'POST', headers: { Authorization: `Bearer ${server.token}`, 'Content-Type': 'application/json' } }, (response) => {
        response.on('end', () => (response.statusCode === 200 ? resolve(performance.now() - started) : reject(new Error(`${query}: HTTP ${response.statusCode}`))));
        response.resume();
      });
      asked.on('error', reject);
      asked.end(JSON.stringify({ query, limit: 50, ...(channel === 'requests.list' ? { state: 'pending' } : {}) }));
    });
  try {
    for (const query of queries.slice(0, 5)) await search(query);
    const taken: number[] = [];
    for (const query of queries) taken.push(await search(query));
    return taken;
  } finally {
    agent.destroy();
  }
}

/** Words as admins type them: names, parts of names, digests, addresses, and what is not there at all. */
const queriesFor = (known: readonly { readonly subject: string; readonly digest: string }[]): readonly string[] =>
  Array.from({ length: SEARCHES }, (_, i) => {
    const { subject, digest } = known[i % known.length] ?? { subject: 'printer', digest: '00' };
    const name = subject.replace(/^CN=([^,.]+).*/, '$1');
    return [name, name.slice(0, 4), digest.replace(/..(?=.)/g, '$&:').toUpperCase(), `${name} example`, 'nobody-is-called-that', 'camera 0042'][i % 6] ?? name;
  });

async function measure(server: TestServer): Promise<readonly Line[]> {
  const renderer = fileURLToPath(new URL('../../../out/renderer', import.meta.url));
  const bundle = measureBundle(renderer);
  const lines: Line[] = [
    { what: 'Script of the first load, gzip', measured: `${bundle.firstLoadKb.toFixed(0)} KB (styles ${bundle.firstStyleKb.toFixed(0)} KB)`, target: '< 350 KB', met: bundle.firstLoadKb < 350 },
    ...bundle.pages.map(({ page, gzipKb }) => ({ what: `  ${page} beyond it`, measured: `${gzipKb.toFixed(1)} KB`, target: '', met: undefined })),
  ];
  const add = (what: string, measured: string, target: string, met: boolean): void => void lines.push({ what, measured, target, met });

  const requests = (await server.call('requests.list', { state: 'pending', limit: 500 })).items.map(({ subject, fingerprints }) => ({ subject, digest: fingerprints.sha256 }));
  const certificates = (await server.call('certificates.list', { kind: 'device', limit: 500 })).items.map(({ subject, serial }) => ({ subject, digest: serial }));
  for (const [what, channel, known] of [
    [`A search of ${PENDING} requests, at the server`, 'requests.list', requests],
    [`A search of ${CERTIFICATES} certificates, at the server`, 'certificates.list', certificates],
  ] as const) {
    const taken = await timeSearches(server, channel, queriesFor(known));
    add(what, spread(taken), 'p95 < 100 ms', quantile([...taken].sort((a, b) => a - b), 0.95) < 100);
  }

  const browser = await launchChromium();
  try {
    const painted = await timeFirstPaint(browser, server, LOADS);
    add('First paint, warm server, empty cache', spread(painted), '< 1 s', median(painted) < 1000);
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await page.goto(await freshUrl(server));
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    for (const [what, to, row] of [
      [`First rows of ${PENDING} requests`, '/requests', QUEUE_ROW],
      [`First rows of ${CERTIFICATES} certificates`, '/certificates', TABLE_ROW],
    ] as const) {
      const taken = await timeFirstRows(page, { from: '/overview', to, row }, LOADS);
      add(what, spread(taken), '< 200 ms', median(taken) < 200);
      const bare = await timeBareScrolling(page, SCROLL_SECONDS);
      const frames = await timeScrolling(page, row, SCROLL_SECONDS);
      add('  scrolling them', `${lateness(frames)} (${frames.rowsPassed} rows in ${frames.seconds} s)`, 'none over 33 ms', frames.lateShare === 0);
      lines.push({ what: '  scrolling an empty page, just before', measured: lateness(bare), target: '', met: undefined });
    }
    for (let i = 0; i < APPROVALS; i += 1) await (await openDevice(server.scepUrl, { subject: `CN=bench-${i}.example.lan` })).enrol();
    await page.evaluate(() => void (location.hash = '/requests'));
    await page.reload();
    const gone: number[] = [];
    for (let i = APPROVALS - 1; i >= 0; i -= 1) {
      await page.getByRole('heading', { name: `bench-${i}.example.lan` }).waitFor();
      gone.push(await timeApproval(page));
    }
    add('An approved row leaves, after the durable reply', spread(gone), '< 100 ms', quantile([...gone].sort((a, b) => a - b), 0.95) < 100);
  } finally {
    await browser.close();
  }
  return lines;
}

function tableOf(lines: readonly Line[]): string {
  const [what, measured, target] = (['what', 'measured', 'target'] as const).map((column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => `${line.what.padEnd(what ?? 0)}  ${line.measured.padEnd(measured ?? 0)}  ${line.target.padEnd(target ?? 0)}  ${line.met === undefined ? '' : line.met ? 'met' : 'NOT MET'}`.trimEnd()).join('\n');
}

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-ui-'));
try {
  console.error(`Filling a data folder: ${PENDING} requests, ${CERTIFICATES} certificates …`);
  await seedBulk({ dataDir, pending: PENDING, certificates: CERTIFICATES });
  const server = await startServer({ dataDir, built: true });
  try {
    console.error('Measuring …');
    console.log(tableOf(await measure(server)));
  } finally {
    await server.stop();
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
