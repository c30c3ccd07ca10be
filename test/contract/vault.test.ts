// What a vault refuses and how it says so, and the change of passphrase. What is common to both kinds of vault is in keys.test.ts.
import { beforeEach, describe, expect, it } from 'vitest';
import type { VaultInitialised } from '../../src/main/application/ports/vault.ts';
import type { Keychain } from '../../src/main/adapters/vault/keychain.ts';
import { err } from '../../src/main/core/lib/result.ts';
import type { StoredKey } from '../../src/main/core/ca/authority.ts';
import { TEST_PASSPHRASE, type TestKeys, memoryKeychain, openTestKeys } from '../support/testKeys.ts';

const NEXT = 'staple the battery again';

async function opened(): Promise<{ readonly keys: TestKeys; readonly made: VaultInitialised }> {
  const keys = await openTestKeys();
  if (keys.initialised === undefined) throw new Error('the vault is empty');
  return { keys, made: keys.initialised };
}

const unlockElsewhere = async (record: VaultInitialised['record'], stored: readonly StoredKey[], passphrase: string | undefined, keychain?: Keychain) => {
  const next = await openTestKeys({ vault: 'empty', ...(keychain === undefined ? {} : { keychain }) });
  next.vault.load(record, stored);
  return { next, result: await next.vault.unlock(record, stored, passphrase) };
};

