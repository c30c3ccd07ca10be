/** The signing request on its way to the root, and the certificate on its way back; days may lie between them. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type CallError, callOrThrow, useBridge, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { type ChosenFile, FilesField } from '../../design/FilesField.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { Answered } from '../../design/Page.tsx';
import { SaveButton } from '../../design/SaveButton.tsx';
import type { Authority, AuthorityFormProps } from './authorityForm.ts';
import { digestCommand, sha256OfBase64, signingCommand } from './signingRequest.ts';
import { StepFrame } from './StepFrame.tsx';
import styles from './welcome.module.css';

export function CarryRequest({ authority, onMade }: { readonly authority: Authority; readonly onMade: AuthorityFormProps['onMade'] }): ReactNode {
  const bridge = useBridge();
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const request = useQuery<{ readonly name: string; readonly sha256: string }, CallError>({
    queryKey: ['authorities.export', authority.id, 'csr', 'digest'],
    queryFn: async () => {
      const file = await callOrThrow(bridge, 'authorities.export', { id: authority.id, format: 'csr' });
      return { name: file.name, sha256: await sha256OfBase64(file.base64) };
    },
  });
  const install = useVerb('authorities.installCertificate', {
    touches: ['authorities.list', 'status.get'],
    onDone: ({ commonName, findings }) => {
      announce(`The certificate of ${commonName} is installed`);
      onMade(findings);
    },
  });
  return (
    <StepFrame
      title={`Have ${authority.commonName} signed`}
      lead="Carry the signing request to your root, and bring back the certificate that it makes. You can close this window meanwhile, for days if need be."
      onSubmit={() => {
        install.mutate({ id: authority.id, files: files.map(({ base64 }) => base64) });
      }}
      foot={
        <Button type="submit" loading={install.isPending} disabled={files.length === 0}>
          Install the certificate
        </Button>
      }
    >
      <ol className={styles.errands}>
        <li>
          <h2>Take the signing request with you</h2>
          <Answered query={request} lines={2}>
            {({ name, sha256 }) => (
              <div className={styles.stack}>
                <div>
                  <SaveButton files={async (way) => [await callOrThrow(way, 'authorities.export', { id: authority.id, format: 'csr' })]}>Save {name}</SaveButton>
                </div>
                <div>
                  <p className="muted">SHA-256 of the request. Compared where the root signs, it shows that this file arrived and no other.</p>
                  <Fingerprint name="SHA-256 of the signing request" hex={sha256} />
                </div>
              </div>
            )}
          </Answered>
        </li>
        <li>
          <h2>Sign it with your root</h2>
          <p>With OpenSSL 3, in the folder of the root’s files. This prints what to compare:</p>
          <CopyLine value={digestCommand(request.data?.name ?? 'issuing.csr')} label="Copy the command that prints the SHA-256" />
          <p>and this signs:</p>
          <CopyLine value={signingCommand(request.data?.name ?? 'issuing.csr')} label="Copy the command" />
          <p className="muted">With another program: a CA certificate, path length 0, with the extensions that the request asks for.</p>
        </li>
        <li>
          <h2>Bring the certificate back</h2>
          <FilesField label="Certificate" hint="Add the root’s certificate too, so that devices can be given the whole chain. PEM, DER or PKCS #7." accept=".pem,.crt,.cer,.der,.p7b,.p7c" value={files} onChange={setFiles} />
        </li>
      </ol>
      {install.error !== null && <ProblemNote problem={install.error.problem} />}
    </StepFrame>
  );
}
