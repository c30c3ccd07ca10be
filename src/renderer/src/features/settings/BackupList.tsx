/** The newest backups with their proof; older ones behind a fold. Each can be tried out again. */
import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { StateBadge } from '../../design/StateBadge.tsx';
import { saySize } from '../../design/size.ts';
import { Time } from '../../design/Time.tsx';
import { BACKUP_STATE, type Backup } from './backups.ts';
import styles from './settings.module.css';
import { TryBackup } from './TryBackup.tsx';

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
      <Row key={backup.path} backup={backup} />
    ))}
  </ul>
);

function Row({ backup }: { readonly backup: Backup }): ReactNode {
  const [trying, setTrying] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <li className={styles.backup}>
      <span className={styles.backupName} title={backup.path}>
        {backup.name}
      </span>
      <span className={styles.backupEnd}>
        <StateBadge look={BACKUP_STATE[backup.state]} />
        {backup.state !== 'missing' && !trying && (
          <Button
            ref={button}
            variant="subtle"
            color="slate"
            size="compact-xs"
            aria-label={`Try out ${backup.name}`}
            onClick={() => {
              setTrying(true);
            }}
          >
            Try out
          </Button>
        )}
      </span>
      <span className={styles.backupFacts}>
        <Time at={backup.createdAt} />, {saySize(backup.size)}
        {backup.entries !== null && `, ${backup.entries.toLocaleString('en')} log entries`}
        {backup.scheduled ? ', by schedule' : ''}
      </span>
      {trying && (
        <TryBackup
          backup={backup}
          onClose={() => {
            setTrying(false);
            requestAnimationFrame(() => button.current?.focus());
          }}
        />
      )}
    </li>
  );
}
