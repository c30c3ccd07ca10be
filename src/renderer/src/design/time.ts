/** Times as people say them: relative to now, and in full where it matters. */

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** `3 minutes ago`, `in 2 days`, `just now`. */
export function sayRelative(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
  if (unit === undefined) return seconds > 5 ? 'in a moment' : 'just now';
  // What was is whole units old; what comes is meant roundly, and a week that has just begun still has seven days.
  return relative.format((seconds < 0 ? Math.trunc : Math.round)(seconds / unit[1]), unit[0]);
}

/** In the admin's own time zone, with the zone's difference told by the ISO form beside it where it is copied. */
export const sayFull = (iso: string): string => full.format(new Date(iso));

export const sayDay = (iso: string): string => day.format(new Date(iso));

/** `4:05` or `2 h 10 min` until then; undefined when it has passed. */
export function sayCountdown(iso: string, now: number): string | undefined {
  const seconds = Math.ceil((Date.parse(iso) - now) / 1000);
  if (seconds <= 0) return undefined;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} days`;
}
