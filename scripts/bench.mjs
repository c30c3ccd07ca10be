// `npm run bench`: the load generator, against our own listener (built first where stale) or any other by --url.
import { fileURLToPath } from 'node:url';
import { buildAll, isStale } from './build.mjs';
import { findModernNode, noModernNode } from './modernNode.mjs';
import { endLike, run } from './relay.mjs';

const node = findModernNode();
if (node === undefined) {
  console.error(noModernNode);
  process.exitCode = 1;
} else {
  if (isStale()) {
    console.error('Building …');
    await buildAll();
  }
  // Node 24 runs TypeScript as it is.
  endLike(await run(node, [fileURLToPath(new URL('../test/bench/bench.ts', import.meta.url)), ...process.argv.slice(2)]));
}
