/** The certificate's extensions, decoded. */
import type { ReactNode } from 'react';
import styles from './certificates.module.css';
import type { CertificateDetail } from './types.ts';

export const Extensions = ({ extensions }: { readonly extensions: CertificateDetail['extensions'] }): ReactNode =>
  extensions.length === 0 ? (
    <p className="muted">It has none.</p>
  ) : (
    <table className={styles.extensions} aria-label="Extensions">
      <thead>
        <tr>
          <th scope="col">Extension</th>
          <th scope="col">What it says</th>
        </tr>
      </thead>
      <tbody>
        {extensions.map(({ oid, name, critical, text }) => (
          <tr key={oid}>
            <th scope="row" title={oid}>
              {name}
              {critical && <span className={styles.critical}>critical</span>}
            </th>
            <td className={styles.extensionText}>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
