/** The pages of transactions: the filter in the address, what is new, a pasted capture, and the words. */
import { describe, expect, it } from 'vitest';
import { captureOfText } from '../../../src/renderer/src/features/transactions/capture.ts';
import { countFresh, inputOf, paramsOf, readFilter } from '../../../src/renderer/src/features/transactions/filter.ts';
import { sayKind, sayMilliseconds, sayOperation } from '../../../src/renderer/src/features/transactions/words.ts';

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();

describe('the filter of the transactions', () => {
  it.each([
    ['', {}],
    ['outcome=failure', { state: 'failure' }],
    ['outcome=nonsense&query=a%20b', { query: 'a b' }],
  ])('reads %j', (text, input) => {
    const filter = readFilter(new URLSearchParams(text));
    expect(inputOf(filter)).toEqual(input);
    expect(readFilter(new URLSearchParams(Object.entries(paramsOf(filter)).filter((entry): entry is [string, string] => entry[1] !== undefined)))).toEqual(filter);
  });
});

describe('what is new', () => {
  const newest = [{ id: 9 }, { id: 8 }, { id: 5 }, { id: 4 }];

  it.each([
    [9, 0],
    [8, 1],
    [7, 2],
    [5, 2],
    [0, 4],
  ])('after %i: %i', (top, count) => {
    expect(countFresh(newest, top)).toBe(count);
  });

  it('is nothing where there is nothing', () => {
    expect(countFresh([], 3)).toBe(0);
  });
});

describe('a pasted capture', () => {
  it('loses the lines of PEM and what stands around it', () => {
    expect(decoded(captureOfText('\n-----BEGIN PKCS7-----\nMIIB\nAAA=\n-----END PKCS7-----\n'))).toBe('MIIB\nAAA=');
  });

  it('keeps everything else as it is', () => {
    const address = 'http://ca.lan/scep?operation=PKIOperation&message=MIIB%2B';
    expect(decoded(captureOfText(address))).toBe(address);
  });
});

describe('the words', () => {
  it('name an operation, and leave what they do not know', () => {
    expect(sayOperation('RenewalReq')).toBe('Renewal');
    expect(sayOperation('messageType 99')).toBe('messageType 99');
    expect(sayKind('scep-reply')).toBe('A reply of a CA');
    expect(sayKind('other')).toBe('other');
  });

  it.each([
    [0, 'under 1 ms'],
    [11.4, '11 ms'],
    [2_340, '2.3 s'],
  ])('%d milliseconds', (milliseconds, words) => {
    expect(sayMilliseconds(milliseconds)).toBe(words);
  });
});
