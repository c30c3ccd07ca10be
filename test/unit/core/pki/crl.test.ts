import { describe, expect, it } from 'vitest';
import { type CrlContents, type RevokedEntry, assembleCrl, parseCrl, verifyCrl, writeTbsCrl } from '../../../../src/main/core/pki/crl.ts';
import type { SignatureScheme } from '../../../../src/main/core/pki/crypto.ts';
import { TAG, readElement, write, writeBitString, writeExplicit, writeInteger, writeSequence } from '../../../../src/main/core/pki/der.ts';
import { writeExtensions } from '../../../../src/main/core/pki/extensions.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { createNodeCrypto } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { certificate, keyIdOf, subjectOf, testCa } from '../../../support/certificates.ts';
import { type TestKey, ecKey } from '../../../support/keys.ts';
import { openssl, opensslWithFiles, pem, pkijsCrl } from '../../../support/oracle.ts';

const crypto = createNodeCrypto();
const rsa: SignatureScheme = { kind: 'rsa-pkcs1', digest: 'sha256' };
const NOW = Math.floor(Date.now() / 1000) * 1000;
const DAY = 86_400_000;

const contents = (revoked: readonly RevokedEntry[], number = 7n): CrlContents => ({
  issuer: subjectOf(testCa().certificate),
  thisUpdate: NOW,
  nextUpdate: NOW + 7 * DAY,
  number,
  authorityKeyId: keyIdOf(testCa().key),
  revoked,
});
const signed = (c: CrlContents, key: TestKey = testCa().key, scheme: SignatureScheme = rsa): Uint8Array => {
  const tbs = writeTbsCrl(c, scheme);
  return assembleCrl(tbs, scheme, key.sign(scheme, tbs));
};
const entry = (serial: number, reason?: RevokedEntry['reason']): RevokedEntry => ({ serial: Uint8Array.of(serial), at: NOW - DAY, ...(reason === undefined ? {} : { reason }) });
const parsed = (der: Uint8Array) => {
  const result = parseCrl(der);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

describe('CRL', () => {
  it('F4 openssl finds version 2, number, AKI, nextUpdate and the entries', () => {
    const der = signed(contents([entry(0x81, 'keyCompromise'), entry(2), entry(3, 'certificateHold')], 2n ** 70n));
    const text = openssl(['crl', '-inform', 'DER', '-noout', '-text'], der);
    expect(text).toMatch(/Version 2/);
    expect(text).toMatch(/X509v3 CRL Number:\s+(0x400000000000000000|1180591620717411303424)/i);
    expect(text).toMatch(/X509v3 Authority Key Identifier:/);
    expect(text).toMatch(/Next Update: (?!NONE)/);
    expect(text).toMatch(/Serial Number: 81\s[^]*Key Compromise[^]*Serial Number: 02\s[^]*Serial Number: 03\s[^]*Certificate Hold/);
  });

  it('F4 openssl verify refuses the revoked certificate and accepts its neighbour', () => {
    const leaf = (serial: number): string => pem('CERTIFICATE', certificate({ issuer: testCa(), serial: Uint8Array.of(serial), subject: `CN=d${serial}` }));
    const verify = (serial: number): string =>
      opensslWithFiles(['verify', '-crl_check', '-CRLfile', '@crl.pem', '-CAfile', '@ca.pem', '@leaf.pem'], {
        'ca.pem': pem('CERTIFICATE', testCa().certificate),
        'crl.pem': pem('X509 CRL', signed(contents([entry(0x11, 'superseded')]))),
        'leaf.pem': leaf(serial),
      });
    expect(verify(0x12)).toContain('OK');
    expect(() => verify(0x11)).toThrow(/revoked/);
  });

  it('F4 an unspecified reason is left out, as RFC 5280 5.3.1 wants it', () => {
    const der = signed(contents([entry(1, 'unspecified'), entry(2)]));
    const list = pkijsCrl(der).revokedCertificates ?? [];
    expect(list.map((r) => r.crlEntryExtensions)).toEqual([undefined, undefined]);
    expect(parsed(der).revoked).toEqual([
      { serialHex: '01', at: NOW - DAY },
      { serialHex: '02', at: NOW - DAY },
    ]);
  });

  it('F4 an empty list is absent, not an empty SEQUENCE', () => {
    const der = signed(contents([]));
    const fields = readElement(der).children[0]?.children.map((e) => e.tag);
    expect(fields).toEqual([TAG.integer, TAG.sequence, TAG.sequence, TAG.utcTime, TAG.utcTime, 0xa0]);
    expect(parsed(der).revoked).toEqual([]);
  });

  it('reads back everything it wrote, every reason included', () => {
    const reasons = ['keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', 'privilegeWithdrawn', 'aACompromise'] as const;
    const mine = parsed(signed(contents(reasons.map((reason, i) => entry(i + 1, reason)))));
    expect(mine.revoked.map((r) => r.reason)).toEqual(reasons);
    expect(mine).toMatchObject({ number: 7n, thisUpdate: NOW, nextUpdate: NOW + 7 * DAY, signatureAlgorithm: rsa });
    expect(Buffer.from(mine.authorityKeyId ?? [])).toEqual(Buffer.from(keyIdOf(testCa().key)));
    expect(Buffer.from(mine.issuer)).toEqual(Buffer.from(subjectOf(testCa().certificate)));
  });

  it('verifies with the key that signed it and with no other', () => {
    const mine = parsed(signed(contents([entry(1)])));
    expect(verifyCrl(mine, testCa().key.spki, crypto)).toBe(true);
    expect(verifyCrl(mine, testCa(1).key.spki, crypto)).toBe(false);
    const ec: SignatureScheme = { kind: 'ecdsa', digest: 'sha384' };
    expect(verifyCrl(parsed(signed(contents([]), ecKey(0, 'P-384'), ec)), ecKey(0, 'P-384').spki, crypto)).toBe(true);
  });

  it('20 000 entries are written and read', () => {
    const revoked = Array.from({ length: 20_000 }, (_, i) => ({ serial: Uint8Array.of(1, i >> 8, i & 0xff), at: NOW, reason: 'superseded' as const }));
    expect(parsed(signed(contents(revoked))).revoked).toHaveLength(20_000);
  });

  it('F4 a delta CRL, an indirect one and one with two algorithms are refused rather than misread', () => {
    const [tbs, algorithm, signature] = readElement(signed(contents([entry(1)]))).children.map((e) => e.raw);
    const fields = readElement(tbs ?? new Uint8Array(0)).children.map((e) => e.raw);
    const rebuild = (members: readonly Uint8Array[]): Uint8Array => writeSequence(writeSequence(...members), algorithm ?? new Uint8Array(0), signature ?? new Uint8Array(0));
    const delta = writeExplicit(0, writeExtensions([{ oid: OID.deltaCrlIndicator, critical: true, value: writeInteger(1) }]));
    expect(parseCrl(rebuild([...fields.slice(0, -1), delta]))).toMatchObject({ ok: false, error: expect.stringContaining(OID.deltaCrlIndicator) });
    const indirect = writeSequence(writeInteger(1), write(TAG.utcTime, Buffer.from('260101000000Z')), writeExtensions([{ oid: OID.certificateIssuer, critical: true, value: writeSequence() }]));
    expect(parseCrl(rebuild([...fields.slice(0, 5), writeSequence(indirect), ...fields.slice(6)])).ok).toBe(false);
    expect(parseCrl(writeSequence(tbs ?? new Uint8Array(0), writeSequence(), writeBitString(new Uint8Array(1)))).ok).toBe(false);
    expect(parseCrl(rebuild([writeInteger(0), ...fields.slice(1)])).ok).toBe(false);
  });
});
