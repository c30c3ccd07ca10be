/** From when to when it counts, how much of that has passed, and what is left. */
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Countdown, Time } from '../../design/Time.tsx';
import type { Tone } from '../../design/tones.ts';
import styles from './certificates.module.css';
import { elapsedOf, toneOf } from './validity.ts';
import type { CertificateDetail } from './types.ts';

export function Validity({ certificate }: { readonly certificate: CertificateDetail }): ReactNode {
  // The CA's clock decides, not this machine's.
  const now = useChannel('status.get', {}).data?.now;
  const elapsed = now === undefined ? 0 : elapsedOf(certificate, now);
  const tone: Tone = now === undefined ? 'quiet' : toneOf(certificate, now);
  return (
    <div className={styles.validity}>
      <div className={styles.bar} data-tone={tone} aria-hidden="true">
        <div className={styles.elapsed} style={{ width: `${elapsed * 100}%` }} />
      </div>
      <div className={styles.ends}>
        <span>
          From <Time at={certificate.notBefore} form="day" />
        </span>
        <span className={styles.left}>
          <Left certificate={certificate} />
        </span>
        <span>
          Until <Time at={certificate.notAfter} form="day" />
        </span>
      </div>
    </div>
  );
}

function Left({ certificate: { state, notAfter, revokedAt } }: { readonly certificate: CertificateDetail }): ReactNode {
  if (state === 'expired') return 'Expired';
  if (revokedAt !== null) {
    return (
      <>
        {state === 'held' ? 'On hold since ' : 'Revoked on '}
        <Time at={revokedAt} form="full" />
      </>
    );
  }
  return (
    <>
      Ends in <Countdown to={notAfter} after="a moment" />
    </>
  );
}
