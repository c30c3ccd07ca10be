/** What this window remembers for itself, on this machine only: nothing of the CA. */
import { useSyncExternalStore } from 'react';

const DEFAULTS = { singleKeys: 'on' } as const;

interface Preferences {
  /** Shortcuts of a single key (WCAG 2.1.4 wants a way to switch them off). */
  readonly singleKeys: 'on' | 'off';
}

const keyOf = (name: string): string => `countersign.${name}`;
const listeners = new Set<() => void>();

function read<Name extends keyof Preferences>(name: Name): Preferences[Name] {
  const kept = localStorage.getItem(keyOf(name));
  // What stands there was written by `write` below, or by hand; anything odd is as good as the default.
  return (kept ?? DEFAULTS[name]) as Preferences[Name];
}

function write(name: keyof Preferences, value: string): void {
  localStorage.setItem(keyOf(name), value);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function usePreference<Name extends keyof Preferences>(name: Name): readonly [Preferences[Name], (value: Preferences[Name]) => void] {
  const value = useSyncExternalStore(subscribe, () => read(name));
  return [
    value,
    (next) => {
      write(name, next);
    },
  ];
}
