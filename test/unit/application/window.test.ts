/** The lock of an admin's window: what it stops, what opens it, and how guessing is slowed down. Real vaults, a clock that the test moves. */
import { afterEach, describe, expect, it } from 'vitest';
import { type AdminDoor, createAdminDoor } from '../../../src/main/admin/door.ts';
import type { AdminDeps } from '../../../src/main/admin/handler.ts';
import { httpStatusOf } from '../../../src/main/admin/errors.ts';
import { updateSettings } from '../../../src/main/application/settings.ts';
import { initializeVault } from '../../../src/main/application/vault.ts';
import { type WindowSession, lockWindow, openWindowSession, unlockWindow, windowStatus } from '../../../src/main/application/window.ts';
import { CHANNELS, type Channel } from '../../../src/preload/contract/channels.ts';
import type { Reply } from '../../../src/preload/contract/reply.ts';
import { memoryStore } from '../../support/memoryStore.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';
import { TEST_PASSPHRASE, memoryKeychain, openTestKeys } from '../../support/testKeys.ts';

let office: Office;
afterEach(() => office.close());

interface Room {
  readonly door: AdminDoor;
  readonly window: WindowSession;
  readonly ask: (channel: string, input?: unknown) => Promise<Reply>;
}

function roomOf(deps: AdminDeps): Room {
  const door = createAdminDoor(deps);
  const window = openWindowSession();
  return { door, window, ask: (channel, input = {}) => door.call(channel, input, { ...ADMIN, window }) };
}

async function begin(): Promise<Room> {
  office = await openOffice();
  return roomOf(office.deps);
}

/** A first run on this keychain. */
async function withKeychain(secrets: Map<string, string>): Promise<AdminDeps> {
  office = await openOffice({ authority: 'none' });
  const keys = await openTestKeys({ vault: 'empty', keychain: memoryKeychain(secrets) });
  return { ...office.deps, store: memoryStore(), vault: keys.vault, secrets: keys.secrets, signers: keys.signers };
}

const refusal = (code: string) => ({ ok: false, error: { code } });
const entries = async (): Promise<readonly string[]> => (await office.audit()).filter(({ subject }) => subject === 'window').map(({ actor, action, outcome, code }) => `${actor} ${action} ${outcome} ${code}`).reverse();

const ANSWERED: readonly Channel[] = ['window.status', 'window.lock', 'window.unlock', 'status.get', 'vault.status', 'desktop.get'];

describe('a locked window', () => {
  it('gets nothing but its own state and how the CA stands', async () => {
    const { ask } = await begin();
    expect(await ask('window.lock')).toEqual({ ok: true, value: { locked: true, opensBy: 'passphrase', idleMinutes: 15 } });
    for (const channel of CHANNELS) {
      const reply = await ask(channel, channel === 'window.unlock' ? { passphrase: 'not this one' } : {});
      if (ANSWERED.includes(channel)) expect([channel, reply]).not.toEqual([channel, expect.objectContaining(refusal('window-locked'))]);
      else expect([channel, reply]).toEqual([channel, { ok: false, error: { code: 'window-locked', message: 'This window is locked.', hint: expect.any(String) } }]);
    }
    expect(httpStatusOf('window-locked')).toBe(423);
  });

  it('is refused before its input is looked at', async () => {
    const { ask } = await begin();
    await ask('window.lock');
    expect(await ask('requests.approve', { nonsense: true })).toMatchObject(refusal('window-locked'));
  });

  it('locks nobody else: other windows, the command line and the CA go on', async () => {
    const { door, ask } = await begin();
    await ask('window.lock');
    expect(await door.call('requests.list', {}, { ...ADMIN, window: openWindowSession() })).toMatchObject({ ok: true });
    expect(await door.call('challenges.create', {}, ADMIN)).toMatchObject({ ok: true });
    expect(office.deps.vault.state()).toBe('open');
  });

  it('hears that something changed, and not what', async () => {
    const { door, window, ask } = await begin();
    const heard: unknown[] = [];
    door.subscribe((name, detail) => void heard.push([name, detail]), window);
    office.deps.events.publish('requests.changed', { id: 'r1' });
    await ask('window.lock');
    office.deps.events.publish('requests.changed', { id: 'r2' });
    expect(heard).toEqual([['requests.changed', { id: 'r1' }], ['status.changed', {}], ['requests.changed', {}]]);
  });
});

