/** Before the first answer: the mark, and after a while why it takes so long. */
import type { ReactNode } from 'react';
import type { Problem } from '../../../preload/contract/reply.ts';
import { Mark } from '../design/Mark.tsx';
import { ProblemNote } from '../design/Note.tsx';
import styles from './shell.module.css';

export const Splash = ({ problem }: { readonly problem: Problem | undefined }): ReactNode => (
  <main className={styles.center} aria-busy={problem === undefined}>
    <Mark size={56} />
    <h1 className={styles.centerTitle}>Countersign</h1>
    {problem === undefined ? (
      <p className="muted" role="status">
        Asking the CA …
      </p>
    ) : (
      <div className={styles.centerNote}>
        <ProblemNote problem={problem} />
      </div>
    )}
  </main>
);
