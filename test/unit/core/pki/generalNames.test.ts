import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoding, readElement, write, writeExplicit, writeOid, writeSequence, writeUtf8String } from '../../../../src/main/core/pki/der.ts';
import {
  type GeneralName,
  generalNameToText,
  generalNamesEqual,
  parseGeneralName,
  parseGeneralNameText,
  parseGeneralNames,
  writeGeneralName,
  writeGeneralNames,
} from '../../../../src/main/core/pki/generalNames.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { certificate, extension } from '../../../support/certificates.ts';
import { openssl } from '../../../support/oracle.ts';

const read = (bytes: Uint8Array): GeneralName | string => {
  const result = decoding(() => parseGeneralName(readElement(bytes)));
  return result.ok ? result.value : `refused: ${result.error}`;
};
const typed = (text: string): GeneralName => {
  const result = parseGeneralNameText(text);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

describe('general names', () => {
  const all = ['DNS:a.test', 'DNS:*.a.test', 'IP:10.0.0.1', 'IP:2001:db8::1', 'email:a@b.test', 'URI:https://x.test/y?z=1,2', 'UPN:user@test', 'DirName:O=Test, CN=dev', 'RID:1.2.3.4'];

  it.each(all)('F2 %s comes back through DER and through text', (text) => {
    const name = typed(text);
    expect(generalNameToText(name)).toBe(text);
    expect(read(writeGeneralName(name))).toEqual(name);
  });

  it('openssl prints the same names', () => {
    const names = all.filter((text) => !text.startsWith('DirName')).map(typed);
    const printed = openssl(['x509', '-inform', 'DER', '-noout', '-ext', 'subjectAltName'], certificate({ extensions: [extension(OID.subjectAltName, writeGeneralNames(names))] }));
    for (const text of ['DNS:a.test', 'DNS:*.a.test', 'IP Address:10.0.0.1', 'IP Address:2001:DB8:0:0:0:0:0:1', 'email:a@b.test', 'URI:https://x.test/y?z=1,2', 'Registered ID:1.2.3.4']) {
      expect(printed).toContain(text);
    }
    expect(printed).toContain('othername: UPN::user@test');
  });

  it('a name without its prefix is recognised by its form', () => {
    expect(['10.0.0.1', '::1', 'a@b.test', 'http://x/', 'host.test', 'host'].map((text) => typed(text).kind)).toEqual(['ip', 'ip', 'email', 'uri', 'dns', 'dns']);
  });

  it('every IPv6 address is written as RFC 5952 has it and reads back', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 0xabcd), { minLength: 8, maxLength: 8 }), (groups) => {
        const bytes = Uint8Array.from(groups.flatMap((g) => [g >> 8, g & 0xff]));
        const name = read(write(0x87, bytes));
        const text = typeof name === 'object' && name.kind === 'ip' ? name.value : '';
        // The platform's URL parser writes hosts in the same canonical form.
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
        expect(typed(`IP:${text}`)).toEqual(name);
      }),
    );
  });

  it('takes exactly the addresses that the platform takes', () => {
    const pieces = fc.array(fc.constantFrom('0', '1', '255', '256', '01', '.', ':', '::', 'ffff', 'g', '1.2.3.4', 'abcde'), { maxLength: 10 });
    fc.assert(
      fc.property(pieces, (list) => {
        const text = list.join('');
        expect(parseGeneralNameText(`IP:${text}`).ok).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['a NUL within a DNS name', write(0x82, Buffer.from('good.test\0.evil.test'))],
    ['a line end within a URI', write(0x86, Buffer.from('http://a\r\nb'))],
    ['bytes above ASCII', write(0x81, Buffer.from('ä@b.test'))],
    ['an address of 5 octets', write(0x87, Uint8Array.of(1, 2, 3, 4, 5))],
    ['an otherName without a value', write(0xa0, writeOid('1.2.3'))],
    ['a UPN that is a number', write(0xa0, writeOid(OID.msUserPrincipalName), writeExplicit(0, Uint8Array.of(2, 1, 5)))],
    ['a UPN with a control character', write(0xa0, writeOid(OID.msUserPrincipalName), writeExplicit(0, writeUtf8String('a\0b')))],
    ['a directoryName that is no name', write(0xa4, Uint8Array.of(0x30, 3, 2, 1, 1))],
    ['an unknown choice', write(0x89, Uint8Array.of(1))],
  ])('refuses %s', (_, bytes) => expect(read(bytes)).toMatch(/^refused/));

  it('keeps otherNames of unknown types as they stand', () => {
    const der = write(0xa0, writeOid('1.2.3.4'), writeExplicit(0, writeUtf8String('x')));
    const name = read(der);
    expect(name).toEqual({ kind: 'other', oid: '1.2.3.4', der });
    expect(typeof name === 'object' && writeGeneralName(name)).toEqual(der);
    expect(typeof name === 'object' && typed(generalNameToText(name))).toEqual(name);
  });

  it('an empty list is refused', () => expect(decoding(() => parseGeneralNames(readElement(writeSequence()))).ok).toBe(false));

  it('one name cannot be printed as two', () => {
    expect(generalNameToText({ kind: 'dns', value: 'a, IP:10.0.0.1' })).toBe(String.raw`DNS:a,\ IP:10.0.0.1`);
    expect(generalNameToText({ kind: 'upn', value: 'a\u202eb c' })).toBe(String.raw`UPN:a\E2\80\AEb\ c`);
    expect(typed(String.raw`UPN:a\E2\80\AEb\ c`)).toEqual({ kind: 'upn', value: 'a\u202eb c' });
  });

  it.each(['DNS:-a.test', 'DNS:a..b', 'DNS:', `DNS:${'a'.repeat(64)}.test`, 'DNS:a b', 'IP:1.2.3', 'IP:01.2.3.4', 'email:a@b@c', 'email:a', 'URI:x', 'URI:http:// x', 'UPN:', 'RID:x', 'otherName:1.2.3', 'DirName:x'])(
    '%j is refused with words',
    (text) => {
      const result = parseGeneralNameText(text);
      expect(result.ok ? 'accepted' : result.error.length > 10).toBe(true);
    },
  );

  it('compares DNS names and hosts without case, the rest as it stands', () => {
    const equal = (a: string, b: string): boolean => generalNamesEqual(typed(a), typed(b));
    expect(equal('DNS:A.test', 'DNS:a.TEST')).toBe(true);
    expect(equal('email:a@B.test', 'email:a@b.test')).toBe(true);
    expect(equal('email:A@b.test', 'email:a@b.test')).toBe(false);
    expect(equal('URI:HTTP://X.test/A', 'URI:http://x.test/A')).toBe(true);
    expect(equal('URI:http://x.test/A', 'URI:http://x.test/a')).toBe(false);
    expect(equal('DNS:1.test', 'URI:http://1.test')).toBe(false);
    expect(equal('DirName:CN=Dev', 'DirName:CN=dev')).toBe(true);
  });
});
