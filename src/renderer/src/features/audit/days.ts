/** The log by days, as the admin's clock has them. */
import type { Entry } from './types.ts';

export type Line = { readonly kind: 'day'; readonly day: string; readonly at: string } | { readonly kind: 'entry'; readonly entry: Entry };

/** `2026-11-21`, in this machine's time zone. */
export function dayOf(iso: string): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}

/** A heading before the first entry of each day; entries come newest first. */
export const byDay = (entries: readonly Entry[]): readonly Line[] =>
  entries.flatMap((entry, index): readonly Line[] => {
    const day = dayOf(entry.at);
    const before = entries[index - 1];
    return before !== undefined && dayOf(before.at) === day ? [{ kind: 'entry', entry }] : [{ kind: 'day', day, at: entry.at }, { kind: 'entry', entry }];
  });

const format = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** `Saturday 21 November 2026` */
export const sayDayOf = (iso: string): string => format.format(new Date(iso));

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `14:05:09` */
export const sayTimeOf = (iso: string): string => time.format(new Date(iso));
