/** A certificate of the next generation, made or planned: its facts, its extensions, and the file. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../../preload/contract/contract.ts';
import { CopyButton } from '../../../design/CopyButton.tsx';
import { Fingerprint } from '../../../design/Fingerprint.tsx';
import { Facts } from '../../../design/Page.tsx';
import { SaveButton } from '../../../design/SaveButton.tsx';
import { base64Of } from '../../../design/saveFile.ts';
import { Time } from '../../../design/Time.tsx';
import { sayUsage } from '../../../design/usages.ts';
import { Extensions } from '../Extensions.tsx';
import styles from './rollover.module.css';

type Previewed = NonNullable<Output<'rollover.preview'>['certificate']>;

export function PreviewedCertificate({ certificate, fileName }: { readonly certificate: Previewed; readonly fileName: string }): ReactNode {
  const { subject, issuer, selfSigned, key, notBefore, notAfter, keyUsage, extendedKeyUsages, pathLength, extensions, serial, fingerprints, pem } = certificate;
  return (
    <div className={styles.stack}>
      <Facts
        items={[
          ['Subject', subject],
          ['Issued by', selfSigned ? 'Itself: it is a root' : issuer],
          ['Key', key],
          ['Valid from', <Time key="from" at={notBefore} form="full" />],
          ['Valid until', <Time key="until" at={notAfter} form="full" />],
          ['Key usage', keyUsage.map(sayUsage).join(', ')],
          ['For', extendedKeyUsages.map(sayUsage).join(', ')],
          ['CAs below it', pathLength === null ? null : pathLength === 0 ? 'None' : String(pathLength)],
          ['Serial', serial === null ? <span className="muted">Chosen as it is made</span> : <span className="mono">{serial}</span>],
          ['SHA-256', fingerprints === null ? null : <Fingerprint name="the certificate’s SHA-256" hex={fingerprints.sha256} />],
        ]}
      />
      <details className={styles.details}>
        <summary>{extensions.length} extensions</summary>
        <Extensions extensions={extensions} />
      </details>
      {pem !== null && (
        <div className={styles.act}>
          <SaveButton size="xs" files={() => Promise.resolve([{ name: fileName, mediaType: 'application/x-pem-file', base64: base64Of(pem) }])}>
            Save as PEM
          </SaveButton>
          <CopyButton value={pem} label="Copy the certificate as PEM" />
        </div>
      )}
    </div>
  );
}
