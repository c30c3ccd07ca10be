/** What devices said and what they were told: the log, one message beside it at `/transactions/<id>`, and a captured one at `/transactions/inspect`. */
import { useMediaQuery } from '@mantine/hooks';
import { Activity, type ReactNode } from 'react';
import { useAction } from '../../actions/registry.ts';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import { paramsOf, readFilter } from './filter.ts';
import { InspectPage } from './InspectPage.tsx';
import { TransactionList } from './TransactionList.tsx';
import { TransactionPanel } from './TransactionPanel.tsx';
import styles from './transactions.module.css';

export default function TransactionsPage(): ReactNode {
  const { segments, params } = usePlace();
  const narrow = useMediaQuery('(width <= 1080px)', undefined, { getInitialValueInEffect: false }) === true;
  const at = segments[1];
  const id = at !== undefined && /^\d{1,15}$/.test(at) ? Number(at) : undefined;
  const list = pathTo(['transactions'], paramsOf(readFilter(params)));
  const inspecting = at === 'inspect';
  const close = (): void => {
    navigate(list);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#main [role=row][tabindex="0"]')?.focus());
  };
  useAction('app.back', close, id !== undefined || inspecting);
  return (
    <>
      <Activity mode={inspecting || (narrow && id !== undefined) ? 'hidden' : 'visible'}>
        <div className={styles.split} data-open={id !== undefined}>
          <TransactionList openId={id} compact={narrow || id !== undefined} />
          {!narrow && id !== undefined && <TransactionPanel key={id} id={id} backTo={undefined} onClose={close} />}
        </div>
      </Activity>
      {narrow && id !== undefined && <TransactionPanel key={id} id={id} backTo={list} onClose={close} />}
      {inspecting && <InspectPage backTo={list} />}
    </>
  );
}
