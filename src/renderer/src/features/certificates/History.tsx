/** What happened to it, from the request to its end; what is still to come is the last and pale. */
import type { ReactNode } from 'react';
import { Icon } from '../../design/Icon.tsx';
import { Time } from '../../design/Time.tsx';
import type { StateLook } from '../../design/tones.ts';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './certificates.module.css';
import type { CertificateDetail } from './types.ts';

type Entry = CertificateDetail['history'][number];

const LOOKS: Readonly<Record<Entry['kind'], Pick<StateLook, 'icon' | 'tone'>>> = {
  requested: { icon: 'inbox', tone: 'notice' },
  matched: { icon: 'match', tone: 'good' },
  approved: { icon: 'check', tone: 'good' },
  issued: { icon: 'certificate', tone: 'good' },
  delivered: { icon: 'messages', tone: 'good' },
  renewed: { icon: 'refresh', tone: 'notice' },
  held: { icon: 'pause', tone: 'warning' },
  released: { icon: 'undo', tone: 'good' },
  revoked: { icon: 'stop', tone: 'danger' },
  expires: { icon: 'clock', tone: 'quiet' },
};

export const History = ({ certificate }: { readonly certificate: CertificateDetail }): ReactNode => (
  <ol className={styles.line}>
    {certificate.history.map((entry, index) => {
      const ahead = entry.kind === 'expires' && certificate.state !== 'expired';
      return (
        <li key={index} className={ahead ? styles.future : undefined}>
          <span className={styles.dot} data-tone={LOOKS[entry.kind].tone}>
            <Icon name={LOOKS[entry.kind].icon} size={14} />
          </span>
          <span className={styles.event}>
            {entry.text}
            <Target entry={entry} own={certificate.id} />
          </span>
          <span className={styles.when}>
            <Time at={entry.at} />
          </span>
        </li>
      );
    })}
  </ol>
);

const Target = ({ entry: { requestId, certificateId }, own }: { readonly entry: Entry; readonly own: string }): ReactNode => (
  <>
    {requestId !== undefined && (
      <Link to={pathTo(['requests', requestId])} underline="always" className={styles.eventLink ?? ''}>
        Request
      </Link>
    )}
    {certificateId !== undefined && certificateId !== own && (
      <Link to={pathTo(['certificates', certificateId])} underline="always" className={styles.eventLink ?? ''}>
        Certificate
      </Link>
    )}
  </>
);
