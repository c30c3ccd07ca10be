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

/** The pages with a request as it is now, in its old place. */
export function withRow(pages: readonly QueuePage[], row: QueueRequest): readonly QueuePage[] {
  return pages.map((page) => (page.items.some(({ id }) => id === row.id) ? { ...page, items: page.items.map((item) => (item.id === row.id ? row : item)) } : page));
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
