/** The rows of the queue, only those in sight in the page, and the bar that holds back what is new. */
import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { deviceName } from '../../design/deviceName.ts';
import { Icon } from '../../design/Icon.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { Loading } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import { REQUEST_STATE, SEVERITY } from '../../design/tones.ts';
import { StateBadge } from '../../design/StateBadge.tsx';
import type { Path } from '../../routing/path.ts';
import { type QueueRequest, sortFindings } from './queue.ts';
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
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: AHEAD, getItemKey: (index) => rows[index]?.id ?? index });
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
                    <Checkbox
                      size="xs"
                      className={styles.rowCheck}
                      aria-label={`Select ${deviceName(row)}`}
                      checked={selected.has(row.id)}
                      onChange={() => {
                        onToggle(row.id);
                      }}
                    />
                    <Row row={row} to={linkTo(row.id)} chosen={row.id === chosen} />
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

/** What the row says of the request's proof, in as few words as possible. */
function describeProof({ proof, matchedAt }: QueueRequest): { readonly icon: 'doubleCheck' | 'key' | 'certificate' | 'help'; readonly words: string; readonly tone: string } {
  if (matchedAt !== null) return { icon: 'doubleCheck', words: 'Fingerprint matched', tone: 'good' };
  if (proof.kind === 'challenge') return { icon: 'key', words: proof.label === null ? 'Challenge held' : `Challenge “${proof.label}”`, tone: 'good' };
  if (proof.kind === 'certificate') return { icon: 'certificate', words: 'Renewal', tone: 'notice' };
  return { icon: 'help', words: 'No proof yet', tone: 'quiet' };
}

function Row({ row, to, chosen }: { readonly row: QueueRequest; readonly to: Path; readonly chosen: boolean }): ReactNode {
  const proof = describeProof(row);
  const worst = sortFindings(row.findings)[0];
  const name = deviceName(row);
  return (
    <a className={styles.rowLink} href={`#${to}`} aria-current={chosen ? 'true' : undefined} data-queue-row="">
      <span className={styles.rowTop}>
        <span className={styles.rowName} title={row.subject}>
          {name}
        </span>
        <span className={styles.rowTime}>
          <Time at={row.receivedAt} />
        </span>
      </span>
      <span className={styles.rowBottom}>
        {row.state !== 'pending' && <StateBadge look={REQUEST_STATE[row.state]} />}
        <span className={styles.rowProof} data-tone={proof.tone}>
          <Icon name={proof.icon} size={13} /> {proof.words}
        </span>
        {worst !== undefined && (worst.severity === 'warning' || worst.severity === 'danger') && (
          <span className={styles.rowProof} data-tone={SEVERITY[worst.severity].tone} title={worst.text}>
            <Icon name={SEVERITY[worst.severity].icon} size={13} /> {SEVERITY[worst.severity].word}
          </span>
        )}
        <span className={styles.rowSource}>{row.source}</span>
      </span>
    </a>
  );
}
