/** A certificate that is named by its serial: the audit log knows it by no other name. */
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Answered, EmptyState, PageHeader } from '../../design/Page.tsx';
import { BackToList } from './BackToList.tsx';
import { CertificateView } from './CertificateView.tsx';
import styles from './certificates.module.css';

export function CertificateBySerial({ serial }: { readonly serial: string }): ReactNode {
  const found = useChannel('certificates.list', { query: serial, limit: 10 });
  const match = found.data?.items.find((certificate) => certificate.serial === serial.toUpperCase());
  if (match !== undefined) return <CertificateView id={match.id} />;
  return (
    <div className={styles.detail}>
      <BackToList />
      <PageHeader title="Certificate" />
      <div className={styles.sections}>
        <Answered query={found}>
          {() => (
            <EmptyState icon="search" title="No certificate has this serial">
              Serial <code>{serial}</code> was reserved, but its certificate was never finished, or it is not of this CA.
            </EmptyState>
          )}
        </Answered>
      </div>
    </div>
  );
}
