/**
 * First run, unlock, lock and change of passphrase. What the vault made is stored with its audit event in one change-set;
 * a wrong passphrase is audited too, for it may be somebody else's. Owns no cryptography: the vault port has it.
 */
import { err, ok } from '../core/lib/result.ts';
import type { Actor, AuditEvent, AuditOutcome } from '../core/ca/audit.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';
import type { Change } from './ports/store.ts';
import type { VaultInitialised, VaultKind, VaultRecord, VaultRefusal, VaultState } from './ports/vault.ts';

export interface VaultStatus {
  readonly state: VaultState;
  readonly kind: VaultKind | null;
  readonly keychain: { readonly available: boolean; readonly detail: string };
  readonly auditKeyFingerprint: string | null;
}

/** The store's key for the vault record. */
export const VAULT_SETTING = 'vault';

/** How the vault stands, and whether this machine has a keychain to choose. */
export async function vaultStatus({ vault }: Deps): Promise<VaultStatus> {
  return { state: vault.state(), kind: vault.kind() ?? null, keychain: await vault.keychain(), auditKeyFingerprint: vault.auditKeyFingerprint() ?? null };
}

/** First run: makes the key-encryption key and the first keys, and leaves the vault open. */
export async function initializeVault(deps: Deps, input: { readonly kind: VaultKind; readonly passphrase?: string | undefined }, actor: Actor): Outcome<VaultStatus> {
  if (deps.vault.state() !== 'empty') return err(ALREADY_INITIALISED);
  if (input.kind === 'keychain' && input.passphrase !== undefined) {
    return err({ code: 'invalid-input', message: 'passphrase: a keychain vault has none.', hint: 'Leave the passphrase out, or choose the passphrase vault.' });
  }
  const made = await deps.vault.initialize(input.kind, input.passphrase);
  if (!made.ok) return refused(deps, 'vault.initialize', made.error, actor);
  const fingerprint = deps.vault.auditKeyFingerprint() ?? null;
  await store(deps, made.value, event('vault.initialize', 'ok', 'done', { kind: input.kind, auditKey: fingerprint }), actor);
  return changed(deps);
}

/** Takes the wrapped keys into memory. An open vault stays open. */
export async function unlockVault(deps: Deps, input: { readonly passphrase?: string | undefined }, actor: Actor): Outcome<VaultStatus> {
  const record = await readRecord(deps);
  if (record === undefined) return err(EMPTY);
  if (deps.vault.state() === 'open') return ok(await vaultStatus(deps));
  const opened = await deps.vault.unlock(record, await deps.store.read.keys(), input.passphrase);
  if (!opened.ok) return refused(deps, 'vault.unlock', opened.error, actor);
  await note(deps, event('vault.unlock', 'ok', 'done'), actor);
  return changed(deps);
}

/** Forgets every key. The entry is written first, while the audit key can still sign it. */
export async function lockVault(deps: Deps, actor: Actor): Outcome<VaultStatus> {
  if (deps.vault.state() === 'empty') return err(EMPTY);
  if (deps.vault.state() === 'open') {
    await note(deps, event('vault.lock', 'ok', 'done'), actor);
    await deps.vault.lock();
  }
  return changed(deps);
}

/** Wraps all keys anew under a new passphrase. */
export async function changePassphrase(deps: Deps, input: { readonly current: string; readonly next: string }, actor: Actor): Outcome<VaultStatus> {
  const record = await readRecord(deps);
  if (record === undefined) return err(EMPTY);
  if (deps.vault.kind() !== 'passphrase') {
    return err({ code: 'no-passphrase', message: 'This vault is opened by the operating system’s keychain and has no passphrase.' });
  }
  const made = await deps.vault.changePassphrase(record, await deps.store.read.keys(), input.current, input.next);
  if (!made.ok) return refused(deps, 'vault.changePassphrase', made.error, actor);
  try {
    await store(deps, made.value, event('vault.changePassphrase', 'ok', 'done'), actor);
  } catch (error) {
    // Memory holds the new wrapping and the disk the old one: nothing made from here on would open again, so the vault closes.
    await deps.vault.lock();
    throw error;
  }
  return changed(deps);
}

const EMPTY: Refusal = { code: 'empty', message: 'There is no vault yet.', hint: 'Call vault.initialize first: with the keychain, or with a passphrase.' };
const ALREADY_INITIALISED: Refusal = { code: 'already-initialised', message: 'This data folder has a vault already.', hint: 'Unlock it with vault.unlock.' };

async function readRecord({ store: { read } }: Deps): Promise<VaultRecord | undefined> {
  return (await read.setting(VAULT_SETTING)) as VaultRecord | undefined;
}

async function changed(deps: Deps): Outcome<VaultStatus> {
  deps.events.publish('status.changed', { vault: deps.vault.state() });
  return ok(await vaultStatus(deps));
}

type VaultAction = 'vault.initialize' | 'vault.unlock' | 'vault.changePassphrase';

async function refused(deps: Deps, action: VaultAction, refusal: VaultRefusal, actor: Actor): Outcome<never> {
  await note(deps, event(action, 'refused', refusal.code), actor);
  return err(describeVaultRefusal(refusal, action === 'vault.initialize' ? 'new' : 'existing'));
}

function event(action: string, outcome: AuditOutcome, code: string, detail: AuditEvent['detail'] = {}): AuditEvent {
  return { action, subject: 'vault', outcome, code, detail };
}

async function store(deps: Deps, made: VaultInitialised, entry: AuditEvent, actor: Actor): Promise<void> {
  const changes: Change[] = [{ kind: 'setting', key: VAULT_SETTING, value: made.record }, ...made.keys.map((value): Change => ({ kind: 'put', table: 'key', value }))];
  await commitAlways(deps, changes, entry, actor);
}

const note = (deps: Deps, entry: AuditEvent, actor: Actor): Promise<void> => commitAlways(deps, [], entry, actor);

async function commitAlways(deps: Deps, changes: readonly Change[], entry: AuditEvent, actor: Actor): Promise<void> {
  const done = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes, audit: [entry] });
  if (!done.ok) throw new Error('a change-set without expectations came back as a conflict');
}

/** The sentence for each way a vault says no; the message never tells more than the code. */
export function describeVaultRefusal(refusal: VaultRefusal, chosen: 'new' | 'existing'): Refusal {
  switch (refusal.code) {
    case 'wrong-passphrase':
      return { code: 'wrong-passphrase', message: 'The passphrase does not open this vault.' };
    case 'passphrase-needed':
      return { code: 'passphrase-needed', message: 'This vault needs its passphrase.' };
    case 'passphrase-too-short':
      return { code: 'passphrase-too-short', message: `A passphrase has at least ${refusal.minimum} characters.`, hint: 'Four or five unrelated words are easy to keep and hard to guess.' };
    case 'keychain-unavailable':
      return { code: 'keychain-unavailable', message: refusal.detail, hint: chosen === 'new' ? 'Or choose the passphrase vault.' : 'Start it as the user, and in the desktop session, that set the vault up.' };
    case 'keychain-key-missing':
      return { code: 'keychain-key-missing', message: refusal.detail, hint: 'Start as the user, and on the machine, that set the vault up.' };
    case 'vault-damaged':
      return { code: 'vault-damaged', message: refusal.detail, hint: 'Restore a backup of the data folder.' };
  }
}
