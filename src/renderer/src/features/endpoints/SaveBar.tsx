/** The foot of an editor: what is not saved yet, what stands against saving it, and the two ways out. Whoever goes elsewhere before is asked here. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { type Leave, useHold } from '../../routing/leaving.ts';
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
  const [leave, setLeave] = useState<Leave>();
  useHold(dirty, (go) => {
    setLeave(() => go);
  });
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
      {dirty && leave !== undefined && (
        <Leaving
          isNew={isNew}
          onStay={() => {
            setLeave(undefined);
          }}
          onLeave={leave}
        />
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

/** Staying has the focus, and gives it back to what had it. */
function Leaving({ isNew, onStay, onLeave }: { readonly isNew: boolean; readonly onStay: () => void; readonly onLeave: () => void }): ReactNode {
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    stay.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div role="alertdialog" aria-label="Leave without saving" className={styles.leaving}>
      <p>
        <strong>Leave without saving?</strong> {isNew ? 'What you entered here is not kept.' : 'Your changes here are not kept.'}
      </p>
      <div className={styles.leavingWays}>
        <Button ref={stay} variant="default" onClick={onStay}>
          Keep editing
        </Button>
        <Button color="red" onClick={onLeave}>
          Discard and leave
        </Button>
      </div>
    </div>
  );
}
