/**
 * Tests that need a tool which not every machine has: they are skipped there, and the run says at its end which tool and how many tests.
 * With REQUIRE_ALL=1 (.ci/run sets it) a missing tool is a failure: a gate that skips silently is none. Only Electron's binary is excused,
 * unless REQUIRE_ELECTRON=1 says that it was fetched.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { describe, it } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Tools that a skipped test lacked; scripts/summaryReporter.mjs reads it. */
    missing?: readonly string[];
  }
}

const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The full path of a program; system folders count although a user's PATH leaves them out. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SBIN];
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))).find((path) => existsSync(path));
}

function answers(program: string, args: readonly string[], expected: RegExp): boolean {
  const path = findProgram(program);
  if (path === undefined) return false;
  const { stdout, stderr } = spawnSync(path, args, { encoding: 'utf8', timeout: 10_000 });
  return expected.test(`${stdout}${stderr}`);
}

const hasAll = (...programs: readonly string[]): boolean => programs.every((program) => findProgram(program) !== undefined);

/** Debian's Chromium, or the one that CHROMIUM names. */
export function findChromium(): string | undefined {
  return process.env['CHROMIUM'] ?? ['chromium', 'chromium-browser', 'google-chrome'].map(findProgram).find((path) => path !== undefined);
}

/** Electron's binary; the package alone does not bring it. */
export function findElectron(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : undefined;
}

const tools = {
  openssl: { label: 'openssl', isThere: () => hasAll('openssl') },
  'openssl-legacy': { label: "OpenSSL's legacy provider", isThere: () => answers('openssl', ['list', '-providers', '-provider', 'legacy'], /Legacy Provider[^]*status: active/i) },
  pki: { label: "strongSwan's pki", isThere: () => answers('pki', ['--help'], /--scep\b/) },
  certmonger: { label: 'certmonger', isThere: () => hasAll('certmonger', 'getcert') },
  dbus: { label: 'dbus', isThere: () => hasAll('dbus-daemon', 'dbus-run-session') },
  scepclient: { label: 'scepclient', isThere: () => hasAll('scepclient') },
  scepserver: { label: 'scepserver', isThere: () => hasAll('scepserver') },
  'gnome-keyring': { label: 'gnome-keyring', isThere: () => hasAll('gnome-keyring-daemon') },
  'secret-tool': { label: 'secret-tool', isThere: () => hasAll('secret-tool') },
  xca: { label: 'xca', isThere: () => hasAll('xca') },
  unshare: { label: 'unshare (with the right to make a network)', isThere: () => answers('unshare', ['--net', 'echo', 'its-own-network'], /its-own-network/) },
  ip: { label: 'ip (iproute2)', isThere: () => hasAll('ip') },
  prlimit: { label: 'prlimit (util-linux)', isThere: () => hasAll('prlimit') },
  python3: { label: 'python3 (plistlib)', isThere: () => answers('python3', ['-c', 'import plistlib; print(plistlib.__name__)'], /plistlib/) },
  chromium: { label: 'chromium', isThere: () => findChromium() !== undefined },
  electron: { label: "Electron's binary", isThere: () => findElectron() !== undefined },
} as const satisfies Record<string, { readonly label: string; readonly isThere: () => boolean }>;

export type Tool = keyof typeof tools;

const known = new Map<Tool, boolean>();

/** True where a tool is installed; asked once for each test file. */
export function has(tool: Tool): boolean {
  const answer = known.get(tool) ?? tools[tool].isThere();
  known.set(tool, answer);
  return answer;
}

interface Needing {
  /** False where a tool is missing: for set-up that must not run then. */
  readonly available: boolean;
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => void | Promise<void>, timeout?: number) => void;
}

/** `describe` and `it` that run where every named tool is installed, and are skipped by name elsewhere. */
export function needs(...names: readonly Tool[]): Needing {
  const absent = names.filter((name) => !has(name));
  if (absent.length === 0) {
    return { available: true, describe: (name, body) => void describe(name, body), it: (name, body, timeout) => void it(name, timeout === undefined ? {} : { timeout }, body) };
  }
  const missing = absent.map((name) => tools[name].label);
  const required = (name: Tool): boolean => process.env[name === 'electron' ? 'REQUIRE_ELECTRON' : 'REQUIRE_ALL'] === '1';
  const excused = !absent.some(required);
  if (excused) {
    return { available: false, describe: (name, body) => void describe(name, { skip: true, meta: { missing } }, body), it: (name, body) => void it(name, { skip: true, meta: { missing } }, body) };
  }
  const complain = (name: string): void =>
    void it(name, () => {
      throw new Error(`${missing.join(', ')} must be installed here (REQUIRE_ALL=1, REQUIRE_ELECTRON=1)`);
    });
  return { available: false, describe: complain, it: complain };
}
