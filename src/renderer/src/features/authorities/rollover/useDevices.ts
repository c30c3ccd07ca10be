/** The devices of a rollover, page by page: they come with the rollover's state, so their list has a question of its own. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Output } from '../../../../../preload/contract/contract.ts';
import { type Paged, pagedOf } from '../../../bridge/pages.ts';
import { type CallError, callOrThrow, useBridge } from '../../../bridge/react.tsx';
import type { Standing } from './words.ts';

type Page = Output<'rollover.status'>;
/** Known by its certificate, as rows of lists are. */
export type RolloverDevice = Page['devices'][number] & { readonly id: string };

const PAGE = 100;

export function useDevices(authorityId: string, standing: Standing | undefined): Paged<RolloverDevice> {
  const bridge = useBridge();
  const input = { authorityId, ...(standing === undefined ? {} : { standing }) };
  const query = useInfiniteQuery<Page, CallError, { readonly pages: readonly Page[] }, readonly unknown[], string | undefined>({
    queryKey: ['rollover.status', input, 'pages'],
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => callOrThrow(bridge, 'rollover.status', { ...input, limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  });
  const { data } = query;
  const rows = useMemo(() => data?.pages.flatMap(({ devices }) => devices.map((device) => ({ ...device, id: device.certificateId }))) ?? [], [data]);
  return pagedOf(query, rows, data?.pages[0]?.total);
}
