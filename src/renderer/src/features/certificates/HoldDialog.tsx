/** A hold, which can be taken back: what it does, and yes or no. */
import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { ProblemNote } from '../../design/Note.tsx';
import styles from './certificates.module.css';
import type { CertificateDetail } from './types.ts';

export interface HoldDialogProps {
  readonly certificate: CertificateDetail;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onHeld: () => void;
}

export function HoldDialog({ certificate, opened, onClose, onHeld }: HoldDialogProps): ReactNode {
  const hold = useVerb('certificates.revoke', {
    touches: ['certificates.get', 'certificates.list', 'crls.get'],
    onDone: () => {
      announce('The certificate is on hold');
      onHeld();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={`Put ${deviceName(certificate)} on hold`} closeButtonProps={{ 'aria-label': 'Close' }} returnFocus={!hold.isSuccess}>
      <p className={styles.consequences}>
        The list of revoked certificates names it from now on (<code>certificateHold</code>), and devices that check the list turn it away. It cannot be renewed meanwhile. You can release it at any time, and then it counts as before.
      </p>
      {hold.error !== null && <ProblemNote problem={hold.error.problem} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="orange"
          loading={hold.isPending}
          onClick={() => {
            hold.mutate({ id: certificate.id, reason: 'certificateHold' });
          }}
        >
          Put on hold
        </Button>
      </div>
    </Modal>
  );
}
