/** A time: relative in the text, absolute on hover and for machines. All of them share one clock, which ticks only while one is shown. */
import { type ReactNode, useSyncExternalStore } from 'react';
import { sayCountdown, sayDay, sayFull, sayRelative } from './time.ts';

const TICK = 1_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    // The clock stood while nobody looked.
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, TICK);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** What `say` makes of now; the component is drawn again only when the words change. */
const useTicking = (say: (now: number) => string): string => useSyncExternalStore(subscribe, () => say(now));

export function Time({ at, form = 'relative' }: { readonly at: string; readonly form?: 'relative' | 'day' | 'full' }): ReactNode {
  const words = useTicking((moment) => (form === 'relative' ? sayRelative(at, moment) : form === 'day' ? sayDay(at) : sayFull(at)));
  return (
    <time dateTime={at} title={`${sayFull(at)} (${at})`} className="tabular">
      {words}
    </time>
  );
}

export interface CountdownProps {
  readonly to: string;
  /** Stands there once the time has passed. */
  readonly after: string;
  /** Stands before what is left, while something is: `in `. */
  readonly before?: string;
}

/** Counts down to a time. */
export function Countdown({ to, after, before = '' }: CountdownProps): ReactNode {
  const words = useTicking((moment) => {
    const left = sayCountdown(to, moment);
    return left === undefined ? after : `${before}${left}`;
  });
  return (
    <time dateTime={to} title={`${sayFull(to)} (${to})`} className="tabular">
      {words}
    </time>
  );
}
