/** The safety net under a step: a backup that is made and proven before it, or that none will be. */
import type { ReactNode } from 'react';
import { useChannel } from '../../../bridge/react.tsx';
import { Icon } from '../../../design/Icon.tsx';
import { Note } from '../../../design/Note.tsx';
import { SEVERITY } from '../../../design/tones.ts';
import { Link } from '../../../routing/Link.tsx';
import styles from './rollover.module.css';
import type { StepOutcome } from './useStep.ts';
import { DONE } from './words.ts';

export function BackupBefore(): ReactNode {
  const backups = useChannel('backups.list', {});
  if (backups.data === undefined) return null;
  return backups.data.schedule !== null ? (
    <p className={styles.backup}>
      <Icon name="check" size={14} />
      <span>A backup is made and proven before this step.</span>
    </p>
  ) : (
    <p className={styles.backup} data-missing="true">
      <Icon name="warning" size={14} />
      <span>
        No backup is made before this step: none is scheduled. <Link to="/settings">Schedule backups</Link>
      </span>
    </p>
  );
}

/** What a step left behind: that it is done, its backup, and what should be known about it. */
export function Outcome({ outcome: { step, value } }: { readonly outcome: StepOutcome }): ReactNode {
  return (
    <div className={styles.outcome}>
      <Note tone="good" title={DONE[step]}>
        {value.backup === null ? (
          <>
            No backup was made before it. <Link to="/settings">Backups in Settings</Link>
          </>
        ) : (
          <>
            A backup was made and proven before it: <span title={value.backup.path}>{value.backup.name}</span>
          </>
        )}
      </Note>
      {/* That there was no backup is said above, with the way to one. */}
      <FindingNotes findings={value.findings.filter(({ code }) => code !== 'no-backup')} />
    </div>
  );
}

export const FindingNotes = ({ findings }: { readonly findings: StepOutcome['value']['findings'] }): ReactNode =>
  findings.map(({ code, severity, text }) => (
    <Note key={`${code} ${text}`} tone={SEVERITY[severity].tone}>
      <span className="sr-only">{SEVERITY[severity].word}: </span>
      {text}
    </Note>
  ));
