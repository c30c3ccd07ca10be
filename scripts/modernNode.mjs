// Which Node runs Countersign. better-sqlite3 needs Node-API 10 (Node 22.14) and crashes below it without a word, so nothing
// of the product is loaded before this was asked. Plain syntax: this file itself runs on old Node versions.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** True where this very process may load the product. */
export const isModern = Number(process.versions.napi) >= 10;

/** The sentence for a machine that has no Node that would do. */
export const noModernNode =
  `Countersign needs Node.js 22.14 or newer: this is ${process.version}, and the Node.js that comes with the installation ` +
  `is not there for ${process.platform}-${process.arch} (install Node.js 24, or run \`npm ci\` without leaving out optional packages).`;

/** The path of a Node that can run the product: this one, else the one among the optional dependencies; undefined where there is none. */
export function findModernNode() {
  if (isModern) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const folder = dirname(require.resolve(`node-${platform}-${process.arch}/package.json`));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
