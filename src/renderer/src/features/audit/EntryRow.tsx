/** One entry: when, what, who, and how it ended; opened, everything that the log holds of it. */
import { type ReactNode, useId } from 'react';
import { Icon } from '../../design/Icon.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { sayFull } from '../../design/time.ts';
import { OUTCOME } from '../../design/tones.ts';
import { Link } from '../../routing/Link.tsx';
import { sayActor } from '../../design/actors.ts';
import styles from './audit.module.css';
import { sayTimeOf } from './days.ts';
import { EntryDetail } from './EntryDetail.tsx';
import { sayEntry } from './sentences.ts';
import { subjectOf } from './subjects.ts';
import type { Entry } from './types.ts';

export interface EntryRowProps {
  readonly entry: Entry;
  readonly open: boolean;
  readonly onToggle: () => void;
}

export function EntryRow({ entry, open, onToggle }: EntryRowProps): ReactNode {
  const id = useId();
  const subject = subjectOf(entry.subject);
  const sentence = sayEntry(entry);
  return (
    <div className={styles.entry} data-open={open}>
      <time className={styles.time} dateTime={entry.at} title={`${sayFull(entry.at)} (${entry.at})`}>
        {sayTimeOf(entry.at)}
      </time>
      <div className={styles.told}>
        <button type="button" className={styles.sentence} aria-expanded={open} aria-controls={open ? id : undefined} onClick={onToggle}>
          <span className={styles.words} title={sentence}>
            {sentence}
          </span>
          <span className={styles.turn} aria-hidden="true">
            <Icon name="down" size={13} />
          </span>
        </button>
        <div className={styles.who}>
          {sayActor(entry.actor)}
          {subject !== undefined && (
            <>
              {' · '}
              <Link to={subject.to} underline="always">
                {subject.label}
              </Link>
            </>
          )}
        </div>
      </div>
      <StateBadge look={OUTCOME[entry.outcome]} />
      {open && (
        <div id={id} className={styles.opened}>
          <EntryDetail entry={entry} />
        </div>
      )}
    </div>
  );
}
