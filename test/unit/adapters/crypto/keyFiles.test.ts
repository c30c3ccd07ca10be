/** CA keys out of other people's files: whatever OpenSSL writes opens, and everything else is told apart in words. */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readKeyFiles } from '../../../../src/main/adapters/crypto/keyFiles.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { type TestKey, certificate, ecKey, ed25519Key, rsaKey, testCa } from '../../../support/forge.ts';
import { FILE_PASSPHRASE, opensslWrites, pkcs12, pkcs8Pem } from '../../../support/keyFiles.ts';
import { needs } from '../../../support/optional.ts';
import { pem } from '../../../support/oracle.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const root = testCa(0);
const rsa = rsaKey(40);
const ec = ecKey(40);
const below = certificate({ subject: 'CN=Below', key: rsa, issuer: root });
const EMPTY: readonly Uint8Array[] = [];

/** The key and certificates read, as they can be compared. */
async function read(files: readonly Uint8Array[], passphrase?: string) {
  const result = await readKeyFiles(files, passphrase);
  if (!result.ok) return { code: result.error.code, text: result.error.text };
  const { key, algorithm, certificates } = result.value;
  return { isKeyOf: (wanted: TestKey) => wanted.privateKey.equals(key), algorithm, certificates: certificates.map((c) => Buffer.from(c).toString('hex')) };
}

async function expectKey(files: readonly Uint8Array[], wanted: TestKey, certificates: readonly Uint8Array[], passphrase?: string): Promise<void> {
  const found = await read(files, passphrase);
  if ('code' in found) throw new Error(`${found.code}: ${found.text}`);
  expect(found.isKeyOf(wanted)).toBe(true);
  expect(found.certificates).toEqual(certificates.map((c) => Buffer.from(c).toString('hex')));
}

describe('a key in PEM or DER', () => {
  const forms = [
    ['PKCS #8', 'pkcs8', rsa],
    ['PKCS #1', 'pkcs1', rsa],
    ['SEC 1', 'sec1', ec],
  ] as const;

  it.each(forms)('is read as %s', async (_, type, key) => {
    const text = key.privateKey.export({ type: type as 'pkcs8', format: 'pem' }).toString();
    await expectKey([bytes(text)], key, EMPTY);
    await expectKey([new Uint8Array(key.privateKey.export({ type: type as 'pkcs8', format: 'der' }))], key, EMPTY);
  });

  it('lies beside its certificates, in one file or in several, in any order', async () => {
    await expectKey([bytes(`Bag Attributes\n  friendlyName: Büro\n${pem('CERTIFICATE', below)}${pkcs8Pem(rsa)}${pem('CERTIFICATE', root.certificate)}`)], rsa, [below, root.certificate]);
    await expectKey([root.certificate, bytes(pkcs8Pem(rsa)), below], rsa, [root.certificate, below]);
  });

  it('counts once, however often it lies there', async () => {
    await expectKey([bytes(pkcs8Pem(rsa)), bytes(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())], rsa, EMPTY);
  });

  it('opens with its passphrase, and with no other', async () => {
    const sealed = bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: FILE_PASSPHRASE }).toString());
    await expectKey([sealed], rsa, EMPTY, FILE_PASSPHRASE);
    for (let i = 0; i < 40; i++) expect(await read([sealed], `wrong ${i}`)).toMatchObject({ code: 'wrong-file-passphrase' });
    expect(await read([sealed])).toMatchObject({ code: 'file-passphrase-needed' });
  });
});

describe('a key that cannot be used', () => {
  const file = (key: TestKey): Uint8Array => bytes(pkcs8Pem(key));

  it('is refused by its kind or size', async () => {
    expect(await read([file(ed25519Key(1))])).toMatchObject({ code: 'key-unsupported', text: expect.stringContaining('Ed25519') });
    expect(await read([file(ecKey(1, 'P-521'))])).toMatchObject({ code: 'key-unsupported', text: expect.stringContaining('P-521') });
    expect(await read([file(rsaKey(1, 1024))])).toMatchObject({ code: 'key-too-small' });
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(await read([bytes(pss)])).toMatchObject({ code: 'key-unsupported' });
  });

  it('is refused where its parts do not belong together', async () => {
    const fields = der.childrenOf(der.readElement(new Uint8Array(rsa.privateKey.export({ type: 'pkcs1', format: 'der' }))), der.TAG.sequence, 'key').map((e) => e.raw);
    // d and dP, each with one bit turned: OpenSSL notices a wrong dP by itself and goes on with d.
    const damaged = fields.map((field, i) => (i === 3 || i === 6 ? Uint8Array.from(field, (b, at) => (at === 60 ? b ^ 1 : b)) : field));
    const whole = der.writeSequence(...damaged);
    expect(await read([whole])).toMatchObject({ code: 'key-damaged' });
  });

  it('is missing, or one of several', async () => {
    expect(await read([below])).toMatchObject({ code: 'no-key' });
    expect(await read([file(rsa), file(ec)])).toMatchObject({ code: 'several-keys' });
  });

  it('lies in a file that is none', async () => {
    for (const junk of ['', 'hello', '0000', '-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----']) expect(await read([bytes(junk)]), junk).toMatchObject({ code: 'file-unreadable' });
    expect(await read([bytes('-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----')])).toMatchObject({ code: 'file-unreadable' });
  });
});

