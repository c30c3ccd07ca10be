/** Lists that come page by page: rows as far as they were asked for, and how many there are in all. */
import { type UseInfiniteQueryResult, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Input, Output } from '../../../preload/contract/contract.ts';
import { type CallError, callOrThrow, useBridge } from './react.tsx';

/** The channels that page by cursor. */
export type ListChannel = 'requests.list' | 'certificates.list' | 'challenges.list' | 'transactions.list' | 'audit.list';
type Item<C extends ListChannel> = Output<C>['items'][number];

export interface Paged<T> {
  readonly rows: readonly T[];
  /** How many match in all; undefined until the first answer. */
  readonly total: number | undefined;
  readonly error: CallError | null;
  /** Nothing has been answered yet. */
  readonly loading: boolean;
  /** What is shown answers an older question; the new one is on its way. */
  readonly stale: boolean;
  /** A question is on its way: what it answers may be older than what is told meanwhile. */
  readonly fetching: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly refetch: () => void;
}

/** What fills the window comes first, and what is scrolled to in larger pieces. */
const FIRST_PAGE = 50;
const NEXT_PAGES = 100;

/** Keeps showing the rows of the last question while a new one is asked, so that a search does not flicker. */
export function usePages<C extends ListChannel>(channel: C, filter: Omit<NonNullable<Input<C>>, 'limit' | 'cursor'>, { every }: { readonly every?: number } = {}): Paged<Item<C>> {
  const bridge = useBridge();
  const query = useInfiniteQuery<Output<C>, CallError, { readonly pages: readonly Output<C>[] }, readonly unknown[], string | undefined>({
    queryKey: [channel, filter, 'pages'],
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => callOrThrow(bridge, channel, { ...filter, ...(pageParam === undefined ? { limit: FIRST_PAGE } : { limit: NEXT_PAGES, cursor: pageParam }) } as Input<C>),
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    // It would compare all pages, thousands of rows, whenever one more comes; those that were there are the same objects anyway.
    structuralSharing: false,
    ...(every === undefined ? {} : { refetchInterval: every }),
  });
  const { data } = query;
  // Thousands of rows, while the list is drawn anew for each that comes into sight.
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items as Item<C>[]) ?? [], [data]);
  return pagedOf(query, rows, data?.pages[0]?.total);
}

/** A question that is asked page by page, as lists take it. */
export const pagedOf = <T, D>(query: UseInfiniteQueryResult<D, CallError>, rows: readonly T[], total: number | undefined): Paged<T> => ({
  rows,
  total,
  error: query.error,
  loading: query.isPending,
  stale: query.isPlaceholderData,
  fetching: query.isFetching,
  hasMore: query.hasNextPage,
  more: () => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  },
  refetch: () => void query.refetch(),
});
