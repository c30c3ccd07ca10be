/** From the certificate up to its root. */
import type { ReactNode } from 'react';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Time } from '../../design/Time.tsx';
import styles from './certificates.module.css';
import type { CertificateDetail } from './types.ts';

export const Chain = ({ certificate }: { readonly certificate: CertificateDetail }): ReactNode => (
  <ol className={styles.chain}>
    {[{ subject: certificate.subject, serial: certificate.serial, notAfter: certificate.notAfter, sha256: certificate.sha256, pem: certificate.pem }, ...certificate.chain].map(({ subject, serial, notAfter, pem }, level) => (
      <li key={serial} style={{ paddingInlineStart: level * 18 }}>
        <Icon name={level === 0 ? 'certificate' : 'authority'} />
        <span className={styles.chainText}>
          {subject}
          <span className={styles.under}>
            {level === 0 ? 'This certificate' : level === certificate.chain.length ? 'The top of the chain' : 'Issued the one above'} · until <Time at={notAfter} form="day" />
          </span>
        </span>
        <CopyButton value={pem} label={`Copy ${subject} as PEM`} />
      </li>
    ))}
  </ol>
);
