/** Takes the keys back into memory: the passphrase, or the keychain's word. */
import { Button, Group, Modal, PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useChannel, useVerb } from '../bridge/react.tsx';
import { announce } from '../design/announce.tsx';
import { ProblemNote } from '../design/Note.tsx';
import { Answered } from '../design/Page.tsx';

export function UnlockVault({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Unlock the vault" closeButtonProps={{ 'aria-label': 'Close' }}>
      <UnlockForm onClose={onClose} />
    </Modal>
  );
}

function UnlockForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const vault = useChannel('vault.status', {});
  const [passphrase, setPassphrase] = useState('');
  const unlock = useVerb('vault.unlock', {
    secret: true,
    touches: ['status.get', 'vault.status'],
    onDone: () => {
      announce('The vault is open');
      onClose();
    },
  });
  return (
    <Answered query={vault}>
      {({ kind }) => {
        const byPassphrase = kind === 'passphrase';
        const submit = (event: FormEvent): void => {
          event.preventDefault();
          unlock.mutate(byPassphrase ? { passphrase } : {});
          setPassphrase('');
        };
        return (
          <form onSubmit={submit}>
            {byPassphrase ? (
              <PasswordInput
                label="Passphrase"
                autoComplete="current-password"
                data-autofocus
                value={passphrase}
                onChange={(event) => {
                  setPassphrase(event.currentTarget.value);
                }}
              />
            ) : (
              <p>The key lies in the keychain of this machine. It may ask for your login.</p>
            )}
            {unlock.error !== null && (
              <div style={{ marginTop: 12 }}>
                <ProblemNote problem={unlock.error.problem} />
              </div>
            )}
            <Group justify="flex-end" mt="md">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={unlock.isPending} disabled={byPassphrase && passphrase === ''}>
                Unlock
              </Button>
            </Group>
          </form>
        );
      }}
    </Answered>
  );
}
