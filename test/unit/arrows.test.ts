/**
 * The rules of .dependency-cruiser.cjs bite: a small tree that breaks each of them once is cruised, and every break is found by its rule.
 * A rule whose pattern no longer fits the folders would pass in silence otherwise.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Break {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

const breaks: readonly Break[] = [
  { rule: 'core-lib-stands-alone', from: 'src/main/core/lib/a.ts', to: 'src/main/core/pki/b.ts' },
  { rule: 'core-pki', from: 'src/main/core/pki/c.ts', to: 'src/main/core/scep/b.ts' },
  { rule: 'core-pki', from: 'src/main/core/pki/d.ts', to: 'node:crypto' },
  { rule: 'core-scep', from: 'src/main/core/scep/c.ts', to: 'src/main/core/ca/b.ts' },
  { rule: 'core-ca', from: 'src/main/core/ca/c.ts', to: 'src/main/core/scep/b.ts' },
  { rule: 'application', from: 'src/main/application/c.ts', to: 'src/main/adapters/system/b.ts' },
  { rule: 'application', from: 'src/main/application/d.ts', to: 'node:fs' },
  { rule: 'admin', from: 'src/main/admin/c.ts', to: 'src/main/adapters/web/b.ts' },
  { rule: 'adapters-are-strangers', from: 'src/main/adapters/http/c.ts', to: 'src/main/adapters/web/b.ts' },
  { rule: 'adapters-know-no-host', from: 'src/main/adapters/http/d.ts', to: 'src/main/hosts/config.ts' },
  { rule: 'nothing-imports-an-entry', from: 'src/main/hosts/headless/serve.ts', to: 'src/main/headless.ts' },
  { rule: 'main-knows-no-renderer', from: 'src/main/hosts/electron/c.ts', to: 'src/renderer/src/design/b.ts' },
  { rule: 'electron-knows-no-headless', from: 'src/main/hosts/electron/d.ts', to: 'src/main/hosts/headless/b.ts' },
  { rule: 'headless-never-reaches-electron', from: 'src/main/hosts/compose.ts', to: 'src/main/adapters/ipc/b.ts' },
  { rule: 'contract-is-zod-only', from: 'src/preload/contract/c.ts', to: 'src/main/core/lib/b.ts' },
  { rule: 'channels-are-names-only', from: 'src/preload/contract/channels.ts', to: 'src/preload/contract/b.ts' },
  { rule: 'preload', from: 'src/preload/index.ts', to: 'src/preload/contract/b.ts' },
  { rule: 'contract-readers', from: 'src/main/application/e.ts', to: 'src/preload/contract/b.ts' },
  { rule: 'menu-reads-actions-only', from: 'src/main/hosts/electron/e.ts', to: 'src/preload/contract/b.ts' },
  { rule: 'renderer-is-a-browser', from: 'src/renderer/src/bridge/c.ts', to: 'src/main/core/lib/b.ts' },
  { rule: 'renderer-is-a-browser', from: 'src/renderer/src/bridge/d.ts', to: 'node:path' },
  { rule: 'renderer-features-are-strangers', from: 'src/renderer/src/features/audit/c.ts', to: 'src/renderer/src/features/kits/b.ts' },
  { rule: 'pages-know-no-shell', from: 'src/renderer/src/features/audit/d.ts', to: 'src/renderer/src/shell/b.ts' },
  { rule: 'design-knows-no-feature', from: 'src/renderer/src/design/c.ts', to: 'src/renderer/src/features/kits/b.ts' },
  { rule: 'signers-port', from: 'src/main/application/approve.ts', to: 'src/main/application/ports/signers.ts' },
  { rule: 'scep-keys-port', from: 'src/main/application/issue.ts', to: 'src/main/application/ports/scepKeys.ts' },
  { rule: 'announcement-keys-port', from: 'src/main/application/scep/poll.ts', to: 'src/main/application/ports/announcementKeys.ts' },
  { rule: 'ocsp-keys-port', from: 'src/main/application/scep/door.ts', to: 'src/main/application/ports/ocspKeys.ts' },
  { rule: 'electron-at-home', from: 'src/main/adapters/system/c.ts', to: 'electron' },
  { rule: 'sqlite-at-home', from: 'src/main/hosts/headless/c.ts', to: 'better-sqlite3' },
  { rule: 'koa-at-home', from: 'src/main/hosts/headless/d.ts', to: 'koa' },
  { rule: 'pkijs-at-home', from: 'src/main/adapters/web/c.ts', to: 'pkijs' },
  { rule: 'keychain-at-home', from: 'src/main/adapters/system/d.ts', to: '@napi-rs/keyring' },
  { rule: 'asn1js-at-home', from: 'src/main/core/scep/d.ts', to: 'asn1js' },
  { rule: 'no-undeclared-package', from: 'src/main/adapters/system/e.ts', to: 'vite' },
  { rule: 'no-unresolvable', from: 'src/main/core/lib/c.ts', to: 'src/main/core/lib/nowhere.ts' },
];

const allowed: readonly Omit<Break, 'rule'>[] = [
  { from: 'src/main/core/ca/ok.ts', to: 'src/main/core/pki/b.ts' },
  { from: 'src/main/application/issue/ok.ts', to: 'src/main/application/ports/signers.ts' },
  { from: 'src/main/application/scep/answer.ts', to: 'src/main/application/ports/scepKeys.ts' },
  { from: 'src/main/application/ocsp/signers.ts', to: 'src/main/application/ports/ocspKeys.ts' },
  { from: 'src/main/admin/ok.ts', to: 'zod' },
  { from: 'src/main/adapters/sqlite/ok.ts', to: 'better-sqlite3' },
  { from: 'src/main/adapters/http/ok.ts', to: 'koa' },
  { from: 'src/main/adapters/ipc/ok.ts', to: 'electron' },
  { from: 'src/main/hosts/electron/ok.ts', to: 'src/main/adapters/ipc/ok.ts' },
  { from: 'src/main/hosts/electron/menu.ts', to: 'src/preload/contract/actions.ts' },
  { from: 'src/main/hosts/headless/ok.ts', to: 'src/preload/contract/b.ts' },
  { from: 'src/renderer/src/features/audit/ok.ts', to: 'src/preload/contract/b.ts' },
];

/** Type imports count as imports, so the fixtures use both kinds. */
function importLine(from: string, to: string, index: number): string {
  const path = relative(dirname(from), to).replaceAll('\\', '/');
  const specifier = to.startsWith('src/') ? (path.startsWith('.') ? path : `./${path}`) : to;
  return index % 2 === 0 ? `import { b } from '${specifier}';\nexport const x${index} = b;\n` : `import type * as B from '${specifier}';\nexport type X${index} = typeof B;\n`;
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-arrows-'));
let found: readonly { readonly rule: { readonly name: string }; readonly from: string }[] = [];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text, { flag: 'a' });
}

