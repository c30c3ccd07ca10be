/** The courier's own words and its comparison of fingerprints. */
import { describe, expect, it } from 'vitest';
import { groupsOf, numbersOf } from '../../../src/renderer/src/design/hex.ts';
import { compareFingerprints, sayDiffering } from '../../../src/renderer/src/features/courier/compare.ts';
import type { CertificatesIn, Link } from '../../../src/renderer/src/features/courier/types.ts';
import { adviceOn, firstEnd, lastRun, sayCertificatesIn, sayCertificatesOut, sayRequestsIn, sayRequestsOut, sayWaiting } from '../../../src/renderer/src/features/courier/words.ts';
import { courierOf } from '../../../src/renderer/src/features/requests/detail.ts';

const HEX = 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90';

describe('a fingerprint that the other machine shows', () => {
  it('is taken however it is written: in groups, with colons, in capitals, with its name, in numbers', () => {
    for (const text of [HEX, HEX.toUpperCase(), groupsOf(HEX).join(' '), HEX.replace(/(..)(?=.)/g, '$1:'), `SHA-256 Fingerprint: ${groupsOf(HEX).join('-')}`, numbersOf(HEX).join(' '), numbersOf(HEX).join('')]) {
      expect(compareFingerprints(text, HEX), text).toEqual({ outcome: 'match' });
    }
  });

  it('differs where a group does, and tells which', () => {
    expect(compareFingerprints(`${HEX.slice(0, 8)}0000${HEX.slice(12)}`, HEX)).toMatchObject({ outcome: 'mismatch', differing: [3] });
    expect(sayDiffering([3])).toBe('1 of 16 groups differs: the 3rd.');
    expect(sayDiffering([1, 2, 11])).toBe('3 of 16 groups differ: the 1st, the 2nd and the 11th.');
    expect(sayDiffering(Array.from({ length: 16 }, (_, i) => i + 1))).toBe('Not one of the 16 groups agrees.');
  });

  it('is nothing as long as a part of it is missing, however well the rest agrees', () => {
    expect(compareFingerprints(HEX.slice(0, 60), HEX)).toEqual({ outcome: 'unreadable', text: 'These are 60 digits. The whole fingerprint has 64, or 80 in numbers.' });
    expect(compareFingerprints('', HEX).outcome).toBe('unreadable');
    expect(compareFingerprints('hello', HEX)).toMatchObject({ text: expect.stringContaining('no fingerprint') });
    expect(compareFingerprints('9'.repeat(80), HEX).outcome).toBe('unreadable');
  });
});

const nothing = { requests: 0, answers: 0, revocations: 0, certificates: 0 };
const link = (changes: Partial<Link> = {}): Link => ({
  id: 'l',
  role: 'listener',
  state: 'paired',
  authorityId: 'a',
  authority: 'Vault CA',
  own: { name: 'Front desk', fingerprint: HEX },
  peer: { name: 'Safe', fingerprint: HEX },
  createdAt: '2026-11-20T08:00:00Z',
  pairedAt: '2026-11-20T09:00:00Z',
  exported: { sequence: 3, at: '2026-11-24T08:00:00Z', arrived: true },
  imported: { sequence: 2, at: '2026-11-24T09:00:00Z' },
  waiting: nothing,
  due: null,
  ...changes,
});

describe('what waits', () => {
  it('is counted for the listener', () => {
    expect(sayWaiting(link())).toBe('Nothing waits for the courier');
    expect(sayWaiting(link({ waiting: { ...nothing, requests: 3 } }))).toBe('3 requests wait for the courier');
    expect(sayWaiting(link({ waiting: { ...nothing, requests: 1 } }))).toBe('One request waits for the courier');
    expect(sayWaiting(link({ waiting: { ...nothing, requests: 2, revocations: 1, certificates: 1 } }))).toBe('2 requests, one revocation and one key of this machine wait for the courier');
    expect(sayWaiting(link({ imported: null }))).toBe('Waits for its first certificates');
  });

  it('is counted for the signing machine', () => {
    expect(sayWaiting(link({ role: 'signer', waiting: { ...nothing, requests: 1, answers: 2 } }))).toBe('One request to decide and 2 answers to carry back');
    expect(sayWaiting(link({ role: 'signer' }))).toBe('Nothing waits here');
    expect(sayWaiting(link({ role: 'signer', exported: null }))).toBe('Safe waits for its first certificates');
  });

  it('was last carried when a file last came or went', () => {
    expect(lastRun(link())).toBe('2026-11-24T09:00:00Z');
    expect(lastRun(link({ exported: null, imported: null }))).toBeUndefined();
  });
});

describe('a file in words', () => {
  const crls = [{ generation: 1, number: 14, nextUpdate: '2026-12-03T08:00:00Z' }];
  const brought: CertificatesIn = { link: link(), sequence: 4, already: false, issued: 7, refused: 2, undecided: 1, revoked: 0, released: 0, crls, certificates: 0, findings: [] };

  it('tells what it brought to the listener', () => {
    expect(sayCertificatesIn(brought)).toBe('7 certificates, 2 refusals and CRL 14; one request is still undecided there.');
    expect(sayCertificatesIn({ ...brought, issued: 0, refused: 0, undecided: 0, certificates: 2, crls: [...crls, { generation: 2, number: 15, nextUpdate: '2026-12-01T08:00:00Z' }] })).toBe(
      '2 certificates for keys of this machine, CRL 14 of generation 1 and CRL 15 of generation 2.',
    );
    expect(firstEnd([...crls, { generation: 2, number: 15, nextUpdate: '2026-12-01T08:00:00Z' }])).toBe('2026-12-01T08:00:00Z');
  });

  it('tells what it carries, both ways', () => {
    const file = { name: 'x', mediaType: 'x', base64: 'AAAA' };
    expect(sayRequestsOut({ link: link(), file, sequence: 5, requests: 3, granted: 1, revocations: 1, certificates: 0 })).toBe('It carries 3 requests and one revocation. One of them was granted here already.');
    expect(sayRequestsOut({ link: link(), file, sequence: 5, requests: 0, granted: 0, revocations: 0, certificates: 0 })).toBe('It asks for a fresh CRL and nothing else.');
    expect(sayCertificatesOut({ link: link(), file, sequence: 5, issued: 7, refused: 2, undecided: 1, revoked: 0, crls, findings: [] })).toBe(
      'It carries 7 certificates, 2 refusals and CRL 14. One request that is still undecided stays here for the next run.',
    );
    expect(sayRequestsIn({ link: link(), sequence: 1, already: false, arrived: 10, issued: 3, known: 0, closed: 1, revoked: 0, certificates: 0, findings: [] })).toBe(
      '10 new requests and one request closed, as it was there. 3 were issued at once, as granted there. 7 wait for your decision.',
    );
  });

  it('that was refused has its likely cause beside the refusal, where it is about the file', () => {
    expect(adviceOn({ code: 'courier-replayed', message: '' })).toContain('old file');
    expect(adviceOn({ code: 'locked', message: '' })).toBeUndefined();
  });
});

describe('a request that came by courier', () => {
  it('names the machine, which no device can claim by its source alone', () => {
    const finding = { code: 'by-courier', severity: 'info', text: '' } as const;
    expect(courierOf({ source: '192.0.2.7 via Front desk', findings: [finding] })).toBe('Front desk');
    expect(courierOf({ source: '192.0.2.7 via Front desk', findings: [] })).toBeUndefined();
  });
});
