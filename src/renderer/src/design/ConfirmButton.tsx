/** An act that cannot be taken back: armed by its button, done by a second one that stands in its place. Cancel has the focus meanwhile. */
import { Button, Group } from '@mantine/core';
import { type ReactNode, useId, useRef, useState } from 'react';
import type { CallError } from '../bridge/react.tsx';
import { ProblemNote } from './Note.tsx';
import styles from './parts.module.css';

export interface ConfirmButtonProps {
  /** What the first button says: `Withdraw`. */
  readonly label: string;
  /** `Withdraw this challenge?` */
  readonly question: string;
  /** What follows from it. */
  readonly children: ReactNode;
  /** What the second button says, where that differs. */
  readonly confirm?: string;
  readonly cancel?: string;
  /** Where nothing is destroyed it is no danger; `primary` is the one thing to do there. */
  readonly tone?: 'danger' | 'calm' | 'primary';
  readonly onConfirm: () => void;
  readonly pending: boolean;
  readonly error: CallError | null;
}

export function ConfirmButton({ label, question, children, confirm = label, cancel = 'Cancel', tone = 'danger', onConfirm, pending, error }: ConfirmButtonProps): ReactNode {
  const [armed, setArmed] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const questionId = useId();
  const disarm = (): void => {
    setArmed(false);
    requestAnimationFrame(() => first.current?.focus());
  };
  if (!armed) {
    return (
      <Button
        ref={first}
        {...(tone === 'primary' ? {} : { variant: 'default' })}
        {...(tone === 'danger' ? { className: styles.dangerous ?? '' } : {})}
        onClick={() => {
          setArmed(true);
        }}
      >
        {label}
      </Button>
    );
  }
  return (
    <div role="group" aria-labelledby={questionId} className={styles.confirm} data-tone={tone}>
      <div id={questionId} className={styles.noteTitle}>
        {question}
      </div>
      <div className="muted">{children}</div>
      {error !== null && <ProblemNote problem={error.problem} />}
      <Group gap={8}>
        {/* The one that changes nothing takes the focus. */}
        <Button variant="default" data-autofocus ref={(button) => button?.focus()} onClick={disarm}>
          {cancel}
        </Button>
        <Button {...(tone === 'danger' ? { color: 'red' } : {})} loading={pending} onClick={onConfirm}>
          {confirm}
        </Button>
      </Group>
    </div>
  );
}
