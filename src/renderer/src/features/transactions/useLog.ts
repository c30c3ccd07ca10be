/** The log as it is looked at: its rows stay where they are, and what came since is counted behind a bar. */
import { useEffect, useEffectEvent } from 'react';
import { type Paged, usePages } from '../../bridge/pages.ts';
import { useChannel } from '../../bridge/react.tsx';
import { type TransactionFilter, countFresh, inputOf } from './filter.ts';
import type { Transaction } from './types.ts';

export interface Log extends Paged<Transaction> {
  readonly fresh: number;
  /** There are more new ones than were counted. */
  readonly overflow: boolean;
  readonly showFresh: () => void;
}

/** No event announces a message, so the newest are asked for. */
const EVERY_MS = 3_000;
const NEWEST = 100;

export function useLog(filter: TransactionFilter): Log {
  const input = inputOf(filter);
  const pages = usePages('transactions.list', input);
  const newest = useChannel('transactions.list', { ...input, limit: NEWEST }, { every: EVERY_MS });
  const { rows, loading } = pages;
  const refetch = useEffectEvent(pages.refetch);
  const fresh = newest.data === undefined || loading || pages.stale ? 0 : countFresh(newest.data.items, rows[0]?.id ?? 0);
  const wasEmpty = rows.length === 0;
  useEffect(() => {
    // Nothing is looked at yet, so nothing can be moved.
    if (wasEmpty && fresh > 0) refetch();
  }, [wasEmpty, fresh]);
  return { ...pages, fresh: wasEmpty ? 0 : fresh, overflow: fresh === NEWEST, showFresh: pages.refetch };
}