describe('a passphrase vault', () => {
  let keys: TestKeys;
  let made: VaultInitialised;
  beforeEach(async () => {
    ({ keys, made } = await opened());
  });

  it('refuses a wrong passphrase and stays locked', async () => {
    const { next, result } = await unlockElsewhere(made.record, made.keys, 'correct horse batterz');
    expect(result).toEqual({ ok: false, error: { code: 'wrong-passphrase' } });
    expect(next.vault.state()).toBe('locked');
  });

  it('tells a wrong passphrase from a damaged key', async () => {
    const damaged = made.keys.map((key) => ({ ...key, wrapped: key.wrapped.map((b, i) => (i === 40 ? b ^ 1 : b)) }));
    const { result } = await unlockElsewhere(made.record, damaged, TEST_PASSPHRASE);
    expect(result).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
  });

  it('asks for a passphrase that is not given', async () => {
    expect((await unlockElsewhere(made.record, made.keys, undefined)).result).toEqual({ ok: false, error: { code: 'passphrase-needed' } });
    const empty = await openTestKeys({ vault: 'empty' });
    expect(await empty.vault.initialize('passphrase')).toEqual({ ok: false, error: { code: 'passphrase-needed' } });
    expect(empty.vault.state()).toBe('empty');
  });

  it('refuses a passphrase below eight characters, counted as a person does', async () => {
    const empty = await openTestKeys({ vault: 'empty' });
    expect(await empty.vault.initialize('passphrase', '1234567')).toEqual({ ok: false, error: { code: 'passphrase-too-short', minimum: 8 } });
    expect(await empty.vault.initialize('passphrase', '🔑🔑🔑🔑')).toMatchObject({ error: { code: 'passphrase-too-short' } });
    expect(empty.vault.state()).toBe('empty');
    expect(await empty.vault.initialize('passphrase', '12345678')).toMatchObject({ ok: true });
  });

  it('takes the same passphrase however its accents are composed', async () => {
    const empty = await openTestKeys({ vault: 'empty' });
    const first = await empty.vault.initialize('passphrase', 'cafe\u0301 du matin');
    if (!first.ok) throw new Error(first.error.code);
    expect((await unlockElsewhere(first.value.record, first.value.keys, 'caf\u00e9 du matin')).result.ok).toBe(true);
  });

  it('writes scrypt with N = 2^17 where nobody is in a hurry', async () => {
    const slow = await openTestKeys({ vault: 'empty', scryptCost: undefined as never });
    const first = await slow.vault.initialize('passphrase', TEST_PASSPHRASE);
    expect(first).toMatchObject({ ok: true, value: { record: { cost: 2 ** 17 } } });
  });

  it('does not derive with a cost that would fill the memory', async () => {
    const { result } = await unlockElsewhere({ ...made.record, cost: 2 ** 30 }, made.keys, TEST_PASSPHRASE);
    expect(result).toMatchObject({ error: { code: 'vault-damaged' } });
  });

  it('gives every vault a salt and keys of its own, under the same passphrase', async () => {
    const other = await opened();
    expect(other.made.record['salt']).not.toBe(made.record['salt']);
    expect((await unlockElsewhere(made.record, other.made.keys, TEST_PASSPHRASE)).result).toMatchObject({ error: { code: 'vault-damaged' } });
  });

  describe('when its passphrase is changed', () => {
    it('opens with the new one and no longer with the old one', async () => {
      const authority = await keys.signers.generate('authority', 'p256');
      const mac = keys.secrets.mac('challenge', 'x');
      const changed = await keys.vault.changePassphrase(made.record, [...made.keys, authority], TEST_PASSPHRASE, NEXT);
      if (!changed.ok) throw new Error(changed.error.code);
      expect(changed.value.keys.map((key) => key.id)).toEqual([...made.keys, authority].map((key) => key.id));
      const { next, result } = await unlockElsewhere(changed.value.record, changed.value.keys, NEXT);
      expect(result.ok).toBe(true);
      expect(next.secrets.mac('challenge', 'x')).toBe(mac);
      expect(next.signers.has(authority.id)).toBe(true);
      expect((await unlockElsewhere(changed.value.record, changed.value.keys, TEST_PASSPHRASE)).result).toEqual({ ok: false, error: { code: 'wrong-passphrase' } });
      expect(keys.vault.state()).toBe('open');
    });

    it('wraps every key anew, so that an old copy of the database helps nobody who learns the new passphrase', async () => {
      const changed = await keys.vault.changePassphrase(made.record, made.keys, TEST_PASSPHRASE, NEXT);
      if (!changed.ok) throw new Error(changed.error.code);
      expect((await unlockElsewhere(changed.value.record, made.keys.slice(0, 1), NEXT)).result.ok).toBe(false);
      expect((await unlockElsewhere(made.record, changed.value.keys, TEST_PASSPHRASE)).result).toMatchObject({ error: { code: 'vault-damaged' } });
    });

    it('still opens a key that was being made meanwhile, and one that is made afterwards', async () => {
      const before = await keys.signers.generate('authority', 'p256');
      const changed = await keys.vault.changePassphrase(made.record, made.keys, TEST_PASSPHRASE, NEXT);
      if (!changed.ok) throw new Error(changed.error.code);
      const after = await keys.signers.generate('authority', 'p256');
      const { next, result } = await unlockElsewhere(changed.value.record, [...changed.value.keys, before, after], NEXT);
      expect(result).toEqual({ ok: true, value: undefined });
      expect([before, after].map((key) => next.signers.has(key.id))).toEqual([true, true]);
      const again = await next.vault.changePassphrase(changed.value.record, [...changed.value.keys, before, after], NEXT, TEST_PASSPHRASE);
      if (!again.ok) throw new Error(again.error.code);
      expect((await unlockElsewhere(again.value.record, again.value.keys, TEST_PASSPHRASE)).result.ok).toBe(true);
    });

    it('can be done while it is locked, and leaves it locked', async () => {
      await keys.vault.lock();
      const changed = await keys.vault.changePassphrase(made.record, made.keys, TEST_PASSPHRASE, NEXT);
      if (!changed.ok) throw new Error(changed.error.code);
      expect(keys.vault.state()).toBe('locked');
      expect((await unlockElsewhere(changed.value.record, changed.value.keys, NEXT)).result.ok).toBe(true);
    });

    it('refuses a wrong present one and a short next one, and changes nothing', async () => {
      expect(await keys.vault.changePassphrase(made.record, made.keys, NEXT, NEXT)).toEqual({ ok: false, error: { code: 'wrong-passphrase' } });
      expect(await keys.vault.changePassphrase(made.record, made.keys, TEST_PASSPHRASE, 'short')).toMatchObject({ error: { code: 'passphrase-too-short' } });
      const after = await keys.signers.generate('authority', 'p256');
      expect((await unlockElsewhere(made.record, [...made.keys, after], TEST_PASSPHRASE)).result.ok).toBe(true);
    });
  });
});

