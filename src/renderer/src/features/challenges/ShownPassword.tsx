/** The one time that a challenge's password is seen: large, to copy, to print, and gone when its admin says that it is noted. */
import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { announce } from '../../design/announce.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note } from '../../design/Note.tsx';
import { Time } from '../../design/Time.tsx';
import styles from './challenges.module.css';
import type { MadeChallenge } from './draft.ts';
import { Ticket } from './Ticket.tsx';

export interface ShownPasswordProps {
  readonly made: MadeChallenge;
  /** Somebody wants to close it without having said that it is noted. */
  readonly asking: boolean;
  readonly onKeep: () => void;
  readonly onClose: () => void;
}

export function ShownPassword({ made, asking, onKeep, onClose }: ShownPasswordProps): ReactNode {
  const [printing, setPrinting] = useState(false);
  const [copied, setCopied] = useState<boolean>();
  const copyButton = useRef<HTMLButtonElement>(null);
  const keepButton = useRef<HTMLButtonElement>(null);
  const printed = useCallback(() => {
    setPrinting(false);
  }, []);
  useEffect(() => {
    (asking ? keepButton : copyButton).current?.focus();
  }, [asking]);

  const groups = made.password.split('-');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(made.password);
      setCopied(true);
      announce('Copied');
    } catch {
      setCopied(false);
    }
  };
  return (
    <div className={styles.shown}>
      <p className="muted">
        {made.label === '' ? 'This password' : <strong>{made.label}</strong>}
        {made.label === '' ? '' : ': this password'} is shown now and never again. It works {made.uses === 1 ? 'once' : `${made.uses} times`} and expires on <Time at={made.expiresAt} form="full" />.
      </p>
      <div role="group" aria-label="One-time password" className={styles.password} data-columns={groups.length % 4 === 0 ? 4 : 3}>
        {groups.map((group, index) => (
          // The groups of a password stand in fixed places, and two may be alike.
          <span key={index}>{group}</span>
        ))}
      </div>
      <p className={styles.remark}>Dashes, spaces and small letters make no difference when a device sends it.</p>
      {copied === false && (
        <Note tone="warning" role="alert">
          Copying was not allowed here. Select the password with the mouse, or type it.
        </Note>
      )}
      {asking ? (
        <div role="alertdialog" aria-label="Close without noting it" className={styles.asking}>
          <p>
            <strong>Have you noted it?</strong> Once this is closed nobody can show the password again; you would withdraw this challenge and make another.
          </p>
          <div className={styles.end}>
            <Button ref={keepButton} variant="default" onClick={onKeep}>
              Keep it open
            </Button>
            <Button color="red" onClick={onClose}>
              Close it
            </Button>
          </div>
        </div>
      ) : (
        <div className={styles.actions}>
          <Button ref={copyButton} variant="default" leftSection={<Icon name={copied === true ? 'check' : 'copy'} />} onClick={() => void copy()}>
            {copied === true ? 'Copied' : 'Copy'}
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="print" />}
            onClick={() => {
              setPrinting(true);
            }}
          >
            Print ticket
          </Button>
          <Button onClick={onClose}>I have noted it</Button>
        </div>
      )}
      {printing && <Ticket made={made} onDone={printed} />}
    </div>
  );
}
