/** A state: its word, its icon and its tone, never colour alone. */
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import styles from './parts.module.css';
import type { StateLook } from './tones.ts';

export const StateBadge = ({ look, detail }: { readonly look: StateLook; readonly detail?: string }): ReactNode => (
  <span className={styles.state} data-tone={look.tone}>
    <Icon name={look.icon} size={13} />
    {look.word}
    {detail !== undefined && ` · ${detail}`}
  </span>
);