const withOpenssl = needs('openssl');
withOpenssl.describe('a PKCS #12 of OpenSSL', () => {
  const chain = [below, root.certificate];
  let usual: Uint8Array;
  beforeAll(() => {
    if (withOpenssl.available) usual = pkcs12(rsa, chain);
  });

  it('opens as it is written today (AES-256, PBKDF2, SHA-256)', async () => {
    await expectKey([usual], rsa, chain, FILE_PASSPHRASE);
    const own = certificate({ key: ec });
    await expectKey([pkcs12(ec, [own])], ec, [own], FILE_PASSPHRASE);
  });

  it('tells a wrong passphrase from a missing one', async () => {
    expect(await read([usual], 'not it')).toMatchObject({ code: 'wrong-file-passphrase' });
    expect(await read([usual])).toMatchObject({ code: 'file-passphrase-needed' });
    expect(await read([usual], '')).toMatchObject({ code: 'file-passphrase-needed' });
  });

  it.each([
    ['3DES for both', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['two-key 3DES', ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES']],
    ['AES-128 and a SHA-512 MAC', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha512']],
    ['certificates in clear', ['-certpbe', 'NONE']],
    ['the key in clear', ['-keypbe', 'NONE']],
    ['no MAC', ['-nomac']],
    ['one iteration', ['-noiter', '-nomaciter']],
  ])('opens with %s', async (_, more) => {
    const file = pkcs12(rsa, chain, more);
    await expectKey([file], rsa, chain, FILE_PASSPHRASE);
    expect(await read([file], 'not it')).toMatchObject({ code: 'wrong-file-passphrase' });
  });

  it('opens without a passphrase where it was written without', async () => {
    const file = pkcs12(rsa, chain, [], '');
    await expectKey([file], rsa, chain);
    await expectKey([file], rsa, chain, '');
  });

  it('never does worse than refuse, whatever is wrong with it', async () => {
    const file = pkcs12(rsa, [below], ['-noiter', '-nomaciter']);
    for (let at = 0; at < file.length; at += 23) {
      const damaged = Uint8Array.from(file, (b, i) => (i === at ? b ^ 0x11 : b));
      const found = await read([damaged], FILE_PASSPHRASE);
      // What follows the MAC's value is not covered by it.
      if (!('code' in found)) expect(found.isKeyOf(rsa)).toBe(true);
      else expect(found.code).toMatch(/^(wrong-file-passphrase|file-unreadable|file-encryption-unsupported)$/);
    }
    for (let length = 0; length < file.length; length += 97) expect(await read([file.subarray(0, length)], FILE_PASSPHRASE), String(length)).toMatchObject({ code: 'file-unreadable' });
  });
});

withOpenssl.describe('an encrypted key of OpenSSL', () => {
  const topk8 = (more: readonly string[]): Uint8Array => opensslWrites(['pkcs8', '-topk8', '-in', '@key', '-passout', `pass:${FILE_PASSPHRASE}`, '-out', '@out', ...more], { key: pkcs8Pem(rsa) });

  it.each([
    ['AES-256', ['-v2', 'aes-256-cbc']],
    ['3DES under PBES2', ['-v2', 'des3']],
    ['HMAC-SHA-512', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512']],
    ['scrypt', ['-scrypt']],
    ['PKCS #12’s 3DES', ['-v1', 'PBE-SHA1-3DES']],
    ['DER', ['-v2', 'aes-256-cbc', '-outform', 'DER']],
  ])('opens with %s', async (_, more) => {
    const file = topk8(more);
    await expectKey([file], rsa, EMPTY, FILE_PASSPHRASE);
    expect(await read([file], 'not it')).toMatchObject({ code: 'wrong-file-passphrase' });
    expect(await read([file])).toMatchObject({ code: 'file-passphrase-needed' });
  });

  it('opens in the old PEM encryption', async () => {
    const file = opensslWrites(['rsa', '-in', '@key', '-traditional', '-aes128', '-passout', `pass:${FILE_PASSPHRASE}`, '-out', '@out'], { key: pkcs8Pem(rsa) });
    expect(Buffer.from(file).toString()).toContain('Proc-Type: 4,ENCRYPTED');
    await expectKey([file], rsa, EMPTY, FILE_PASSPHRASE);
    expect(await read([file], 'not it')).toMatchObject({ code: 'wrong-file-passphrase' });
    expect(await read([file])).toMatchObject({ code: 'file-passphrase-needed' });
  });
});

const withLegacy = needs('openssl', 'openssl-legacy');
withLegacy.describe('a PKCS #12 as Windows and OpenSSL 1 wrote it', () => {
  const chain = [below, root.certificate];

  it.each([
    ['-legacy: RC2 with 40 bits, 3DES, SHA-1', ['-legacy']],
    ['RC2 with 40 bits for both', ['-legacy', '-descert', '-keypbe', 'PBE-SHA1-RC2-40']],
    ['RC2 with 128 bits', ['-legacy', '-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128']],
  ])('opens with %s', async (_, more) => {
    const file = pkcs12(rsa, chain, more);
    await expectKey([file], rsa, chain, FILE_PASSPHRASE);
    expect(await read([file], 'not it')).toMatchObject({ code: 'wrong-file-passphrase' });
  });

  it('names an encryption that nobody should use', async () => {
    expect(await read([pkcs12(rsa, chain, ['-legacy', '-certpbe', 'PBE-SHA1-RC4-128'])], FILE_PASSPHRASE)).toMatchObject({ code: 'file-encryption-unsupported' });
  });
});
