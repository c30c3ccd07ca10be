/** The queue that is looked at: its rows, what is new behind the bar, and how a decision takes a row out of it at once. */
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { type Paged, usePages } from '../../bridge/pages.ts';
import { channelQuery, useBridge } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type QueueFilter, type QueuePage, type QueueRequest, belongs, withRow, withoutRow } from './queue.ts';

export interface Queue extends Paged<QueueRequest> {
  /** How many came since the list was fetched. */
  readonly fresh: number;
  readonly showFresh: () => void;
  /** Takes a decided request out of every list that it does not belong to any more. */
  readonly settle: (request: QueueRequest) => void;
}

type Pages = InfiniteData<QueuePage>;

export function useQueue(filter: QueueFilter, query: string): Queue {
  const bridge = useBridge();
  const client = useQueryClient();
  const input = { ...(filter === 'all' ? {} : { state: filter }), ...(query === '' ? {} : { query }) };
  const pages = usePages('requests.list', input);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const { refetch } = pages;
  const listed = pages.rows;

  const settle = useCallback(
    (request: QueueRequest): void => {
      for (const [key, data] of client.getQueriesData<Pages>({ queryKey: ['requests.list'] })) {
        if (data?.pages === undefined) continue;
        const state = (key[1] as { readonly state?: QueueFilter } | undefined)?.state ?? 'all';
        const next = belongs(state, request.state) ? withRow(data.pages, request) : withoutRow(data.pages, request.id);
        client.setQueryData<Pages>(key, { ...data, pages: [...next] });
      }
    },
    [client],
  );

  useEffect(
    () =>
      bridge.subscribe((event, { id, state }) => {
        if (event !== 'requests.changed' || typeof id !== 'string') return;
        if (listed.some((row) => row.id === id)) {
          void client.fetchQuery({ ...channelQuery(bridge, 'requests.get', { id }), staleTime: 0 }).then(settle, () => undefined);
          return;
        }
        if (typeof state === 'string' && !belongs(filter, state as QueueRequest['state'])) return;
        if (listed.length === 0) refetch();
        else setFresh((before) => new Set([...before, id]));
      }),
    [bridge, client, filter, listed, refetch, settle],
  );
  useEffect(() => {
    if (fresh.size > 0) announce(fresh.size === 1 ? 'One new request' : `${fresh.size} new requests`);
  }, [fresh]);

  return {
    ...pages,
    fresh: fresh.size,
    showFresh: () => {
      setFresh(new Set());
      refetch();
    },
    settle,
  };
}
