/**
 * What must not be left unasked: an edited draft, a password that is shown once. Whoever holds such a thing is asked before the window goes
 * elsewhere, by a link, a key, the browser's way back or its own end, and then leads on or stays.
 */
import { useEffect, useEffectEvent } from 'react';

/** Leads on to where the admin wanted to go. */
export type Leave = () => void;
type Ask = (leave: Leave) => void;

let held: Ask | undefined;

/** Asks whoever holds the place, if anybody does; whether somebody was asked. Leaving lets the place go first. */
export function askBefore(leave: Leave): boolean {
  held?.(() => {
    held = undefined;
    leave();
  });
  return held !== undefined;
}

/** What was held is saved or given up. */
export function letGo(): void {
  held = undefined;
}

/** Holds the place while `holds`: `ask` is told of each wish to leave it. */
export function useHold(holds: boolean, ask: Ask): void {
  const latest = useEffectEvent(ask);
  useEffect(() => {
    if (!holds) return;
    const own: Ask = (leave) => {
      latest(leave);
    };
    held = own;
    // A tab asks in the browser's own words; in the desktop app, which has none, the page asks and then closes its window.
    const onUnload = (event: Event): void => {
      if (held !== own) return;
      event.preventDefault();
      if ('ca' in window) {
        askBefore(() => {
          window.close();
        });
      }
    };
    window.addEventListener('beforeunload', onUnload);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      if (held === own) held = undefined;
    };
  }, [holds]);
}
