/** Copies a text and says so, to eyes and ears. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { announce } from './announce.tsx';
import { Icon } from './Icon.tsx';

export interface CopyButtonProps {
  readonly value: string;
  /** What is copied: `Copy the SHA-256 fingerprint`. */
  readonly label: string;
}

export function CopyButton({ value, label }: CopyButtonProps): ReactNode {
  const clipboard = useClipboard({ timeout: 1_600 });
  return (
    <Tooltip label={clipboard.error === null ? (clipboard.copied ? 'Copied' : label) : 'Copying was not allowed'}>
      <ActionIcon
        variant="subtle"
        color={clipboard.copied ? 'green' : 'slate'}
        size="sm"
        aria-label={label}
        onClick={() => {
          clipboard.copy(value);
          announce('Copied');
        }}
      >
        <Icon name={clipboard.copied ? 'check' : 'copy'} size={15} />
      </ActionIcon>
    </Tooltip>
  );
}
