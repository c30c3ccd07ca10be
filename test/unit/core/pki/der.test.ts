import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../src/main/core/lib/bytes.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { asn1jsAccepts, hexOf, openssl } from '../../../support/oracle.ts';

const bytesOf = (text: string): Uint8Array => fromHex(text.replace(/ /g, '')) ?? new Uint8Array(0);
const read = <T>(parse: () => T): T | string => {
  const result = der.decoding(parse);
  return result.ok ? result.value : `refused: ${result.error}`;
};

describe('reading elements', () => {
  it('gives views of the bytes it was given, no copies', () => {
    const bytes = bytesOf('3006 0201 05 0401 ff');
    const [integer, octets] = der.childrenOf(der.readElement(bytes), der.TAG.sequence, 'x');
    expect(integer?.content.buffer).toBe(bytes.buffer);
    expect(hexOf(integer?.raw ?? new Uint8Array(0))).toBe('020105');
    expect(hexOf(der.readOctetString(octets, 'x'))).toBe('ff');
  });

  it('A5.5 J.2 reads indefinite lengths and octet strings in chunks, also chunks of chunks', () => {
    expect(hexOf(der.readOctetString(der.readElement(bytesOf('2480 0402 0102 2403 0401 03 0000')), 'x'))).toBe('010203');
    const outer = der.readElement(bytesOf('3080 3080 0201 01 0000 0000'));
    expect(hexOf(outer.raw)).toBe('3080308002010100000000');
    expect(outer.children[0]?.children.map((e) => hexOf(e.raw))).toEqual(['020101']);
  });

  it('A5.5 tolerates what follows a message only where it is asked to', () => {
    expect(hexOf(der.readFirstElement(bytesOf('0201 05 0000 0a')).raw)).toBe('020105');
    expect(read(() => der.readElement(bytesOf('0201 05 0000 0a')))).toMatch(/follow/);
  });

  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a length beyond the end', '3003 0201'],
    ['a length of five octets', '30 85 0000000001 00'],
    ['a length cut short', '30 82 01'],
    ['the reserved length', '30 ff'],
    ['a high tag number', '3f 81 01 00'],
    ['an indefinite primitive', '0480 0000'],
    ['no end of contents', '3080 0201 05'],
    ['half an end of contents', '3080 0201 05 00'],
    ['an end of contents that belongs to the parent', '3004 3080 0201 05 0000'],
  ])('refuses %s', (_, hex) => expect(read(() => der.readElement(bytesOf(hex)))).toMatch(/^refused/));

  it('does not recurse without bound', () => {
    const deep = new Uint8Array(200_000).fill(0x80).map((b, i) => (i % 2 === 0 ? 0x30 : b));
    expect(read(() => der.readElement(deep))).toMatch(/too deeply/);
    const chunks = new Uint8Array(200_000).fill(0x80).map((b, i) => (i % 2 === 0 ? 0x24 : b));
    expect(read(() => der.readElement(chunks))).toMatch(/too deeply/);
  });

  it('a child cannot reach beyond its parent', () => {
    expect(read(() => der.readElement(bytesOf('3003 0205 01 aa aa aa aa')).children)).toMatch(/follow|cut short/);
    expect(read(() => der.readChildren(bytesOf('0205 01')))).toMatch(/cut short/);
  });

  it('accepts no structure that asn1js refuses', () => {
    // Tags whose contents asn1js takes as they come: it reads the values of INTEGER and the like too, which is not this function's part.
    const structural = [0x04, 0x30, 0x31, 0x80, 0x81, 0x82, 0xa0, 0xa1];
    const walk = (e: der.Element): boolean => structural.includes(e.tag) && ((e.tag & 0x20) === 0 || e.children.every(walk));
    let compared = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...structural, 0x00, 0x00, 0x01, 0x02, 0x03), { minLength: 2, maxLength: 14 }), (list) => {
        const bytes = Uint8Array.from(list);
        const accepted = der.decoding(() => walk(der.readElement(bytes)));
        if (!accepted.ok || !accepted.value) return;
        compared += 1;
        expect(asn1jsAccepts(bytes)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});

