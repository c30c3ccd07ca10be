import { describe, expect, it } from 'vitest';
import { readWishes } from '../../../../src/main/core/ca/csrRules.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { dnsNames, extension, nameOf } from '../../../support/certificates.ts';
import { parsedCsr, profile } from '../../../support/builders/facts.ts';

const device = profile('device');
const codeOf = (extensions: readonly Uint8Array[], under = device): string => {
  const wishes = readWishes(parsedCsr({ extensions }), under);
  return wishes.ok ? 'taken' : wishes.error.code;
};
const keyUsage = (...bytes: readonly number[]): Uint8Array => extension('2.5.29.15', der.write(der.TAG.bitString, Uint8Array.from(bytes)), true);
const eku = (...oids: readonly string[]): Uint8Array => extension('2.5.29.37', der.writeSequence(...oids.map(der.writeOid)));
const san = (tag: number, value: Uint8Array): Uint8Array => extension('2.5.29.17', der.writeSequence(der.write(tag, value)));
const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));

describe('what a CSR may ask for (F2)', () => {
  it('F2 takes SANs, KU and EKU that the profile allows', () => {
    const wishes = readWishes(parsedCsr({ dnsNames: ['router.lan'], extensions: [keyUsage(5, 0xa0), eku('1.3.6.1.5.5.7.3.2')] }), device);
    expect(wishes).toMatchObject({ ok: true, value: { keyUsage: ['digitalSignature', 'keyEncipherment'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'], subjectAltNames: [{ kind: 'dns', value: 'router.lan' }] } });
  });

  it('F2 refuses basicConstraints cA=TRUE, critical or not', () => {
    const ca = der.writeSequence(der.writeTrue());
    expect(codeOf([extension('2.5.29.19', ca, true)])).toBe('csr-ca');
    expect(codeOf([extension('2.5.29.19', ca)])).toBe('csr-ca');
  });

  it('F2 lets basicConstraints cA=FALSE pass', () => {
    expect(codeOf([extension('2.5.29.19', der.writeSequence(), true)])).toBe('taken');
  });

  it('F2 refuses keyCertSign and cRLSign', () => {
    expect(codeOf([keyUsage(2, 0x04)])).toBe('csr-ca');
    expect(codeOf([keyUsage(1, 0x02)])).toBe('csr-ca');
  });

  it.each([
    ['anyExtendedKeyUsage', '2.5.29.37.0'],
    ['OCSPSigning', '1.3.6.1.5.5.7.3.9'],
    ['codeSigning', '1.3.6.1.5.5.7.3.3'],
    ['Certificate Request Agent', '1.3.6.1.4.1.311.20.2.1'],
    ['serverAuth under the device profile', '1.3.6.1.5.5.7.3.1'],
  ])('F2 refuses the extended key usage %s', (_, oid) => {
    expect(codeOf([eku(oid)])).toBe('csr-extended-key-usage');
  });

  it.each([
    ['name constraints', '2.5.29.30'],
    ['policy mappings', '2.5.29.33'],
    ['inhibitAnyPolicy', '2.5.29.54'],
  ])('F2 refuses %s even when not critical', (_, oid) => {
    expect(codeOf([extension(oid, der.writeSequence())])).toBe('csr-extension');
  });

  it('F2 refuses an unknown critical extension and drops an unknown harmless one with a finding', () => {
    expect(codeOf([extension('1.2.3.4.5', der.writeNull(), true)])).toBe('csr-extension');
    const wishes = readWishes(parsedCsr({ extensions: [extension('1.2.3.4.5', der.writeNull())] }), device);
    expect(wishes.ok && wishes.value.findings.map((f) => f.code)).toEqual(['extension-dropped']);
  });

  it('F2 drops the key identifiers, CDP and AIA that a client invents', () => {
    const wishes = readWishes(parsedCsr({ extensions: ['2.5.29.14', '2.5.29.35', '2.5.29.31', '1.3.6.1.5.5.7.1.1'].map((oid) => extension(oid, der.writeSequence(), true)) }), device);
    expect(wishes.ok && wishes.value.findings).toHaveLength(4);
  });

  it('F3 refuses the Microsoft SID extension, and a SID inside a SAN URI', () => {
    expect(codeOf([extension('1.3.6.1.4.1.311.25.2', der.writeSequence())])).toBe('csr-sid');
    expect(codeOf([san(0x86, text('tag:microsoft.com,2022-09-14:sid:S-1-5-21-1-2-3-500'))])).toBe('csr-sid');
  });

  it('F2 refuses SAN kinds that the profile does not list', () => {
    expect(codeOf([san(0x81, text('a@b.test'))], profile('tls-server'))).toBe('csr-san');
    expect(codeOf([san(0x81, text('a@b.test'))], profile('user'))).toBe('taken');
    expect(codeOf([extension('2.5.29.17', der.writeSequence(der.write(0xa4, nameOf('CN=x'))))])).toBe('csr-san');
  });

  it('F2 refuses wildcards and what is no host name', () => {
    expect(codeOf([dnsNames('*.lan')])).toBe('csr-san');
    expect(codeOf([dnsNames('a b')])).toBe('csr-san');
    expect(codeOf([dnsNames('-x.lan')])).toBe('csr-san');
    expect(codeOf([dnsNames('ok-1.lan', 'OK2')])).toBe('taken');
  });

  it('A7.1 takes an empty subject with a SAN, and refuses one that names nobody', () => {
    expect(readWishes(parsedCsr({ subject: '', dnsNames: ['x.lan'] }), device).ok).toBe(true);
    expect(readWishes(parsedCsr({ subject: '' }), device)).toMatchObject({ ok: false, error: { code: 'csr-subject' } });
  });

  it('F2 refuses two challenge passwords', () => {
    const attribute = der.writeSequence(der.writeOid('1.2.840.113549.1.9.7'), der.writeSetOf(der.writeUtf8String('another')));
    expect(readWishes(parsedCsr({ challenge: 'one', attributes: [attribute] }), device)).toMatchObject({ ok: false, error: { code: 'csr-challenge' } });
  });
});
