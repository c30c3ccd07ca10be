/** A line of text that is there to be copied: an address, a command. */
import type { ReactNode } from 'react';
import { CopyButton } from './CopyButton.tsx';
import styles from './parts.module.css';

export const CopyLine = ({ value, label }: { readonly value: string; readonly label: string }): ReactNode => (
  <div className={styles.copyLine}>
    <code>{value.split(/(\s+)/).map((part, index) => (part.trim() === '' ? part : <Word key={index} text={part} />))}</code>
    <CopyButton value={value} label={label} />
  </div>
);

/** A browser breaks `--outform` after its first dash; a word goes to the next line whole. */
const Word = ({ text }: { readonly text: string }): ReactNode => <span className={styles.word}>{text}</span>;