describe('object identifiers', () => {
  it.each(['1.2.840.113549.1.1.11', '2.5.4.3', '0.9.2342.19200300.100.1.25', '1.3.6.1.4.1.311.21.8.16777215.1', '2.25.329800735698586629295641978511506172918', '2.999.3', '1.39.0'])(
    '%s reads as it was written, and openssl agrees',
    (dotted) => {
      const bytes = der.writeOid(dotted);
      expect(der.readOid(der.readElement(bytes), 'x')).toBe(dotted);
      if (dotted.length < 30) expect(openssl(['asn1parse', '-inform', 'DER', '-oid', '/dev/null'], bytes)).toContain('OBJECT');
    },
  );

  it('round trips', () => {
    const arcs = fc.tuple(fc.constantFrom('0', '1', '2'), fc.integer({ min: 0, max: 39 }), fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n }), { minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(arcs, ([root, second, rest]) => {
        const dotted = [root, second, ...rest].join('.');
        expect(der.readOid(der.readElement(der.writeOid(dotted)), 'x')).toBe(dotted);
      }),
    );
  });

  it.each([
    ['empty', '0600'],
    ['unfinished', '0602 2a86'],
    ['padded', '0604 2a80 8001'],
    ['padded behind a long arc', '060d 69 8ec7ffffffffffffffff7f 8001'],
  ])('refuses an %s one', (_, hex) => expect(read(() => der.readOid(der.readElement(bytesOf(hex)), 'x'))).toMatch(/^refused/));
});

describe('times', () => {
  it('1950 to 2049 is UTCTime, else GeneralizedTime, and both come back', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(9999, 0) }), (at) => {
        const seconds = Math.floor(at / 1000) * 1000;
        const e = der.readElement(der.writeTime(seconds));
        const year = new Date(seconds).getUTCFullYear();
        expect(e.tag).toBe(year >= 1950 && year < 2050 ? der.TAG.utcTime : der.TAG.generalizedTime);
        expect(der.readTime(e, 'x')).toBe(seconds);
      }),
    );
  });

  it.each(['2601010000+0100', '260101000000', '2602290000Z', 'xx', '20260101000000', ''])('refuses the time %j', (text) => {
    for (const tag of [der.TAG.utcTime, der.TAG.generalizedTime]) expect(read(() => der.readTime(der.readElement(der.write(tag, Buffer.from(text))), 'x'))).toMatch(/^refused/);
  });

  it('reads a UTCTime without seconds', () => expect(der.readTime(der.readElement(der.write(der.TAG.utcTime, Buffer.from('2601020304Z'))), 'x')).toBe(Date.UTC(2026, 0, 2, 3, 4)));
});

describe('writing', () => {
  it('integers are DER, and openssl reads the same value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (magnitude) => {
        const content = der.readIntegerBytes(der.readElement(der.writeUnsigned(magnitude)), 'x');
        expect(BigInt(`0x${hexOf(content)}`)).toBe(BigInt(`0x${hexOf(magnitude)}`));
        expect((content[0] ?? 0) & 0x80).toBe(0);
        expect(content.length === 1 || content[0] !== 0 || ((content[1] ?? 0) & 0x80) !== 0).toBe(true);
      }),
    );
    expect(openssl(['asn1parse', '-inform', 'DER'], der.writeUnsigned(bytesOf('00ff01')))).toMatch(/INTEGER\s+:FF01/);
  });

  it.each([0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24])('small integer %i comes back', (n) => expect(der.readSmallInteger(der.readElement(der.writeInteger(n)), 'x')).toBe(n));

  it('SET OF is sorted as X.690 11.6 says, SET in order is not', () => {
    const [a, b] = [der.writeInteger(200), der.writeInteger(1)];
    expect(hexOf(der.writeSetOf(a, b))).toBe('310702010102' + '0200c8');
    expect(hexOf(der.writeSetInOrder(a, b))).toBe('3107020200c8020101');
  });

  it.each([0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 20])('a string of %i octets keeps its length', (n) => {
    const e = der.readElement(der.writeOctetString(new Uint8Array(n).fill(7)));
    expect(e.content.length).toBe(n);
  });
});

describe('text', () => {
  it.each([
    [der.TAG.utf8String, 'c3a4', 'ä'],
    [der.TAG.utf8String, 'c3', undefined],
    [der.TAG.printableString, '41', 'A'],
    [der.TAG.printableString, 'e4', undefined],
    [der.TAG.teletexString, 'e4', 'ä'],
    [der.TAG.bmpString, '00e4', 'ä'],
    [der.TAG.bmpString, 'd83dde00', '😀'],
    [der.TAG.bmpString, '00', undefined],
    [der.TAG.universalString, '0001f600', '😀'],
    [der.TAG.universalString, '00110000', undefined],
    [der.TAG.ia5String, '7f', '\x7f'],
    [der.TAG.integer, '01', undefined],
  ])('tag %i with %s reads as %j', (tag, hex, text) => expect(der.readText(der.readElement(der.write(tag, bytesOf(hex))))).toBe(text));
});
