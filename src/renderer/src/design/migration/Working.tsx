/** While files are read, looked at and stored: what is going on, and how far it is where that can be known. */
import { Loader, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { countThings } from '../count.ts';
import styles from './migration.module.css';
import type { Migration } from './useMigration.ts';

export function Working({ migration: { looking, bringing, read, preview } }: { readonly migration: Migration }): ReactNode {
  if (!looking && !bringing) return null;
  const words = read !== undefined ? `Reading ${countThings(read.of, 'file')} …` : looking ? 'Looking at every certificate …' : `Importing ${countThings(preview?.counts.certificates ?? 0, 'certificate')} …`;
  return (
    <div className={styles.working}>
      {read === undefined && <Loader size={18} aria-hidden="true" />}
      <div role="status" className={styles.workingWords}>
        <strong>{words}</strong>
        {bringing && <span className="muted"> Each signature is checked. It goes on if you leave this page, and what is cut short is completed by importing the same files again.</span>}
      </div>
      {read !== undefined && <Progress className={styles.bar ?? ''} value={(100 * read.done) / read.of} aria-label="Files read" />}
    </div>
  );
}
