import { describe, expect, it } from 'vitest';
import { ocspRequestOf } from '../../../../src/main/adapters/http/ocspRequestOf.ts';

// 0x30 first, as every request; its base64 holds two slashes in a row, pluses and padding.
const BYTES = Buffer.from('3003ffffffbefbeffefbef', 'hex');
const BASE64 = BYTES.toString('base64');

describe('an OCSP request in a path', () => {
  it.each([
    ['escaped, as RFC 6960 A.1 has it', encodeURIComponent(BASE64)],
    ['bare', BASE64],
    ['without its padding', BASE64.replaceAll('=', '')],
    ['behind a slash too many', `/${BASE64}`],
    ['with its pluses made spaces by a proxy', BASE64.replaceAll('+', '%20')],
    ['with only the slashes escaped, in lower case', BASE64.replaceAll('/', '%2f')],
  ])('is read %s', (_, encoded) => {
    expect(BASE64).toMatch(/\/\/.*\+/);
    expect(Buffer.from(ocspRequestOf(encoded)).toString('hex')).toBe(BYTES.toString('hex'));
  });

  it.each(['', '%', '%zz', 'a?b', 'a', '\u00e9\u00e9\u00e9\u00e9', '%00%00'])('is empty for %j', (encoded) => {
    expect(ocspRequestOf(encoded)).toHaveLength(0);
  });
});
