/**
 * Who performs which action now. A screen offers its actions while it is shown; the keyboard, the palette, the menu and the help ask here.
 * The latest offer of an action wins, so that a dialog can take a key over from the screen beneath it.
 */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { ACTIONS, type ActionEntry, type ActionId } from '../../../preload/contract/actions.ts';

type Perform = () => void;

let offers: readonly { readonly id: ActionId; readonly perform: Perform }[] = [];
const listeners = new Set<() => void>();

function change(next: typeof offers): void {
  offers = next;
  for (const listener of listeners) listener();
}

export const offered = (id: string): boolean => offers.some((offer) => offer.id === id);

/** Performs an action if somebody offers it; whether somebody did. */
export function perform(id: string): boolean {
  const offer = offers.findLast((candidate) => candidate.id === id);
  offer?.perform();
  return offer !== undefined;
}

/** A screen that is just being fetched gets so long to offer what a menu asked for. */
const SOON_MS = 5_000;

/** Performs an action as soon as somebody offers it: a menu item may open the window and mean a page that is still on its way. */
export function performSoon(id: string): void {
  if (perform(id)) return;
  const stop = (): void => {
    clearTimeout(timer);
    listeners.delete(look);
  };
  const look = (): void => {
    if (!offered(id)) return;
    stop();
    perform(id);
  };
  const timer = setTimeout(stop, SOON_MS);
  listeners.add(look);
}

/** Offers an action while the component is shown and `enabled`. The function may change on every render without being offered anew. */
export function useAction(id: ActionId, action: Perform, enabled = true): void {
  const latest = useEffectEvent(action);
  useEffect(() => {
    if (!enabled) return;
    const offer = {
      id,
      perform: () => {
        latest();
      },
    };
    change([...offers, offer]);
    return () => {
      change(offers.filter((other) => other !== offer));
    };
  }, [id, enabled]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The actions that can be performed now, in the list's order. */
export function useOffered(): readonly ActionEntry[] {
  const now = useSyncExternalStore(subscribe, () => offers);
  return ACTIONS.filter(({ id }) => now.some((offer) => offer.id === id));
}
