// A keychain vault in a real Secret Service (gnome-keyring), each step in a process and a session of its own, as restarts are.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../support/optional.ts';

const SCRIPT = fileURLToPath(new URL('../support/keychainVault.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'countersign-keychain-'));
const file = join(folder, 'kept.json');

beforeAll(() => {
  for (const name of ['home', 'data', 'run']) mkdirSync(join(folder, name), { mode: 0o700 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { DBUS_SESSION_BUS_ADDRESS: _address, DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...outside } = process.env;
const env = { ...outside, HOME: join(folder, 'home'), XDG_DATA_HOME: join(folder, 'data'), XDG_RUNTIME_DIR: join(folder, 'run') };

function answerOf(command: string, args: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 40_000 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** One step in a fresh D-Bus session whose keyring is unlocked, or not. */
function inSession(keyring: 'unlocked' | 'locked', step: string): unknown {
  // printf instead of an argument: no passphrase in a process list, not even this one.
  const start = keyring === 'unlocked' ? 'printf pw | gnome-keyring-daemon --unlock --components=secrets' : 'gnome-keyring-daemon --start --components=secrets';
  return answerOf('dbus-run-session', ['--', 'sh', '-c', `${start} >/dev/null 2>&1; exec "$0" "$@"`, process.execPath, SCRIPT, step, file]);
}

needs('dbus', 'gnome-keyring').describe('a keychain vault in gnome-keyring', () => {
  it('is made, and opens again in another session', () => {
    expect(inSession('unlocked', 'look')).toMatchObject({ available: true });
    expect(inSession('unlocked', 'initialize')).toEqual({ ok: true, state: 'open' });
    expect(inSession('unlocked', 'unlock')).toEqual({ ok: true, state: 'open', sameKeys: true });
  });

  it('keeps no key in clear where the store or the keyring lie on disk', () => {
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: { id: string }[] };
    expect(keys.length).toBe(3);
    const keyrings = readdirSync(join(folder, 'data', 'keyrings')).map((name) => readFileSync(join(folder, 'data', 'keyrings', name)).toString('latin1'));
    expect(keyrings.length).toBeGreaterThan(0);
    for (const text of keyrings) expect(text).not.toMatch(/[A-Za-z0-9+/]{43}=/);
  });

  it('stays locked with one sentence while the keyring is locked', () => {
    expect(inSession('locked', 'unlock')).toEqual({
      ok: false,
      error: { code: 'keychain-unavailable', detail: expect.stringMatching(/^The Secret Service .* is locked and was not unlocked: [^.]+\.$/) as string },
      state: 'locked',
      sameKeys: false,
    });
  });

  it('says so where the keyring lost its key', () => {
    expect(inSession('unlocked', 'forget')).toMatchObject({ ok: true });
    expect(inSession('unlocked', 'unlock')).toMatchObject({ ok: false, error: { code: 'keychain-key-missing' }, state: 'locked' });
  });
});

// The library by itself would fall back to the kernel's keyring here, which the next reboot empties.
(process.platform === 'linux' ? it : it.skip)('without D-Bus there is no vault, and one sentence why', () => {
  const refusal = { code: 'keychain-unavailable', detail: expect.stringMatching(/^There is no D-Bus session, so [^.]+\.$/) as string };
  expect(answerOf(process.execPath, [SCRIPT, 'initialize', join(folder, 'none.json')])).toEqual({ ok: false, error: refusal, state: 'empty' });
  expect(answerOf(process.execPath, [SCRIPT, 'look'])).toEqual({ available: false, detail: refusal.detail });
});
