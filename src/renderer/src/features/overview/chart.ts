/** The bars of the last days: what was issued stands above the line (renewals at the foot of each bar), what was revoked hangs below it. */

export interface Day {
  /** `2026-11-21`, UTC. */
  readonly date: string;
  /** The renewals in it included. */
  readonly issued: number;
  readonly renewed: number;
  readonly revoked: number;
}

export interface Bar {
  readonly kind: 'new' | 'renewed' | 'revoked';
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Chart {
  readonly bars: readonly Bar[];
  /** The width of one day; bars take `barWidth` of it. */
  readonly barWidth: number;
  /** Where the line is. */
  readonly zero: number;
  /** What the top stands for. */
  readonly top: number;
}

export const WIDTH = 600;
export const HEIGHT = 120;
const GAP = 0.28;
/** A day with one certificate is still to be seen beside a day with a thousand. */
const LEAST = 2;

/** The next round number: 1, 2, 5, 10, 20, 50 … */
export function roundUp(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}

export function drawChart(days: readonly Day[]): Chart {
  const top = roundUp(Math.max(0, ...days.map(({ issued }) => issued)));
  const below = Math.max(0, ...days.map(({ revoked }) => revoked));
  // One scale for both sides, so that lengths can be compared.
  const unit = HEIGHT / (top + below);
  const zero = top * unit;
  const step = WIDTH / Math.max(1, days.length);
  const length = (count: number): number => (count === 0 ? 0 : Math.max(LEAST, count * unit));
  const bars = days.flatMap(({ issued, renewed, revoked }, index): readonly Bar[] => {
    const x = index * step + (step * GAP) / 2;
    const foot = length(renewed);
    const rest = length(issued - renewed);
    const all: readonly Bar[] = [
      { kind: 'renewed', x, y: zero - foot, height: foot },
      { kind: 'new', x, y: zero - foot - rest, height: rest },
      { kind: 'revoked', x, y: zero, height: length(revoked) },
    ];
    return all.filter(({ height }) => height > 0);
  });
  return { bars, barWidth: step * (1 - GAP), zero, top };
}

export interface Totals {
  readonly issued: number;
  readonly renewed: number;
  readonly revoked: number;
}

export const totalsOf = (days: readonly Day[]): Totals =>
  days.reduce((sum, day) => ({ issued: sum.issued + day.issued, renewed: sum.renewed + day.renewed, revoked: sum.revoked + day.revoked }), { issued: 0, renewed: 0, revoked: 0 });

const counted = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

/** The chart in a sentence or two. */
export function sayTotals({ issued, renewed, revoked }: Totals, days: number): string {
  if (issued === 0 && revoked === 0) return `Nothing was issued or revoked in the last ${days} days.`;
  const renewals = issued === 0 ? '' : renewed === 0 ? 'No renewals among them, ' : renewed === issued ? 'All of them renewals, ' : `${counted(renewed, 'renewal')} among them, `;
  const ended = `${revoked === 0 ? 'none' : revoked.toLocaleString('en')} revoked.`;
  return `${counted(issued, 'certificate')} issued in the last ${days} days. ${renewals}${renewals === '' ? ended.charAt(0).toUpperCase() + ended.slice(1) : ended}`;
}

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `21 Nov` */
export const sayDate = (date: string): string => DATE.format(new Date(`${date}T00:00:00Z`));
