/** The foot of an editor: what is not saved yet, what stands against saving it, and the two ways out. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { Note, ProblemNote } from '../../design/Note.tsx';
import styles from './endpoints.module.css';

export interface SaveBarProps {
  readonly isNew: boolean;
  readonly dirty: boolean;
  readonly outdated: boolean;
  readonly pending: boolean;
  /** Why it cannot be saved as it stands. */
  readonly blocked?: string | undefined;
  readonly problem: Problem | undefined;
  readonly label: string;
  readonly onDiscard: () => void;
  readonly onReload: () => void;
}

export function SaveBar({ isNew, dirty, outdated, pending, blocked, problem, label, onDiscard, onReload }: SaveBarProps): ReactNode {
  const stale = outdated || problem?.code === 'stale-version';
  const reload = (
    <Button variant="default" size="xs" onClick={onReload}>
      Load what it says now
    </Button>
  );
  return (
    <div className={styles.saveBar}>
      {stale ? (
        <Note tone="warning" role="alert" title="It was changed elsewhere meanwhile" actions={reload}>
          What you see began from an older version, so it cannot be saved over the newer one. Loading it drops your changes.
        </Note>
      ) : (
        problem !== undefined && <ProblemNote problem={problem} />
      )}
      <div className={styles.saveRow}>
        <span className="muted" role="status">
          {blocked ?? (dirty || isNew ? 'Not saved yet' : 'All changes are saved')}
        </span>
        <Button variant="default" disabled={!dirty && !isNew} onClick={onDiscard}>
          {isNew ? 'Cancel' : 'Discard'}
        </Button>
        <Button type="submit" loading={pending} disabled={(!dirty && !isNew) || stale || blocked !== undefined}>
          {label}
        </Button>
      </div>
    </div>
  );
}
