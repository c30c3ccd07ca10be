/** The vault: where the key that wraps all others comes from (OS keychain or passphrase), and whether it is open. */
import type { Result } from '../../core/lib/result.ts';
import type { StoredKey } from '../../core/ca/authority.ts';

export type VaultKind = 'keychain' | 'passphrase';
export type VaultState = 'empty' | 'locked' | 'open';

export type VaultRefusal =
  | { readonly code: 'wrong-passphrase' }
  | { readonly code: 'passphrase-needed' }
  | { readonly code: 'passphrase-too-short'; readonly minimum: number }
  /** No keychain on this machine, or it refused; `detail` names the cause in one clear sentence. */
  | { readonly code: 'keychain-unavailable'; readonly detail: string }
  /** The keychain has no key for this data folder. */
  | { readonly code: 'keychain-key-missing'; readonly detail: string }
  /** A stored key does not open under the vault's key: the database and the vault do not belong together, or were damaged. */
  | { readonly code: 'vault-damaged'; readonly detail: string };

/** What the store keeps of the vault: its kind, salt, parameters and check value, never a key. Opaque to the application. */
export type VaultRecord = Readonly<Record<string, unknown>>;

export interface VaultInitialised {
  readonly record: VaultRecord;
  /** The audit key and the keys for secrets, wrapped: stored in the same change-set as the record. */
  readonly keys: readonly StoredKey[];
}

export interface Vault {
  state(): VaultState;
  kind(): VaultKind | undefined;
  /** Name of the keychain found on this machine, or why there is none. */
  keychain(): Promise<{ readonly available: boolean; readonly detail: string }>;
  /** Audit public key as SHA-256 of its SPKI, lower hex; undefined while empty. */
  auditKeyFingerprint(): string | undefined;
  /** Makes the key-encryption key and the first keys, and leaves the vault open. The caller stores the result. */
  initialize(kind: VaultKind, passphrase?: string): Promise<Result<VaultInitialised, VaultRefusal>>;
  /** Unwraps every stored key into memory (workers included). */
  unlock(record: VaultRecord, keys: readonly StoredKey[], passphrase?: string): Promise<Result<void, VaultRefusal>>;
  /** Whether the passphrase, or the keychain, opens this record: asked anew each time, and the keys in memory stay as they are. */
  prove(record: VaultRecord, passphrase?: string): Promise<Result<void, VaultRefusal>>;
  /** Forgets every key, workers included. */
  lock(): Promise<void>;
  /** Wraps all keys anew under a new key-encryption key; the caller stores the result. */
  changePassphrase(record: VaultRecord, keys: readonly StoredKey[], current: string, next: string): Promise<Result<VaultInitialised, VaultRefusal>>;
  /** Tells the vault what the store holds at start: `empty` or `locked`. */
  load(record: VaultRecord | undefined, keys: readonly StoredKey[]): void;
}
