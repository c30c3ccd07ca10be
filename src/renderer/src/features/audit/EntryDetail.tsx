/** Everything that the log holds of an entry, as it was written. */
import type { ReactNode } from 'react';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Facts } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import styles from './audit.module.css';
import { sayName } from './sentences.ts';
import type { Detail, Entry } from './types.ts';

export const EntryDetail = ({ entry }: { readonly entry: Entry }): ReactNode => (
  <Facts
    items={[
      ['Entry', `${entry.seq.toLocaleString('en')}, ${entry.action}`],
      ['Outcome', `${entry.outcome}, ${entry.code}`],
      ['Actor', entry.actor],
      ['About', entry.subject],
      ...Object.entries(entry.detail).map(([name, value]): readonly [string, ReactNode] => [sayName(name), showValue(value)]),
      [
        'Hash',
        <span key="hash" className={styles.hash}>
          <code>{entry.hash}</code>
          <CopyButton value={entry.hash} label={`Copy the hash of entry ${entry.seq}`} />
        </span>,
      ],
    ]}
  />
);

function showValue(value: Detail[string]): ReactNode {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString('en');
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value)) return <Time at={value} form="full" />;
  return /^[0-9a-f]{32,}$/i.test(value) ? <code>{value}</code> : value;
}
