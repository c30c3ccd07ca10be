// `npm run screens`: pictures of every page and dialog, light and dark, wide and narrow, into screens/ (built first where stale).
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
  endLike(await run(node, [fileURLToPath(new URL('../test/screens/screens.ts', import.meta.url)), ...process.argv.slice(2)]));
}
