/** `npm ci` works on a machine with neither a compiler nor Python, and from any registry: what the lock file must say for that. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly gypfile?: boolean; readonly resolved?: string; readonly hasInstallScript?: boolean; readonly dev?: boolean; readonly optional?: boolean }>>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as Lock;

it('better-sqlite3 is never compiled: its prebuilt addon is in the package', () => {
  // npm up to 11 forgets the package's own `gypfile: false` when it installs from a lock file, and runs node-gyp, which wants Python.
  // `npm install` drops the line again: put `"gypfile": false` back into the entry of better-sqlite3.
  expect(packages['node_modules/better-sqlite3']?.gypfile).toBe(false);
  expect((read('package.json') as { readonly allowScripts: unknown }).allowScripts).toEqual({ 'better-sqlite3': false });
});

it('no package that the product runs with has an install script', () => {
  expect(Object.entries(packages).filter(([, entry]) => entry.hasInstallScript === true && entry.dev !== true && entry.optional !== true)).toEqual([]);
});

it('no address of a registry is written down', () => {
  expect(Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
});
