/** The paper that goes to the device: where to enrol, by what to know the CA, and the password. Black on white, and nothing else. */
import { type ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { groupsOf } from '../../design/hex.ts';
import { Mark } from '../../design/Mark.tsx';
import { PrintSheet } from '../../design/PrintSheet.tsx';
import { QrCode } from '../../design/QrCode.tsx';
import { sayFull } from '../../design/time.ts';
import styles from './Ticket.module.css';
import type { MadeChallenge } from './draft.ts';

const DEFAULT_PATH = '/scep';

export function Ticket({ made, onDone }: { readonly made: MadeChallenge; readonly onDone: () => void }): ReactNode {
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const all = endpoints.data?.items ?? [];
  const endpoint = made.endpoint === '' ? (all.find(({ path, enabled }) => enabled && path === DEFAULT_PATH) ?? all.find(({ enabled }) => enabled)) : all.find(({ path }) => path === made.endpoint);
  const authority = useChannel('authorities.get', { id: endpoint?.authorityId ?? '-' }, { enabled: endpoint !== undefined });
  // Printing waits for what stands on the paper; without an answer it is printed without that.
  if (endpoints.isPending || (endpoint !== undefined && authority.isPending)) return null;
  const fingerprint = authority.data?.fingerprints?.sha256;
  return (
    <PrintSheet onDone={onDone}>
      <article className={styles.ticket}>
        <header className={styles.head}>
          <Mark size={40} />
          <div>
            <div className={styles.product}>Countersign enrolment ticket</div>
            <h1 className={styles.title}>{made.label === '' ? 'One device' : made.label}</h1>
          </div>
        </header>
        <dl className={styles.facts}>
          {endpoint !== undefined && endpoint.url !== null && (
            <>
              <dt>SCEP URL</dt>
              <dd className="mono">{endpoint.url}</dd>
            </>
          )}
          {authority.data !== undefined && (
            <>
              <dt>CA</dt>
              <dd>{authority.data.commonName}</dd>
            </>
          )}
          {fingerprint !== undefined && (
            <>
              <dt>CA fingerprint, SHA-256</dt>
              <dd className={styles.hex}>
                {groupsOf(fingerprint.toUpperCase()).map((group, index) => (
                  <span key={index}>{group}</span>
                ))}
              </dd>
            </>
          )}
        </dl>
        <div className={styles.label}>Challenge password</div>
        <div className={styles.password}>
          {made.password.split('-').map((group, index) => (
            <span key={index}>{group}</span>
          ))}
        </div>
        <p>
          Valid until {sayFull(made.expiresAt)}, {made.uses === 1 ? 'for one enrolment' : `for ${made.uses} enrolments`}. Dashes and small letters make no difference.
        </p>
        <div className={styles.codes}>
          <figure>
            <QrCode text={made.password} label="QR code of the password" size={150} />
            <figcaption>Password</figcaption>
          </figure>
          {endpoint !== undefined && endpoint.url !== null && (
            <figure>
              <QrCode text={endpoint.url} label="QR code of the SCEP URL" size={150} />
              <figcaption>SCEP URL</figcaption>
            </figure>
          )}
        </div>
      </article>
    </PrintSheet>
  );
}
