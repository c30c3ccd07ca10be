/** What the check of the whole log found: that it holds and what to note of it, or where it breaks and what to do now. */
import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Hex } from '../../design/Fingerprint.tsx';
import { groupsOf } from '../../design/hex.ts';
import { Icon } from '../../design/Icon.tsx';
import styles from './audit.module.css';
import type { Verdict } from './types.ts';

export function VerdictPanel({ verdict, onClose }: { readonly verdict: Verdict; readonly onClose: () => void }): ReactNode {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    root.current?.focus();
  }, [verdict]);
  return (
    <section ref={root} tabIndex={-1} className={styles.verdict} aria-label="What the check found">
      <div className={styles.panel} data-ok={verdict.ok}>
        <div className={styles.panelHead}>
          <Icon name={verdict.ok ? 'authority' : 'danger'} size={26} />
          <h2 className={styles.panelTitle}>{verdict.ok ? 'The log is whole' : 'The log is not as it was written'}</h2>
          <CloseButton aria-label="Close the verdict" onClick={onClose} />
        </div>
        {verdict.ok ? <Whole verdict={verdict} /> : <Broken verdict={verdict} />}
        {verdict.notes.map((note) => (
          <p key={note} className={styles.note}>
            <Icon name="info" /> Note: {note}.
          </p>
        ))}
      </div>
    </section>
  );
}

const Whole = ({ verdict }: { readonly verdict: Verdict }): ReactNode => (
  <>
    <p className={styles.panelText}>
      {verdict.entries === 1 ? 'Its one entry is' : `All ${verdict.entries.toLocaleString('en')} entries are`} there and unchanged, and the certificates are as it says. Note the head: if the log is ever rewritten as a whole, entry {verdict.head.seq.toLocaleString('en')} will have another hash.
    </p>
    <div className={styles.notes}>
      <Noted name={`Head, entry ${verdict.head.seq.toLocaleString('en')}`} label="Copy the head’s hash" hex={verdict.head.hash} />
      {verdict.keyFingerprint !== null && <Noted name="Key that signed it (SHA-256)" label="Copy the key’s fingerprint" hex={verdict.keyFingerprint} />}
    </div>
    {verdict.keyFingerprint !== null && <p className={styles.panelText}>Compare the key’s fingerprint with the one that was written down when the vault was set up.</p>}
  </>
);

const Noted = ({ name, label, hex }: { readonly name: string; readonly label: string; readonly hex: string }): ReactNode => (
  <div className={styles.noted}>
    <div className={styles.notedName}>{name}</div>
    <div className={styles.notedHex}>
      <Hex groups={groupsOf(hex)} />
      <CopyButton value={hex} label={label} />
    </div>
  </div>
);

const Broken = ({ verdict: { firstBad, entries } }: { readonly verdict: Verdict }): ReactNode => {
  const at = firstBad?.seq ?? 0;
  return (
    <>
      <p className={styles.panelText}>
        <strong>{firstBad === undefined ? 'It does not hold' : sentence(firstBad.problem)}</strong>{' '}
        {at > 1 ? `What comes before entry ${at.toLocaleString('en')} is whole; do not rely on what comes after it.` : `It has ${entries.toLocaleString('en')} entries.`}
      </p>
      <ol className={styles.steps}>
        <li>Stop Countersign and keep a copy of the data folder as it is: it is the evidence.</li>
        <li>Compare with your latest backup or export. A restored older backup looks the same as a tampered log; if you restored one, that is the cause.</li>
        <li>If nobody restored anything, somebody with access to this machine changed the data. Check every certificate issued since, and replace the CA if you cannot account for them.</li>
      </ol>
    </>
  );
};

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
