/**
 * The keyring joins the vault (where keys lie wrapped) and the crypto pool (where they are used) into the application's key ports.
 * Owns which keys are open, and that all of them go when the vault is locked; what may be signed is decided in the application.
 */
import { type KeyObject, createHash, randomUUID, sign } from 'node:crypto';
import { openCourierBox, sealCourierBox } from '../adapters/crypto/courierBox.ts';
import { generatePrivateKey } from '../adapters/crypto/generateKey.ts';
import { readKeyFiles } from '../adapters/crypto/keyFiles.ts';
import { sealPrivateKey } from '../adapters/crypto/sealPrivateKey.ts';
import { type CryptoPool, createCryptoPool } from '../adapters/crypto/pool.ts';
import type { SelfTestResult } from '../adapters/crypto/selfTest.ts';
import { type BoxedKeks, boxKeks } from '../adapters/vault/backupKeks.ts';
import { type MadeKek, findKek, kindOf, makeKek, replaceKek } from '../adapters/vault/kek.ts';
import { type Keychain, openKeychain } from '../adapters/vault/keychain.ts';
import { type SecretKeys, createSecrets, makeSecretKeys, openSecretKeys, zeroSecretKeys } from '../adapters/vault/secrets.ts';
import { rewrapKey, unwrapPrivateKey, unwrapSecretKey, wrapPrivateKey } from '../adapters/vault/wrap.ts';
import { schemeFor } from '../application/issue.ts';
import type { CourierKeys } from '../application/ports/courierKeys.ts';
import { VaultLocked } from '../application/ports/outages.ts';
import type { OcspKeys } from '../application/ports/ocspKeys.ts';
import type { ScepKeys } from '../application/ports/scepKeys.ts';
import type { Secrets } from '../application/ports/secrets.ts';
import type { Signers } from '../application/ports/signers.ts';
import type { Clock, Log } from '../application/ports/system.ts';
import type { Vault, VaultInitialised, VaultKind, VaultRecord, VaultRefusal } from '../application/ports/vault.ts';
import type { KeyAlgorithm, KeyPurpose, StoredKey } from '../core/ca/authority.ts';
import { type Result, err, ok } from '../core/lib/result.ts';
import { assembleCsr, writeCsrInfo } from '../core/pki/csr.ts';

export interface KeyringOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The store signs audit heads: it is given the key when the vault opens and told to drop it (undefined) when it locks. Awaited. */
  readonly onAuditKey: (key: KeyObject | undefined, spki: Uint8Array) => void | Promise<void>;
  /** By default one worker a core, and this machine's keychain. */
  readonly pool?: CryptoPool;
  readonly keychain?: Keychain;
  readonly generateKey?: typeof generatePrivateKey;
  /** scrypt's N for new passphrases; for tests in a hurry. */
  readonly scryptCost?: number;
}

export interface Keyring {
  readonly vault: Vault;
  readonly signers: Signers;
  readonly scepKeys: ScepKeys;
  readonly ocspKeys: OcspKeys;
  readonly courierKeys: CourierKeys;
  readonly secrets: Secrets;
  /** The key-encryption keys, boxed under a backup's own key. Throws VaultLocked. */
  boxKeks(key: Uint8Array): BoxedKeks;
  /** Of the crypto library as the workers have it. */
  selfTest(): Promise<readonly SelfTestResult[]>;
  /** Locks, and ends the workers. */
  close(): Promise<void>;
}

/** All that is open at one time; it goes as a whole. */
interface Open {
  readonly kek: Buffer;
  readonly previousKek: Buffer | undefined;
  readonly secrets: SecretKeys;
}

const AUDIT_KEY_ID = 'audit';

