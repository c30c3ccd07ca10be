// The key ports (signers, scepKeys, secrets, vault), the same behaviour over workers and in process, for a passphrase and for a keychain.
import { type KeyObject, createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VaultLocked } from '../../src/main/application/ports/outages.ts';
import type { VaultInitialised, VaultKind } from '../../src/main/application/ports/vault.ts';
import { type CryptoPool, createCryptoPool } from '../../src/main/adapters/crypto/pool.ts';
import { parseCertificate } from '../../src/main/core/pki/certificate.ts';
import type { StoredKey } from '../../src/main/core/ca/authority.ts';
import type { Recipient } from '../../src/main/core/scep/message.ts';
import { type Keyring, createKeyring } from '../../src/main/hosts/keyring.ts';
import { type SentMessage, certPoll, certificate, ecKey, pkcsReq, rsaKey, testCa } from '../support/forge.ts';
import { openReply } from '../support/replies.ts';
import { inProcessPool, memoryKeychain } from '../support/testKeys.ts';

const PASSPHRASE = 'correct horse battery';
const scheme = { kind: 'rsa-pkcs1', digest: 'sha256' } as const;
const bytes = new TextEncoder().encode('what is signed');

interface Fixture {
  readonly keyring: Keyring;
  readonly auditKeys: (KeyObject | undefined)[];
}

const kinds: readonly { readonly kind: VaultKind; readonly passphrase: string | undefined }[] = [
  { kind: 'passphrase', passphrase: PASSPHRASE },
  { kind: 'keychain', passphrase: undefined },
];
const pools: readonly { readonly name: string; readonly make: () => CryptoPool }[] = [
  { name: 'in process', make: () => inProcessPool().pool },
  { name: 'on workers', make: () => createCryptoPool({ size: 2 }) },
];

