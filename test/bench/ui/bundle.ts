/** How much script the window's first load and each of its pages need, compressed as a web server would send it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface PageScript {
  readonly page: string;
  /** Beyond the first load; what several pages share counts for each of them. */
  readonly gzipKb: number;
}

export interface BundleFigures {
  readonly firstLoadKb: number;
  readonly firstStyleKb: number;
  readonly pages: readonly PageScript[];
}

/** Of the built window in this folder. */
export function measureBundle(renderer: string): BundleFigures {
  const assets = join(renderer, 'assets');
  const html = readFileSync(join(renderer, 'index.html'), 'utf8');
  const named = (pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, name = '']) => name);
  const first = closure(assets, [...named(/<script[^>]+src="\.\/assets\/([^"]+)"/g), ...named(/<link rel="modulepreload"[^>]+href="\.\/assets\/([^"]+)"/g)]);
  const pages = readdirSync(assets)
    .filter((name) => /^[A-Z]\w*Page-.*\.js$/.test(name))
    .map((name) => ({ page: name.replace(/Page-.*/, ''), gzipKb: gzipKb(assets, [...closure(assets, [name])].filter((each) => !first.has(each))) }));
  return { firstLoadKb: gzipKb(assets, [...first]), firstStyleKb: gzipKb(assets, named(/<link rel="stylesheet"[^>]+href="\.\/assets\/([^"]+)"/g)), pages };
}

/** These files and all that they import before they run; `import()` is not followed. */
function closure(assets: string, names: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const [, imported = ''] of readFileSync(join(assets, name), 'utf8').matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) visit(imported);
  };
  for (const name of names) visit(name);
  return reached;
}

const gzipKb = (folder: string, names: readonly string[]): number => names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0) / 1024;
