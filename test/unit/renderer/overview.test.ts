/** The overview's chart: geometry, and the same in words. */
import { describe, expect, it } from 'vitest';
import { type Day, HEIGHT, drawChart, roundUp, sayDate, sayTotals, totalsOf } from '../../../src/renderer/src/features/overview/chart.ts';
import { nextStepOf } from '../../../src/renderer/src/features/overview/notices.ts';

const day = (date: string, issued: number, renewed = 0, revoked = 0): Day => ({ date, issued, renewed, revoked });

describe('the chart', () => {
  it('ends at a round number', () => {
    expect([0, 1, 2, 3, 7, 11, 49, 51, 1000, 1001].map(roundUp)).toEqual([1, 1, 2, 5, 10, 20, 50, 100, 1000, 2000]);
  });

  it('stacks renewals under first enrolments and hangs revocations below the line, all on one scale', () => {
    const { bars, zero, top } = drawChart([day('2026-11-20', 10, 4, 10)]);
    expect(top).toBe(10);
    expect(zero).toBe(HEIGHT / 2);
    expect(bars.map(({ kind, y, height }) => [kind, Math.round(y), Math.round(height)])).toEqual([
      ['renewed', 36, 24],
      ['new', 0, 36],
      ['revoked', 60, 60],
    ]);
  });

  it('stays within its height, draws nothing for nothing, and shows one beside a thousand', () => {
    expect(drawChart([day('2026-11-20', 0)]).bars).toEqual([]);
    const { bars } = drawChart([day('2026-11-19', 1000), day('2026-11-20', 1)]);
    expect(bars.map(({ height }) => height)).toEqual([HEIGHT, 2]);
  });

  it('is told in words', () => {
    expect(sayTotals(totalsOf([day('2026-11-20', 3, 1, 1), day('2026-11-21', 2, 1)]), 30)).toBe('5 certificates issued in the last 30 days. 2 renewals among them, 1 revoked.');
    expect(sayTotals({ issued: 1, renewed: 0, revoked: 0 }, 30)).toBe('1 certificate issued in the last 30 days. No renewals among them, none revoked.');
    expect(sayTotals({ issued: 0, renewed: 0, revoked: 2 }, 30)).toBe('0 certificates issued in the last 30 days. 2 revoked.');
    expect(sayTotals({ issued: 0, renewed: 0, revoked: 0 }, 7)).toBe('Nothing was issued or revoked in the last 7 days.');
  });

  it('names a day as UTC has it, wherever the admin is', () => {
    expect(sayDate('2026-11-01')).toBe('1 Nov');
  });
});

describe('a notice', () => {
  it('leads to the authority whose matter it is, and to its rollover where that mends it', () => {
    expect(nextStepOf('authority-ends-soon', 'a1')?.to).toBe('/authorities/a1/rollover');
    expect(nextStepOf('scep-key-ending', 'a1')?.to).toBe('/authorities/a1');
    expect(nextStepOf('authority-ends-soon')?.to).toBe('/authorities');
    expect(nextStepOf('listener-problem', 'a1')?.to).toBe('/settings');
    expect(nextStepOf('nothing-to-do')).toBeUndefined();
  });
});
