/** The window is locked; the CA is not. Nothing of it is shown but how many wait. */
import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useVerb } from '../bridge/react.tsx';
import { announce } from '../design/announce.tsx';
import { Icon } from '../design/Icon.tsx';
import { Mark } from '../design/Mark.tsx';
import { ProblemNote } from '../design/Note.tsx';
import styles from './shell.module.css';
import { useForgetting } from './useForgetting.ts';

export interface LockScreenProps {
  readonly opensBy: 'passphrase' | 'keychain' | 'nothing';
  readonly waiting: number;
}

/** The one thing that can be done here has the focus. */
const focusOnce = (input: HTMLInputElement | null): void => input?.focus();

export function LockScreen({ opensBy, waiting }: LockScreenProps): ReactNode {
  const [passphrase, setPassphrase] = useState('');
  useForgetting();
  const unlock = useVerb('window.unlock', {
    secret: true,
    touches: ['window.status', 'status.get', 'requests.list', 'certificates.list', 'challenges.list'],
    onDone: () => {
      announce('The window is open');
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    unlock.mutate(opensBy === 'passphrase' ? { passphrase } : {});
    setPassphrase('');
  };
  return (
    <main className={styles.center}>
      <Mark size={56} />
      <h1 className={styles.centerTitle}>This window is locked</h1>
      <p className={styles.centerText}>
        The CA goes on behind it: devices enrol and renew as before. {waiting > 0 && <strong>{waiting === 1 ? 'One request waits for you.' : `${waiting} requests wait for you.`}</strong>}
      </p>
      <form className={styles.centerNote} onSubmit={submit}>
        {opensBy === 'passphrase' && (
          <PasswordInput
            label="Passphrase of the vault"
            autoComplete="current-password"
            ref={focusOnce}
            value={passphrase}
            onChange={(event) => {
              setPassphrase(event.currentTarget.value);
            }}
            mb="sm"
          />
        )}
        <Button type="submit" fullWidth leftSection={<Icon name="unlock" />} loading={unlock.isPending} disabled={opensBy === 'passphrase' && passphrase === ''}>
          {opensBy === 'passphrase' ? 'Unlock' : 'Unlock with the keychain'}
        </Button>
        {unlock.error !== null && (
          <div className={styles.spaced}>
            <ProblemNote problem={unlock.error.problem} />
          </div>
        )}
      </form>
    </main>
  );
}
