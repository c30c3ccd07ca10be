/** The old passphrase once, the new one twice. None of them is kept here once the form is gone. */
import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { NewPassphrase } from '../../design/NewPassphrase.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { NOT_TYPED, isReady } from '../../design/passphrase.ts';
import styles from './settings.module.css';

export function ChangePassphrase({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState(NOT_TYPED);
  const [done, setDone] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    (done ? close : field).current?.focus();
  }, [done]);
  const change = useVerb('vault.changePassphrase', { secret: true });
  if (done) {
    return (
      <Note
        tone="good"
        title="The passphrase is changed"
        actions={
          <Button ref={close} variant="default" size="xs" onClick={onClose}>
            Close
          </Button>
        }
      >
        Backups that were made before still open with the old one. Change it also where the CA reads it at its start.
      </Note>
    );
  }
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!isReady(next) || current === '') return;
        change.mutate(
          { current, next: next.first },
          {
            onSuccess: () => {
              setCurrent('');
              setNext(NOT_TYPED);
              setDone(true);
              change.reset();
              announce('The passphrase is changed');
            },
          },
        );
      }}
    >
      <PasswordInput
        ref={field}
        label="Present passphrase"
        autoComplete="current-password"
        maw={420}
        value={current}
        onChange={(event) => {
          setCurrent(event.currentTarget.value);
        }}
      />
      <NewPassphrase label="New passphrase" value={next} onChange={setNext} />
      {change.error !== null && <ProblemNote problem={change.error.problem} />}
      <div className={styles.save}>
        <Button type="submit" size="xs" loading={change.isPending} disabled={current === '' || !isReady(next)}>
          Change the passphrase
        </Button>
        <Button variant="subtle" color="slate" size="xs" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
