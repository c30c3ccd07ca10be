// `npm test`: builds what is stale, runs every kind of test once, then says what failed, what was skipped and why, and counts.
// Arguments go to vitest: `npm test -- --project unit`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll, isStale } from './build.mjs';
import { findModernNode, noModernNode } from './modernNode.mjs';
import { run } from './relay.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function readSummary(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0, reasons: {}, failures: [] };
  }
}

async function test() {
  const node = findModernNode();
  if (node === undefined) {
    console.error(noModernNode);
    return { ...readSummary(''), failed: 1, failures: [] };
  }
  if (isStale()) {
    console.log('Building …');
    await buildAll();
  }
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const file = join(folder, 'summary.json');
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const args = [vitest, 'run', '--reporter=default', `--reporter=${join(root, 'scripts/summaryReporter.mjs')}`, ...process.argv.slice(2)];
  try {
    const { code } = await run(node, args, { cwd: root, env: { ...process.env, TEST_SUMMARY_FILE: file } });
    const summary = readSummary(file);
    // Vitest itself fell over: whatever it counted, this is no pass.
    return code !== 0 && summary.failed === 0 ? { ...summary, failed: 1, failures: ['vitest did not finish'] } : summary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { passed, failed, skipped, reasons, failures } = await test().catch((error) => ({
  passed: 0,
  failed: 1,
  skipped: 0,
  reasons: {},
  failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
}));
for (const failure of failures) console.log(`failed: ${failure}`);
for (const [reason, count] of Object.entries(reasons)) console.log(`skipped: ${reason} (${count} ${count === 1 ? 'test' : 'tests'})`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
