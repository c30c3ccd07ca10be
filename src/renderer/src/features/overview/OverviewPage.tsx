/** One look at the whole: what waits, what ends, what happened, and how the CA stands. */
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Answered, PageHeader } from '../../design/Page.tsx';
import { ComingUp } from './ComingUp.tsx';
import { Expiring } from './Expiring.tsx';
import { IssuedChart } from './IssuedChart.tsx';
import { Notices } from './Notices.tsx';
import { Numbers } from './Numbers.tsx';
import styles from './overview.module.css';
import { Listener, Vault } from './Stands.tsx';

const SOON_DAYS = 30;
const SHOWN = 5;

export default function OverviewPage(): ReactNode {
  const status = useChannel('status.get', {});
  const valid = useChannel('certificates.list', { kind: 'device', state: 'valid', limit: 1 });
  const expiring = useChannel('certificates.list', { kind: 'device', expiringDays: SOON_DAYS, limit: SHOWN });
  return (
    <div className={styles.page}>
      <PageHeader title="Overview" subtitle={status.data === undefined ? undefined : `Countersign ${status.data.version}`} />
      <div className={styles.body}>
        <Answered query={status}>
          {({ notices, counts, scepUrl, state }) => (
            <>
              <Numbers waiting={counts.requests.pending} valid={valid.data?.total} expiring={expiring.data?.total} expiringDays={SOON_DAYS} />
              <Notices notices={notices} />
              <div className={styles.columns}>
                <div>
                  <ComingUp />
                  <IssuedChart />
                  <Answered query={expiring}>{(page) => <Expiring page={page} days={SOON_DAYS} />}</Answered>
                </div>
                <div>
                  <Listener scepUrl={scepUrl} />
                  <Vault state={state} />
                </div>
              </div>
            </>
          )}
        </Answered>
      </div>
    </div>
  );
}
