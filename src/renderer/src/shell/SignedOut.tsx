/** The link was used up, or the session is over: how to come back in. */
import type { ReactNode } from 'react';
import type { Problem } from '../../../preload/contract/reply.ts';
import { CopyLine } from '../design/CopyLine.tsx';
import { Mark } from '../design/Mark.tsx';
import styles from './shell.module.css';

export const SignedOut = ({ problem }: { readonly problem: Problem }): ReactNode => (
  <main className={styles.center}>
    <Mark size={56} />
    <h1 className={styles.centerTitle}>{problem.message}</h1>
    <p className={styles.centerText}>Each admin link works once, for ten minutes, and this window’s session is over. On the machine of the CA, run this and follow the link that it prints:</p>
    <div className={styles.centerNote}>
      <CopyLine value="npx countersign open" label="Copy the command" />
    </div>
  </main>
);
