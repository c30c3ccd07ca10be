/** A moment, in milliseconds since 1970-01-01 UTC. Core and application never read a clock: an Instant comes in as an argument. */
export type Instant = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Civil date (proleptic Gregorian, UTC) of a day number counted from 1970-01-01. */
function civilFromDays(days: number): { year: number; month: number; day: number } {
  // Howard Hinnant's algorithm: eras of 400 years, years that start in March.
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

export interface UtcFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The UTC calendar fields of a moment, without platform dates: core compiles with no Date. */
export function utcFields(at: Instant): UtcFields {
  const days = Math.floor(at / DAY);
  const rest = Math.floor((at - days * DAY) / SECOND);
  return { ...civilFromDays(days), hour: Math.floor(rest / 3600), minute: Math.floor((rest % 3600) / 60), second: rest % 60 };
}

/** The moment of UTC calendar fields; undefined where they name no moment (31 February, 25 o'clock). */
export function instantOfUtc(f: UtcFields): Instant | undefined {
  if (f.month < 1 || f.month > 12 || f.day < 1 || f.hour > 23 || f.minute > 59 || f.second > 59) return undefined;
  const days = daysFromCivil(f.year, f.month, f.day);
  const back = civilFromDays(days);
  if (back.month !== f.month || back.day !== f.day) return undefined;
  return days * DAY + f.hour * HOUR + f.minute * MINUTE + f.second * SECOND;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** ISO 8601 in UTC with seconds, as the admin contract writes times: `2026-11-21T08:00:00Z`. */
export function toIso(at: Instant): string {
  const f = utcFields(at);
  return `${String(f.year).padStart(4, '0')}-${two(f.month)}-${two(f.day)}T${two(f.hour)}:${two(f.minute)}:${two(f.second)}Z`;
}

/** The moment that `toIso` writes so; undefined for any other text. */
export function fromIso(text: string): Instant | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  return instantOfUtc({ year: Number(year), month: Number(month), day: Number(day), hour: Number(hour), minute: Number(minute), second: Number(second) });
}
