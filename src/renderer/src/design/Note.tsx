/** A remark in a tone: its title, what follows from it, and what can be done. Errors stay until they are mended. */
import { type ReactNode, type Ref, useEffect, useRef } from 'react';
import type { Problem } from '../../../preload/contract/reply.ts';
import { CopyButton } from './CopyButton.tsx';
import { Icon } from './Icon.tsx';
import styles from './parts.module.css';
import type { StateLook, Tone } from './tones.ts';

const ICONS: Readonly<Record<Tone, StateLook['icon']>> = { good: 'check', notice: 'info', warning: 'warning', danger: 'danger', quiet: 'info' };

export interface NoteProps {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
  /** `alert` interrupts a screen reader: for what went wrong just now. */
  readonly role?: 'alert' | 'status' | 'note';
  /** With it the note can take the focus. */
  readonly ref?: Ref<HTMLDivElement>;
}

export const Note = ({ tone, title, children, actions, role = 'note', ref }: NoteProps): ReactNode => (
  <div ref={ref} tabIndex={ref === undefined ? undefined : -1} className={styles.note} data-tone={tone} role={role}>
    <Icon name={ICONS[tone]} size={18} />
    <div className={styles.noteBody}>
      {title !== undefined && <div className={styles.noteTitle}>{title}</div>}
      {children}
    </div>
    {actions}
  </div>
);

/** What the CA said no to: the sentence, the next step, and the code to copy for whoever helps. */
export function ProblemNote({ problem, actions }: { readonly problem: Problem; readonly actions?: ReactNode }): ReactNode {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A button that is busy cannot hold the focus: it goes to what came of it, so that the next Tab starts there.
    if (document.activeElement === null || document.activeElement === document.body) note.current?.focus({ preventScroll: true });
  }, [problem]);
  return (
    <Note
      ref={note}
      tone="danger"
      role="alert"
      title={problem.message}
      actions={
        <>
          {actions}
          <CopyButton value={`${problem.code}: ${problem.message}`} label="Copy the error" />
        </>
      }
    >
      {problem.hint !== undefined && <div className={styles.noteHint}>{problem.hint}</div>}
    </Note>
  );
}
