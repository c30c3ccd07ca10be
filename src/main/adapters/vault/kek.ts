/**
 * The key-encryption key (KEK): made once, found again from the record that the store keeps, in the keychain or by the passphrase.
 * The record's check value tells a wrong passphrase from a damaged key. There is no way on where the chosen way fails: never a fallback.
 */
import { randomBytes } from 'node:crypto';
import type { VaultKind, VaultRecord, VaultRefusal } from '../../application/ports/vault.ts';
import { fromBase64, toBase64, toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Keychain } from './keychain.ts';
import { PASSPHRASE_MINIMUM, SALT_LENGTH, SCRYPT_COST, deriveKek, isCost, passphraseLength } from './passphrase.ts';
import { closeBox, openBox } from './wrap.ts';

export interface KekTools {
  readonly keychain: Keychain;
  /** scrypt's N for new passphrases; SCRYPT_COST unless a test is in a hurry. */
  readonly scryptCost?: number | undefined;
}

/** The record as this file writes it. */
type KekRecord =
  | { readonly version: 1; readonly kind: 'keychain'; readonly account: string; readonly check: string }
  | { readonly version: 1; readonly kind: 'passphrase'; readonly salt: string; readonly cost: number; readonly check: string; readonly previous?: string };

export interface MadeKek {
  readonly record: VaultRecord;
  readonly kek: Buffer;
}

export interface OpenedKek {
  readonly kek: Buffer;
  /** The KEK before the last change of passphrase: a key that was being made while it changed is still wrapped with it. */
  readonly previous: Buffer | undefined;
}

const CHECK_CONTEXT = 'countersign vault check v1';
const CHECK_VALUE = Buffer.from('this vault is open');
const PREVIOUS_CONTEXT = 'countersign previous kek v1';
const KEK_LENGTH = 32;

/** A new KEK, held by the keychain or derived from the passphrase. */
export function makeKek(tools: KekTools, kind: VaultKind, passphrase: string | undefined): Promise<Result<MadeKek, VaultRefusal>> {
  return kind === 'keychain' ? makeInKeychain(tools.keychain) : makeFromPassphrase(tools, passphrase);
}

async function makeInKeychain(keychain: Keychain): Promise<Result<MadeKek, VaultRefusal>> {
  const kek = randomBytes(KEK_LENGTH);
  const account = toHex(randomBytes(16));
  const stored = await keychain.set(account, toBase64(kek));
  if (!stored.ok) return err({ code: 'keychain-unavailable', detail: stored.error });
  const back = await keychain.get(account);
  if (!back.ok) return err({ code: 'keychain-unavailable', detail: back.error });
  // All later starts depend on it, so it is asked for before anything is wrapped with it.
  if (back.value !== toBase64(kek)) {
    await keychain.remove(account);
    return err({ code: 'keychain-unavailable', detail: `What was written to ${keychain.name} did not come back from it.` });
  }
  return ok({ kek, record: { version: 1, kind: 'keychain', account, check: checkOf(kek) } satisfies KekRecord });
}

async function makeFromPassphrase({ scryptCost = SCRYPT_COST }: KekTools, passphrase: string | undefined, previous?: Buffer): Promise<Result<MadeKek, VaultRefusal>> {
  if (passphrase === undefined) return err({ code: 'passphrase-needed' });
  if (passphraseLength(passphrase) < PASSPHRASE_MINIMUM) return err({ code: 'passphrase-too-short', minimum: PASSPHRASE_MINIMUM });
  const salt = randomBytes(SALT_LENGTH);
  const kek = await deriveKek(passphrase, salt, scryptCost);
  const before = previous === undefined ? {} : { previous: toBase64(closeBox(kek, PREVIOUS_CONTEXT, previous)) };
  return ok({ kek, record: { version: 1, kind: 'passphrase', salt: toBase64(salt), cost: scryptCost, check: checkOf(kek), ...before } satisfies KekRecord });
}

/** A KEK from a new passphrase, with the present one sealed in its record. */
export const replaceKek = (tools: KekTools, passphrase: string, present: Buffer): Promise<Result<MadeKek, VaultRefusal>> => makeFromPassphrase(tools, passphrase, present);

/** The KEK that a record speaks of. */
export async function findKek(tools: KekTools, stored: VaultRecord, passphrase: string | undefined): Promise<Result<OpenedKek, VaultRefusal>> {
  const record = parseRecord(stored);
  if (record === undefined) return err({ code: 'vault-damaged', detail: 'The vault record in the database cannot be read.' });
  return record.kind === 'keychain' ? findInKeychain(tools.keychain, record) : findByPassphrase(record, passphrase);
}

async function findInKeychain(keychain: Keychain, record: KekRecord & { readonly kind: 'keychain' }): Promise<Result<OpenedKek, VaultRefusal>> {
  const found = await keychain.get(record.account);
  if (!found.ok) return err({ code: 'keychain-unavailable', detail: found.error });
  if (found.value === null) {
    return err({ code: 'keychain-key-missing', detail: `There is no key for this data folder in ${keychain.name} (service Countersign, account ${record.account}).` });
  }
  const kek = Buffer.from(fromBase64(found.value) ?? []);
  if (kek.length !== KEK_LENGTH || !checks(kek, record.check)) {
    kek.fill(0);
    return err({ code: 'vault-damaged', detail: `The key that ${keychain.name} holds for this data folder is not the one its keys were wrapped with.` });
  }
  return ok({ kek, previous: undefined });
}

async function findByPassphrase(record: KekRecord & { readonly kind: 'passphrase' }, passphrase: string | undefined): Promise<Result<OpenedKek, VaultRefusal>> {
  if (passphrase === undefined) return err({ code: 'passphrase-needed' });
  const kek = await deriveKek(passphrase, fromBase64(record.salt) ?? new Uint8Array(0), record.cost);
  if (!checks(kek, record.check)) {
    kek.fill(0);
    return err({ code: 'wrong-passphrase' });
  }
  return ok({ kek, previous: record.previous === undefined ? undefined : openBox(kek, PREVIOUS_CONTEXT, fromBase64(record.previous) ?? new Uint8Array(0)) });
}

const checkOf = (kek: Uint8Array): string => toBase64(closeBox(kek, CHECK_CONTEXT, CHECK_VALUE));

const checks = (kek: Uint8Array, check: string): boolean => openBox(kek, CHECK_CONTEXT, fromBase64(check) ?? new Uint8Array(0)) !== undefined;

/** Which kind of vault a record describes; undefined where it cannot be read. */
export const kindOf = (stored: VaultRecord): VaultKind | undefined => parseRecord(stored)?.kind;

function parseRecord(stored: VaultRecord): KekRecord | undefined {
  const { version, kind, account, salt, cost, check, previous } = stored;
  if (version !== 1 || typeof check !== 'string') return undefined;
  if (kind === 'keychain' && typeof account === 'string') return { version, kind, account, check };
  if (kind !== 'passphrase' || typeof salt !== 'string' || !isCost(cost)) return undefined;
  return { version, kind, salt, cost, check, ...(typeof previous === 'string' ? { previous } : {}) };
}
