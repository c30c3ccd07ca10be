/** What an installed Countersign may never be talked into: the fuses of its Electron, and that it runs what was packaged and nothing else. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const config = JSON.parse(read('electron-builder.json')) as {
  readonly appId: string;
  readonly asar: unknown;
  readonly asarUnpack: readonly string[];
  readonly files: readonly string[];
  readonly icon: string;
  readonly npmRebuild: boolean;
  readonly electronFuses: Readonly<Record<string, boolean>>;
};

it.each([
  ['runAsNode', false],
  ['enableNodeOptionsEnvironmentVariable', false],
  ['enableNodeCliInspectArguments', false],
  ['enableEmbeddedAsarIntegrityValidation', true],
  ['onlyLoadAppFromAsar', true],
  ['grantFileProtocolExtraPrivileges', false],
  ['loadBrowserProcessSpecificV8Snapshot', false],
])('fuse %s is %s', (fuse, value) => {
  expect(config.electronFuses[fuse]).toBe(value);
});

it('packs an archive whose integrity is checked, with the native modules beside it as they came', () => {
  expect(config.asar).toBe(true);
  expect(config.asarUnpack).toContain('**/*.node');
  expect(config.npmRebuild).toBe(false);
});

it('leaves out source maps and the Node of the headless server', () => {
  expect(config.files).toEqual(expect.arrayContaining(['!out/**/*.map', '!node_modules/node-{linux,win}-*/**']));
});

it('brings the files that the desktop host looks for', () => {
  expect(config.files).toEqual(expect.arrayContaining(['out/**', 'resources/icon.png', 'package.json']));
  expect(existsSync(fileURLToPath(new URL(config.icon, root)))).toBe(true);
});

it('is the application that Windows is told of, or its notifications would not show', () => {
  expect(read('src/main/hosts/electron/start.ts')).toContain(`'${config.appId}'`);
});
