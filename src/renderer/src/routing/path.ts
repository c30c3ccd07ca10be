/**
 * Where in the window we are: a path behind the `#`, so that the same page works from app:// and from the loopback door, which serves one
 * file. Back and forward are the browser's.
 */
import { useSyncExternalStore } from 'react';

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

/** `replace` leaves no entry in the history: for what follows the selection, not the will. */
export function navigate(path: Path, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (location.hash === `#${path}`) return;
  if (!replace) {
    location.hash = path;
    return;
  }
  history.replaceState(null, '', `${location.pathname}${location.search}#${path}`);
  // replaceState tells nobody.
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => {
    window.removeEventListener('hashchange', listener);
  };
}

let cached: { readonly hash: string; readonly place: Place } | undefined;

function current(): Place {
  if (cached?.hash !== location.hash) cached = { hash: location.hash, place: readPlace(location.hash) };
  return cached.place;
}

export const usePlace = (): Place => useSyncExternalStore(subscribe, current);