/** A keyring with nothing open: `vault.load` tells it what the store holds. */
export function createKeyring(options: KeyringOptions): Keyring {
  const { clock, log, onAuditKey, scryptCost, generateKey = generatePrivateKey, keychain = openKeychain() } = options;
  const pool = options.pool ?? createCryptoPool({ onDeath: (reason) => log('error', 'crypto.worker-died', { reason }) });
  const kekTools = { keychain, scryptCost };
  const purposes = new Map<string, KeyPurpose>();
  // Not on the workers: they are used a few times a month, and one of them does what the workers cannot.
  const courier = new Map<string, KeyObject>();
  let open: Open | undefined;
  let kind: VaultKind | undefined;
  let empty = true;
  let auditSpki: Uint8Array | undefined;
  let keychainFound = false;
  const inTurn = oneAtATime();

  const requireOpen = (): Open => {
    if (open === undefined) throw new VaultLocked();
    return open;
  };

  const learn = (record: VaultRecord, keys: readonly StoredKey[]): void => {
    empty = false;
    kind = kindOf(record);
    auditSpki = keys.find((key) => key.purpose === 'audit')?.spki ?? auditSpki;
  };

  const courierKey = (keyId: string): KeyObject => {
    requireOpen();
    const key = courier.get(keyId);
    if (key === undefined) throw new Error(`there is no open courier key ${keyId}`);
    return key;
  };

  const openOnPool = (id: string, purpose: KeyPurpose, key: KeyObject): void => {
    if (purpose === 'courier') {
      courier.set(id, key);
      return;
    }
    purposes.set(id, purpose);
    pool.addKey(id, key);
  };

  async function makeKey(purpose: 'authority' | 'scep' | 'ocsp', algorithm: KeyAlgorithm): Promise<StoredKey> {
    requireOpen();
    const key = await generateKey(algorithm);
    // The vault may have been locked meanwhile, or have got another passphrase.
    const { kek } = requireOpen();
    const stored = wrapPrivateKey(kek, { id: randomUUID(), purpose, algorithm, createdAt: clock.now() }, key);
    openOnPool(stored.id, purpose, key);
    return stored;
  }

  async function lock(): Promise<void> {
    const was = open;
    open = undefined;
    purposes.clear();
    courier.clear();
    if (was !== undefined) forget(was);
    const dropped = pool.dropKeys();
    // Both are told at once, and both have answered before a lock counts as done.
    await Promise.all([dropped, auditSpki === undefined ? undefined : onAuditKey(undefined, auditSpki)]);
  }

  async function initialize(chosen: VaultKind, passphrase: string | undefined): Promise<Result<VaultInitialised, VaultRefusal>> {
    if (!empty) throw new Error('this vault was set up before');
    const made = await makeKek(kekTools, chosen, passphrase);
    if (!made.ok) return made;
    const { kek, record } = made.value;
    const auditKey = await generateKey('ed25519');
    const createdAt = clock.now();
    const audit = wrapPrivateKey(kek, { id: AUDIT_KEY_ID, purpose: 'audit', algorithm: 'ed25519', createdAt }, auditKey);
    const secrets = makeSecretKeys(kek, createdAt);
    const keys = [audit, ...secrets.stored];
    learn(record, keys);
    open = { kek, previousKek: undefined, secrets: secrets.keys };
    await onAuditKey(auditKey, audit.spki);
    return ok({ record, keys });
  }

  async function unlock(record: VaultRecord, keys: readonly StoredKey[], passphrase: string | undefined): Promise<Result<void, VaultRefusal>> {
    learn(record, keys);
    if (open !== undefined) return ok(undefined);
    const found = await findKek(kekTools, record, passphrase);
    if (!found.ok) return found;
    const { kek, previous } = found.value;
    const opened = openAll(keys, kek, previous);
    if (!opened.ok) {
      kek.fill(0);
      previous?.fill(0);
      return err({ code: 'vault-damaged', detail: opened.error });
    }
    open = { kek, previousKek: previous, secrets: opened.value.secrets };
    for (const { stored, key } of opened.value.working) openOnPool(stored.id, stored.purpose, key);
    try {
      await onAuditKey(opened.value.audit.key, opened.value.audit.stored.spki);
    } catch (error) {
      // Half open is not a state: without an audit key nothing may be decided.
      await lock();
      throw error;
    }
    return ok(undefined);
  }

  async function prove(record: VaultRecord, passphrase: string | undefined): Promise<Result<void, VaultRefusal>> {
    const found = await findKek(kekTools, record, passphrase);
    if (!found.ok) return found;
    forgetKeks({ kek: found.value.kek, previousKek: found.value.previous });
    return ok(undefined);
  }

  async function changePassphrase(record: VaultRecord, keys: readonly StoredKey[], current: string, next: string): Promise<Result<VaultInitialised, VaultRefusal>> {
    if (kindOf(record) !== 'passphrase') throw new Error('only a passphrase vault has a passphrase to change');
    const found = await findKek(kekTools, record, current);
    if (!found.ok) return found;
    const made = await replaceKek(kekTools, next, found.value.kek);
    const result = made.ok ? rewrapAll(keys, found.value, made.value) : made;
    if (result.ok && made.ok && open !== undefined) {
      const { secrets } = open;
      forgetKeks(open);
      open = { kek: made.value.kek, previousKek: found.value.kek, secrets };
      found.value.previous?.fill(0);
    } else {
      forgetKeks({ kek: found.value.kek, previousKek: found.value.previous });
      if (made.ok) made.value.kek.fill(0);
    }
    return result;
  }

  return {
    vault: {
      state: () => (empty ? 'empty' : open === undefined ? 'locked' : 'open'),
      kind: () => kind,
      keychain: async () => {
        if (keychainFound) return { available: true, detail: keychain.name };
        // Asks for what is certainly not there: that opens no prompt, and fails where there is no keychain.
        const probed = await keychain.get('availability');
        keychainFound = probed.ok;
        return probed.ok ? { available: true, detail: keychain.name } : { available: false, detail: probed.error };
      },
      auditKeyFingerprint: () => (auditSpki === undefined ? undefined : createHash('sha256').update(auditSpki).digest('hex')),
      initialize: (chosen, passphrase) => inTurn(() => initialize(chosen, passphrase)),
      unlock: (record, keys, passphrase) => inTurn(() => unlock(record, keys, passphrase)),
      // Out of turn: it changes nothing, and a lock must not wait for somebody who types.
      prove,
      lock: () => inTurn(lock),
      changePassphrase: (record, keys, current, next) => inTurn(() => changePassphrase(record, keys, current, next)),
      load: (record, keys) => {
        if (record !== undefined) learn(record, keys);
      },
    },
    signers: {
      has: (keyId) => purposes.get(keyId) === 'authority',
      sign: async (keyId, scheme, bytes) => {
        requireOpen();
        // A SCEP key speaks to devices only: whoever asks it for a certificate has mixed up two keys.
        if (purposes.get(keyId) !== 'authority') throw new Error(`there is no open authority key ${keyId}`);
        return pool.sign(keyId, scheme, bytes);
      },
      generate: makeKey,
      adopt: async (files, passphrase) => {
        requireOpen();
        const read = await readKeyFiles(files, passphrase);
        if (!read.ok) return read;
        const { key, algorithm, certificates } = read.value;
        const { kek } = requireOpen();
        const stored = wrapPrivateKey(kek, { id: randomUUID(), purpose: 'authority', algorithm, createdAt: clock.now() }, key);
        return ok({ key: { ...stored, algorithm }, certificates });
      },
      seal: async (stored, passphrase) => {
        const { kek, previousKek } = requireOpen();
        if (stored.purpose !== 'authority') throw new Error(`the ${stored.purpose} key ${stored.id} is nobody else's`);
        const key = underEither(kek, previousKek, (k) => unwrapPrivateKey(k, stored));
        if (key === undefined) throw new Error(`the key ${stored.id} does not open under the vault's key`);
        return sealPrivateKey(key, passphrase);
      },
      hold: async (stored) => {
        const { kek, previousKek } = requireOpen();
        const key = underEither(kek, previousKek, (k) => unwrapPrivateKey(k, stored));
        if (key === undefined) throw new Error(`the key ${stored.id} does not open under the vault's key`);
        openOnPool(stored.id, stored.purpose, key);
      },
    },
    scepKeys: {
      // In combined mode the SCEP key is the authority's own.
      has: (keyId) => purposes.has(keyId),
      open: async (message, options) => {
        requireOpen();
        return pool.open(message, options);
      },
      seal: async (reply, frame, options, keyId) => {
        requireOpen();
        return pool.seal(reply, frame, options, keyId);
      },
    },
    ocspKeys: {
      has: (keyId) => purposes.get(keyId) === 'ocsp',
      sign: async (keyId, scheme, bytes) => {
        requireOpen();
        // Only here: a key that signs answers for anonymous strangers signs nothing else, and no other key signs answers.
        if (purposes.get(keyId) !== 'ocsp') throw new Error(`there is no open OCSP key ${keyId}`);
        return pool.sign(keyId, scheme, bytes);
      },
    },
    courierKeys: {
      has: (keyId) => courier.has(keyId),
      generate: async () => {
        const [signing, agreement] = await Promise.all([generateKey('ed25519'), generateKey('p256')]);
        const { kek } = requireOpen();
        const wrap = (algorithm: 'ed25519' | 'p256', key: KeyObject): StoredKey => {
          const stored = wrapPrivateKey(kek, { id: randomUUID(), purpose: 'courier', algorithm, createdAt: clock.now() }, key);
          courier.set(stored.id, key);
          return stored;
        };
        return { signing: wrap('ed25519', signing), agreement: wrap('p256', agreement) };
      },
      sign: (keyId, bytes) => new Uint8Array(sign(null, bytes, courierKey(keyId))),
      seal: sealCourierBox,
      open: (keyId, head, box) => openCourierBox(courierKey(keyId), head, box),
      request: async (purpose, algorithm, subject) => {
        const key = await makeKey(purpose, algorithm);
        const scheme = schemeFor(algorithm);
        const info = writeCsrInfo({ subject, spki: key.spki, extensions: [] });
        return { key, csr: assembleCsr(info, scheme, await pool.sign(key.id, scheme, info)) };
      },
      forget: (keyIds) => {
        for (const keyId of keyIds) courier.delete(keyId);
      },
    },
    secrets: createSecrets(() => requireOpen().secrets),
    boxKeks: (key) => {
      const { kek, previousKek } = requireOpen();
      return boxKeks(key, { kek, previous: previousKek });
    },
    selfTest: () => pool.selfTest(),
    close: () =>
      inTurn(async () => {
        await lock();
        await pool.close();
      }),
  };
}

