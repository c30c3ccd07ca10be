/**
 * The queue as a value: pages of requests as they were fetched, and what becomes of them when something changes. A row is never moved or put in
 * between: it changes in its place, or leaves; what is new waits behind a bar until the admin wants it.
 */
import type { Output } from '../../../../preload/contract/contract.ts';

export type QueueRequest = Output<'requests.list'>['items'][number];
export type QueueState = QueueRequest['state'];
export type QueuePage = Output<'requests.list'>;

/** `all` is every state. */
export type QueueFilter = QueueState | 'all';

export const belongs = (filter: QueueFilter, state: QueueState): boolean => filter === 'all' || filter === state;

/** The pages without a request; the totals follow. Pages that do not hold it stay the same objects. */
export function withoutRow(pages: readonly QueuePage[], id: string): readonly QueuePage[] {
  if (!pages.some(({ items }) => items.some((item) => item.id === id))) return pages;
  return pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id), total: Math.max(0, page.total - 1) }));
}

/** The pages with a request as it is now, in its old place. An answer that a later one overtook changes nothing. */
export function withRow(pages: readonly QueuePage[], row: QueueRequest): readonly QueuePage[] {
  const isOlder = (item: QueueRequest): boolean => item.id === row.id && item.version <= row.version;
  return pages.map((page) => (page.items.some(isOlder) ? { ...page, items: page.items.map((item) => (isOlder(item) ? row : item)) } : page));
}

/** The pages with a request that came back to them, where it stood before: the newest are first. */
export function withReturned(pages: readonly QueuePage[], row: QueueRequest): readonly QueuePage[] {
  if (pages.some(({ items }) => items.some(({ id }) => id === row.id))) return withRow(pages, row);
  const came = Date.parse(row.receivedAt);
  const isEarlier = (item: QueueRequest): boolean => Date.parse(item.receivedAt) <= came;
  const below = pages.findIndex(({ items }) => items.some(isEarlier));
  // Below all that was fetched: on the last page if there is no more, else with the page that comes next.
  const home = below !== -1 ? below : pages.at(-1)?.nextCursor === undefined ? pages.length - 1 : undefined;
  return pages.map((page, number) => {
    if (number !== home) return { ...page, total: page.total + 1 };
    const at = page.items.findIndex(isEarlier);
    const place = at === -1 ? page.items.length : at;
    return { ...page, items: [...page.items.slice(0, place), row, ...page.items.slice(place)], total: page.total + 1 };
  });
}

/** The neighbour that is looked at next when a row leaves: the one below, else the one above. */
export function nextAfter(rows: readonly { readonly id: string }[], id: string): string | undefined {
  const index = rows.findIndex((row) => row.id === id);
  return index === -1 ? undefined : (rows[index + 1] ?? rows[index - 1])?.id;
}

/** The row `step` away from the chosen one; from nowhere, the first. */
export function rowAt(rows: readonly { readonly id: string }[], id: string | undefined, step: number): string | undefined {
  if (rows.length === 0) return undefined;
  const index = rows.findIndex((row) => row.id === id);
  return rows[index === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, index + step))]?.id;
}

/** Whether it may be approved together with others: only what was matched or whose challenge held. */
export const isProven = ({ matchedAt, proof }: Pick<QueueRequest, 'matchedAt' | 'proof'>): boolean => matchedAt !== null || proof.kind === 'challenge';

const RANK = { danger: 0, warning: 1, notice: 2, info: 3 } as const;
export type Finding = QueueRequest['findings'][number];

/** Worst first, each code once. */
export function sortFindings(...lists: readonly (readonly Finding[])[]): readonly Finding[] {
  const byText = new Map(lists.flat().map((finding) => [`${finding.code} ${finding.text}`, finding]));
  return [...byText.values()].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
