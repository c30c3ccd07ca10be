/**
 * Where in the window we are: a path behind the `#`, so that the same page works from app:// and from the loopback door, which serves one
 * file. Back and forward are the browser's.
 */
import { useSyncExternalStore } from 'react';
import { askBefore, letGo } from './leaving.ts';

export interface Place {
  /** `['requests', '8f2c…']` */
  readonly segments: readonly string[];
  readonly params: URLSearchParams;
}

/** The text of a place: `/requests/8f2c?state=pending`. */
export type Path = `/${string}`;

export function readPlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  return { segments: path.split('/').filter((part) => part !== '').map(decode), params: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Joins segments into a path; empty parameters are left out. */
export function pathTo(segments: readonly string[], params: Readonly<Record<string, string | undefined>> = {}): Path {
  const query = new URLSearchParams(Object.entries(params).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
  const text = query.toString();
  return `/${segments.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** The place that is shown. It follows the address in one step for everybody: between a change and its news two pages must not tell of two places. */
let shown: { readonly hash: string; readonly place: Place } | undefined;
/** Which entry of the tab's history that is, counted from its first. */
let entry = 0;
const listeners = new Set<() => void>();

const mark = (at: number): { readonly at: number } => ({ at });
const markedAt = (): number | undefined => (history.state as { readonly at?: number } | null)?.at;

function current(): Place {
  if (shown === undefined) {
    entry = markedAt() ?? 0;
    shown = { hash: location.hash, place: readPlace(location.hash) };
  }
  return shown.place;
}

function show(): void {
  shown = { hash: location.hash, place: readPlace(location.hash) };
  for (const listener of [...listeners]) listener();
}

/** The address was changed by a link, the browser's way back or a hand: the window follows, unless what it shows is held; then the address goes back. */
function follow(): void {
  const before = shown?.hash ?? location.hash;
  const wanted = location.hash;
  // A link's new entry has no mark yet.
  const to = markedAt() ?? entry + 1;
  const steps = to - entry;
  history.replaceState(mark(to), '');
  if (wanted === before) {
    entry = to;
    return;
  }
  const asked = askBefore(() => {
    if (steps === 0) location.hash = wanted;
    else history.go(steps);
  });
  if (asked) {
    if (steps === 0) history.replaceState(mark(entry), '', before);
    else history.go(-steps);
    return;
  }
  entry = to;
  show();
}

export interface Going {
  /** Leaves no entry in the history: for what follows the selection, not the will. */
  readonly replace?: boolean;
  /** What was held here is saved or given up. */
  readonly settled?: boolean;
}

export function navigate(path: Path, { replace = false, settled = false }: Going = {}): void {
  current();
  if (location.hash !== shown?.hash) {
    // A link was quicker, and the window has not followed yet: what follows a selection that is left does not lead back to it.
    follow();
    if (replace) return;
  }
  if (location.hash === `#${path}`) return;
  if (settled) letGo();
  const asked = askBefore(() => {
    navigate(path, { replace });
  });
  if (asked) return;
  const address = `${location.pathname}${location.search}#${path}`;
  if (replace) {
    history.replaceState(mark(entry), '', address);
  } else {
    entry += 1;
    history.pushState(mark(entry), '', address);
  }
  show();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('hashchange', follow);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('hashchange', follow);
  };
}

export const usePlace = (): Place => useSyncExternalStore(subscribe, current);
