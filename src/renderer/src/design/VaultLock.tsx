/** Locks the vault in two steps, in place: it harms nothing, but every device that enrols meanwhile is sent away. Where it is locked, the way back. */
import { Button, Group } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useVerb } from '../bridge/react.tsx';
import { announce } from './announce.tsx';
import { Icon } from './Icon.tsx';
import { Note, ProblemNote } from './Note.tsx';
import { useKeptFocus } from './useKeptFocus.ts';

export function VaultLock({ open, onUnlock }: { readonly open: boolean; readonly onUnlock: () => void }): ReactNode {
  const [asked, setAsked] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const asking = asked && open;
  useKeptFocus(first, asking);
  if (asking) {
    return (
      <AskToLock
        onClose={() => {
          setAsked(false);
        }}
      />
    );
  }
  return (
    <Button
      ref={first}
      variant={open ? 'default' : 'filled'}
      size="xs"
      leftSection={<Icon name={open ? 'lock' : 'unlock'} />}
      onClick={() => {
        setAsked(open);
        if (!open) onUnlock();
      }}
    >
      {open ? 'Lock the vault' : 'Unlock the vault'}
    </Button>
  );
}

function AskToLock({ onClose }: { readonly onClose: () => void }): ReactNode {
  const cancel = useRef<HTMLButtonElement>(null);
  const lock = useVerb('vault.lock', {
    touches: ['status.get', 'vault.status'],
    onDone: () => {
      announce('The vault is locked');
      onClose();
    },
  });
  useEffect(() => {
    cancel.current?.focus();
  }, []);
  return (
    <div>
      <Note tone="warning" title="Lock the vault now?">
        All keys leave memory. Devices that enrol or renew are told to come back, until somebody unlocks it.
        <Group gap="xs" mt="xs">
          <Button ref={cancel} variant="default" size="xs" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="default"
            size="xs"
            loading={lock.isPending}
            onClick={() => {
              lock.mutate({});
            }}
          >
            Lock it
          </Button>
        </Group>
      </Note>
      {lock.error !== null && <ProblemNote problem={lock.error.problem} />}
    </div>
  );
}
