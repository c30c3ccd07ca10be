/** The CA is here: what came with it, and what was noticed. */
import type { ReactNode } from 'react';
import { CopyLine } from '../CopyLine.tsx';
import { FindingList } from '../FindingList.tsx';
import { Note } from '../Note.tsx';
import { Left } from './Left.tsx';
import styles from './migration.module.css';
import { type Imported, sayImported } from './words.ts';

export const ImportedNotes = ({ imported: { authority, counts, backup, findings, left, leftTotal } }: { readonly imported: Imported }): ReactNode => (
  <div className={styles.stack}>
    <Note tone="good" title={`${authority.commonName} is here, with its key`}>
      {sayImported(counts)} Devices that it enrolled before can renew here.
    </Note>
    <FindingList findings={findings} />
    {backup !== null && (
      <div>
        <p className="muted">A backup was made before:</p>
        <CopyLine value={backup.path} label="Copy the path of the backup" />
      </div>
    )}
    <Left left={left} total={leftTotal} />
  </div>
);
