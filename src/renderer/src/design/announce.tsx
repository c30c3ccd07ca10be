/** Says aloud, to whoever listens to the page instead of looking at it, what has just been decided or has happened. */
import { type ReactNode, useSyncExternalStore } from 'react';

let said: { readonly text: string; readonly turn: number } = { text: '', turn: 0 };
const listeners = new Set<() => void>();

export function announce(text: string): void {
  said = { text, turn: said.turn + 1 };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The region itself; once, in the shell. The same words twice are read twice: they come in a new element. */
export function Announcer(): ReactNode {
  const { text, turn } = useSyncExternalStore(subscribe, () => said);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      <span key={turn}>{text}</span>
    </div>
  );
}
