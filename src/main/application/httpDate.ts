/** Dates as HTTP headers have them. */
import { DAY, type Instant, toIso } from '../core/lib/instant.ts';

const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** IMF-fixdate (RFC 9110 5.6.7). 1970-01-01 was a Thursday. */
export function httpDate(at: Instant): string {
  const iso = toIso(at);
  const weekday = WEEKDAYS[Math.floor(at / DAY) % 7] ?? 'Thu';
  return `${weekday}, ${iso.slice(8, 10)} ${MONTHS[Number(iso.slice(5, 7)) - 1] ?? 'Jan'} ${iso.slice(0, 4)} ${iso.slice(11, 19)} GMT`;
}
