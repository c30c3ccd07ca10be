/** Locks the vault in two steps, in place: it is not dangerous, but every device that enrols meanwhile is sent away. */
import { Button, Group } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useVerb } from '../bridge/react.tsx';
import { announce } from './announce.tsx';
import { Icon } from './Icon.tsx';
import { Note, ProblemNote } from './Note.tsx';

export function LockVault(): ReactNode {
  const [asked, setAsked] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  const ask = useRef<HTMLButtonElement>(null);
  const lock = useVerb('vault.lock', {
    touches: ['status.get', 'vault.status'],
    onDone: () => {
      announce('The vault is locked');
    },
  });
  useEffect(() => {
    if (asked) cancel.current?.focus();
  }, [asked]);
  if (!asked) {
    return (
      <Button
        ref={ask}
        variant="default"
        size="xs"
        leftSection={<Icon name="lock" />}
        onClick={() => {
          setAsked(true);
        }}
      >
        Lock the vault
      </Button>
    );
  }
  return (
    <div>
      <Note tone="warning" title="Lock the vault now?">
        All keys leave memory. Devices that enrol or renew are told to come back, until somebody unlocks it.
        <Group gap="xs" mt="xs">
          <Button
            ref={cancel}
            variant="default"
            size="xs"
            onClick={() => {
              setAsked(false);
              requestAnimationFrame(() => ask.current?.focus());
            }}
          >
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
