/** Where the product lies and which version it is, from sources and from a build alike. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Product {
  readonly version: string;
  /** The window's built files. */
  readonly rendererDir: string;
}

/** Looks upwards for the product's package.json: a build lies two folders below it, sources three. */
export function findProduct(from: string = import.meta.dirname): Product {
  const file = join(from, 'package.json');
  if (existsSync(file)) {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown; readonly version?: unknown };
    if (name === 'countersign' && typeof version === 'string') return { version, rendererDir: join(from, 'out', 'renderer') };
  }
  const above = dirname(from);
  if (above === from) throw new Error('the product’s package.json is missing');
  return findProduct(above);
}
