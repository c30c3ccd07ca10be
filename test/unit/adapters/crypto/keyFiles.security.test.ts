/**
 * Attack: a key file whose own numbers keep whoever opens it busy: a million iterations in each of many keys, a MAC of a megabyte, each twenty of
 * whose octets cost all iterations again, scrypt with absurd parameters. An admin is sent "the CA" by mail, with its passphrase.
 * Impact: the CA answers no device for hours.
 * Defence: all derivations of one import share one budget, a MAC is as long as its digest, and between turns devices are answered.
 */
import { describe, expect, it } from 'vitest';
import { readKeyFiles } from '../../../../src/main/adapters/crypto/keyFiles.ts';
import { createEffort, derivePkcs12, filePassphrase } from '../../../../src/main/adapters/crypto/passwordEncryption.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { pem } from '../../../support/oracle.ts';

const integer = (n: number): Uint8Array => der.write(der.TAG.integer, Uint8Array.from([(n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff]).slice(n < 0x80 ? 3 : n < 0x8000 ? 2 : n < 0x80_0000 ? 1 : 0));
const octets = (length: number): Uint8Array => der.writeOctetString(new Uint8Array(length));
const oid = (text: string): Uint8Array => der.writeOid(text);

const pkcs12Key = (iterations: number): Uint8Array => der.writeSequence(der.writeSequence(oid(OID.pbeSha1TripleDes), der.writeSequence(octets(8), integer(iterations))), octets(32));
const pbes2Key = (kdf: Uint8Array): Uint8Array => der.writeSequence(der.writeSequence(oid(OID.pbes2), der.writeSequence(kdf, der.writeSequence(oid('2.16.840.1.101.3.4.1.42'), octets(16)))), octets(32));
const pbkdf2 = (iterations: number): Uint8Array => der.writeSequence(oid(OID.pbkdf2), der.writeSequence(octets(8), integer(iterations)));
const scrypt = (n: number, r: number, p: number): Uint8Array => der.writeSequence(oid(OID.scrypt), der.writeSequence(octets(8), integer(n), integer(r), integer(p)));

const encrypted = (...keys: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.from(keys.map((key) => pem('ENCRYPTED PRIVATE KEY', key)).join('')));

async function read(file: Uint8Array) {
  const result = await readKeyFiles([file], 'given with it');
  return { code: result.ok ? 'ok' : result.error.code };
}

describe('a file that asks for too much work', () => {
  it('by one count is refused at once', async () => {
    expect(await read(encrypted(pkcs12Key(100_000_000)))).toMatchObject({ code: 'file-encryption-unsupported' });
    expect(await read(encrypted(pbes2Key(pbkdf2(2_000_000_000))))).toMatchObject({ code: 'file-encryption-unsupported' });
  });

  it('is charged for all derivations together', async () => {
    // A dozen derivations' worth, and not a whole import's: the counting is what is looked at, not the work.
    const effort = { ...createEffort(), left: 1_500_000 };
    const count = der.readElement(integer(20_000));
    const passphrase = filePassphrase('x', effort);
    let refused = 0;
    for (let i = 0; i < 40 && refused === 0; i++) await derivePkcs12('sha1', 1, passphrase, new Uint8Array(8), count, 24).catch(() => refused++);
    expect(refused).toBe(1);
    expect(effort.left).toBeGreaterThanOrEqual(0);
  });

  it('by a MAC longer than any digest is derived for the digest only', async () => {
    const mac = der.writeSequence(der.writeSequence(der.writeSequence(oid(OID.sha1), der.writeNull()), octets(700_000)), octets(8), integer(1_000_000));
    const content = der.writeSequence(oid(OID.data), der.writeExplicit(0, der.writeOctetString(der.writeSequence())));
    // Derived for as long as it says, this would outlast the test's time by far.
    expect(await read(der.writeSequence(integer(3), content, mac))).toEqual({ code: 'wrong-file-passphrase' });
  });

  it('by scrypt is refused, and impossible parameters are no bug of ours', async () => {
    expect(await read(encrypted(pbes2Key(scrypt(2 ** 20, 8, 1))))).toMatchObject({ code: 'file-encryption-unsupported' });
    for (const [n, r, p] of [[3, 8, 1], [1, 8, 1], [16_384, 0, 1], [16_384, 8, 0]] as const) expect(await read(encrypted(pbes2Key(scrypt(n, r, p))))).toMatchObject({ code: 'file-unreadable' });
  });
});

it('devices are answered while a slow file is opened', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await derivePkcs12('sha1', 1, filePassphrase('x', createEffort()), new Uint8Array(8), der.readElement(integer(400_000)), 20);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});
