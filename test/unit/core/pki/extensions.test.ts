import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoding, readElement, write, writeBitString, writeInteger, writeSequence, writeTrue } from '../../../../src/main/core/pki/der.ts';
import * as x from '../../../../src/main/core/pki/extensions.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { certificate } from '../../../support/certificates.ts';
import { openssl } from '../../../support/oracle.ts';

const printed = (...extensions: readonly x.Extension[]): string =>
  openssl(['x509', '-inform', 'DER', '-noout', '-text', '-certopt', 'no_pubkey,no_sigdump'], certificate({ extensions: readElement(x.writeExtensions(extensions)).children.map((e) => e.raw) }));

const empty = new Uint8Array(0);

describe('extensions', () => {
  it('keyUsage comes back for every set of bits, in DER', () => {
    fc.assert(
      fc.property(fc.subarray([...x.KEY_USAGES]), (usages) => {
        const { value, critical } = x.keyUsageExtension(usages);
        expect(critical).toBe(true);
        expect(x.readKeyUsage(value)).toEqual(usages);
        const last = value[value.length - 1] ?? 0;
        if (usages.length > 0) expect((last >> (value[2] ?? 0)) & 1).toBe(1);
      }),
    );
  });

  it('openssl prints what was written', () => {
    const text = printed(
      x.keyUsageExtension(['digitalSignature', 'keyEncipherment', 'decipherOnly']),
      x.extendedKeyUsageExtension([OID.clientAuth, OID.serverAuth]),
      x.basicConstraintsExtension({ ca: true, pathLength: 0 }),
      x.subjectKeyIdentifierExtension(Uint8Array.of(1, 2, 3)),
      x.authorityKeyIdentifierExtension(Uint8Array.of(4, 5, 6)),
      x.crlDistributionPointsExtension(['http://a.test/crl/1/1.crl', 'http://b.test/x']),
      x.authorityInfoAccessExtension({ caIssuers: ['http://a.test/ca/1/1.cer'], ocsp: ['http://a.test/ocsp'] }),
    );
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Key Encipherment, Decipher Only/);
    expect(text).toMatch(/Extended Key Usage:\s+TLS Web Client Authentication, TLS Web Server Authentication/);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Subject Key Identifier:\s+01:02:03/);
    expect(text).toMatch(/Authority Key Identifier:\s+04:05:06/);
    expect(text).toMatch(/CRL Distribution Points:[^]*URI:http:\/\/a.test\/crl\/1\/1.crl[^]*URI:http:\/\/b.test\/x/);
    expect(text).toMatch(/CA Issuers - URI:http:\/\/a.test\/ca\/1\/1.cer/);
    expect(text).toMatch(/OCSP - URI:http:\/\/a.test\/ocsp/);
    expect(printed(x.basicConstraintsExtension({ ca: false }))).toMatch(/CA:FALSE/);
  });

  it('every reader reads what its writer wrote', () => {
    expect(x.readExtendedKeyUsage(x.extendedKeyUsageExtension([OID.clientAuth]).value)).toEqual([OID.clientAuth]);
    expect(x.readBasicConstraints(x.basicConstraintsExtension({ ca: true, pathLength: 3 }).value)).toEqual({ ca: true, pathLength: 3 });
    expect(x.readBasicConstraints(x.basicConstraintsExtension({ ca: false }).value)).toEqual({ ca: false });
    expect(x.readSubjectKeyIdentifier(x.subjectKeyIdentifierExtension(Uint8Array.of(9)).value)).toEqual(Uint8Array.of(9));
    expect(x.readAuthorityKeyIdentifier(x.authorityKeyIdentifierExtension(Uint8Array.of(8)).value)).toEqual(Uint8Array.of(8));
    expect(x.readCrlDistributionPoints(x.crlDistributionPointsExtension(['http://a', 'http://b']).value)).toEqual(['http://a', 'http://b']);
    const access = { caIssuers: ['http://a'], ocsp: ['http://b', 'http://c'] };
    expect(x.readAuthorityInfoAccess(x.authorityInfoAccessExtension(access).value)).toEqual(access);
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 159n }), (n) => void expect(x.readCrlNumber(x.crlNumberExtension(n).value)).toBe(n)));
  });

  it('a list of extensions comes back', () => {
    const list = [x.keyUsageExtension(['cRLSign']), x.extendedKeyUsageExtension([OID.serverAuth], true), { oid: '1.2.3', critical: true, value: Uint8Array.of(5, 0) }];
    expect(x.parseExtensions(readElement(x.writeExtensions(list)))).toEqual(list);
  });

  it.each([
    ['keyUsage with an unknown bit', OID.keyUsage, writeBitString(Uint8Array.of(0, 0x40), 6)],
    ['keyUsage that is an INTEGER', OID.keyUsage, writeInteger(5)],
    ['an empty extKeyUsage', OID.extKeyUsage, writeSequence()],
    ['a subjectAltName that is cut short', OID.subjectAltName, Uint8Array.of(0x30, 5, 0x82)],
    ['an empty subjectAltName', OID.subjectAltName, writeSequence()],
    ['basicConstraints with a stranger', OID.basicConstraints, writeSequence(writeTrue(), writeInteger(1), writeInteger(2))],
    ['basicConstraints with a negative length', OID.basicConstraints, writeSequence(writeTrue(), Uint8Array.of(2, 1, 0xff))],
    ['bytes behind a value', OID.subjectKeyIdentifier, Uint8Array.of(4, 1, 1, 0)],
  ])('A5.8 %s is named as unreadable, never guessed at', (_, oid, value) => {
    expect(x.viewExtensions([{ oid, critical: false, value }])).toEqual({ subjectAltNames: [], unreadable: [oid] });
  });

  it('F2 the same extension twice says everything that either says', () => {
    const view = x.viewExtensions([
      x.basicConstraintsExtension({ ca: false }),
      x.keyUsageExtension(['digitalSignature']),
      x.subjectAltNameExtension([{ kind: 'dns', value: 'a.test' }], false),
      x.extendedKeyUsageExtension([OID.clientAuth]),
      x.basicConstraintsExtension({ ca: true }),
      x.basicConstraintsExtension({ ca: false }),
      x.keyUsageExtension(['keyCertSign']),
      x.subjectAltNameExtension([{ kind: 'dns', value: 'b.test' }], false),
      x.extendedKeyUsageExtension([OID.anyExtendedKeyUsage]),
    ]);
    expect(view.basicConstraints?.ca).toBe(true);
    expect(view.keyUsage).toEqual(['digitalSignature', 'keyCertSign']);
    expect(view.extendedKeyUsages).toEqual([OID.clientAuth, OID.anyExtendedKeyUsage]);
    expect(view.subjectAltNames.map((n) => 'value' in n && n.value)).toEqual(['a.test', 'b.test']);
  });

  it('refuses more extensions than anything has', () => {
    const many = x.writeExtensions(Array.from({ length: 101 }, () => ({ oid: '1.2.3', critical: false, value: empty })));
    expect(decoding(() => x.parseExtensions(readElement(many))).ok).toBe(false);
  });

  it('an authorityKeyIdentifier may name issuer and serial only', () => {
    expect(x.readAuthorityKeyIdentifier(writeSequence(write(0x82, Uint8Array.of(1))))).toBeUndefined();
  });

  it('extended key usages have names, and unknown ones stay OIDs', () => {
    expect(x.extendedKeyUsageToText(OID.clientAuth)).toBe('clientAuth');
    expect(x.extendedKeyUsageToText('1.2.3')).toBe('1.2.3');
    expect(x.parseExtendedKeyUsageText(' ClientAuth ')).toBe(OID.clientAuth);
    expect(x.parseExtendedKeyUsageText('1.3.6.1.5.5.7.3.2')).toBe(OID.clientAuth);
    expect(x.parseExtendedKeyUsageText('client')).toBeUndefined();
  });
});
