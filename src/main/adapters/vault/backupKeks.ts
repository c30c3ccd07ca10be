/**
 * What makes the wrapped keys in a backup open elsewhere: the key-encryption keys themselves, boxed under a key that only the backup's passphrase gives.
 * No keychain and no passphrase of the vault is needed to open them, and none of those is in the backup.
 */
import { createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { fromBase64, toBase64 } from '../../core/lib/bytes.ts';
import { closeBox, openBox } from './wrap.ts';

export interface BoxedKeks {
  /** Base64. */
  readonly kek: string;
  /** Of the last change of passphrase: a key that was being made meanwhile is still wrapped with it. */
  readonly previous: string | null;
}

export interface Keks {
  readonly kek: Buffer;
  readonly previous: Buffer | undefined;
}

const CONTEXT = 'countersign backup kek v1';
const PREVIOUS = 'countersign backup previous kek v1';

/** Boxes the key-encryption keys under a backup's own key. */
export const boxKeks = (key: Uint8Array, { kek, previous }: Keks): BoxedKeks => ({
  kek: toBase64(closeBox(key, CONTEXT, kek)),
  previous: previous === undefined ? null : toBase64(closeBox(key, PREVIOUS, previous)),
});

/** Undefined where they do not open under this key. */
export function unboxKeks(key: Uint8Array, boxed: BoxedKeks): Keks | undefined {
  const kek = openBox(key, CONTEXT, fromBase64(boxed.kek) ?? new Uint8Array(0));
  if (kek === undefined) return undefined;
  if (boxed.previous === null) return { kek, previous: undefined };
  const previous = openBox(key, PREVIOUS, fromBase64(boxed.previous) ?? new Uint8Array(0));
  return previous === undefined ? undefined : { kek, previous };
}

/** Overwrites them. */
export function forgetKeks({ kek, previous }: Keks): void {
  kek.fill(0);
  previous?.fill(0);
}

/** Whether a private key makes signatures that its public half verifies, over fresh bytes. */
export function signsTruly(key: KeyObject): boolean {
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const bytes = randomBytes(32);
  return verify(algorithm, bytes, createPublicKey(key), sign(algorithm, bytes, key));
}
