/**
 * The application's key ports for unit tests: the product's own keyring over an in-process pool, so all crypto is real,
 * but there are no workers, passphrases are cheap, and private keys are made once per process (test/support/keys.ts).
 */
import type { KeyObject } from 'node:crypto';
import { Busy, VaultLocked } from '../../src/main/application/ports/outages.ts';
import type { VaultInitialised } from '../../src/main/application/ports/vault.ts';
import type { CryptoPool } from '../../src/main/adapters/crypto/pool.ts';
import type { generatePrivateKey } from '../../src/main/adapters/crypto/generateKey.ts';
import { createNodeCrypto, rawRsaDecrypt, signWith } from '../../src/main/adapters/crypto/nodeCrypto.ts';
import { selfTest } from '../../src/main/adapters/crypto/selfTest.ts';
import type { Keychain } from '../../src/main/adapters/vault/keychain.ts';
import { ok } from '../../src/main/core/lib/result.ts';
import { openMessage } from '../../src/main/core/scep/openMessage.ts';
import { sealReply } from '../../src/main/core/scep/sealReply.ts';
import { type Keyring, type KeyringOptions, createKeyring } from '../../src/main/hosts/keyring.ts';
import { ecKey, ed25519Key, rsaKey } from './keys.ts';

export const TEST_PASSPHRASE = 'correct horse battery';

export interface TestKeys extends Keyring {
  readonly pool: CryptoPool;
  /** What initialising the vault gave to store; undefined where it was left empty. */
  readonly initialised: VaultInitialised | undefined;
  /** Makes `open` throw Busy, as a full queue does. */
  setBusy(busy: boolean): void;
}

export interface TestKeysOptions extends Partial<KeyringOptions> {
  /** `open` (default): a passphrase vault, initialised and open. `empty`: first run. */
  readonly vault?: 'open' | 'empty';
}

/** Key ports with a vault that TEST_PASSPHRASE opens. */
export async function openTestKeys({ vault = 'open', ...options }: TestKeysOptions = {}): Promise<TestKeys> {
  const { pool, setBusy } = inProcessPool();
  const keyring = createKeyring({
    clock: { now: () => Date.UTC(2026, 10, 21) },
    log: () => undefined,
    onAuditKey: () => undefined,
    pool,
    keychain: memoryKeychain(),
    generateKey: keptKeys(),
    scryptCost: 2 ** 10,
    ...options,
  });
  if (vault === 'empty') return { ...keyring, pool, setBusy, initialised: undefined };
  const made = await keyring.vault.initialize('passphrase', TEST_PASSPHRASE);
  if (!made.ok) throw new Error(`the test vault was refused: ${made.error.code}`);
  return { ...keyring, pool, setBusy, initialised: made.value };
}

/** A keychain in memory, which holds what it is given. */
export function memoryKeychain(secrets = new Map<string, string>()): Keychain {
  return {
    name: 'a keychain in memory',
    get: (account) => Promise.resolve(ok(secrets.get(account) ?? null)),
    set: (account, secret) => {
      secrets.set(account, secret);
      return Promise.resolve(ok(undefined));
    },
    remove: (account) => {
      secrets.delete(account);
      return Promise.resolve(ok(undefined));
    },
  };
}

/** The first RSA-2048 key asked for is the same in every test file of a process, and so on; no two of one keyring are the same. */
function keptKeys(): typeof generatePrivateKey {
  const FIRST = 500;
  let next = FIRST;
  return (algorithm) => {
    const i = next++;
    switch (algorithm) {
      case 'rsa-2048':
        return Promise.resolve(rsaKey(i).privateKey);
      case 'rsa-3072':
        return Promise.resolve(rsaKey(i, 3072).privateKey);
      case 'rsa-4096':
        return Promise.resolve(rsaKey(i, 4096).privateKey);
      case 'p256':
        return Promise.resolve(ecKey(i, 'P-256').privateKey);
      case 'p384':
        return Promise.resolve(ecKey(i, 'P-384').privateKey);
      case 'ed25519':
        return Promise.resolve(ed25519Key(i).privateKey);
    }
  };
}

/** What the workers do, done at once. */
export function inProcessPool(): { readonly pool: CryptoPool; setBusy(busy: boolean): void } {
  const crypto = createNodeCrypto();
  const keys = new Map<string, KeyObject>();
  let busy = false;
  const keyOf = (keyId: string): KeyObject => {
    const key = keys.get(keyId);
    if (key === undefined) throw new VaultLocked();
    return key;
  };
  return {
    setBusy: (now) => void (busy = now),
    pool: {
      addKey: (keyId, key) => void keys.set(keyId, key),
      has: (keyId) => keys.has(keyId),
      dropKey: (keyId) => Promise.resolve(void keys.delete(keyId)),
      dropKeys: () => Promise.resolve(keys.clear()),
      open: async (message, options) => {
        if (busy) throw new Busy();
        return openMessage(message, options, {
          crypto,
          decryptFor: (keyId) => {
            const key = keys.get(keyId);
            return key?.asymmetricKeyType === 'rsa' ? rawRsaDecrypt(key) : undefined;
          },
        });
      },
      seal: async (reply, frame, options, keyId) => sealReply(reply, frame, options, { crypto, sign: signWith(keyOf(keyId)) }),
      sign: async (keyId, scheme, bytes) => signWith(keyOf(keyId))(scheme, bytes),
      selfTest: () => Promise.resolve(selfTest()),
      heldKeys: () => Promise.resolve([[...keys.keys()]]),
      close: () => Promise.resolve(),
    },
  };
}
