/** The rows of the queue, only those in sight in the page, and the bar that holds back what is new. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { Icon } from '../../design/Icon.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { Loading } from '../../design/Page.tsx';
import type { Path } from '../../routing/path.ts';
import { QueueRow } from './QueueRow.tsx';
import styles from './requests.module.css';
import type { Queue } from './useQueue.ts';

export interface QueueListProps {
  readonly queue: Queue;
  readonly chosen: string | undefined;
  readonly selected: ReadonlySet<string>;
  readonly linkTo: (id: string) => Path;
  readonly onToggle: (id: string) => void;
  readonly empty: ReactNode;
}

const ROW = 72;
const AHEAD = 8;

export function QueueList({ queue, chosen, selected, linkTo, onToggle, empty }: QueueListProps): ReactNode {
  const scroll = useRef<HTMLDivElement>(null);
  const { rows, total, hasMore, more, fresh, showFresh } = queue;
  // Another function would have every row measured again, on each frame of a scroll.
  const getItemKey = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: AHEAD, getItemKey });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) more();
  }, [hasMore, last, more, rows.length]);
  const chosenIndex = rows.findIndex(({ id }) => id === chosen);
  // What opens beneath the list makes it lower.
  const height = virtual.scrollRect?.height;
  useEffect(() => {
    if (chosenIndex >= 0) virtual.scrollToIndex(chosenIndex, { align: 'auto' });
  }, [chosenIndex, height, virtual]);

  return (
    <>
      {fresh > 0 && (
        <button type="button" className={styles.fresh} onClick={showFresh}>
          <Icon name="down" size={14} />
          {fresh} new
        </button>
      )}
      <div ref={scroll} className={styles.list}>
        {queue.error !== null && rows.length === 0 ? (
          <div className={styles.listNote}>
            <ProblemNote problem={queue.error.problem} />
          </div>
        ) : queue.loading ? (
          <div className={styles.listNote}>
            <Loading lines={8} label="Loading the requests" />
          </div>
        ) : rows.length === 0 ? (
          empty
        ) : (
          <div role="list" aria-label="Requests" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => {
              const row = rows[index];
              return (
                row !== undefined && (
                  <div key={key} role="listitem" aria-setsize={total ?? rows.length} aria-posinset={index + 1} className={styles.row} style={{ transform: `translateY(${start}px)` }} data-chosen={row.id === chosen}>
                    <QueueRow row={row} to={linkTo(row.id)} chosen={row.id === chosen} selected={selected.has(row.id)} onToggle={onToggle} />
                  </div>
                )
              );
            })}
          </div>
        )}
      </div>
      {total !== undefined && rows.length > 0 && (
        <div className={styles.listFoot}>
          <span className="tabular">
            {total.toLocaleString('en')} {total === 1 ? 'request' : 'requests'}
          </span>
        </div>
      )}
    </>
  );
}
