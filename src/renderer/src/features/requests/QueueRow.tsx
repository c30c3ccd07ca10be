/** One row of the queue: who asks, how it proved itself so far, and what is odd enough to be seen from afar. */
import { type ReactNode, memo } from 'react';
import { deviceName } from '../../design/deviceName.ts';
import { Icon } from '../../design/Icon.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { REQUEST_STATE, SEVERITY } from '../../design/tones.ts';
import type { Path } from '../../routing/path.ts';
import { courierOf } from './detail.ts';
import { type QueueRequest, sortFindings } from './queue.ts';
import styles from './requests.module.css';

/** What the row says of the request's proof, in as few words as possible. */
function describeProof({ proof, matchedAt }: QueueRequest): { readonly icon: 'doubleCheck' | 'key' | 'certificate' | 'help'; readonly words: string; readonly tone: string } {
  if (matchedAt !== null) return { icon: 'doubleCheck', words: 'Fingerprint matched', tone: 'good' };
  if (proof.kind === 'challenge') return { icon: 'key', words: proof.label === null ? 'Challenge held' : `Challenge “${proof.label}”`, tone: 'good' };
  if (proof.kind === 'certificate') return { icon: 'certificate', words: 'Renewal', tone: 'notice' };
  return { icon: 'help', words: 'No proof yet', tone: 'quiet' };
}

export interface QueueRowProps {
  readonly row: QueueRequest;
  readonly to: Path;
  readonly chosen: boolean;
  readonly selected: boolean;
  /** The same function at each drawing. */
  readonly onToggle: (id: string) => void;
}

/** Drawn again only when it changes itself: a list that is scrolled draws the rows that come into sight and no others. */
export const QueueRow = memo(function QueueRow({ row, to, chosen, selected, onToggle }: QueueRowProps): ReactNode {
  const proof = describeProof(row);
  const worst = sortFindings(row.findings)[0];
  const name = deviceName(row);
  return (
    <>
      <label className={styles.rowCheck}>
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={selected}
          onChange={() => {
            onToggle(row.id);
          }}
        />
      </label>
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
          <span className={styles.rowSource} title={courierOf(row) === undefined ? undefined : `Came by courier from ${courierOf(row) ?? ''}`}>
            {courierOf(row) !== undefined && <Icon name="stick" size={13} />} {row.source}
          </span>
        </span>
      </a>
    </>
  );
});
