/** A line of text that is there to be copied: an address, a command. */
import type { ReactNode } from 'react';
import { CopyButton } from './CopyButton.tsx';
import styles from './parts.module.css';

export const CopyLine = ({ value, label }: { readonly value: string; readonly label: string }): ReactNode => (
  <div className={styles.copyLine}>
    <code>{value}</code>
    <CopyButton value={value} label={label} />
  </div>
);
