/**
 * The key-encryption key from a passphrase, by scrypt (RFC 7914) on libuv's threads.
 * Owns the cost and the least length; what the key opens is said elsewhere.
 */
import { scrypt } from 'node:crypto';

/**
 * Whoever copies the database can guess offline, so the cost is what counts: a guess takes 128 MiB and a third of a second of a core,
 * two years of a core for a thousandth of all eight-letter lower-case passphrases. Less than eight characters no cost can save.
 */
export const PASSPHRASE_MINIMUM = 8;
export const SCRYPT_COST = 2 ** 17;
export const SALT_LENGTH = 16;
const BLOCK_SIZE = 8;
const KEK_LENGTH = 32;
// A record is data that came from disk: a cost beyond this would be somebody's attempt to fill the memory.
const MAX_COST = 2 ** 20;

/** True for a cost that this program would ever have written, or a later one might. */
export const isCost = (n: unknown): n is number => typeof n === 'number' && Number.isInteger(n) && n >= 2 && n <= MAX_COST && (n & (n - 1)) === 0;

/** Characters as a person counts them. */
export const passphraseLength = (passphrase: string): number => [...passphrase.normalize('NFKC')].length;

/** Normalised first: the same keys pressed on a Mac and on Windows give different code points for é. */
export function deriveKek(passphrase: string, salt: Uint8Array, cost: number): Promise<Buffer> {
  const bytes = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  // Node's default bound of 32 MiB is below what these parameters need, and it throws.
  const maxmem = 128 * BLOCK_SIZE * cost + 1024 * 1024;
  return new Promise((resolve, reject) => {
    scrypt(bytes, salt, KEK_LENGTH, { N: cost, r: BLOCK_SIZE, p: 1, maxmem }, (error, key) => {
      bytes.fill(0);
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
