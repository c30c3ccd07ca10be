/** One backup now: its passphrase, the wait for its proof, and the sheet to print. The passphrase is not kept here. */
import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { NewPassphrase } from '../../design/NewPassphrase.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { NOT_TYPED, isReady } from '../../design/passphrase.ts';
import { PrintSheet } from '../../design/PrintSheet.tsx';
import { SwitchField } from './fields.tsx';
import { saySize } from '../../design/size.ts';
import styles from './settings.module.css';

export function MakeBackup({ scheduled, onClose }: { readonly scheduled: boolean; readonly onClose: () => void }): ReactNode {
  const [typed, setTyped] = useState(NOT_TYPED);
  const [same, setSame] = useState(scheduled);
  const [made, setMade] = useState<Output<'backups.create'>>();
  const make = useVerb('backups.create', { secret: true, touches: ['backups.list'] });
  if (made !== undefined) return <Made backup={made} onClose={onClose} />;
  return (
    <form
      noValidate
      aria-label="A backup now"
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!same && !isReady(typed)) return;
        make.mutate(same ? {} : { passphrase: typed.first }, {
          onSuccess: (backup) => {
            setTyped(NOT_TYPED);
            setMade(backup);
            make.reset();
            announce('The backup is made and proven');
          },
        });
      }}
    >
      {scheduled && <SwitchField label="With the passphrase of scheduled backups" description="Then there is one passphrase to keep." checked={same} onChange={setSame} />}
      {!same && <NewPassphrase label="Passphrase of this backup" value={typed} onChange={setTyped} />}
      <p className={styles.quiet}>Without it nobody can open the file. It need not be the vault’s, and it is kept nowhere: write it down and keep it apart from the backup.</p>
      {make.error !== null && <ProblemNote problem={make.error.problem} />}
      <div className={styles.save}>
        <Button type="submit" size="xs" loading={make.isPending} disabled={!same && !isReady(typed)}>
          Make and prove the backup
        </Button>
        <Button variant="subtle" color="slate" size="xs" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Made({ backup, onClose }: { readonly backup: Output<'backups.create'>; readonly onClose: () => void }): ReactNode {
  const [printing, setPrinting] = useState(false);
  const print = useRef<HTMLButtonElement>(null);
  useEffect(() => print.current?.focus(), []);
  return (
    <div className={styles.form}>
      <Note tone="good" title="The backup is made, and a trial restore has proven it">
        {saySize(backup.size)}: {backup.entries.toLocaleString('en')} log entries, {backup.counts.certificates === 1 ? 'one certificate' : `${backup.counts.certificates.toLocaleString('en')} certificates`}, {backup.counts.keys} keys, which all opened and signed. Copy the file to another machine.
      </Note>
      <CopyLine label="Copy the path of the backup" value={backup.path} />
      <div className={styles.save}>
        <Button
          ref={print}
          size="xs"
          onClick={() => {
            setPrinting(true);
          }}
        >
          Print the recovery sheet
        </Button>
        <Button variant="default" size="xs" onClick={onClose}>
          Close
        </Button>
      </div>
      <details className={styles.details}>
        <summary>Read the recovery sheet</summary>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
        <pre className={styles.sheet} tabIndex={0} aria-label="Recovery sheet">
          {backup.recoverySheet}
        </pre>
      </details>
      {printing && (
        <PrintSheet
          onDone={() => {
            setPrinting(false);
          }}
        >
          <pre className={styles.printedSheet}>{backup.recoverySheet}</pre>
        </PrintSheet>
      )}
    </div>
  );
}
