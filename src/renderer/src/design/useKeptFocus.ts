/** Catches the focus where what held it has gone with a change: the place takes it, so that the next Tab starts there and not at the top. */
import { type RefObject, useEffect, useRef } from 'react';

export function useKeptFocus(place: RefObject<HTMLElement | null>, change: unknown): void {
  const before = useRef(change);
  useEffect(() => {
    if (before.current === change) return;
    before.current = change;
    if (document.activeElement === null || document.activeElement === document.body) place.current?.focus();
  }, [place, change]);
}
