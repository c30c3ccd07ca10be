// `npm run bench:ui`: figures of the window (built first where stale), each beside its target.
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
  endLike(await run(node, [fileURLToPath(new URL('../test/bench/ui/ui.ts', import.meta.url)), ...process.argv.slice(2)]));
}
