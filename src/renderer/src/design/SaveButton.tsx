/** A button that fetches a file from a channel and hands it to the admin; what goes wrong stands beside it. */
import { Button, type ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { type CallError, useBridge } from '../bridge/react.tsx';
import type { Bridge } from '../bridge/bridge.ts';
import { Icon } from './Icon.tsx';
import { ProblemNote } from './Note.tsx';
import { type SavedFile, saveFile } from './saveFile.ts';
import { useKeptFocus } from './useKeptFocus.ts';

export interface SaveButtonProps extends ButtonProps {
  readonly files: (bridge: Bridge) => Promise<readonly SavedFile[]>;
  readonly children: ReactNode;
}

export function SaveButton({ files, children, ...rest }: SaveButtonProps): ReactNode {
  const bridge = useBridge();
  const save = useMutation<void, CallError>({
    mutationFn: async () => {
      for (const file of await files(bridge)) await saveFile(bridge, file);
    },
  });
  const button = useRef<HTMLButtonElement>(null);
  useKeptFocus(button, save.isPending);
  return (
    <>
      <Button
        ref={button}
        variant="default"
        leftSection={<Icon name="download" />}
        loading={save.isPending}
        onClick={() => {
          save.mutate();
        }}
        {...rest}
      >
        {children}
      </Button>
      {save.error !== null && <ProblemNote problem={save.error.problem} />}
    </>
  );
}
