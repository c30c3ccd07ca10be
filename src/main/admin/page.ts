/** Paging of what the directory holds in memory (authorities, endpoints, profiles): few, but listed like everything else. */
import type { Page } from '../application/ports/store.ts';

export interface SmallListQuery {
  readonly query?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Every word of the query must occur in the item's text; the cursor is the key of the last item shown. */
export function pageOfAll<T>(items: readonly T[], { query = '', limit, cursor }: SmallListQuery, keyOf: (item: T) => string, textOf: (item: T) => string): Page<T> {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found = items.filter((item) => words.every((word) => textOf(item).toLowerCase().includes(word)));
  const from = cursor === undefined ? 0 : found.findIndex((item) => keyOf(item) === cursor) + 1;
  const shown = found.slice(from, from + limit);
  const last = shown.at(-1);
  return last !== undefined && from + limit < found.length ? { items: shown, nextCursor: keyOf(last), total: found.length } : { items: shown, total: found.length };
}
