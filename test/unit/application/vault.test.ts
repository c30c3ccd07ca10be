import { afterEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../../src/main/application/deps.ts';
import { changePassphrase, initializeVault, lockVault, unlockVault, vaultStatus } from '../../../src/main/application/vault.ts';
import { err } from '../../../src/main/core/lib/result.ts';
import { memoryStore } from '../../support/memoryStore.ts';
import { ADMIN, type Office, openOffice } from '../../support/office.ts';
import { type TestKeysOptions, memoryKeychain, openTestKeys } from '../../support/testKeys.ts';

let office: Office;
afterEach(() => office.close());

/** An empty data folder on its first run. */
async function firstRun(options: TestKeysOptions = {}): Promise<Deps> {
  office = await openOffice({ authority: 'none' });
  const keys = await openTestKeys({ vault: 'empty', ...options });
  return { ...office.deps, store: memoryStore(), vault: keys.vault, secrets: keys.secrets };
}

const audited = async ({ store }: Deps): Promise<readonly string[]> => (await store.read.audit({ limit: 50 })).items.map(({ action, outcome, code }) => `${action} ${outcome} ${code}`).reverse();

const PASSPHRASE = 'three unrelated words';

describe('the vault’s life', () => {
  it('is set up, locked, opened with the right passphrase only, and every step is audited', async () => {
    const deps = await firstRun();
    expect(await vaultStatus(deps)).toMatchObject({ state: 'empty', kind: null, auditKeyFingerprint: null });
    expect(await initializeVault(deps, { kind: 'passphrase', passphrase: PASSPHRASE }, ADMIN)).toMatchObject({ ok: true, value: { state: 'open', kind: 'passphrase', auditKeyFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await lockVault(deps, ADMIN)).toMatchObject({ ok: true, value: { state: 'locked' } });
    expect(await unlockVault(deps, { passphrase: 'a wrong one' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'wrong-passphrase' } });
    expect(await unlockVault(deps, {}, ADMIN)).toMatchObject({ ok: false, error: { code: 'passphrase-needed' } });
    expect(await unlockVault(deps, { passphrase: PASSPHRASE }, ADMIN)).toMatchObject({ ok: true, value: { state: 'open' } });
    expect(await audited(deps)).toEqual(['vault.initialize ok done', 'vault.lock ok done', 'vault.unlock refused wrong-passphrase', 'vault.unlock refused passphrase-needed', 'vault.unlock ok done']);
  });

  it('puts no passphrase into the audit log or the stored record', async () => {
    const deps = await firstRun();
    await initializeVault(deps, { kind: 'passphrase', passphrase: PASSPHRASE }, ADMIN);
    await unlockVault(deps, { passphrase: 'a wrong passphrase' }, ADMIN);
    const kept = JSON.stringify([await deps.store.read.setting('vault'), await deps.store.exportAudit()]);
    expect(kept).not.toContain(PASSPHRASE);
    expect(kept).not.toContain('a wrong passphrase');
  });

  it('closes when a new passphrase could not be stored, and the old one still opens it', async () => {
    const deps = await firstRun();
    await initializeVault(deps, { kind: 'passphrase', passphrase: PASSPHRASE }, ADMIN);
    const fullDisk = { ...deps, store: { ...deps.store, commit: () => Promise.reject(new Error('the disk is full')) } };
    await expect(changePassphrase(fullDisk, { current: PASSPHRASE, next: 'another good one' }, ADMIN)).rejects.toThrow('the disk is full');
    expect(deps.vault.state()).toBe('locked');
    expect(await unlockVault(deps, { passphrase: PASSPHRASE }, ADMIN)).toMatchObject({ ok: true, value: { state: 'open' } });
  });

  it('changes the passphrase: the old one opens nothing any more', async () => {
    const deps = await firstRun();
    await initializeVault(deps, { kind: 'passphrase', passphrase: PASSPHRASE }, ADMIN);
    expect(await changePassphrase(deps, { current: 'not the one', next: 'another good one' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'wrong-passphrase' } });
    expect(await changePassphrase(deps, { current: PASSPHRASE, next: 'short' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'passphrase-too-short' } });
    expect(await changePassphrase(deps, { current: PASSPHRASE, next: 'another good one' }, ADMIN)).toMatchObject({ ok: true });
    await lockVault(deps, ADMIN);
    expect(await unlockVault(deps, { passphrase: PASSPHRASE }, ADMIN)).toMatchObject({ ok: false });
    expect(await unlockVault(deps, { passphrase: 'another good one' }, ADMIN)).toMatchObject({ ok: true });
  });

  it('says in one sentence why there is no keychain, and stays empty', async () => {
    const sentence = 'There is no D-Bus session.';
    const deps = await firstRun({ keychain: { ...memoryKeychain(), set: () => Promise.resolve(err(sentence)), get: () => Promise.resolve(err(sentence)) } });
    expect(await initializeVault(deps, { kind: 'keychain' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'keychain-unavailable', message: expect.stringContaining(sentence) } });
    expect(await vaultStatus(deps)).toMatchObject({ state: 'empty', keychain: { available: false } });
  });

  it('opens a keychain vault without a passphrase, and has none to change', async () => {
    const deps = await firstRun();
    expect(await initializeVault(deps, { kind: 'keychain', passphrase: PASSPHRASE }, ADMIN)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    await initializeVault(deps, { kind: 'keychain' }, ADMIN);
    await lockVault(deps, ADMIN);
    expect(await unlockVault(deps, {}, ADMIN)).toMatchObject({ ok: true, value: { kind: 'keychain' } });
    expect(await changePassphrase(deps, { current: 'x', next: PASSPHRASE }, ADMIN)).toMatchObject({ ok: false, error: { code: 'no-passphrase' } });
  });

  it('neither locks nor unlocks what is not there', async () => {
    const deps = await firstRun();
    for (const refused of [await lockVault(deps, ADMIN), await unlockVault(deps, { passphrase: PASSPHRASE }, ADMIN), await changePassphrase(deps, { current: 'x', next: PASSPHRASE }, ADMIN)]) {
      expect(refused).toMatchObject({ ok: false, error: { code: 'empty' } });
    }
  });
});
