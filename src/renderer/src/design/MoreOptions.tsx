/** What few need stays folded away. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

export const MoreOptions = ({ open, onChange }: { readonly open: boolean; readonly onChange: (open: boolean) => void }): ReactNode => (
  <div>
    <Button
      variant="subtle"
      color="slate"
      size="xs"
      leftSection={<Icon name={open ? 'down' : 'right'} size={13} />}
      aria-expanded={open}
      onClick={() => {
        onChange(!open);
      }}
    >
      More options
    </Button>
  </div>
);
