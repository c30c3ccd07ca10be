import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNodeCrypto, rawRsaDecrypt, signWith } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { CIPHERS } from '../../../../src/main/core/pki/algorithms.ts';
import type { CipherName, DigestName, SignatureScheme } from '../../../../src/main/core/pki/crypto.ts';
import { recoverContentKey } from '../../../../src/main/core/pki/keyTransport.ts';
import { type TestKey, ecKey, ed25519Key, rsaKey } from '../../../support/keys.ts';

const crypto = createNodeCrypto();
const text = Buffer.from('what is signed');
const DIGESTS: readonly DigestName[] = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

const schemes: readonly (readonly [string, TestKey, SignatureScheme])[] = [
  ...DIGESTS.map((digest) => [`RSA with ${digest}`, rsaKey(0), { kind: 'rsa-pkcs1', digest }] as const),
  ['RSA-PSS', rsaKey(0), { kind: 'rsa-pss', digest: 'sha512', mgf1Digest: 'sha512', saltLength: 64 }],
  ['RSA-PSS without salt', rsaKey(0), { kind: 'rsa-pss', digest: 'sha256', mgf1Digest: 'sha256', saltLength: 0 }],
  ['P-256', ecKey(0), { kind: 'ecdsa', digest: 'sha256' }],
  ['P-384', ecKey(0, 'P-384'), { kind: 'ecdsa', digest: 'sha1' }],
  ['P-521', ecKey(0, 'P-521'), { kind: 'ecdsa', digest: 'sha512' }],
  ['Ed25519', ed25519Key(0), { kind: 'ed25519' }],
];

describe('signatures', () => {
  it.each(schemes)('B2 %s: what is signed verifies, what is changed does not', (_, key, scheme) => {
    const signature = signWith(key.privateKey)(scheme, text);
    expect(crypto.verify(key.spki, scheme, text, signature)).toBe(true);
    expect(crypto.verify(key.spki, scheme, Buffer.from('something else'), signature)).toBe(false);
    expect(crypto.verify(key.spki, scheme, text, signature.subarray(1))).toBe(false);
    expect(crypto.verify(key.spki, scheme, text, new Uint8Array(0))).toBe(false);
  });

  it('a PSS signature needs the salt length that its parameters say', () => {
    const scheme = { kind: 'rsa-pss', digest: 'sha256', mgf1Digest: 'sha256', saltLength: 32 } as const;
    const signature = signWith(rsaKey(0).privateKey)(scheme, text);
    expect(crypto.verify(rsaKey(0).spki, { ...scheme, saltLength: 20 }, text, signature)).toBe(false);
    expect(crypto.verify(rsaKey(0).spki, { ...scheme, saltLength: 1000 }, text, signature)).toBe(false);
  });

  it.each(schemes)('%s: a key of another kind is a wrong signature, never an exception', (_, key, scheme) => {
    const signature = signWith(key.privateKey)(scheme, text);
    for (const other of [rsaKey(1), ecKey(1), ed25519Key(1)]) if (other.kind !== key.kind) expect(crypto.verify(other.spki, scheme, text, signature)).toBe(false);
    expect(crypto.verify(Uint8Array.of(1, 2, 3), scheme, text, signature)).toBe(false);
    const x25519 = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
    expect(crypto.verify(x25519, scheme, text, signature)).toBe(false);
  });

  it('signing with a key of another kind throws: that is a bug', () => {
    expect(() => signWith(ecKey(0).privateKey)({ kind: 'rsa-pkcs1', digest: 'sha256' }, text)).toThrow();
  });

  it('an EC point that is not on its curve verifies nothing', () => {
    const spki = Uint8Array.from(ecKey(0).spki);
    spki[spki.length - 1] = (spki[spki.length - 1] ?? 0) ^ 1;
    expect(crypto.verify(spki, { kind: 'ecdsa', digest: 'sha256' }, text, signWith(ecKey(0).privateKey)({ kind: 'ecdsa', digest: 'sha256' }, text))).toBe(false);
  });

  it('many keys in turn are each told apart, also those that left the cache', () => {
    const keys = Array.from({ length: 20 }, (_, i) => ecKey(i));
    const scheme = { kind: 'ecdsa', digest: 'sha256' } as const;
    const signatures = keys.map((key) => signWith(key.privateKey)(scheme, text));
    for (let round = 0; round < 2; round++) {
      keys.forEach((key, i) => expect(signatures.map((s) => crypto.verify(key.spki, scheme, text, s)).indexOf(true)).toBe(i));
    }
  });

  it('a key that was changed after its use is another key', () => {
    const spki = Uint8Array.from(rsaKey(0).spki);
    const scheme = { kind: 'rsa-pkcs1', digest: 'sha256' } as const;
    const signature = signWith(rsaKey(0).privateKey)(scheme, text);
    expect(crypto.verify(spki, scheme, text, signature)).toBe(true);
    spki.set(rsaKey(1).spki);
    expect(crypto.verify(spki, scheme, text, signature)).toBe(false);
  });
});

