/** Certificates as they stand in an answer, in its order: whose each is, how long it holds, and the bytes to copy. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../../preload/contract/contract.ts';
import { CopyButton } from '../../../design/CopyButton.tsx';
import { Icon } from '../../../design/Icon.tsx';
import { Time } from '../../../design/Time.tsx';
import styles from './rollover.module.css';

export type LinkCertificate = Output<'rollover.links'>['certificates'][number];

export interface CertificateLinesProps {
  readonly label: string;
  readonly certificates: readonly LinkCertificate[];
}

export const CertificateLines = ({ label, certificates }: CertificateLinesProps): ReactNode =>
  certificates.length === 0 ? (
    <p className="muted">None.</p>
  ) : (
    <ol className={styles.lines} aria-label={label}>
      {certificates.map(({ subject, issuer, serial, notAfter, sha256, pem }) => (
        <li key={sha256}>
          <Icon name={subject === issuer ? 'authority' : 'certificate'} />
          <span className={styles.lineWords}>
            <span>{subject}</span>
            <span className={styles.under}>
              {subject === issuer ? 'Issued by its own name' : `Issued by ${issuer}`}, until <Time at={notAfter} form="day" />
            </span>
            <span className={styles.under} title={`Serial ${serial}; SHA-256 ${sha256}`}>
              SHA-256 <code>{sha256.slice(0, 16)}…</code>
            </span>
          </span>
          <CopyButton value={pem} label={`Copy ${subject}, serial ${serial}, as PEM`} />
        </li>
      ))}
    </ol>
  );
