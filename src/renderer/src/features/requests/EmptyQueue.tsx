/** Why no request is listed, and what would change that. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { KeyWords } from '../../actions/KeyWords.tsx';
import { useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { EmptyState } from '../../design/Page.tsx';
import { navigate } from '../../routing/path.ts';
import type { QueueFilter } from './queue.ts';
import styles from './requests.module.css';

export function EmptyQueue({ filter, query, onClear }: { readonly filter: QueueFilter; readonly query: string; readonly onClear: () => void }): ReactNode {
  const status = useChannel('status.get', {});
  if (query !== '' || filter !== 'pending') {
    return (
      <EmptyState
        icon="search"
        title="Nothing matches"
        actions={
          <Button variant="default" onClick={onClear}>
            Show what waits
          </Button>
        }
      >
        {query === '' ? 'No request is in this state.' : 'No request in this state has these words in its names, its address, its fingerprints or its transaction.'}
      </EmptyState>
    );
  }
  const scepUrl = status.data?.scepUrl ?? null;
  if (status.data !== undefined && scepUrl === null) {
    return (
      <EmptyState
        icon="endpoint"
        title="Devices reach nobody"
        actions={
          <Button
            onClick={() => {
              navigate('/settings');
            }}
          >
            Listener settings
          </Button>
        }
      >
        The listener for devices is down, so no request can come in.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="doubleCheck"
      title="Nothing waits for you"
      actions={
        <Button
          variant="default"
          onClick={() => {
            navigate('/challenges?new=1');
          }}
        >
          Make a challenge
        </Button>
      }
    >
      A device that enrols without a challenge appears here at once. Point it at this address:
      {scepUrl !== null && (
        <div className={styles.emptyUrl}>
          <CopyLine value={scepUrl} label="Copy the SCEP address" />
        </div>
      )}
    </EmptyState>
  );
}

export const NothingChosen = (): ReactNode => (
  <EmptyState icon="inbox" title="No request is open">
    Choose one on the left, or press <KeyWords keys="J" /> for the next one.
  </EmptyState>
);
