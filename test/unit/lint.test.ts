/** The bans of eslint.config.js bite: one line for each, in a folder where it is banned and in one where it is not. */
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

// Types are not needed to find these, and the snippets stand in no tsconfig.
const untyped = { languageOptions: { parserOptions: { project: null } }, rules: {
  '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off', '@typescript-eslint/switch-exhaustiveness-check': 'off',
} } as const;
const eslint = new ESLint({ cwd: root, overrideConfig: [{ files: ['**/*.{ts,tsx}'], ...untyped }] });

async function rulesBrokenBy(path: string, code: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: `${root}/${path}` });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

const bans = [
  { rule: 'no-restricted-globals', banned: 'src/main/core/ca/x.ts', free: 'src/main/adapters/system/x.ts', code: 'export const now = Date.now();' },
  { rule: 'no-restricted-globals', banned: 'src/main/application/x.ts', free: 'src/main/hosts/x.ts', code: 'export const x = new Date();' },
  { rule: 'no-restricted-globals', banned: 'src/main/core/scep/x.ts', free: 'src/main/adapters/http/x.ts', code: 'export const x = process.env;' },
  { rule: 'no-restricted-globals', banned: 'src/main/application/x.ts', free: 'src/main/hosts/x.ts', code: 'setTimeout(() => undefined, 1);' },
  { rule: 'no-restricted-globals', banned: 'src/main/core/pki/x.ts', free: 'src/main/adapters/crypto/x.ts', code: 'export const x = Buffer.alloc(1);' },
  { rule: 'no-restricted-properties', banned: 'src/main/core/ca/x.ts', free: 'src/main/adapters/http/x.ts', code: 'export const x = Math.random();' },
  { rule: 'no-restricted-syntax', banned: 'src/main/core/ca/x.ts', free: 'test/unit/x.mjs', code: 'export enum A { B }' },
  { rule: 'no-restricted-syntax', banned: 'src/main/hosts/electron/x.ts', free: 'src/main/adapters/ipc/x.ts', code: "import { ipcMain } from 'electron';\nexport const x = ipcMain;" },
  { rule: 'no-restricted-syntax', banned: 'src/main/hosts/electron/x.ts', free: 'src/main/adapters/ipc/x.ts', code: "export const x = (w: Electron.BrowserWindow) => w.webContents.send('a');" },
  { rule: 'no-restricted-syntax', banned: 'src/main/application/x.ts', free: 'src/main/adapters/sqlite/x.ts', code: "export const x = 'SELECT id FROM requests';" },
  { rule: 'jsx-a11y/alt-text', banned: 'src/renderer/src/x.tsx', free: 'test/unit/x.tsx', code: 'export const X = () => <img src="a.png" />;' },
  { rule: 'react-hooks/rules-of-hooks', banned: 'src/renderer/src/x.tsx', free: 'test/unit/x.tsx', code: "import { useState } from 'react';\nexport function X(p: { a: boolean }) { if (p.a) useState(1); return null; }" },
] as const;

describe('the bans', () => {
  it.each(bans)('$rule in $banned: $code', async ({ rule, banned, code }) => {
    expect(await rulesBrokenBy(banned, code)).toContain(rule);
  });

  it.each(bans.filter(({ free }) => !free.endsWith('.mjs')))('$rule is not in the way in $free: $code', async ({ rule, free, code }) => {
    expect(await rulesBrokenBy(free, code)).not.toContain(rule);
  });
});