describe('key transport', () => {
  const content = Buffer.from('0123456789abcdef');

  it('A9.8 what is encrypted opens with the library, PKCS #1 through the raw decryption', () => {
    const raw = rawRsaDecrypt(rsaKey(0).privateKey)(crypto.encryptKey(rsaKey(0).spki, { kind: 'rsaes-pkcs1' }, content));
    expect(Buffer.from(raw ?? []).toString('hex')).toMatch(new RegExp(`^0002.*00${content.toString('hex')}$`));
    for (const digest of DIGESTS) {
      const sealed = crypto.encryptKey(rsaKey(0).spki, { kind: 'rsaes-oaep', digest, mgf1Digest: digest }, content);
      expect(privateDecrypt({ key: rsaKey(0).privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: digest }, sealed)).toEqual(content);
    }
  });

  it('A9.8 OAEP with two digests opens with our own unpadding', () => {
    for (const [digest, mgf1Digest] of [['sha256', 'sha1'], ['sha1', 'sha256'], ['sha512', 'sha256']] as const) {
      const transport = { kind: 'rsaes-oaep', digest, mgf1Digest } as const;
      const sealed = crypto.encryptKey(rsaKey(0).spki, transport, content);
      expect(Buffer.from(recoverContentKey(sealed, transport, 'aes-128-cbc', rawRsaDecrypt(rsaKey(0).privateKey), crypto))).toEqual(content);
    }
  });

  it('raw decryption keeps the length and says nothing of what it found', () => {
    const decrypt = rawRsaDecrypt(rsaKey(0).privateKey);
    expect(decrypt(Buffer.concat([Buffer.alloc(255), Buffer.from([1])]))).toHaveLength(256);
    expect(decrypt(new Uint8Array(255))).toBeUndefined();
    expect(decrypt(new Uint8Array(256).fill(0xff))).toBeUndefined();
    expect(() => rawRsaDecrypt(ecKey(0).privateKey)).toThrow();
  });

  it('only an RSA key can be encrypted to', () => expect(() => crypto.encryptKey(ecKey(0).spki, { kind: 'rsaes-pkcs1' }, content)).toThrow());
});

describe('ciphers', () => {
  const names = Object.keys(CIPHERS) as CipherName[];

  it.each(names)('B1 %s: padded out, raw in, and the platform agrees', (name) => {
    const { keyLength, blockLength } = CIPHERS[name];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ minLength: keyLength, maxLength: keyLength }), fc.uint8Array({ minLength: blockLength, maxLength: blockLength }), (plaintext, key, iv) => {
        const ciphertext = crypto.encrypt(name, key, iv, plaintext);
        const d = name === 'des-cbc' ? createDecipheriv('des-ede3-cbc', Buffer.concat([key, key, key]), iv) : createDecipheriv(name, key, iv);
        expect(Buffer.concat([d.update(ciphertext), d.final()])).toEqual(Buffer.from(plaintext));
        const raw = crypto.decryptRaw(name, key, iv, ciphertext) ?? new Uint8Array(0);
        expect(raw.length).toBe(ciphertext.length);
        expect(Buffer.from(raw.subarray(0, plaintext.length))).toEqual(Buffer.from(plaintext));
        expect(Buffer.from(crypto.encryptRaw(name, key, iv, raw))).toEqual(Buffer.from(ciphertext));
      }),
      { numRuns: 50 },
    );
    expect(crypto.decryptRaw(name, new Uint8Array(keyLength), new Uint8Array(blockLength), new Uint8Array(blockLength + 1))).toBeUndefined();
    expect(() => crypto.encryptRaw(name, new Uint8Array(keyLength), new Uint8Array(blockLength), new Uint8Array(1))).toThrow();
  });
});

describe('values', () => {
  it('are plain bytes, not Buffers', () => {
    const spki = rsaKey(0).spki;
    const made = [
      crypto.digest('sha256', text),
      crypto.hmac('sha1', text, text),
      crypto.random(16),
      crypto.encrypt('aes-128-cbc', new Uint8Array(16), new Uint8Array(16), text),
      crypto.encryptKey(spki, { kind: 'rsaes-pkcs1' }, text),
      crypto.pbkdf2('sha256', text, text, 1, 16),
      signWith(ed25519Key(0).privateKey)({ kind: 'ed25519' }, text),
    ];
    for (const bytes of made) expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  });
});
