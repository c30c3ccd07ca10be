/**
 * Attack: somebody at an empty chair. He reopens a tab that was closed unlocked (a browser brings its session back), wakes a machine that slept, or
 * waits for the answer to a question that was under way when the window was locked.
 * Impact: he reads the queue or a password, or decides in the admin's name.
 * Defence: a window that was silent for its idle time is locked before it is answered; what comes after a lock is withheld.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminDoor } from '../../../src/main/admin/door.ts';
import { updateSettings } from '../../../src/main/application/settings.ts';
import { type WindowSession, openWindowSession } from '../../../src/main/application/window.ts';
import type { Reply } from '../../../src/preload/contract/reply.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';
import { TEST_PASSPHRASE } from '../../support/testKeys.ts';

const MINUTE = 60_000;

let office: Office;
afterEach(() => office.close());

interface Room {
  readonly window: WindowSession;
  readonly ask: (channel: string, input?: unknown) => Promise<Reply>;
}

async function begin(): Promise<Room> {
  office = await openOffice();
  const door = createAdminDoor(office.deps);
  const window = openWindowSession();
  return { window, ask: (channel, input = {}) => door.call(channel, input, { ...ADMIN, window }) };
}

const locked = { ok: false, error: { code: 'window-locked' } };
const locks = async () => (await office.audit()).filter(({ action }) => action === 'window.lock').length;

describe('a window that was silent', () => {
  it('is locked after its idle time, before it is answered', async () => {
    const { ask } = await begin();
    expect(await ask('requests.list')).toMatchObject({ ok: true });
    office.advance(15 * MINUTE);
    expect(await ask('requests.list')).toMatchObject(locked);
    expect(await ask('window.status')).toMatchObject({ ok: true, value: { locked: true } });
    expect(await locks()).toBe(1);
    expect(await ask('window.unlock', { passphrase: TEST_PASSPHRASE })).toMatchObject({ ok: true });
    expect(await ask('requests.list')).toMatchObject({ ok: true });
  });

  it('stays open while it asks now and then', async () => {
    const { ask } = await begin();
    for (let i = 0; i < 10; i++) {
      expect(await ask('status.get')).toMatchObject({ ok: true });
      office.advance(14 * MINUTE);
    }
    expect(await ask('requests.list')).toMatchObject({ ok: true });
    expect(await locks()).toBe(0);
  });

  it('stays open where the admin wants no idle lock', async () => {
    const { ask } = await begin();
    must(await updateSettings(office.deps, { idleMinutes: 0 }, ADMIN));
    await ask('requests.list');
    office.advance(1_000 * MINUTE);
    expect(await ask('requests.list')).toMatchObject({ ok: true });
  });
});

describe('a question that was under way when the window was locked', () => {
  it('is not answered: not with a list, and not with a password', async () => {
    const { window, ask } = await begin();
    const list = ask('requests.list');
    const password = ask('challenges.create');
    expect(window.locked).toBe(false);
    expect(await ask('window.lock')).toMatchObject({ ok: true });
    expect(await list).toMatchObject(locked);
    expect(await password).toMatchObject(locked);
    expect(JSON.stringify(await password)).not.toMatch(/password"/);
  });
});
