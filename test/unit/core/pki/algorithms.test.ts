import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as a from '../../../../src/main/core/pki/algorithms.ts';
import type { DigestName, KeyTransport, SignatureScheme } from '../../../../src/main/core/pki/crypto.ts';
import { decoding, readElement, writeBitString, writeExplicit, writeInteger, writeNull, writeOid, writeSequence, writeUnsigned } from '../../../../src/main/core/pki/der.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { ecKey, ed25519Key, rsaKey } from '../../../support/keys.ts';

const DIGESTS: readonly DigestName[] = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const scheme = (bytes: Uint8Array, hint?: DigestName): SignatureScheme | a.Unsupported | string => {
  const result = decoding(() => a.parseSignatureAlgorithm(readElement(bytes), hint));
  return result.ok ? result.value : `refused: ${result.error}`;
};
const transport = (bytes: Uint8Array): KeyTransport | a.Unsupported | string => {
  const result = decoding(() => a.parseKeyTransport(readElement(bytes)));
  return result.ok ? result.value : `refused: ${result.error}`;
};
const rsaSpki = (modulus: Uint8Array, exponent: Uint8Array): Uint8Array =>
  writeSequence(writeSequence(writeOid(OID.rsaEncryption), writeNull()), writeBitString(writeSequence(modulus, exponent)));

describe('public keys', () => {
  it('A7.23 A7.24 an RSA key gives its length, modulus and exponent', () => {
    const info = a.parsePublicKey(rsaKey(0).spki);
    const jwk = rsaKey(0).publicKey.export({ format: 'jwk' });
    expect(info).toMatchObject({ ok: true, value: { kind: 'rsa', bits: 2048, exponent: Uint8Array.of(1, 0, 1) } });
    expect(info.ok && info.value.kind === 'rsa' && Buffer.from(info.value.modulus).toString('base64url')).toBe(jwk.n);
    expect(info.ok && a.describePublicKey(info.value)).toBe('RSA 2048');
  });

  it.each([
    [1023, Uint8Array.of(0x40)],
    [1024, Uint8Array.of(0x80)],
    [1017, Uint8Array.of(0x01)],
  ])('A7.23 counts %i bits', (bits, top) => {
    const modulus = new Uint8Array(128).fill(0xff);
    modulus.set(top);
    expect(a.parsePublicKey(rsaSpki(writeUnsigned(modulus), writeInteger(3)))).toMatchObject({ ok: true, value: { bits } });
  });

  it('A7.24 trivial keys are read as what they are, so that a policy can refuse them', () => {
    expect(a.parsePublicKey(rsaSpki(writeUnsigned(new Uint8Array(256).fill(0xfe)), writeInteger(1)))).toMatchObject({ ok: true, value: { kind: 'rsa', exponent: Uint8Array.of(1) } });
  });

  it.each([
    ['a negative modulus', rsaSpki(Uint8Array.of(2, 2, 0x80, 1), writeInteger(3))],
    ['a zero modulus', rsaSpki(writeInteger(0), writeInteger(3))],
    ['an exponent beyond 64 bits', rsaSpki(writeUnsigned(new Uint8Array(256).fill(0xff)), writeUnsigned(new Uint8Array(9).fill(0xff)))],
    ['a modulus beyond 8192 bits', rsaSpki(writeUnsigned(new Uint8Array(1025).fill(0xff)), writeInteger(3))],
    ['bytes behind the key', Uint8Array.of(...rsaKey(0).spki, 0)],
    ['an EC point of the wrong length', writeSequence(writeSequence(writeOid(OID.ecPublicKey), writeOid(OID.p256)), writeBitString(new Uint8Array(64).fill(4)))],
    ['an Ed25519 key of 31 octets', writeSequence(writeSequence(writeOid(OID.ed25519)), writeBitString(new Uint8Array(31)))],
  ])('refuses %s', (_, spki) => expect(a.parsePublicKey(spki).ok).toBe(false));

  it.each(['P-256', 'P-384', 'P-521'] as const)('knows EC %s', (curve) => {
    const info = a.parsePublicKey(ecKey(0, curve).spki);
    expect(info).toMatchObject({ ok: true, value: { kind: 'ec', curve } });
    expect(info.ok && a.describePublicKey(info.value)).toBe(`EC ${curve}`);
  });

  it('knows Ed25519, and names what it does not know', () => {
    expect(a.parsePublicKey(ed25519Key(0).spki)).toMatchObject({ ok: true, value: { kind: 'ed25519' } });
    const other = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
    expect(a.parsePublicKey(other)).toEqual({ ok: true, value: { kind: 'unsupported', oid: '1.3.101.110' } });
    const brainpool = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }).publicKey.export({ type: 'spki', format: 'der' });
    expect(a.parsePublicKey(brainpool)).toEqual({ ok: true, value: { kind: 'unsupported', oid: '1.3.36.3.3.2.8.1.1.7' } });
  });

  it('a curve given by its parameters is no known curve (CVE-2020-0601)', () => {
    const explicit = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).publicKey.export({ type: 'spki', format: 'der' });
    expect(a.parsePublicKey(explicit)).toEqual({ ok: true, value: { kind: 'unsupported', oid: OID.ecPublicKey } });
  });
});