export interface OpenedKey {
  readonly stored: StoredKey;
  readonly key: KeyObject;
}

export interface AllKeys {
  /** Authority, SCEP and OCSP keys: for the workers. */
  readonly working: readonly OpenedKey[];
  readonly audit: OpenedKey;
  readonly secrets: SecretKeys;
}

/** All or none: a vault with a hole in it would refuse devices one by one, for no reason that they could see. */
export function openAll(keys: readonly StoredKey[], kek: Buffer, previous: Buffer | undefined): Result<AllKeys, string> {
  const secrets = openSecretKeys((stored) => underEither(kek, previous, (k) => unwrapSecretKey(k, stored)), keys);
  if (secrets === undefined) return err('The keys for challenges and stored requests are missing or do not open under the vault’s key.');
  const opened: OpenedKey[] = [];
  for (const stored of keys.filter((key) => key.purpose !== 'secrets')) {
    const key = underEither(kek, previous, (k) => unwrapPrivateKey(k, stored));
    if (key === undefined) {
      zeroSecretKeys(secrets);
      return err(`The ${stored.purpose} key ${stored.id} does not open under the vault’s key, or is not what its public key says.`);
    }
    opened.push({ stored, key });
  }
  const audit = opened.find(({ stored }) => stored.purpose === 'audit');
  if (audit === undefined) {
    zeroSecretKeys(secrets);
    return err('The audit key is missing.');
  }
  return ok({ working: opened.filter((key) => key !== audit), audit, secrets });
}