describe('what opens it', () => {
  it('is the vault’s passphrase and no other, and every step is audited', async () => {
    const { ask } = await begin();
    await ask('window.lock');
    await ask('window.lock');
    expect(await ask('window.unlock')).toMatchObject(refusal('passphrase-needed'));
    expect(await ask('window.unlock', { passphrase: 'correct horse batterz' })).toMatchObject(refusal('wrong-passphrase'));
    expect(await ask('requests.list')).toMatchObject(refusal('window-locked'));
    expect(await ask('window.unlock', { passphrase: TEST_PASSPHRASE })).toMatchObject({ ok: true, value: { locked: false } });
    expect(await ask('requests.list')).toMatchObject({ ok: true });
    expect(await entries()).toEqual([
      'admin:test window.lock ok done',
      'admin:test window.unlock refused passphrase-needed',
      'admin:test window.unlock refused wrong-passphrase',
      'admin:test window.unlock ok done',
    ]);
    expect(await office.store.exportAudit()).not.toContain('correct horse');
  });

  it('works while the vault is locked, and leaves it so', async () => {
    const { ask } = await begin();
    await ask('window.lock');
    await office.lock();
    expect(await ask('window.unlock', { passphrase: 'correct horse batterz' })).toMatchObject(refusal('wrong-passphrase'));
    expect(await ask('window.unlock', { passphrase: TEST_PASSPHRASE })).toMatchObject({ ok: true, value: { locked: false } });
    expect(office.deps.vault.state()).toBe('locked');
  });

  it('leaves an open vault open, whatever was tried', async () => {
    const { ask } = await begin();
    const mac = office.deps.secrets.mac('challenge', 'x');
    await ask('window.lock');
    await ask('window.unlock', { passphrase: 'correct horse batterz' });
    await ask('window.unlock', { passphrase: TEST_PASSPHRASE });
    expect(office.deps.secrets.mac('challenge', 'x')).toBe(mac);
    expect(await ask('challenges.create')).toMatchObject({ ok: true });
  });

  it('is the keychain for a keychain vault, as long as it gives its key', async () => {
    const secrets = new Map<string, string>();
    const deps = await withKeychain(secrets);
    must(await initializeVault(deps, { kind: 'keychain' }, ADMIN));
    const { ask } = roomOf(deps);
    expect(await ask('window.lock')).toMatchObject({ ok: true, value: { locked: true, opensBy: 'keychain' } });
    const [account, secret] = [...secrets][0] ?? ['', ''];
    secrets.clear();
    expect(await ask('window.unlock')).toMatchObject(refusal('keychain-key-missing'));
    secrets.set(account, Buffer.alloc(32, 1).toString('base64'));
    expect(await ask('window.unlock')).toMatchObject(refusal('vault-damaged'));
    expect(await ask('window.status')).toMatchObject({ value: { locked: true } });
    secrets.set(account, secret);
    expect(await ask('window.unlock')).toMatchObject({ ok: true, value: { locked: false } });
  });

  it('is nothing before the first run, so it does not lock', async () => {
    const deps = await withKeychain(new Map());
    const { ask } = roomOf(deps);
    expect(await ask('window.status')).toMatchObject({ value: { locked: false, opensBy: 'nothing' } });
    expect(await ask('window.lock')).toMatchObject({ ok: false, error: { code: 'empty', message: expect.stringContaining('nothing could open the window again') } });
    expect(await ask('window.status')).toMatchObject({ value: { locked: false } });
  });

  it('is asked of windows only', async () => {
    const { door } = await begin();
    expect(await door.call('window.status', {}, ADMIN)).toMatchObject({ value: { locked: false } });
    expect(await door.call('window.lock', {}, ADMIN)).toMatchObject(refusal('no-window'));
    expect(await door.call('window.unlock', { passphrase: TEST_PASSPHRASE }, ADMIN)).toMatchObject(refusal('no-window'));
  });

  it('is not asked of a window that is open', async () => {
    const { ask } = await begin();
    expect(await ask('window.unlock', { passphrase: 'anything' })).toMatchObject({ ok: true, value: { locked: false } });
    expect(await entries()).toEqual([]);
  });
});

describe('guessing', () => {
  const wrong = { passphrase: 'correct horse batterz' };
  const right = { passphrase: TEST_PASSPHRASE };

  it('is free five times, then waits twice as long each time, and even the right one must wait', async () => {
    const { ask, window } = await begin();
    await ask('window.lock');
    for (let n = 0; n < 5; n++) expect(await ask('window.unlock', wrong)).toMatchObject(refusal('wrong-passphrase'));
    for (const seconds of [2, 4, 8, 16]) {
      expect(await ask('window.unlock', right)).toMatchObject({ ok: false, error: { code: 'too-many-tries', hint: expect.stringMatching(new RegExp(`^Wait (${seconds - 1}|${seconds}|a) second`)) } });
      office.advance((seconds - 1) * 1000 - 200);
      expect(await ask('window.unlock', right)).toMatchObject(refusal('too-many-tries'));
      office.advance(1200);
      expect(await ask('window.unlock', wrong)).toMatchObject(refusal('wrong-passphrase'));
    }
    office.advance(32_000);
    expect(await ask('window.unlock', right)).toMatchObject({ ok: true });
    expect(window).toMatchObject({ locked: false, wrongTries: 0 });
    expect(await entries()).not.toContain('admin:test window.unlock refused too-many-tries');
  });

  it('never waits longer than five minutes', async () => {
    const { window } = await begin();
    must(await lockWindow(office.deps, window, ADMIN));
    window.wrongTries = 40;
    await unlockWindow(office.deps, window, wrong, ADMIN);
    expect(window.waitUntil - office.now()).toBeLessThanOrEqual(300_000);
    expect(window.waitUntil - office.now()).toBeGreaterThan(290_000);
  });

  it('gains nothing by trying many at once', async () => {
    const { ask, window } = await begin();
    await ask('window.lock');
    const replies = await Promise.all(Array.from({ length: 8 }, () => ask('window.unlock', wrong)));
    const codes = replies.map((reply) => (reply.ok ? 'open' : reply.error.code));
    expect(codes.filter((code) => code === 'wrong-passphrase')).toHaveLength(1);
    expect(codes.filter((code) => code === 'busy')).toHaveLength(7);
    expect(window.wrongTries).toBe(1);
  });

  it('cannot undo a lock that came while the passphrase was looked at', async () => {
    const { ask, window } = await begin();
    await ask('window.lock');
    const [opened] = await Promise.all([ask('window.unlock', right), ask('window.lock')]);
    expect(opened).toMatchObject(refusal('window-locked'));
    expect(window.locked).toBe(true);
    expect(await ask('window.unlock', right)).toMatchObject({ ok: true });
  });
});

describe('how long it may be idle', () => {
  it('is a setting that the window is told', async () => {
    const { window } = await begin();
    must(await updateSettings(office.deps, { idleMinutes: 0 }, ADMIN));
    expect(windowStatus(office.deps, window)).toEqual({ locked: false, opensBy: 'passphrase', idleMinutes: 0 });
  });
});
