import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromIso, instantOfUtc, toIso, utcFields } from '../../../../src/main/core/lib/instant.ts';

const moments = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59) });

describe('instant', () => {
  it('has the calendar fields that the platform gives it', () => {
    fc.assert(
      fc.property(moments, (at) => {
        const d = new Date(at);
        expect(utcFields(at)).toEqual({
          year: d.getUTCFullYear(),
          month: d.getUTCMonth() + 1,
          day: d.getUTCDate(),
          hour: d.getUTCHours(),
          minute: d.getUTCMinutes(),
          second: d.getUTCSeconds(),
        });
        expect(toIso(at)).toBe(d.toISOString().replace(/\.\d+Z$/, 'Z'));
      }),
    );
  });

  it('comes back from its fields, to the second', () => {
    fc.assert(fc.property(moments, (at) => void expect(instantOfUtc(utcFields(at))).toBe(Math.floor(at / 1000) * 1000)));
  });

  it.each([
    [2026, 2, 29, 0, 0, 0],
    [2026, 13, 1, 0, 0, 0],
    [2026, 4, 31, 0, 0, 0],
    [2026, 1, 0, 0, 0, 0],
    [2026, 1, 1, 24, 0, 0],
    [2026, 1, 1, 0, 60, 0],
    [2026, 1, 1, 0, 0, 60],
  ])('%i-%i-%i %i:%i:%i is no moment', (year, month, day, hour, minute, second) => {
    expect(instantOfUtc({ year, month, day, hour, minute, second })).toBeUndefined();
  });

  it('comes back from its text, and from no other text', () => {
    fc.assert(fc.property(moments, (at) => fromIso(toIso(at)) === Math.floor(at / 1000) * 1000));
    for (const text of ['2026-02-31T00:00:00Z', '2026-02-03T00:00:00', '2026-02-03T00:00:00.5Z', ' 2026-02-03T00:00:00Z', '']) expect(fromIso(text), text).toBeUndefined();
  });

  it('29 February exists in leap years', () => expect(toIso(instantOfUtc({ year: 2028, month: 2, day: 29, hour: 0, minute: 0, second: 0 }) ?? 0)).toBe('2028-02-29T00:00:00Z'));
});