/** All keys under another key-encryption key, with the record that finds it. */
export function rewrapAll(keys: readonly StoredKey[], from: { readonly kek: Buffer; readonly previous: Buffer | undefined }, to: MadeKek): Result<VaultInitialised, VaultRefusal> {
  const rewrapped: StoredKey[] = [];
  for (const stored of keys) {
    const again = underEither(from.kek, from.previous, (k) => rewrapKey(k, to.kek, stored));
    if (again === undefined) return err({ code: 'vault-damaged', detail: `The ${stored.purpose} key ${stored.id} does not open under the vault’s key.` });
    rewrapped.push(again);
  }
  return ok({ record: to.record, keys: rewrapped });
}

function underEither<T>(kek: Buffer, previous: Buffer | undefined, attempt: (kek: Buffer) => T | undefined): T | undefined {
  return attempt(kek) ?? (previous === undefined ? undefined : attempt(previous));
}

/** What can be overwritten is; KeyObjects free their keys when they are collected. */
function forget(open: Open): void {
  forgetKeks(open);
  zeroSecretKeys(open.secrets);
}

function forgetKeks({ kek, previousKek }: Pick<Open, 'kek' | 'previousKek'>): void {
  kek.fill(0);
  previousKek?.fill(0);
}

/** Unlocking takes a third of a second, and a lock that comes in between must not be undone by it: one after the other. */
function oneAtATime(): <T>(step: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const next = last.then(step, step);
    last = next.catch(() => undefined);
    return next;
  };
}