describe('a keychain vault', () => {
  const initialised = async (secrets: Map<string, string>): Promise<VaultInitialised> => {
    const keys = await openTestKeys({ vault: 'empty', keychain: memoryKeychain(secrets) });
    const made = await keys.vault.initialize('keychain');
    if (!made.ok) throw new Error(made.error.code);
    return made.value;
  };

  it('keeps one key of 32 octets in the keychain, under an account of its own', async () => {
    const secrets = new Map<string, string>();
    const one = await initialised(secrets);
    const two = await initialised(secrets);
    expect([...secrets.keys()]).toEqual([one.record['account'], two.record['account']]);
    for (const secret of secrets.values()) expect(Buffer.from(secret, 'base64')).toHaveLength(32);
  });

  it('says so where the keychain has no key for the folder', async () => {
    const made = await initialised(new Map());
    const { result } = await unlockElsewhere(made.record, made.keys, undefined, memoryKeychain());
    expect(result).toMatchObject({ ok: false, error: { code: 'keychain-key-missing' } });
  });

  it('says so where the keychain holds another key for the folder', async () => {
    const secrets = new Map<string, string>();
    const made = await initialised(secrets);
    for (const wrong of [Buffer.alloc(32, 7).toString('base64'), 'no base64!', '']) {
      const { result } = await unlockElsewhere(made.record, made.keys, undefined, memoryKeychain(new Map([[String(made.record['account']), wrong]])));
      expect(result, wrong).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
    }
  });

  it('never goes on without the keychain', async () => {
    const refuse = (): Promise<{ ok: false; error: string }> => Promise.resolve(err('There is no D-Bus session.'));
    const keychain: Keychain = { name: 'none', get: refuse, set: refuse, remove: refuse };
    const keys = await openTestKeys({ vault: 'empty', keychain });
    expect(await keys.vault.initialize('keychain', TEST_PASSPHRASE)).toEqual({ ok: false, error: { code: 'keychain-unavailable', detail: 'There is no D-Bus session.' } });
    expect(keys.vault.state()).toBe('empty');
    expect(await keys.vault.keychain()).toEqual({ available: false, detail: 'There is no D-Bus session.' });
  });

  it('does not trust a keychain that gives back something else', async () => {
    const keychain: Keychain = { ...memoryKeychain(), get: () => Promise.resolve({ ok: true, value: null }) };
    const keys = await openTestKeys({ vault: 'empty', keychain });
    expect(await keys.vault.initialize('keychain')).toMatchObject({ ok: false, error: { code: 'keychain-unavailable' } });
    expect(keys.vault.state()).toBe('empty');
  });
});

describe('a proof', () => {
  it('is the passphrase alone, and touches no key: an open vault stays open, a locked one locked', async () => {
    const { keys, made } = await opened();
    const mac = keys.secrets.mac('challenge', 'x');
    expect(await keys.vault.prove(made.record, TEST_PASSPHRASE)).toEqual({ ok: true, value: undefined });
    expect(await keys.vault.prove(made.record, NEXT)).toEqual({ ok: false, error: { code: 'wrong-passphrase' } });
    expect(await keys.vault.prove(made.record)).toEqual({ ok: false, error: { code: 'passphrase-needed' } });
    expect(await keys.vault.prove({ ...made.record, cost: 2 ** 30 }, TEST_PASSPHRASE)).toMatchObject({ error: { code: 'vault-damaged' } });
    expect([keys.vault.state(), keys.secrets.mac('challenge', 'x')]).toEqual(['open', mac]);
    await keys.vault.lock();
    expect(await keys.vault.prove(made.record, TEST_PASSPHRASE)).toEqual({ ok: true, value: undefined });
    expect(keys.vault.state()).toBe('locked');
    expect((await keys.pool.heldKeys()).flat()).toEqual([]);
  });

  it('asks the keychain anew each time, and compares what it gives with the record', async () => {
    const secrets = new Map<string, string>();
    const keys = await openTestKeys({ vault: 'empty', keychain: memoryKeychain(secrets) });
    const made = await keys.vault.initialize('keychain');
    if (!made.ok) throw new Error(made.error.code);
    const { record } = made.value;
    expect(await keys.vault.prove(record)).toEqual({ ok: true, value: undefined });
    const account = String(record['account']);
    const secret = secrets.get(account) ?? '';
    secrets.set(account, Buffer.alloc(32, 9).toString('base64'));
    expect(await keys.vault.prove(record)).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
    secrets.delete(account);
    expect(await keys.vault.prove(record)).toMatchObject({ ok: false, error: { code: 'keychain-key-missing' } });
    secrets.set(account, secret);
    expect(await keys.vault.prove(record)).toEqual({ ok: true, value: undefined });
    expect(keys.vault.state()).toBe('open');
  });
});

describe('a lock', () => {
  it('counts as done only when the audit key is dropped as well', async () => {
    const told: string[] = [];
    let release: () => void = () => undefined;
    const keys = await openTestKeys({
      onAuditKey: (key) => {
        told.push(key === undefined ? 'drop' : 'hold');
        return key === undefined ? new Promise<void>((resolve) => (release = resolve)) : undefined;
      },
    });
    let done = false;
    const locking = keys.vault.lock().then(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toEqual(['hold', 'drop']);
    expect(done).toBe(false);
    // From the first moment on nothing is signed, though.
    expect(keys.vault.state()).toBe('locked');
    release();
    await locking;
    expect(done).toBe(true);
  });

  it('undoes an unlock whose audit key the store did not take', async () => {
    const { made } = await opened();
    const keys = await openTestKeys({
      vault: 'empty',
      onAuditKey: (key) => {
        if (key !== undefined) throw new Error('the store is gone');
      },
    });
    keys.vault.load(made.record, made.keys);
    await expect(keys.vault.unlock(made.record, made.keys, TEST_PASSPHRASE)).rejects.toThrow('the store is gone');
    expect(keys.vault.state()).toBe('locked');
    expect((await keys.pool.heldKeys()).flat()).toEqual([]);
  });
});
