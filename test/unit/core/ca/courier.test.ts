import { describe, expect, it } from 'vitest';
import { courierOcspDays, dueSeverity, ownKeyDue, placeOfFile, resumeAfter } from '../../../../src/main/core/ca/courier.ts';
import { DAY } from '../../../../src/main/core/lib/instant.ts';

const mark = (sequence: number, sha256 = `hash ${sequence}`) => ({ sequence, sha256, at: 1 });
const file = (sequence: number, previous: string | null, sha256 = `hash ${sequence}`) => ({ sequence, previous, sha256 });

describe('the order of files', () => {
  it('takes the first, the next, and one after a gap', () => {
    expect(placeOfFile(null, file(1, null))).toBe('next');
    expect(placeOfFile(mark(1), file(2, 'hash 1'))).toBe('next');
    expect(placeOfFile(mark(1), file(4, 'hash 3'))).toBe('after-gap');
    expect(placeOfFile(null, file(3, 'hash 2'))).toBe('after-gap');
  });

  it('knows the very same again, and takes nothing older, nor another one in its place, nor one that follows another', () => {
    expect(placeOfFile(mark(2), file(2, 'hash 1'))).toBe('same');
    expect(placeOfFile(mark(2), file(2, 'hash 1', 'other'))).toBe('replayed');
    expect(placeOfFile(mark(2), file(1, null))).toBe('replayed');
    expect(placeOfFile(mark(2), file(3, 'other'))).toBe('replayed');
    expect(placeOfFile(null, file(0, null))).toBe('replayed');
  });

  it('lets a machine that was put back go on from what the other one has seen', () => {
    expect(resumeAfter(mark(3), { sequence: 2, sha256: 'hash 2' }, 9)).toEqual({ sent: mark(3), putBack: false });
    expect(resumeAfter(mark(3), { sequence: 3, sha256: 'hash 3' }, 9)).toEqual({ sent: mark(3), putBack: false });
    expect(resumeAfter(mark(3), { sequence: 5, sha256: 'hash 5' }, 9)).toEqual({ sent: { sequence: 5, sha256: 'hash 5', at: 9 }, putBack: true });
    expect(resumeAfter(mark(3), { sequence: 3, sha256: 'other' }, 9)).toEqual({ sent: { sequence: 3, sha256: 'other', at: 9 }, putBack: true });
    expect(resumeAfter(null, null, 9)).toEqual({ sent: null, putBack: false });
    expect(resumeAfter(null, { sequence: 1, sha256: 'x' }, 9).putBack).toBe(true);
  });
});

describe('what runs out', () => {
  it('is told a third of its life before, and as an alarm a tenth before', () => {
    const life = { from: 0, until: 30 * DAY };
    expect([0, 19, 20, 26, 27, 31].map((day) => dueSeverity(life, day * DAY))).toEqual(['info', 'info', 'warning', 'warning', 'danger', 'danger']);
    // Two years of a SCEP certificate count as half a year.
    expect([0, 669, 670, 712, 730].map((day) => dueSeverity({ from: 0, until: 730 * DAY }, day * DAY))).toEqual(['info', 'info', 'warning', 'danger', 'danger']);
  });

  it('gets a successor after a third of its life, unless it ends with its issuer', () => {
    const life = { notBefore: 0, notAfter: 90 * DAY };
    expect([29, 30].map((day) => ownKeyDue(life, { notAfter: 900 * DAY }, day * DAY))).toEqual([false, true]);
    expect(ownKeyDue(life, { notAfter: 90 * DAY }, 80 * DAY)).toBe(false);
  });

  it('lets an OCSP signer outlast two lists, a month at least and three at most', () => {
    expect([1, 7, 30, 60, 365].map(courierOcspDays)).toEqual([30, 30, 60, 90, 90]);
  });
});
