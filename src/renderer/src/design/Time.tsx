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

/** Counts down to a time; `after` stands there once it has passed. */
export function Countdown({ to, after }: { readonly to: string; readonly after: string }): ReactNode {
  const words = useTicking((moment) => sayCountdown(to, moment) ?? after);
  return (
    <time dateTime={to} title={`${sayFull(to)} (${to})`} className="tabular">
      {words}
    </time>
  );
}
