/** A revocation is final: why, what follows, and the end of the serial typed, so that it is this certificate and no other. */
import { Button, Modal, Radio, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { ProblemNote } from '../../design/Note.tsx';
import styles from './certificates.module.css';
import { type Reason, isSerialTail, reasonsFor, serialTail } from './reasons.ts';
import type { CertificateDetail } from './types.ts';

export interface RevokeDialogProps {
  readonly certificate: CertificateDetail;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onRevoked: () => void;
}

export const RevokeDialog = ({ certificate, opened, onClose, onRevoked }: RevokeDialogProps): ReactNode => (
  <Modal opened={opened} onClose={onClose} size="lg" title={`Revoke ${deviceName(certificate)}`} closeButtonProps={{ 'aria-label': 'Close' }} returnFocus={certificate.state !== 'revoked'}>
    <Form certificate={certificate} onClose={onClose} onRevoked={onRevoked} />
  </Modal>
);

function Form({ certificate, onClose, onRevoked }: Omit<RevokeDialogProps, 'opened'>): ReactNode {
  const [reason, setReason] = useState<Reason>();
  const [typed, setTyped] = useState('');
  const locked = useChannel('status.get', {}).data?.state === 'locked';
  const revoke = useVerb('certificates.revoke', {
    touches: ['certificates.get', 'certificates.list', 'crls.get'],
    onDone: () => {
      announce('The certificate was revoked');
      onRevoked();
    },
  });
  const sure = reason !== undefined && isSerialTail(typed, certificate.serial);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (sure) revoke.mutate({ id: certificate.id, reason });
      }}
    >
      <p className={styles.consequences}>
        {locked
          ? 'It counts as revoked from now on; the vault is locked, so the list of revoked certificates (CRL) is published as soon as it is unlocked.'
          : 'The list of revoked certificates (CRL) is published at once.'}{' '}
        Devices that check the list turn this certificate away at their next look, and it can no longer renew itself. This cannot be taken back: the device must enrol anew.
      </p>
      <Radio.Group
        label="Why is it revoked"
        value={reason ?? null}
        onChange={(value) => {
          setReason(value as Reason);
        }}
      >
        <div className={styles.reasons}>
          {reasonsFor(certificate.kind).map((words) => (
            <Radio
              key={words.reason}
              value={words.reason}
              label={words.label}
              description={
                <>
                  {words.text} <code>{words.reason}</code>
                </>
              }
            />
          ))}
        </div>
      </Radio.Group>
      <TextInput
        mt="md"
        label="The last four of its serial"
        description={
          <>
            Type <code>{serialTail(certificate.serial)}</code> to make sure that it is this one.
          </>
        }
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        maxLength={12}
        autoComplete="off"
        spellCheck={false}
        error={typed.replace(/\s/g, '').length >= 4 && !isSerialTail(typed, certificate.serial) ? 'These are not the last four of this serial.' : undefined}
      />
      {revoke.error !== null && (
        <div className={styles.more}>
          <ProblemNote problem={revoke.error.problem} />
        </div>
      )}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button type="submit" color="red" disabled={!sure} loading={revoke.isPending}>
          Revoke for good
        </Button>
      </div>
    </form>
  );
}
