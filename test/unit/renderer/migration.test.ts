/** An import from another product in the window's words. */
import { describe, expect, it } from 'vitest';
import { type Counts, comesIn, groupLeft, sayImported, sayPlace, staysOut, tooMuch } from '../../../src/renderer/src/design/migration/words.ts';
import { withoutCommonFolder } from '../../../src/renderer/src/design/readFile.ts';

const counts = (changes: Partial<Counts> = {}): Counts => ({ certificates: 0, valid: 0, held: 0, revoked: 0, expired: 0, serialsOnly: 0, alreadyHere: 0, duplicates: 0, foreign: 0, unreadable: 0, ...changes });

describe('a dry run', () => {
  it('says what comes in and what stays out, without what there is none of', () => {
    expect(comesIn(counts({ certificates: 4, valid: 3, revoked: 1, serialsOnly: 2 })).map(({ count, words, part }) => [count, words, part === true])).toEqual([
      [4, 'certificates', false],
      [3, 'valid, and can renew', true],
      [1, 'revoked', true],
      [2, 'revocations without their certificates: the serials stay on the CRL', false],
    ]);
    expect(comesIn(counts())).toEqual([{ count: 0, words: 'certificates' }]);
    expect(staysOut(counts())).toEqual([]);
    expect(staysOut(counts({ foreign: 1, unreadable: 2 })).map(({ words }) => words)).toEqual(['certificate that this CA did not issue', 'files and lines that are not understood']);
  });

  it('puts thousands of lines into a handful of reasons, the most frequent first', () => {
    const foreign = Array.from({ length: 150 }, (_, i) => ({ code: 'foreign-issuer', file: `newcerts/${i}.pem`, line: null, text: `${i}` }));
    const groups = groupLeft([{ code: 'made-up', file: 'index.txt', line: 14, text: 'A new reason.' }, ...foreign]);
    expect(groups.map(({ code, title, items }) => [code, title, items.length])).toEqual([
      ['foreign-issuer', 'certificates of another CA', 150],
      ['made-up', 'A new reason.', 1],
    ]);
    expect(sayPlace({ code: '', file: 'index.txt', line: 14, text: '' })).toBe('index.txt, line 14');
    expect(sayPlace({ code: '', file: 'ca.pem', line: null, text: '' })).toBe('ca.pem');
  });

  it('is said in a sentence when it has become an import', () => {
    expect(sayImported(counts({ certificates: 4, valid: 2, held: 1, revoked: 1, serialsOnly: 1 }))).toBe('4 certificates came in: 2 valid, one on hold and one revoked. One more revocation is known by its serial alone.');
    expect(sayImported(counts())).toBe('No issued certificate came with it.');
    expect(sayImported(counts({ certificates: 1, valid: 1, alreadyHere: 3 }))).toBe('One certificate came in: one valid. 3 were here already.');
  });
});

describe('files for it', () => {
  it('lose the folder that is around them all, and keep those within', () => {
    const names = (...given: string[]): readonly string[] => withoutCommonFolder(given.map((name) => ({ name }))).map(({ name }) => name);
    expect(names('demoCA/index.txt', 'demoCA/newcerts/01.pem')).toEqual(['index.txt', 'newcerts/01.pem']);
    expect(names('a/b/x', 'a/b/y')).toEqual(['x', 'y']);
    expect(names('index.txt', 'newcerts/01.pem')).toEqual(['index.txt', 'newcerts/01.pem']);
    expect(names()).toEqual([]);
  });

  it('are not sent where they are too many or too large', () => {
    const most = { files: 2, base64: 4_000_000 };
    expect(tooMuch([{ size: 10 }], most)).toBeUndefined();
    expect(tooMuch([{ size: 1 }, { size: 1 }, { size: 1 }], most)).toContain('3 files');
    expect(tooMuch([{ size: 3_000_001 }], most)).toContain('larger than 2 MB');
  });
});
