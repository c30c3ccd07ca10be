/**
 * Makes private keys, on libuv's threads and not on the pool's workers: an RSA-4096 key takes seconds, and no device's message should wait behind it.
 * What becomes of a key (wrapped, opened on the workers) is the keyring's matter.
 */
import { type KeyObject, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithm } from '../../core/ca/authority.ts';

const generate = promisify(generateKeyPair);

/** A new private key. RSA with the exponent 65537, which every client takes. */
export async function generatePrivateKey(algorithm: KeyAlgorithm | 'ed25519'): Promise<KeyObject> {
  switch (algorithm) {
    case 'rsa-2048':
      return (await generate('rsa', { modulusLength: 2048 })).privateKey;
    case 'rsa-3072':
      return (await generate('rsa', { modulusLength: 3072 })).privateKey;
    case 'rsa-4096':
      return (await generate('rsa', { modulusLength: 4096 })).privateKey;
    case 'p256':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
    case 'p384':
      return (await generate('ec', { namedCurve: 'P-384' })).privateKey;
    case 'ed25519':
      return (await generate('ed25519')).privateKey;
  }
}
