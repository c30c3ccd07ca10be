/** What few need stays folded away. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../design/Icon.tsx';

export const MoreOptions = ({ onOpen }: { readonly onOpen: () => void }): ReactNode => (
  <div>
    <Button variant="subtle" color="slate" size="xs" leftSection={<Icon name="down" size={13} />} onClick={onOpen}>
      More options
    </Button>
  </div>
);
