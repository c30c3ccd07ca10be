/**
 * The vault's symmetric keys at work: MACs of challenges, sealed CSRs. They stay in the main thread, for each use takes microseconds.
 * Which keys these are is told by their ids, which their wrap is bound to: the MAC key can never be opened as the sealing key.
 */
import { type KeyObject, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { StoredKey } from '../../core/ca/authority.ts';
import type { Instant } from '../../core/lib/instant.ts';
import type { Secrets } from '../../application/ports/secrets.ts';
import { closeBox, openBox, wrapSecretKey } from './wrap.ts';

const CHALLENGE_KEY_ID = 'secrets-challenge-mac';
const SEALING_KEY_ID = 'secrets-csr-seal';

export interface SecretKeys {
  readonly challenge: Buffer;
  readonly sealing: Buffer;
}

/** New secret keys, wrapped for the store. */
export function makeSecretKeys(kek: Uint8Array, createdAt: Instant): { readonly keys: SecretKeys; readonly stored: readonly StoredKey[] } {
  const keys: SecretKeys = { challenge: randomBytes(32), sealing: randomBytes(32) };
  const label = { purpose: 'secrets', algorithm: 'aes-256', createdAt } as const;
  return { keys, stored: [wrapSecretKey(kek, { ...label, id: CHALLENGE_KEY_ID }, keys.challenge), wrapSecretKey(kek, { ...label, id: SEALING_KEY_ID }, keys.sealing)] };
}

/** Undefined where one of them is missing or does not open. */
export function openSecretKeys(unwrap: (stored: StoredKey) => Buffer | undefined, stored: readonly StoredKey[]): SecretKeys | undefined {
  const open = (id: string): Buffer | undefined => {
    const key = stored.find((k) => k.purpose === 'secrets' && k.id === id);
    return key === undefined ? undefined : unwrap(key);
  };
  const challenge = open(CHALLENGE_KEY_ID);
  const sealing = open(SEALING_KEY_ID);
  return challenge === undefined || sealing === undefined ? undefined : { challenge, sealing };
}

/** Overwrites the keys. */
export function zeroSecretKeys({ challenge, sealing }: SecretKeys): void {
  challenge.fill(0);
  sealing.fill(0);
}

// Made once per opened key and gone with it: node:crypto takes a KeyObject several times faster than raw bytes, and every enrolment needs both.
const handles = new WeakMap<Buffer, KeyObject>();

function handleOf(key: Buffer): KeyObject {
  const known = handles.get(key) ?? createSecretKey(key);
  handles.set(key, known);
  return known;
}

/** The port over whatever keys are open at the moment; `keys` throws VaultLocked where there are none. */
export function createSecrets(keys: () => SecretKeys): Secrets {
  return {
    mac: (purpose, text) => createHmac('sha256', handleOf(keys()[purpose])).update(text, 'utf8').digest('hex'),
    seal: (context, plaintext) => closeBox(handleOf(keys().sealing), context, plaintext),
    open: (context, sealed) => openBox(handleOf(keys().sealing), context, sealed),
  };
}
