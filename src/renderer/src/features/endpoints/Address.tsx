/** Where devices find an endpoint, to copy and to scan. */
import { type ReactNode } from 'react';
import { CopyLine } from '../../design/CopyLine.tsx';
import { Note } from '../../design/Note.tsx';
import { Section } from '../../design/Page.tsx';
import { QrCode } from '../../design/QrCode.tsx';
import { Link } from '../../routing/Link.tsx';
import styles from './endpoints.module.css';
import type { Endpoint } from './words.ts';

export function Address({ endpoint: { url, enabled } }: { readonly endpoint: Endpoint }): ReactNode {
  return (
    <Section title="SCEP URL">
      {url === null ? (
        <Note tone="warning" title="The listener is down">
          No device reaches any endpoint. <Link to="/settings" underline="always">Listener settings</Link>
        </Note>
      ) : (
        <div className={styles.address}>
          <div className={styles.addressText}>
            <CopyLine value={url} label="Copy the SCEP URL" />
            <p className={styles.remark}>
              {enabled ? 'What a device’s settings call SCEP server or enrolment URL. Whatever a device appends, /pkiclient.exe for one, is understood.' : 'This endpoint is off: devices are told that nothing is here.'}
            </p>
          </div>
          <QrCode text={url} label="QR code of the SCEP URL" size={112} />
        </div>
      )}
    </Section>
  );
}
