/**
 * A table of any length: only the rows in sight are in the page. One tab stop, arrows within; Enter or a click opens a row.
 * Rows beyond those that were asked for come as one scrolls to them.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Paged } from '../bridge/pages.ts';
import styles from './DataTable.module.css';
import { ProblemNote } from './Note.tsx';
import { Loading } from './Page.tsx';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** A track of the grid: `minmax(0, 2fr)`, `120px`. */
  readonly width: string;
  readonly render: (row: T) => ReactNode;
}

export interface DataTableProps<T> {
  /** What the rows are: `Certificates`. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly pages: Paged<T>;
  readonly keyOf: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly openKey?: string | undefined;
  /** What stands there when nothing matches. */
  readonly empty: ReactNode;
  readonly rowHeight?: number;
  /** One row, many rows: `['certificate', 'certificates']`. */
  readonly noun: readonly [string, string];
}

const AHEAD = 12;

export function DataTable<T>({ label, columns, pages, keyOf, onOpen, openKey, empty, rowHeight = 44, noun }: DataTableProps<T>): ReactNode {
  const scroll = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(0);
  const { rows, total, hasMore, more } = pages;
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: AHEAD, getItemKey: (index) => keyOf(rows[index] as T) });
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
  const onKeyDown = (event: KeyboardEvent): void => {
    const step: Readonly<Record<string, number>> = { ArrowDown: focused + 1, ArrowUp: focused - 1, PageDown: focused + 12, PageUp: focused - 12, Home: 0, End: rows.length - 1 };
    const next = step[event.key];
    const row = rows[focused];
    if (next !== undefined) focusRow(next);
    else if (event.key === 'Enter' && row !== undefined && event.target instanceof HTMLElement && event.target.dataset.index !== undefined) onOpen?.(row);
    else return;
    event.preventDefault();
  };

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
                <div
                  key={key}
                  role="row"
                  data-index={index}
                  aria-rowindex={index + 2}
                  aria-selected={keyOf(row) === openKey}
                  tabIndex={index === Math.min(focused, rows.length - 1) ? 0 : -1}
                  className={styles.row}
                  style={{ height: size, transform: `translateY(${start}px)` }}
                  onFocus={() => {
                    setFocused(index);
                  }}
                  onClick={() => onOpen?.(row)}
                  onKeyDown={onKeyDown}
                >
                  {columns.map(({ id, render }) => (
                    <div key={id} role="gridcell" className={styles.cell}>
                      {render(row)}
                    </div>
                  ))}
                </div>
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