beforeAll(() => {
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'tsconfig.node.json', 'package.json']) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const pairs = [...breaks, ...allowed];
  for (const { to } of pairs) if (to.startsWith('src/') && !to.endsWith('nowhere.ts')) write(to, 'export const b = 1;\n');
  pairs.forEach(({ from, to }, index) => {
    // Packages and Node's modules are imported as types and values alike; `undeclared` is about values only.
    write(from, importLine(from, to, to === 'vite' ? 0 : index));
  });
  write('src/main/core/ca/round.ts', importLine('src/main/core/ca/round.ts', 'src/main/core/ca/trip.ts', 0));
  write('src/main/core/ca/trip.ts', importLine('src/main/core/ca/trip.ts', 'src/main/core/ca/round.ts', 0));
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (!stdout.startsWith('{')) throw new Error(stderr);
  found = (JSON.parse(stdout) as { readonly summary: { readonly violations: typeof found } }).summary.violations;
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the arrows', () => {
  it.each(breaks)('$rule: $from must not import $to', ({ rule, from }) => {
    expect(found.filter((violation) => violation.from === from).map((violation) => violation.rule.name)).toContain(rule);
  });

  it.each(allowed)('$from may import $to', ({ from }) => {
    expect(found.filter((violation) => violation.from === from)).toEqual([]);
  });

  it('no-cycles: two files that import each other are found', () => {
    expect(found.filter((violation) => violation.rule.name === 'no-cycles').map((violation) => violation.from)).toContain('src/main/core/ca/round.ts');
  });

  it('every rule is broken here once, so that a new rule brings its proof', () => {
    const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { readonly forbidden: readonly { readonly name: string }[] };
    expect([...new Set([...breaks.map(({ rule }) => rule), 'no-cycles'])].sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });
});
