/** Brings in what another CA signed: files, sent as they are and judged by the CA. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type ChosenFile, FilesField } from '../../design/FilesField.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { base64Of } from '../../design/saveFile.ts';
import styles from './authorities.module.css';

export interface InstallCertificateProps {
  readonly id: string;
  readonly label: string;
  readonly button: string;
  /** Its own certificate, where it has that already and only what stands above it is brought in. */
  readonly own?: string | null;
  readonly onArrived: (findings: Output<'authorities.installCertificate'>['findings']) => void;
}

export function InstallCertificate({ id, label, button, own = null, onArrived }: InstallCertificateProps): ReactNode {
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const install = useVerb('authorities.installCertificate', {
    touches: ['authorities.get', 'authorities.list', 'endpoints.list'],
    onDone: ({ commonName, findings }) => {
      announce(`The certificate of ${commonName} is installed`);
      setFiles([]);
      onArrived(findings);
    },
  });
  return (
    <div className={styles.stack}>
      <FilesField
        label={label}
        hint="PEM, DER or PKCS #7; the chain in the same file or beside it."
        accept=".pem,.crt,.cer,.der,.p7b,.p7c"
        value={files}
        onChange={(next) => {
          install.reset();
          setFiles(next);
        }}
      />
      {install.error !== null && <ProblemNote problem={install.error.problem} />}
      <div>
        <Button
          disabled={files.length === 0}
          loading={install.isPending}
          onClick={() => {
            install.mutate({ id, files: [...(own === null ? [] : [base64Of(own)]), ...files.map(({ base64 }) => base64)] });
          }}
        >
          {button}
        </Button>
      </div>
    </div>
  );
}
