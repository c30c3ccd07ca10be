/**
 * Attack: a "certificate" from the CA above that is a heap: beginnings of PEM blocks without ends, or thousands of certificates that could each
 * have signed each other.
 * Impact: reading it takes minutes, in which the CA answers no device.
 * Defence: PEM marks are found in one pass; more certificates than any chain has are refused; a key is judged under few of them.
 */
import { describe, expect, it } from 'vitest';
import { judgeCaCertificate } from '../../../../src/main/core/ca/caCertificate.ts';
import { readCertificateFiles, readCertificates, readPemBlocks } from '../../../../src/main/core/pki/certificateFiles.ts';
import { certificate, rsaKey, testCa } from '../../../support/forge.ts';
import { nodeCrypto } from '../../../support/messages.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

function seconds(work: () => unknown): number {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1000;
}

describe('PEM', () => {
  it.each([
    ['beginnings without ends', '-----BEGIN A-----'],
    ['beginnings of ever other labels', undefined],
    ['dashes', '-----'],
    ['ends before their beginnings', '-----END A----------BEGIN A-----'],
  ])('a megabyte of %s is read in one pass', (_, piece) => {
    const text = piece === undefined ? Array.from({ length: 40_000 }, (_unused, i) => `-----BEGIN L${i}-----`).join('\n') : piece.repeat(Math.floor(1_000_000 / piece.length));
    expect(seconds(() => readPemBlocks(bytes(text)))).toBeLessThan(2);
  });

  it('a block ends at the nearest end of its own label, and what lies in it is part of it', () => {
    const text = '-----BEGIN A-----QUE=-----BEGIN B-----QkI=-----END B----------END A----------END A-----\n-----BEGIN B-----QkI=-----END B-----';
    expect(readPemBlocks(bytes(text)).map(({ label, der }) => [label, der?.length])).toEqual([
      ['A', undefined],
      ['B', 2],
    ]);
  });
});

describe('a heap of certificates', () => {
  const heap = Array.from({ length: 60 }, () => certificate({ subject: 'CN=Heap', key: rsaKey(1), issuer: testCa(0) }));

  it('is refused with words', () => {
    expect(readCertificateFiles(heap)).toEqual({ ok: false, error: expect.stringContaining('more than 50 certificates') });
    expect(readCertificates(heap.slice(0, 50))).toMatchObject({ ok: true });
  });

  it('is not told in full', () => {
    const offered = readCertificates(heap.slice(0, 50));
    if (!offered.ok) throw new Error(offered.error);
    const judged = judgeCaCertificate({ spki: rsaKey(2).spki, offered: offered.value, standing: 'new', now: Date.now() }, nodeCrypto);
    expect(judged).toMatchObject({ ok: false, error: { code: 'certificate-key-differs', text: expect.stringMatching(/and 45 more\.$/) } });
  });
});
