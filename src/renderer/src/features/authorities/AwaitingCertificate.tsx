/** An authority whose certificate another CA signs: the request goes out, the certificate comes back, in a minute or in a month. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { callOrThrow, useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import { SaveButton } from '../../design/SaveButton.tsx';
import styles from './authorities.module.css';
import { InstallCertificate } from './InstallCertificate.tsx';
import type { AuthorityDetail } from './standing.ts';

export interface AwaitingCertificateProps {
  readonly authority: AuthorityDetail;
  /** What goes on until it is there, where that is not nothing. */
  readonly meanwhile?: string;
  readonly onArrived: (findings: Output<'authorities.installCertificate'>['findings']) => void;
}

export function AwaitingCertificate({ authority, meanwhile = `Until then ${authority.commonName} signs nothing; this page waits for you.`, onArrived }: AwaitingCertificateProps): ReactNode {
  const request = useChannel('authorities.export', { id: authority.id, format: 'csr' });
  const fileName = request.data?.name ?? 'request.csr';
  const certificateName = fileName.replace(/\.[a-z0-9]+$/i, '.pem');
  return (
    <>
      <Section title="1. Carry the request to the CA that signs it">
        <p className={styles.lead}>
          The key is made and stays here. This file asks the other CA for a certificate; it holds no secret.
        </p>
        <Answered query={request} lines={2}>
          {(file) => (
            <div className={styles.stack}>
              <div>
                <SaveButton files={async (bridge) => [await callOrThrow(bridge, 'authorities.export', { id: authority.id, format: 'csr' })]}>Save the request</SaveButton>
              </div>
              <Digest base64={file.base64} />
            </div>
          )}
        </Answered>
      </Section>
      <Section title="2. Sign it there">
        <p className={styles.lead}>The other CA must make it a CA: basic constraints CA:TRUE, key usage certificate signing and CRL signing. With OpenSSL, beside the root’s key:</p>
        <CopyLine label="Copy the command" value={`openssl x509 -req -in ${fileName} -CA root.pem -CAkey root.key -days 3650 -sha256 -copy_extensions copyall -out ${certificateName}`} />
        <p className={styles.remark}>The request asks for these extensions itself; copyall takes them over (OpenSSL 3).</p>
      </Section>
      <Section title="3. Bring the certificate back">
        <p className={styles.lead}>With the root’s certificate, so that the chain is complete. {meanwhile}</p>
        <InstallCertificate id={authority.id} label="The signed certificate" button="Install the certificate" onArrived={onArrived} />
      </Section>
    </>
  );
}

/** Of the request's DER, wherever it is wrapped in PEM: what both sides of the walk compare. */
function Digest({ base64 }: { readonly base64: string }): ReactNode {
  const digest = useQuery({ queryKey: ['csr-digest', base64], queryFn: () => digestOf(base64) });
  if (digest.data === undefined) return null;
  return (
    <div>
      <div className={styles.under}>SHA-256 of the request, to compare over there</div>
      <Fingerprint name="the request’s SHA-256" hex={digest.data} />
    </div>
  );
}

async function digestOf(base64: string): Promise<string> {
  const file = atob(base64);
  const body = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(file)?.[1];
  const der = Uint8Array.from(body === undefined ? file : atob(body.replace(/\s/g, '')), (character) => character.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
