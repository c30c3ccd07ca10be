/**
 * AES-256-GCM as the vault uses it: one box format for wrapped keys, sealed CSRs and the vault's check value.
 * A box opens only with the context it was closed with: what a key is called and is for cannot be changed around it.
 */
import { type KeyObject, createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import type { StoredKey } from '../../core/ca/authority.ts';
import { equalBytes } from '../../core/lib/bytes.ts';

const VERSION = 1;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const HEAD_LENGTH = 1 + IV_LENGTH + TAG_LENGTH;

/** version (1) | nonce (12) | tag (16) | ciphertext. The nonce is random: a key that closes a few million boxes is far from a repetition. */
export function closeBox(key: Uint8Array | KeyObject, context: string, plaintext: Uint8Array): Uint8Array {
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const box = new Uint8Array(HEAD_LENGTH + ciphertext.length);
  box[0] = VERSION;
  box.set(iv, 1);
  box.set(cipher.getAuthTag(), 1 + IV_LENGTH);
  box.set(ciphertext, HEAD_LENGTH);
  return box;
}

/** Undefined where the key, the context or a bit of the box is another one. */
export function openBox(key: Uint8Array | KeyObject, context: string, box: Uint8Array): Buffer | undefined {
  if (box.length < HEAD_LENGTH || box[0] !== VERSION) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(1, 1 + IV_LENGTH), { authTagLength: TAG_LENGTH });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(box.subarray(1 + IV_LENGTH, HEAD_LENGTH));
  const plaintext = decipher.update(box.subarray(HEAD_LENGTH));
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return undefined;
  }
}

type KeyLabel = Pick<StoredKey, 'id' | 'purpose' | 'algorithm'>;

// JSON, so that no id can be chosen that reads as another id and purpose.
const contextOf = ({ id, purpose, algorithm }: KeyLabel): string => `countersign key v1 ${JSON.stringify([id, purpose, algorithm])}`;

/** A private key as the store keeps it. */
export function wrapPrivateKey(kek: Uint8Array, label: KeyLabel & Pick<StoredKey, 'createdAt'>, key: KeyObject): StoredKey {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const wrapped = closeBox(kek, contextOf(label), pkcs8);
  pkcs8.fill(0);
  return { ...label, wrapped, spki: spkiOf(key) };
}

/** A secret key as the store keeps it. */
export function wrapSecretKey(kek: Uint8Array, label: KeyLabel & Pick<StoredKey, 'createdAt'>, key: Uint8Array): StoredKey {
  return { ...label, wrapped: closeBox(kek, contextOf(label), key), spki: new Uint8Array(0) };
}

/** Undefined where the key does not open, or is not the private half of the public key stored beside it. */
export function unwrapPrivateKey(kek: Uint8Array, stored: StoredKey): KeyObject | undefined {
  const pkcs8 = openBox(kek, contextOf(stored), stored.wrapped);
  if (pkcs8 === undefined) return undefined;
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  return equalBytes(spkiOf(key), stored.spki) ? key : undefined;
}

/** Undefined where the key does not open. The caller zeroes it when it is done. */
export function unwrapSecretKey(kek: Uint8Array, stored: StoredKey): Buffer | undefined {
  return openBox(kek, contextOf(stored), stored.wrapped);
}

/** The same key under another key-encryption key; undefined where it does not open. */
export function rewrapKey(from: Uint8Array, to: Uint8Array, stored: StoredKey): StoredKey | undefined {
  const bytes = openBox(from, contextOf(stored), stored.wrapped);
  if (bytes === undefined) return undefined;
  const wrapped = closeBox(to, contextOf(stored), bytes);
  bytes.fill(0);
  return { ...stored, wrapped };
}

export const spkiOf = (key: KeyObject): Uint8Array => new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
