/** The audit key's fingerprint, to write down on the day on which nobody can have changed it yet. */
import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Hex } from '../../design/Fingerprint.tsx';
import { groupsOf } from '../../design/hex.ts';
import { Icon } from '../../design/Icon.tsx';
import { PrintSheet } from '../../design/PrintSheet.tsx';
import { StepFrame } from './StepFrame.tsx';
import styles from './welcome.module.css';

export function AuditKey({ vault, onDone }: { readonly vault: Output<'vault.status'>; readonly onDone: () => void }): ReactNode {
  const [printing, setPrinting] = useState(false);
  const printed = useCallback(() => {
    setPrinting(false);
  }, []);
  const fingerprint = vault.auditKeyFingerprint;
  return (
    <StepFrame
      title="Write this down"
      lead="Every decision of this CA is signed into an audit log. This is the fingerprint of the key that signs it; on paper, it proves later that nobody put another log in its place."
      foot={<Button onClick={onDone}>{fingerprint === null ? 'Continue' : 'I have written it down'}</Button>}
    >
      {fingerprint === null ? (
        <p className="muted">The vault is open, but has no audit key to show.</p>
      ) : (
        <div className={styles.keepsake}>
          <div className={styles.keepsakeHead}>
            <h2>Fingerprint of the audit key</h2>
            <CopyButton value={fingerprint} label="Copy the fingerprint of the audit key" />
            <Button
              variant="default"
              size="xs"
              leftSection={<Icon name="print" />}
              onClick={() => {
                setPrinting(true);
              }}
            >
              Print
            </Button>
          </div>
          <Hex groups={groupsOf(fingerprint)} />
          <p className="muted">Later: Audit log, Verify. Or at the command line: countersign audit verify --key, followed by these digits. You find it again in Settings.</p>
        </div>
      )}
      {printing && fingerprint !== null && (
        <PrintSheet onDone={printed}>
          <h1>Countersign: fingerprint of the audit key</h1>
          <p>SHA-256 of its public key. Keep this sheet apart from the computer of the CA.</p>
          <Hex groups={groupsOf(fingerprint)} size="large" />
          <p>To check the audit log against it: countersign audit verify --key {fingerprint}</p>
        </PrintSheet>
      )}
    </StepFrame>
  );
}
