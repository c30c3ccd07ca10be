/** An action's keys as caps. */
import { Kbd } from '@mantine/core';
import type { ReactNode } from 'react';
import { isMac } from '../design/platform.ts';
import { keyWords } from './keys.ts';

export const KeyWords = ({ keys }: { readonly keys: string }): ReactNode => (
  <span style={{ whiteSpace: 'nowrap' }}>
    {keyWords(keys, isMac).map((word, index) =>
      word === 'then' ? (
        <span key={index} className="muted">
          {' '}
          then{' '}
        </span>
      ) : (
        <Kbd key={index} size="xs" mr={3}>
          {word}
        </Kbd>
      ),
    )}
  </span>
);
