/** The paper for the wall beside the rack: whose certificate it is, until when, and every fingerprint large enough to compare across a room. */
import { Fragment, type ReactNode } from 'react';
import { groupsOf } from '../../design/hex.ts';
import { Mark } from '../../design/Mark.tsx';
import { PrintSheet } from '../../design/PrintSheet.tsx';
import { QrCode } from '../../design/QrCode.tsx';
import { sayDay } from '../../design/time.ts';
import styles from './FingerprintSheet.module.css';
import { type AuthorityDetail, currentGeneration } from './standing.ts';

export interface FingerprintSheetProps {
  readonly authority: AuthorityDetail;
  readonly certificateUrl: string | null;
  readonly scepUrls: readonly string[];
  readonly onDone: () => void;
}

export function FingerprintSheet({ authority, certificateUrl, scepUrls, onDone }: FingerprintSheetProps): ReactNode {
  const { fingerprints } = authority;
  const { notBefore, notAfter } = currentGeneration(authority) ?? { notBefore: null, notAfter: null };
  if (fingerprints === null) return null;
  const digests = [
    ['SHA-256', fingerprints.sha256],
    ['SHA-1', fingerprints.sha1],
    ['MD5', fingerprints.md5],
    ['SHA-512', fingerprints.sha512],
  ] as const;
  return (
    <PrintSheet onDone={onDone}>
      <article className={styles.sheet}>
        <header className={styles.head}>
          <Mark size={40} />
          <div>
            <h1>{authority.commonName}</h1>
            <p>{authority.subject}</p>
          </div>
        </header>
        <p>
          CA certificate{notBefore === null || notAfter === null ? '' : `, valid from ${sayDay(notBefore)} to ${sayDay(notAfter)}`}. Compare before you trust: every group must be the same.
        </p>
        {digests.map(([name, hex]) => (
          <section key={name}>
            <h2>{name}</h2>
            <div className={styles.hex} data-long={hex.length > 64}>
              {groupsOf(hex.toUpperCase()).map((group, index) => (
                <span key={index}>{group}</span>
              ))}
            </div>
          </section>
        ))}
        <dl className={styles.addresses}>
          {scepUrls.map((url) => (
            <Fragment key={url}>
              <dt>SCEP URL</dt>
              <dd>{url}</dd>
            </Fragment>
          ))}
          {certificateUrl !== null && (
            <>
              <dt>Certificate</dt>
              <dd>{certificateUrl}</dd>
            </>
          )}
        </dl>
        <div className={styles.codes}>
          {certificateUrl !== null && (
            <figure>
              <QrCode text={certificateUrl} label="QR code of the certificate’s address" size={130} />
              <figcaption>Certificate</figcaption>
            </figure>
          )}
          <figure>
            <QrCode text={fingerprints.sha256} label="QR code of the SHA-256 fingerprint" size={130} />
            <figcaption>SHA-256</figcaption>
          </figure>
        </div>
      </article>
    </PrintSheet>
  );
}
