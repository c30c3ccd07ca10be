/** The fingerprints that devices and their pages show; the rarer ones folded. */
import type { ReactNode } from 'react';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import styles from './certificates.module.css';
import type { CertificateDetail } from './types.ts';

export const Digests = ({ certificate: { fingerprints, spkiSha256 } }: { readonly certificate: CertificateDetail }): ReactNode => (
  <>
    <div className={styles.digests}>
      <Digest name="SHA-256" of="the certificate" hex={fingerprints.sha256} />
      <Digest name="SHA-1" of="the certificate" hex={fingerprints.sha1} />
    </div>
    <details className={styles.more}>
      <summary>MD5, SHA-512 and the key’s own</summary>
      <div className={styles.digests}>
        <Digest name="MD5" of="the certificate" hex={fingerprints.md5} />
        <Digest name="SHA-512" of="the certificate" hex={fingerprints.sha512} />
        <Digest name="SHA-256" of="the public key" hex={spkiSha256} />
      </div>
    </details>
  </>
);

const Digest = ({ name, of, hex }: { readonly name: string; readonly of: string; readonly hex: string }): ReactNode => (
  <div>
    <h3 className={styles.digestName}>
      {name} of {of}
    </h3>
    <Fingerprint name={`${name} of ${of}`} hex={hex} />
  </div>
);