describe.each(pools)('key ports $name', ({ make }) => {
  describe.each(kinds)('with a $kind vault', ({ kind, passphrase }) => {
    let pool: CryptoPool;
    let secrets: Map<string, string>;
    let made: VaultInitialised;
    let first: Fixture;

    const open = (): Fixture => {
      const auditKeys: (KeyObject | undefined)[] = [];
      const keyring = createKeyring({
        clock: { now: () => 1_800_000_000_000 },
        log: () => undefined,
        onAuditKey: (key) => void auditKeys.push(key),
        pool,
        keychain: memoryKeychain(secrets),
        scryptCost: 2 ** 10,
      });
      return { keyring, auditKeys };
    };

    beforeAll(() => {
      pool = make();
    });
    afterAll(() => pool.close());
    beforeEach(async () => {
      await pool.dropKeys();
      secrets = new Map();
      first = open();
      const result = await first.keyring.vault.initialize(kind, passphrase);
      if (!result.ok) throw new Error(result.error.code);
      made = result.value;
    });

    /** Another start of the program with what was stored. */
    const restart = async (keys: readonly StoredKey[]): Promise<Fixture> => {
      await first.keyring.vault.lock();
      const next = open();
      next.keyring.vault.load(made.record, keys);
      return next;
    };

    it('starts empty, and is open once initialised', () => {
      expect(open().keyring.vault.state()).toBe('empty');
      expect(first.keyring.vault.state()).toBe('open');
      expect(first.keyring.vault.kind()).toBe(kind);
    });

    it('makes one audit key and the keys for secrets, and hands the audit key out', () => {
      expect(made.keys.map(({ purpose, algorithm }) => `${purpose} ${algorithm}`).sort()).toEqual(['audit ed25519', 'secrets aes-256', 'secrets aes-256']);
      expect(first.auditKeys.map((key) => key?.asymmetricKeyType)).toEqual(['ed25519']);
      expect(first.keyring.vault.auditKeyFingerprint()).toMatch(/^[0-9a-f]{64}$/);
    });

    it('signs with a key that it made, and holds it no longer once locked', async () => {
      const { vault, signers } = first.keyring;
      const key = await signers.generate('authority', 'rsa-2048');
      const signature = await signers.sign(key.id, scheme, bytes);
      expect(verify('sha256', bytes, publicKey(key), signature)).toBe(true);
      await vault.lock();
      expect(vault.state()).toBe('locked');
      expect(signers.has(key.id)).toBe(false);
      await expect(signers.sign(key.id, scheme, bytes)).rejects.toBeInstanceOf(VaultLocked);
      await expect(signers.generate('authority', 'p256')).rejects.toBeInstanceOf(VaultLocked);
      expect((await pool.heldKeys()).flat()).toEqual([]);
      expect(first.auditKeys.at(-1)).toBeUndefined();
    });

    it.each(['rsa-3072', 'p256', 'p384'] as const)('makes %s keys that sign', async (algorithm) => {
      const { signers } = first.keyring;
      const key = await signers.generate('authority', algorithm);
      expect(key).toMatchObject({ purpose: 'authority', algorithm });
      const digest = algorithm === 'p384' ? 'sha384' : 'sha256';
      const signature = await signers.sign(key.id, algorithm === 'rsa-3072' ? scheme : { kind: 'ecdsa', digest }, bytes);
      expect(verify(digest, bytes, publicKey(key), signature)).toBe(true);
    });

    it('opens every stored key again after a restart', async () => {
      const key = await first.keyring.signers.generate('authority', 'rsa-2048');
      const mac = first.keyring.secrets.mac('challenge', 'ABCD-1234');
      const sealed = first.keyring.secrets.seal('request:1', bytes);
      const { keyring, auditKeys } = await restart([...made.keys, key]);
      expect(keyring.vault.state()).toBe('locked');
      expect(keyring.vault.auditKeyFingerprint()).toBe(first.keyring.vault.auditKeyFingerprint());
      expect(await keyring.vault.unlock(made.record, [...made.keys, key], passphrase)).toEqual({ ok: true, value: undefined });
      expect(keyring.vault.state()).toBe('open');
      expect(auditKeys.map((k) => k?.asymmetricKeyType)).toEqual(['ed25519']);
      expect(keyring.secrets.mac('challenge', 'ABCD-1234')).toBe(mac);
      expect(Buffer.from(keyring.secrets.open('request:1', sealed) ?? [])).toEqual(Buffer.from(bytes));
      expect(verify('sha256', bytes, publicKey(key), await keyring.signers.sign(key.id, scheme, bytes))).toBe(true);
    });

    it('takes a key out of a file: wrapped at once, open for signing when it is to be held, and there after a restart', async () => {
      const { signers } = first.keyring;
      const sealed = rsaKey(7).privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'of the file' });
      expect(await signers.adopt([Buffer.from(sealed)], 'not it')).toMatchObject({ ok: false, error: { code: 'wrong-file-passphrase' } });
      const adopted = await signers.adopt([Buffer.from(sealed), testCa().certificate], 'of the file');
      if (!adopted.ok) throw new Error(adopted.error.code);
      const { key, certificates } = adopted.value;
      expect(key).toMatchObject({ purpose: 'authority', algorithm: 'rsa-2048' });
      expect(Buffer.from(key.spki).equals(Buffer.from(rsaKey(7).spki))).toBe(true);
      expect(certificates).toHaveLength(1);
      const pkcs8 = rsaKey(7).privateKey.export({ type: 'pkcs8', format: 'der' });
      expect(Buffer.from(key.wrapped).includes(pkcs8.subarray(-64))).toBe(false);
      expect(signers.has(key.id)).toBe(false);
      await signers.hold(key);
      expect(verify('sha256', bytes, publicKey(key), await signers.sign(key.id, scheme, bytes))).toBe(true);
      const { keyring } = await restart([...made.keys, key]);
      expect((await keyring.vault.unlock(made.record, [...made.keys, key], passphrase)).ok).toBe(true);
      expect(verify('sha256', bytes, publicKey(key), await keyring.signers.sign(key.id, scheme, bytes))).toBe(true);
    });

    it('takes no key while it is locked, and holds none that is not its own', async () => {
      const { vault, signers } = first.keyring;
      const adopted = await signers.adopt([new Uint8Array(ecKey(7).privateKey.export({ type: 'sec1', format: 'der' }))], undefined);
      if (!adopted.ok) throw new Error(adopted.error.code);
      await expect(signers.hold({ ...adopted.value.key, id: 'another' })).rejects.toThrow(/does not open/);
      await vault.lock();
      await expect(signers.adopt([], undefined)).rejects.toBeInstanceOf(VaultLocked);
      await expect(signers.hold(adopted.value.key)).rejects.toBeInstanceOf(VaultLocked);
    });

    it('keeps a SCEP key from signing certificates', async () => {
      const { signers, scepKeys } = first.keyring;
      const key = await signers.generate('scep', 'rsa-2048');
      expect(scepKeys.has(key.id)).toBe(true);
      expect(signers.has(key.id)).toBe(false);
      await expect(signers.sign(key.id, scheme, bytes)).rejects.toThrow(/no open authority key/);
    });

    it('lets an OCSP key sign answers and nothing else, and no other key answers', async () => {
      const { vault, signers, ocspKeys } = first.keyring;
      const key = await signers.generate('ocsp', 'rsa-2048');
      expect([ocspKeys.has(key.id), signers.has(key.id)]).toEqual([true, false]);
      expect(verify('sha256', bytes, publicKey(key), await ocspKeys.sign(key.id, scheme, bytes))).toBe(true);
      await expect(signers.sign(key.id, scheme, bytes)).rejects.toThrow(/no open authority key/);
      const authority = await signers.generate('authority', 'rsa-2048');
      expect(ocspKeys.has(authority.id)).toBe(false);
      await expect(ocspKeys.sign(authority.id, scheme, bytes)).rejects.toThrow(/no open OCSP key/);
      await vault.lock();
      expect(ocspKeys.has(key.id)).toBe(false);
      await expect(ocspKeys.sign(key.id, scheme, bytes)).rejects.toBeInstanceOf(VaultLocked);
      expect((await vault.unlock(made.record, [...made.keys, key, authority], passphrase)).ok).toBe(true);
      expect(verify('sha256', bytes, publicKey(key), await ocspKeys.sign(key.id, scheme, bytes))).toBe(true);
    });

    it('lets a SCEP key sign an announcement, and no CA key do it in its place', async () => {
      const { vault, signers, announcementKeys } = first.keyring;
      const key = await signers.generate('scep', 'rsa-2048');
      const authority = await signers.generate('authority', 'rsa-2048');
      expect([announcementKeys.has(key.id), announcementKeys.has(authority.id)]).toEqual([true, false]);
      expect(verify('sha256', bytes, publicKey(key), await announcementKeys.sign(key.id, bytes))).toBe(true);
      await expect(announcementKeys.sign(authority.id, bytes)).rejects.toThrow(/no open SCEP key/);
      await vault.lock();
      await expect(announcementKeys.sign(key.id, bytes)).rejects.toBeInstanceOf(VaultLocked);
    });

    it('forgets one key for good, and holds the others', async () => {
      const { signers } = first.keyring;
      const [gone, kept] = [await signers.generate('authority', 'p256'), await signers.generate('authority', 'p256')];
      await signers.forget(gone.id);
      expect([signers.has(gone.id), signers.has(kept.id)]).toEqual([false, true]);
      await expect(signers.sign(gone.id, { kind: 'ecdsa', digest: 'sha256' }, bytes)).rejects.toThrow(/no open authority key/);
      for (const held of await pool.heldKeys()) {
        expect(held).not.toContain(gone.id);
        expect(held).toContain(kept.id);
      }
    });

    it('does not open a SCEP key as a CA key, whatever the row says', async () => {
      const key = await first.keyring.signers.generate('scep', 'rsa-2048');
      const keys = [...made.keys, { ...key, purpose: 'authority' as const }];
      const { keyring } = await restart(keys);
      expect(await keyring.vault.unlock(made.record, keys, passphrase)).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
      expect(keyring.vault.state()).toBe('locked');
      expect((await pool.heldKeys()).flat()).toEqual([]);
    });

    it('does not open two keys whose rows were swapped', async () => {
      const one = await first.keyring.signers.generate('authority', 'p256');
      const two = await first.keyring.signers.generate('authority', 'p256');
      const keys = [...made.keys, { ...one, wrapped: two.wrapped, spki: two.spki }];
      const { keyring } = await restart(keys);
      expect(await keyring.vault.unlock(made.record, keys, passphrase)).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
    });

    it('refuses a key with another public key beside it', async () => {
      const key = await first.keyring.signers.generate('authority', 'p256');
      const keys = [...made.keys, { ...key, spki: rsaKey(1).spki }];
      const { keyring } = await restart(keys);
      expect(await keyring.vault.unlock(made.record, keys, passphrase)).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
    });

    it('refuses every flipped bit of a wrapped key', async () => {
      const secret = made.keys.find(({ purpose }) => purpose === 'secrets');
      if (secret === undefined) throw new Error('there is no key for secrets');
      const { keyring } = await restart(made.keys);
      for (let at = 0; at < secret.wrapped.length; at++) {
        const wrapped = Uint8Array.from(secret.wrapped, (b, i) => (i === at ? b ^ 1 : b));
        const keys = made.keys.map((key) => (key === secret ? { ...key, wrapped } : key));
        expect(await keyring.vault.unlock(made.record, keys, passphrase), `octet ${at}`).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
      }
    });

    it('misses a key for secrets, or the audit key, before it opens anything', async () => {
      for (const gone of made.keys) {
        const { keyring } = await restart(made.keys);
        const keys = made.keys.filter((key) => key !== gone);
        expect(await keyring.vault.unlock(made.record, keys, passphrase), gone.id).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
        expect(keyring.vault.state()).toBe('locked');
      }
    });

    it('has no secrets while locked', async () => {
      const { vault, secrets: keys } = first.keyring;
      const sealed = keys.seal('request:1', bytes);
      await vault.lock();
      expect(() => keys.mac('challenge', 'x')).toThrow(VaultLocked);
      expect(() => keys.seal('request:1', bytes)).toThrow(VaultLocked);
      expect(() => keys.open('request:1', sealed)).toThrow(VaultLocked);
    });

    it('opens what was sealed in its own context only', () => {
      const { secrets: keys } = first.keyring;
      const sealed = keys.seal('request:1', bytes);
      expect(keys.open('request:2', sealed)).toBeUndefined();
      expect(keys.open('request:1', sealed.subarray(1))).toBeUndefined();
      expect(keys.open('request:1', new Uint8Array(0))).toBeUndefined();
      expect(keys.open('request:1', Uint8Array.from(sealed, (b, i) => (i === sealed.length - 1 ? b ^ 1 : b)))).toBeUndefined();
      expect(Buffer.from(sealed).includes(Buffer.from(bytes))).toBe(false);
    });

    it('gives other MACs than another vault', async () => {
      const other = open();
      await other.keyring.vault.initialize(kind, passphrase);
      const mac = first.keyring.secrets.mac('challenge', 'ABCD');
      expect(mac).toMatch(/^[0-9a-f]{64}$/);
      expect(first.keyring.secrets.mac('challenge', 'ABCD')).toBe(mac);
      expect(other.keyring.secrets.mac('challenge', 'ABCD')).not.toBe(mac);
    });

    it('opens a message, seals the answer, and does neither once locked', async () => {
      const { vault, scepKeys } = first.keyring;
      const { stored, certificate: signerCertificate, recipient, sent } = await enrolment(first.keyring);
      const outcome = await scepKeys.open(sent.bytes, { compatibility: 'standard', recipients: [recipient], skipContent: false });
      if (outcome.kind !== 'request' || outcome.content.kind !== 'csr') throw new Error(`opened as ${outcome.kind}`);
      const options = { signerCertificate, cipher: 'aes-128-cbc', keyTransport: { kind: 'rsaes-pkcs1' }, emptyContent: false, password: undefined } as const;
      expect(outcome.content.csr.challengePassword).toBe('secret');
      const reply = await scepKeys.seal({ kind: 'pending' }, outcome.frame, options, stored.id);
      expect(openReply(reply, sent)).toMatchObject({ pkiStatus: 'PENDING' });
      await vault.lock();
      expect(scepKeys.has(stored.id)).toBe(false);
      await expect(scepKeys.open(sent.bytes, { compatibility: 'standard', recipients: [recipient], skipContent: false })).rejects.toBeInstanceOf(VaultLocked);
      await expect(scepKeys.seal({ kind: 'pending' }, outcome.frame, options, stored.id)).rejects.toBeInstanceOf(VaultLocked);
    });

    it('reads a CertPoll without a key that opens it', async () => {
      const { recipient, sent } = await enrolment(first.keyring);
      const poll = certPoll(sent);
      const outcome = await first.keyring.scepKeys.open(poll.bytes, { compatibility: 'standard', recipients: [recipient], skipContent: false });
      expect(outcome).toMatchObject({ kind: 'request', type: 'CertPoll', content: { kind: 'unopened' } });
    });

    it('stays locked when it is locked while it unlocks', async () => {
      const { keyring } = await restart(made.keys);
      const unlocking = keyring.vault.unlock(made.record, made.keys, passphrase);
      const locking = keyring.vault.lock();
      expect((await unlocking).ok).toBe(true);
      await locking;
      expect(keyring.vault.state()).toBe('locked');
      expect((await pool.heldKeys()).flat()).toEqual([]);
    });

    it('does not give out a key whose making a lock overtook', async () => {
      const { vault, signers } = first.keyring;
      const making = signers.generate('authority', 'rsa-2048');
      const refusal = expect(making).rejects.toBeInstanceOf(VaultLocked);
      await vault.lock();
      await refusal;
      expect((await pool.heldKeys()).flat()).toEqual([]);
    });

    it('says that it is damaged where the record is not one', async () => {
      const { keyring } = await restart(made.keys);
      expect(await keyring.vault.unlock({ version: 7 }, made.keys, passphrase)).toMatchObject({ ok: false, error: { code: 'vault-damaged' } });
    });

    it('holds no secret in its record', () => {
      const text = JSON.stringify(made.record);
      expect(text).not.toContain(PASSPHRASE);
      for (const secret of secrets.values()) expect(text).not.toContain(secret);
    });
  });
});

const publicKey = (key: StoredKey): KeyObject => createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });

/** A combined-mode CA whose key the keyring made, and a PKCSReq to it. */
async function enrolment({ signers }: Keyring): Promise<{ readonly stored: StoredKey; readonly certificate: Uint8Array; readonly recipient: Recipient; readonly sent: SentMessage }> {
  const stored = await signers.generate('authority', 'rsa-2048');
  const der = certificate({ subject: 'CN=Combined', key: { ...rsaKey(3), spki: stored.spki }, issuer: testCa() });
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(parsed.error);
  const recipient: Recipient = { id: 'combined', issuer: parsed.value.issuer, serial: parsed.value.serialHex, subjectKeyId: '', keyId: stored.id };
  return { stored, certificate: der, recipient, sent: pkcsReq({ key: rsaKey(3), recipient: der, challenge: 'secret' }) };
}
