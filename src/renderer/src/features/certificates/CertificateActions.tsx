/** What can be done with a certificate as it stands. Nothing here is the view's main thing to do, and the one that is final stands apart. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Icon } from '../../design/Icon.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { HoldDialog } from './HoldDialog.tsx';
import { RevokeDialog } from './RevokeDialog.tsx';
import type { StandingChange } from './StandingNote.tsx';
import { useCrlNumber } from './useCrlNumber.ts';
import type { CertificateDetail } from './types.ts';

export interface CertificateActionsProps {
  readonly certificate: CertificateDetail;
  readonly onChanged: (change: StandingChange | undefined) => void;
}

export function CertificateActions({ certificate, onChanged }: CertificateActionsProps): ReactNode {
  const [asking, setAsking] = useState<'revoke' | 'hold'>();
  const [problem, setProblem] = useState<Problem>();
  const before = useCrlNumber(certificate);
  const release = useVerb('certificates.release', {
    touches: ['certificates.get', 'certificates.list', 'crls.get'],
    onDone: () => {
      onChanged({ kind: 'released', crlBefore: before });
      announce('The certificate was released');
    },
  });
  // A CA certificate is retired with its authority; its own list cannot revoke it.
  const revocable = certificate.kind !== 'authority' && (certificate.state === 'valid' || certificate.state === 'held');
  const shown = problem ?? release.error?.problem;
  const close = (): void => {
    setAsking(undefined);
  };
  return (
    <>
      <ExportMenu id={certificate.id} onProblem={setProblem} />
      {revocable && certificate.state === 'valid' && (
        <Button
          variant="default"
          leftSection={<Icon name="pause" />}
          onClick={() => {
            setAsking('hold');
          }}
        >
          Put on hold
        </Button>
      )}
      {revocable && certificate.state === 'held' && (
        <Button
          variant="default"
          leftSection={<Icon name="undo" />}
          loading={release.isPending}
          onClick={() => {
            setProblem(undefined);
            release.mutate({ id: certificate.id });
          }}
        >
          Release
        </Button>
      )}
      {revocable && (
        <Button
          variant="light"
          color="red"
          leftSection={<Icon name="stop" />}
          onClick={() => {
            setAsking('revoke');
          }}
        >
          Revoke
        </Button>
      )}
      {shown !== undefined && <ProblemNote problem={shown} />}
      <RevokeDialog
        certificate={certificate}
        opened={asking === 'revoke'}
        onClose={close}
        onRevoked={() => {
          close();
          onChanged({ kind: 'revoked', crlBefore: before });
        }}
      />
      <HoldDialog
        certificate={certificate}
        opened={asking === 'hold'}
        onClose={close}
        onHeld={() => {
          close();
          onChanged({ kind: 'held', crlBefore: before });
        }}
      />
    </>
  );
}
