import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonNameOf, isEmptyName, nameToText, namesEqual, namesEqualReordered, parseName, parseNameText, writeName } from '../../../../src/main/core/pki/names.ts';
import { TAG, readElement, write, writeOid, writeSequence, writeSetOf } from '../../../../src/main/core/pki/der.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { utf8 } from '../../../../src/main/core/lib/bytes.ts';
import { certificate, nameOf } from '../../../support/certificates.ts';
import { opensslSubject } from '../../../support/oracle.ts';

const attribute = (oid: string, tag: number, bytes: Uint8Array): Uint8Array => writeSequence(writeOid(oid), write(tag, bytes));
const single = (oid: string, tag: number, bytes: Uint8Array): Uint8Array => writeSequence(writeSetOf(attribute(oid, tag, bytes)));
const commonName = (text: string): Uint8Array => single(OID.commonName, TAG.utf8String, utf8(text));
const parsed = (text: string): Uint8Array => {
  const result = parseNameText(text);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const tagsOf = (der: Uint8Array): number[] => parseName(readElement(der)).flat().map((a) => a.tag);

describe('printing', () => {
  it.each([
    ['plain', 'O=Test, CN=dev'],
    ['many types', 'C=DE, ST=Berlin, L=Berlin, O=Acme, OU=Devices, CN=printer-1, serialNumber=X1, DC=test, emailAddress=a@b.test, UID=u'],
    ['several values in one RDN', 'O=Test, serialNumber=12 + CN=dev'],
    ['special characters', String.raw`CN=\#1 \"a\" \+ b\, c\; \<d\> \\e\ `],
    ['a leading space', String.raw`CN=\ x`],
    ['umlauts and an emoji', 'CN=Größe 😀'],
    ['an unknown type', 'CN=x, 1.2.3.4=#0C0161'],
  ])('%s: as openssl prints it', (_, text) => {
    expect(nameToText(parsed(text))).toBe(text);
    expect(opensslSubject(certificate({ subject: parsed(text) }))).toBe(text);
  });

  it('a value of no string type, or whose bytes are not of its type, stands as hex', () => {
    expect(nameToText(single(OID.commonName, TAG.integer, Uint8Array.of(5)))).toBe('CN=#020105');
    expect(nameToText(single(OID.commonName, TAG.utf8String, Uint8Array.of(0xff)))).toBe('CN=#0C01FF');
  });

  it('bytes that are no name stand as hex', () => expect(nameToText(Uint8Array.of(4, 1, 1))).toBe('#040101'));

  it.each([
    ['a comma that would add an attribute', 'dev, O=Bank', String.raw`CN=dev\, O=Bank`],
    ['a line end', 'dev\nCN=admin', String.raw`CN=dev\0ACN=admin`],
    ['a bidi override', 'dev\u202etxt', String.raw`CN=dev\E2\80\AEtxt`],
    ['bidi isolates', '\u2066dev\u2069', String.raw`CN=\E2\81\A6dev\E2\81\A9`],
    ['a zero width space', 'de\u200bv', String.raw`CN=de\E2\80\8Bv`],
    ['a no-break space', 'de\u00a0v', String.raw`CN=de\C2\A0v`],
    ['a NUL', 'dev\0x', String.raw`CN=dev\00x`],
    ['a soft hyphen', 'de\u00adv', String.raw`CN=de\C2\ADv`],
    ['a line separator', 'de\u2028v', String.raw`CN=de\E2\80\A8v`],
  ])('%s cannot deceive', (_, value, shown) => {
    expect(nameToText(commonName(value))).toBe(shown);
    expect(commonNameOf(parsed(shown))).toBe(value);
  });

  it('what is printed reads back to an equal name, whatever is in it', () => {
    const values = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), fc.string({ unit: fc.constantFrom(' ', '#', ',', '+', '\\', '"', '=', '/', 'a', '\0', '\u202e'), minLength: 1, maxLength: 8 }));
    const names = fc.array(fc.tuple(fc.constantFrom(OID.commonName, OID.organizationName, OID.unstructuredName, '1.2.3.4'), values), { maxLength: 4 });
    fc.assert(
      fc.property(names, (list) => {
        const name = writeName(list.map(([oid, value]) => ({ oid, value })));
        const text = nameToText(name);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(Buffer.from(parsed(text))).toEqual(Buffer.from(name));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('reading what an admin types', () => {
  it('the order typed is the order encoded, with commas or slashes', () => {
    expect(nameToText(parsed('cn=x,o=y'))).toBe('CN=x, O=y');
    expect(Buffer.from(parsed('/CN=x/O=y, z'))).toEqual(Buffer.from(parsed(String.raw`CN=x, O=y\, z`)));
  });

  it('F1 string types: C is PrintableString, others PrintableString or UTF8String, e-mail and DC IA5String', () => {
    expect(tagsOf(parsed('C=DE, O=Acme, CN=Größe, emailAddress=a@b.c, DC=test'))).toEqual([TAG.printableString, TAG.printableString, TAG.utf8String, TAG.ia5String, TAG.ia5String]);
  });

  it('an empty text is the empty name', () => {
    expect(isEmptyName(parsed('  '))).toBe(true);
    expect(isEmptyName(parsed('CN=x'))).toBe(false);
    expect(nameToText(parsed(''))).toBe('');
  });

  it.each([
    ['dev', /TYPE=value/],
    ['CN=', /empty/],
    ['CN=a, , O=b', /TYPE=value/],
    ['XX=1', /no known name attribute/],
    ['1.40.1=x', /no known name attribute/],
    ['C=Germany', /two letters/],
    ['CN=a"b', /backslash/],
    ['CN=a\\', /backslash/],
    [String.raw`CN=a\q`, /backslash/],
    [String.raw`CN=\FF`, /UTF-8/],
    ['serialNumber=a_b', /cannot hold/],
    ['emailAddress=ä@b.c', /ASCII/],
    ['CN=#0401', /DER/],
  ])('%j is refused with words', (text, words) => {
    const result = parseNameText(text);
    expect(result.ok ? 'accepted' : result.error).toMatch(words);
  });
});

describe('comparing', () => {
  const printable = single(OID.commonName, TAG.printableString, utf8('Acme  Router'));
  it.each([
    ['another string type', single(OID.commonName, TAG.utf8String, utf8('Acme  Router')), true],
    ['other case', single(OID.commonName, TAG.bmpString, Buffer.from('ACME ROUTER', 'utf16le').swap16()), true],
    ['white space around and within', commonName('  acme router '), true],
    ['another value', commonName('Acme Router 2'), false],
    ['another type', single(OID.organizationName, TAG.utf8String, utf8('Acme Router')), false],
    ['bytes that are no name', Uint8Array.of(1, 2, 3), false],
  ])('%s', (_, other, equal) => {
    expect(namesEqual(printable, other)).toBe(equal);
    expect(namesEqual(other, printable)).toBe(equal);
  });

  it('order of RDNs counts, order within one does not', () => {
    expect(namesEqual(parsed('CN=a, O=b'), parsed('O=b, CN=a'))).toBe(false);
    const pair = (first: string, second: string): Uint8Array => writeSequence(write(TAG.set, attribute(OID.commonName, TAG.utf8String, utf8(first)), attribute(OID.commonName, TAG.utf8String, utf8(second))));
    expect(namesEqual(pair('a', 'b'), pair('B', 'A'))).toBe(true);
    expect(namesEqual(pair('a', 'a'), pair('a', 'b'))).toBe(false);
  });

  it('the common name is the last one', () => {
    expect(commonNameOf(parsed('CN=Users, CN=dev'))).toBe('dev');
    expect(commonNameOf(parsed('O=x'))).toBeUndefined();
  });
});

describe('names in another order (jscep renews CN, O as O, CN)', () => {
  it('are the same where no attribute type occurs twice', () => {
    expect(namesEqualReordered(nameOf('CN=switch-1, O=Vector'), nameOf('O=vector, CN=switch-1'))).toBe(true);
    expect(namesEqualReordered(nameOf('CN=switch-1, O=Vector'), nameOf('O=Vector, CN=switch-2'))).toBe(false);
    expect(namesEqualReordered(nameOf('CN=switch-1'), nameOf('CN=switch-1, O=Vector'))).toBe(false);
  });

  it('are never the same where the order is the meaning', () => {
    expect(namesEqualReordered(nameOf('OU=a, OU=b, CN=x'), nameOf('OU=b, OU=a, CN=x'))).toBe(false);
  });
});
