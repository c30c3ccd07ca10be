/** Why the log is empty, and what would change that. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { EmptyState } from '../../design/Page.tsx';
import { navigate } from '../../routing/path.ts';
import type { TransactionFilter } from './filter.ts';
import styles from './transactions.module.css';

export function NoTransactions({ filter, onClear }: { readonly filter: TransactionFilter; readonly onClear: () => void }): ReactNode {
  const status = useChannel('status.get', {});
  if (filter.query !== '' || filter.outcome !== 'all') {
    return (
      <EmptyState
        icon="search"
        title="No message matches"
        actions={
          <Button variant="default" onClick={onClear}>
            Clear the search and filter
          </Button>
        }
      >
        The log keeps the latest messages only; what was decided stays in the audit log.
      </EmptyState>
    );
  }
  const url = status.data?.scepUrl;
  if (url === null) {
    return (
      <EmptyState
        icon="messages"
        title="The listener is down"
        actions={
          <Button
            onClick={() => {
              navigate('/settings');
            }}
          >
            Go to the listener’s settings
          </Button>
        }
      >
        Devices reach nobody until it has an address and a port.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="messages" title="No device has called yet">
      Every message to this SCEP URL appears here within seconds, explained.
      {url !== undefined && (
        <div className={styles.url}>
          <CopyLine value={url} label="Copy the SCEP URL" />
        </div>
      )}
    </EmptyState>
  );
}
