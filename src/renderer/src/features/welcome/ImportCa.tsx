/** A CA that exists already: its certificate, its chain and its private key from files. */
import { Button, PasswordInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type ChosenFile, FilesField } from '../../design/FilesField.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import type { AuthorityFormProps } from './authorityForm.ts';
import { StepFrame } from './StepFrame.tsx';

export function ImportCa({ onMade, onBack }: AuthorityFormProps): ReactNode {
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [passphrase, setPassphrase] = useState('');
  const take = useVerb('authorities.import', {
    touches: ['authorities.list', 'status.get'],
    secret: true,
    onDone: ({ commonName, findings }) => {
      setPassphrase('');
      setFiles([]);
      announce(`${commonName} is imported`);
      onMade(findings);
    },
  });
  return (
    <StepFrame
      title="Bring the CA that you have"
      lead="Its key is put into the vault and encrypted there. Delete the files afterwards, or lock them away: whoever has them is your CA."
      onSubmit={() => {
        take.mutate({ files: files.map(({ base64 }) => base64), ...(passphrase === '' ? {} : { passphrase }) });
      }}
      foot={
        <>
          <Button type="submit" loading={take.isPending} disabled={files.length === 0}>
            Import the CA
          </Button>
          <Button variant="subtle" color="slate" onClick={onBack}>
            Back
          </Button>
        </>
      }
    >
      <FilesField label="Files of the CA" hint="One PKCS #12 file, or the certificate, its chain and its key as PEM files." accept=".p12,.pfx,.pem,.crt,.cer,.key,.der,.p7b" value={files} onChange={setFiles} />
      <PasswordInput
        label="Passphrase of the files"
        description="The one that was set when they were exported. Leave it empty if there is none."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoComplete="off"
        maw={420}
        value={passphrase}
        onChange={(event) => {
          setPassphrase(event.currentTarget.value);
        }}
      />
      {take.error !== null && <ProblemNote problem={take.error.problem} />}
    </StepFrame>
  );
}
