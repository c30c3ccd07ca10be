/** The queue that is looked at: its rows, what is new behind the bar, and how a decision takes a row out of it at once. */
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { OnEvent } from '../../bridge/bridge.ts';
import { type Paged, usePages } from '../../bridge/pages.ts';
import { channelQuery, useBridge } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type QueueFilter, type QueuePage, type QueueRequest, belongs, withReturned, withRow, withoutRow } from './queue.ts';

export interface Queue extends Paged<QueueRequest> {
  /** How many came since the list was fetched. */
  readonly fresh: number;
  readonly showFresh: () => void;
  /** Takes a decided request out of every list that it does not belong to any more. */
  readonly settle: (request: QueueRequest) => void;
  /** Puts a request whose decision was taken back where it stood, before it is looked at again. */
  readonly restore: (request: QueueRequest) => void;
}

/** The lists among the answers of their channel, which the palette asks too. */
const LISTS = { queryKey: ['requests.list'], type: 'active', predicate: ({ queryKey }: { readonly queryKey: readonly unknown[] }) => queryKey[2] === 'pages' } as const;

type Pages = InfiniteData<QueuePage>;

/** How far down a gap in the events is made up for; more than that is refetched with the bar. */
const HEAD = 50;

export function useQueue(filter: QueueFilter, query: string): Queue {
  const bridge = useBridge();
  const client = useQueryClient();
  const input = { ...(filter === 'all' ? {} : { state: filter }), ...(query === '' ? {} : { query }) };
  const pages = usePages('requests.list', input);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const { refetch, fetching } = pages;
  const listed = pages.rows;

  /** Changes the list that is looked at; the others are asked for anew when they are opened, for a row that was left out of them is told by nobody. */
  const change = useCallback(
    (request: QueueRequest, arrange: typeof withRow): void => {
      for (const [key, data] of client.getQueriesData<Pages>(LISTS)) {
        if (data?.pages === undefined) continue;
        const state = (key[1] as { readonly state?: QueueFilter } | undefined)?.state ?? 'all';
        const next = belongs(state, request.state) ? arrange(data.pages, request) : withoutRow(data.pages, request.id);
        client.setQueryData<Pages>(key, { ...data, pages: [...next] });
      }
    },
    [client],
  );
  const settle = useCallback(
    (request: QueueRequest): void => {
      change(request, withRow);
    },
    [change],
  );
  const restore = useCallback(
    (request: QueueRequest): void => {
      change(request, withReturned);
    },
    [change],
  );
  const refresh = useCallback((id: string) => void client.fetchQuery({ ...channelQuery(bridge, 'requests.get', { id }), staleTime: 0 }).then(settle, () => undefined), [bridge, client, settle]);

  // A list that was asked for before a change and answered after it shows the row as it was: what is told meanwhile is looked up again then.
  const told = useRef(new Set<string>());
  useEffect(() => {
    if (fetching || told.current.size === 0) return;
    const ids = [...told.current];
    told.current.clear();
    for (const id of ids) if (listed.some((row) => row.id === id)) refresh(id);
  }, [fetching, listed, refresh]);

  const add = (ids: readonly string[]): void => {
    if (ids.length === 0) return;
    if (listed.length === 0) refetch();
    else setFresh((before) => new Set([...before, ...ids]));
  };
  /** After a gap in the events: whatever stands at the head and was not listed came meanwhile. */
  const catchUp = async (): Promise<void> => {
    const head = await bridge.call('requests.list', { ...input, limit: HEAD });
    if (head.ok) add(head.value.items.flatMap(({ id }) => (listed.some((row) => row.id === id) ? [] : [id])));
  };
  const onEvent = useEffectEvent<OnEvent>((event, { id, state }) => {
    if (event === 'status.changed') void catchUp();
    if (event !== 'requests.changed' || typeof id !== 'string') return;
    if (client.isFetching(LISTS) > 0) told.current.add(id);
    if (listed.some((row) => row.id === id)) {
      refresh(id);
    } else if (typeof state !== 'string' || belongs(filter, state as QueueRequest['state'])) {
      // A search may leave it out: only the CA knows.
      if (query === '') add([id]);
      else void catchUp();
    } else {
      setFresh((before) => (before.has(id) ? new Set([...before].filter((other) => other !== id)) : before));
    }
  });
  useEffect(
    () =>
      bridge.subscribe((event, detail) => {
        onEvent(event, detail);
      }),
    [bridge],
  );
  // What was fetched meanwhile, by a search or by an undo, is not held back any more.
  const held = fresh.size === 0 ? 0 : [...fresh].filter((id) => !listed.some((row) => row.id === id)).length;
  useEffect(() => {
    if (held > 0) announce(held === 1 ? 'One new request' : `${held} new requests`);
  }, [held]);

  return {
    ...pages,
    fresh: held,
    showFresh: () => {
      setFresh(new Set());
      refetch();
    },
    settle,
    restore,
  };
}