describe('signature algorithms', () => {
  it.each(DIGESTS)('A5.7 B2 RSA and ECDSA with %s come back', (digest) => {
    expect(scheme(a.writeSignatureAlgorithm({ kind: 'rsa-pkcs1', digest }))).toEqual({ kind: 'rsa-pkcs1', digest });
    expect(scheme(a.writeSignatureAlgorithm({ kind: 'rsa-pss', digest, mgf1Digest: digest, saltLength: 11 }))).toEqual({ kind: 'rsa-pss', digest, mgf1Digest: digest, saltLength: 11 });
    if (digest !== 'md5') expect(scheme(a.writeSignatureAlgorithm({ kind: 'ecdsa', digest }))).toEqual({ kind: 'ecdsa', digest });
    expect(a.digestOfOid(OID[digest])).toBe(digest);
    expect(a.parseDigestAlgorithm(readElement(a.writeDigestAlgorithm(digest)))).toBe(digest);
  });

  it('J.9 rsaEncryption and id-ecPublicKey take the digest that stands beside them', () => {
    const rsa = writeSequence(writeOid(OID.rsaEncryption), writeNull());
    expect(scheme(rsa, 'sha384')).toEqual({ kind: 'rsa-pkcs1', digest: 'sha384' });
    expect(scheme(rsa)).toEqual({ unsupported: OID.rsaEncryption });
    expect(scheme(writeSequence(writeOid(OID.ecPublicKey)), 'sha256')).toEqual({ kind: 'ecdsa', digest: 'sha256' });
  });

  it('J.9 parameters may be NULL or absent', () => {
    expect(scheme(writeSequence(writeOid(OID.sha256WithRsa)))).toEqual({ kind: 'rsa-pkcs1', digest: 'sha256' });
    expect(scheme(writeSequence(writeOid(OID.ecdsaWithSha256), writeNull()))).toEqual({ kind: 'ecdsa', digest: 'sha256' });
    expect(a.parseDigestAlgorithm(readElement(writeSequence(writeOid(OID.sha256))))).toBe('sha256');
  });

  it('A5.7 PSS: empty parameters are SHA-1 with a salt of 20', () => {
    expect(scheme(writeSequence(writeOid(OID.rsassaPss), writeSequence()))).toEqual({ kind: 'rsa-pss', digest: 'sha1', mgf1Digest: 'sha1', saltLength: 20 });
    expect(scheme(writeSequence(writeOid(OID.rsassaPss)))).toEqual({ unsupported: OID.rsassaPss });
  });

  it('A5.7 PSS with two digests, an unknown mask or a wrong trailer is refused', () => {
    const pss = (...fields: readonly Uint8Array[]): Uint8Array => writeSequence(writeOid(OID.rsassaPss), writeSequence(...fields));
    expect(scheme(pss(writeExplicit(0, a.writeDigestAlgorithm('sha256'))))).toEqual({ unsupported: OID.rsassaPss });
    expect(scheme(pss(writeExplicit(1, writeSequence(writeOid('1.2.3')))))).toEqual({ unsupported: '1.2.3' });
    expect(scheme(pss(writeExplicit(3, writeInteger(2))))).toMatch(/^refused/);
    expect(scheme(pss(writeExplicit(2, writeInteger(100_000))))).toMatch(/^refused/);
  });

  it('names an algorithm it does not know', () => expect(scheme(writeSequence(writeOid('1.2.840.10040.4.3')))).toEqual({ unsupported: '1.2.840.10040.4.3' }));
});

describe('key transport and ciphers', () => {
  it('A9.8 PKCS #1 v1.5 and OAEP with every pair of digests come back', () => {
    const transports: readonly KeyTransport[] = [{ kind: 'rsaes-pkcs1' }, ...DIGESTS.flatMap((digest) => DIGESTS.map((mgf1Digest): KeyTransport => ({ kind: 'rsaes-oaep', digest, mgf1Digest })))];
    for (const t of transports) expect(transport(a.writeKeyTransport(t))).toEqual(t);
  });

  it('A9.8 OAEP parameters may be absent, NULL or empty: SHA-1', () => {
    for (const parameters of [[], [writeNull()], [writeSequence()]]) {
      expect(transport(writeSequence(writeOid(OID.rsaesOaep), ...parameters))).toEqual({ kind: 'rsaes-oaep', digest: 'sha1', mgf1Digest: 'sha1' });
    }
  });

  it('OAEP with a label is not supported', () => {
    const label = writeExplicit(2, writeSequence(writeOid(OID.pSpecified), Uint8Array.of(4, 1, 65)));
    expect(transport(writeSequence(writeOid(OID.rsaesOaep), writeSequence(label)))).toEqual({ unsupported: OID.rsaesOaep });
  });

  it('B1 every cipher is found by its OID', () => {
    for (const [name, { oid }] of Object.entries(a.CIPHERS)) expect(a.cipherOfOid(oid)).toBe(name);
    expect(a.cipherOfOid(OID.rc2Cbc)).toBeUndefined();
  });
});
