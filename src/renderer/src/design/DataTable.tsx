/**
 * A table of any length: only the rows in sight are in the page. One tab stop, arrows within; Enter or a click opens a row.
 * Rows beyond those that were asked for come as one scrolls to them.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, memo, useCallback, useEffect, useRef, useState } from 'react';
import type { Paged } from '../bridge/pages.ts';
import styles from './DataTable.module.css';
import { ProblemNote } from './Note.tsx';
import { Loading } from './Page.tsx';
import { useStable } from './useStable.ts';

interface Identified {
  readonly id: string | number;
}

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** A track of the grid: `minmax(0, 2fr)`, `120px`. */
  readonly width: string;
  readonly render: (row: T) => ReactNode;
}

export interface DataTableProps<T extends Identified> {
  /** What the rows are: `Certificates`. */
  readonly label: string;
  /** The same array while its columns are the same: rows are drawn again for another one. */
  readonly columns: readonly Column<T>[];
  readonly pages: Paged<T>;
  readonly onOpen?: (row: T) => void;
  /** Of the row that is looked at. */
  readonly openId?: string | number | undefined;
  /** What stands there when nothing matches. */
  readonly empty: ReactNode;
  readonly rowHeight?: number;
  /** One row, many rows: `['certificate', 'certificates']`. */
  readonly noun: readonly [string, string];
}

const AHEAD = 12;

export function DataTable<T extends Identified>({ label, columns, pages, onOpen, openId, empty, rowHeight = 44, noun }: DataTableProps<T>): ReactNode {
  const scroll = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(0);
  const { rows, total, hasMore, more } = pages;
  // Another function would have every row measured again, on each frame of a scroll.
  const getItemKey = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: AHEAD, getItemKey });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - AHEAD) more();
  }, [hasMore, last, more, rows.length]);

  const focusRow = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setFocused(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  const onKeyDown = useStable((event: KeyboardEvent): void => {
    const step: Readonly<Record<string, number>> = { ArrowDown: focused + 1, ArrowUp: focused - 1, PageDown: focused + 12, PageUp: focused - 12, Home: 0, End: rows.length - 1 };
    const next = step[event.key];
    const row = rows[focused];
    if (next !== undefined) focusRow(next);
    else if (event.key === 'Enter' && row !== undefined && event.target instanceof HTMLElement && event.target.dataset.index !== undefined) onOpen?.(row);
    else return;
    event.preventDefault();
  });
  const openRow = useStable((row: T): void => {
    onOpen?.(row);
  });

  if (pages.error !== null && rows.length === 0) return <ProblemNote problem={pages.error.problem} />;
  return (
    <div className={styles.frame} style={{ '--columns': columns.map(({ width }) => width).join(' ') } as CSSProperties}>
      {pages.loading ? (
        <div className={styles.filling}>
          <Loading lines={8} label={`Loading ${label.toLowerCase()}`} />
        </div>
      ) : rows.length === 0 ? (
        empty
      ) : (
        <div ref={scroll} className={styles.scroll} role="grid" aria-label={label} aria-rowcount={total ?? rows.length} aria-busy={pages.stale} tabIndex={-1}>
          <div role="rowgroup" className={styles.headGroup}>
            <div className={styles.head} role="row">
              {columns.map(({ id, header }) => (
                <div key={id} role="columnheader" className={styles.cell}>
                  {header}
                </div>
              ))}
            </div>
          </div>
          <div className={`${styles.body} ${pages.stale ? styles.stale : ''}`} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start, size }) => {
              const row = rows[index] as T;
              return (
                <Row
                  key={key}
                  row={row}
                  columns={columns}
                  index={index}
                  start={start}
                  size={size}
                  open={row.id === openId}
                  tabStop={index === Math.min(focused, rows.length - 1)}
                  onFocus={setFocused}
                  onOpen={openRow}
                  onKeyDown={onKeyDown}
                />
              );
            })}
          </div>
        </div>
      )}
      {total !== undefined && rows.length > 0 && (
        <div className={styles.foot}>
          <span className="tabular">
            {total.toLocaleString('en')} {total === 1 ? noun[0] : noun[1]}
          </span>
        </div>
      )}
    </div>
  );
}

interface RowProps<T> {
  readonly row: T;
  readonly columns: readonly Column<T>[];
  readonly index: number;
  readonly start: number;
  readonly size: number;
  readonly open: boolean;
  readonly tabStop: boolean;
  readonly onFocus: (index: number) => void;
  readonly onOpen: (row: T) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function PlainRow<T>({ row, columns, index, start, size, open, tabStop, onFocus, onOpen, onKeyDown }: RowProps<T>): ReactNode {
  return (
    <div
      role="row"
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={open}
      tabIndex={tabStop ? 0 : -1}
      className={styles.row}
      style={{ height: size, transform: `translateY(${start}px)` }}
      onFocus={() => {
        onFocus(index);
      }}
      onClick={() => {
        onOpen(row);
      }}
      onKeyDown={onKeyDown}
    >
      {columns.map(({ id, render }) => (
        <div key={id} role="gridcell" className={styles.cell}>
          {render(row)}
        </div>
      ))}
    </div>
  );
}

/** Drawn again only when it changes itself: a table that is scrolled draws the rows that come into sight and no others. */
const Row = memo(PlainRow) as typeof PlainRow;
