/** The entries by day, as many as there are; only those in sight are in the page. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ProblemNote } from '../../design/Note.tsx';
import { Loading } from '../../design/Page.tsx';
import styles from './audit.module.css';
import { byDay, sayDayOf } from './days.ts';
import { EntryRow } from './EntryRow.tsx';
import type { Entries } from './useEntries.ts';

const AHEAD = 10;
const ROW = 56;

export function Timeline({ entries, empty }: { readonly entries: Entries; readonly empty: ReactNode }): ReactNode {
  const scroll = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const { rows, total, hasMore, more } = entries;
  const lines = byDay(rows);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: AHEAD,
    getItemKey: (index) => {
      const line = lines[index];
      return line === undefined ? index : line.kind === 'day' ? line.day : line.entry.seq;
    },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= lines.length - AHEAD) more();
  }, [hasMore, last, more, lines.length]);
  const toggle = (seq: number): void => {
    setOpen((before) => (before.has(seq) ? new Set([...before].filter((other) => other !== seq)) : new Set([...before, seq])));
  };

  return (
    <div className={styles.frame}>
      {entries.error !== null && rows.length === 0 ? (
        <ProblemNote problem={entries.error.problem} />
      ) : entries.loading ? (
        <div className={styles.loading}>
          <Loading lines={9} label="Loading the audit log" />
        </div>
      ) : rows.length === 0 ? (
        empty
      ) : (
        <div ref={scroll} className={styles.scroll} data-entries="" tabIndex={-1}>
          <div role="list" aria-label="Entries" aria-busy={entries.stale} className={styles.lines} style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => {
              const line = lines[index];
              return (
                line !== undefined && (
                  <div key={key} ref={virtual.measureElement} data-index={index} role="listitem" className={styles.line} style={{ transform: `translateY(${start}px)` }}>
                    {line.kind === 'day' ? (
                      <h2 className={styles.dayHead}>{sayDayOf(line.at)}</h2>
                    ) : (
                      <EntryRow
                        entry={line.entry}
                        open={open.has(line.entry.seq)}
                        onToggle={() => {
                          toggle(line.entry.seq);
                        }}
                      />
                    )}
                  </div>
                )
              );
            })}
          </div>
        </div>
      )}
      {total !== undefined && rows.length > 0 && (
        <div className={styles.foot}>
          <span className="tabular">
            {total.toLocaleString('en')} {total === 1 ? 'entry' : 'entries'}
          </span>
        </div>
      )}
    </div>
  );
}
