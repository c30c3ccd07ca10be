/** A backup from the list, restored on trial again: whether it still opens, and whether the passphrase that was written down is the right one. */
import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type BackupContents, BackupFacts } from '../../design/BackupFacts.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import type { Backup } from './backups.ts';
import styles from './settings.module.css';

export function TryBackup({ backup, onClose }: { readonly backup: Backup; readonly onClose: () => void }): ReactNode {
  const [passphrase, setPassphrase] = useState('');
  const [found, setFound] = useState<BackupContents>();
  const verify = useVerb('backups.verify', { secret: true, touches: ['backups.list'] });
  const input = useRef<HTMLInputElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  // The way on has the focus: first the passphrase, then the way out.
  useEffect(() => (found === undefined ? input : close).current?.focus(), [found]);
  if (found !== undefined) {
    return (
      <div className={styles.trial}>
        <Note tone="good" role="status" title="It can be restored">
          It opened, its audit log holds, and its keys sign. Nothing was changed here.
        </Note>
        <BackupFacts contents={found} />
        <div>
          <Button variant="default" size="xs" ref={close} onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      noValidate
      className={styles.trial}
      aria-label={`Try out ${backup.name}`}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (passphrase === '') return;
        verify.mutate(
          { path: backup.path, passphrase },
          {
            onSuccess: (contents) => {
              setPassphrase('');
              setFound(contents);
              verify.reset();
              announce('The backup can be restored');
            },
          },
        );
      }}
    >
      <PasswordInput
        label="Passphrase of this backup"
        description="As it is written down. A trial restore in memory shows that file and passphrase still belong together; nothing is changed."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        maw={420}
        autoComplete="off"
        ref={input}
        value={passphrase}
        onChange={(event) => {
          setPassphrase(event.currentTarget.value);
        }}
      />
      {verify.error !== null && <ProblemNote problem={verify.error.problem} />}
      <div className={styles.save}>
        <Button type="submit" size="xs" loading={verify.isPending} disabled={passphrase === ''}>
          Try it out
        </Button>
        <Button variant="subtle" color="slate" size="xs" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
