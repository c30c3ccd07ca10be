/** The log's columns: when, who, what it wanted, how it ended, and why. */
import type { ReactNode } from 'react';
import type { Column } from '../../design/DataTable.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { OUTCOME } from '../../design/tones.ts';
import styles from './transactions.module.css';
import type { Transaction } from './types.ts';
import { sayOperation } from './words.ts';

const WHEN: Column<Transaction> = { id: 'at', header: 'Time', width: '116px', render: ({ at }) => <Time at={at} /> };
const OUTCOME_COLUMN: Column<Transaction> = { id: 'outcome', header: 'Outcome', width: '104px', render: ({ outcome }) => <StateBadge look={OUTCOME[outcome]} /> };

export function columnsOf(compact: boolean): readonly Column<Transaction>[] {
  if (compact) {
    return [
      {
        id: 'message',
        header: 'Message',
        width: 'minmax(0, 1fr)',
        render: (row) => (
          <Lines
            top={`${sayOperation(row.operation)} · ${row.source}`}
            under={
              <>
                <Time at={row.at} /> · {row.text}
              </>
            }
            title={row.text}
          />
        ),
      },
      OUTCOME_COLUMN,
    ];
  }
  return [
    WHEN,
    { id: 'source', header: 'From', width: 'minmax(0, 0.9fr)', render: ({ source, client, subject }) => <Lines top={source} under={client ?? subject ?? 'Unknown kind of device'} title={[source, client, subject].filter((part) => part !== null).join(', ')} /> },
    { id: 'message', header: 'Message', width: 'minmax(0, 0.9fr)', render: ({ operation, path }) => <Lines top={sayOperation(operation)} under={`${operation} · ${path}`} title={`${operation} to ${path}`} /> },
    OUTCOME_COLUMN,
    { id: 'text', header: 'In short', width: 'minmax(0, 2fr)', render: ({ text }) => <span title={text}>{text}</span> },
  ];
}

const Lines = ({ top, under, title }: { readonly top: string; readonly under: ReactNode; readonly title: string }): ReactNode => (
  <>
    <span className={styles.top} title={title}>
      {top}
    </span>
    <span className={styles.under}>{under}</span>
  </>
);
