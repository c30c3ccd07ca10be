import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, concat, equalBytes, equalConstantTime, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from '../../../../src/main/core/lib/bytes.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('hex', () => {
  it('is what Node writes and reads back to the same bytes', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        expect(toHex(b)).toBe(Buffer.from(b).toString('hex'));
        expect(fromHex(toHex(b).toUpperCase())).toEqual(b);
      }),
    );
  });

  it.each(['0', 'zz', '0x00', '00 11', '00:11'])('refuses %j', (text) => expect(fromHex(text)).toBeUndefined());
});

describe('base64', () => {
  it('is what Node writes and reads back, with and without padding', () => {
    fc.assert(
      fc.property(bytes, (b) => {
        const text = toBase64(b);
        expect(text).toBe(Buffer.from(b).toString('base64'));
        expect(fromBase64(text)).toEqual(b);
        expect(fromBase64(text.replace(/=+$/, ''))).toEqual(b);
      }),
    );
  });

  it.each(['A', 'AA\n', 'A-_A', 'AA=A', 'é'])('refuses %j', (text) => expect(fromBase64(text)).toBeUndefined());
});

describe('UTF-8', () => {
  it('agrees with the platform on every string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(Buffer.from(utf8(text))).toEqual(Buffer.from(text, 'utf8'));
        expect(fromUtf8(utf8(text))).toBe(Buffer.from(text, 'utf8').toString('utf8'));
      }),
    );
  });

  it('agrees with the platform on which bytes are UTF-8', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const oracle = (b: Uint8Array): string | undefined => {
      try {
        return strict.decode(b);
      } catch {
        return undefined;
      }
    };
    const likely = fc.array(fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0x9f, 0xa0, 0x8f, 0x90), { maxLength: 6 });
    fc.assert(
      fc.property(likely, (list) => {
        const b = Uint8Array.from(list);
        expect(fromUtf8(b)).toBe(oracle(b));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('comparison', () => {
  it('equality is the same by either way', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(b));
        expect(equalConstantTime(a, b)).toBe(Buffer.from(a).equals(b));
        expect(equalConstantTime(a, Uint8Array.from(a))).toBe(true);
      }),
    );
  });

  it('order is that of X.690 11.6, a prefix first', () => {
    fc.assert(fc.property(bytes, bytes, (a, b) => void expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))));
  });

  it('concat puts parts one behind the other', () => {
    fc.assert(fc.property(fc.array(bytes, { maxLength: 5 }), (parts) => void expect(Buffer.from(concat(parts))).toEqual(Buffer.concat(parts))));
  });
});
