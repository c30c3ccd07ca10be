/** The newest backups with their proof; older ones behind a fold. */
import type { ReactNode } from 'react';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { BACKUP_STATE, type Backup, saySize } from './backups.ts';
import styles from './settings.module.css';

const NEWEST = 5;

export function BackupList({ items, folder }: { readonly items: readonly Backup[]; readonly folder: string }): ReactNode {
  if (items.length === 0) return null;
  const older = items.slice(NEWEST);
  return (
    <div>
      <Rows items={items.slice(0, NEWEST)} label={`Backups in ${folder}`} />
      {older.length > 0 && (
        <details className={styles.details}>
          <summary>{older.length === 1 ? 'One older backup' : `${older.length} older backups`}</summary>
          <Rows items={older} label="Older backups" />
        </details>
      )}
    </div>
  );
}

const Rows = ({ items, label }: { readonly items: readonly Backup[]; readonly label: string }): ReactNode => (
  <ul className={styles.backups} aria-label={label}>
    {items.map((backup) => (
      <li key={backup.path} className={styles.backup}>
        <span className={styles.backupName} title={backup.path}>
          {backup.name}
        </span>
        <StateBadge look={BACKUP_STATE[backup.state]} />
        <span className={styles.backupFacts}>
          <Time at={backup.createdAt} />, {saySize(backup.size)}
          {backup.entries !== null && `, ${backup.entries.toLocaleString('en')} log entries`}
          {backup.scheduled ? ', by schedule' : ''}
        </span>
      </li>
    ))}
  </ul>
);
