/** Why the list is empty, and what would change that. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../../design/CopyLine.tsx';
import { EmptyState } from '../../design/Page.tsx';
import { navigate } from '../../routing/path.ts';
import styles from './certificates.module.css';
import type { CertificateFilter } from './filter.ts';

export interface NoCertificatesProps {
  readonly filter: CertificateFilter;
  readonly narrowed: boolean;
  readonly onClear: () => void;
}

export function NoCertificates({ filter, narrowed, onClear }: NoCertificatesProps): ReactNode {
  const status = useChannel('status.get', {});
  if (narrowed) {
    return (
      <EmptyState
        icon="search"
        title="No certificate matches"
        actions={
          <Button variant="default" onClick={onClear}>
            Clear the search and filters
          </Button>
        }
      >
        {filter.query === '' ? 'There is none of this kind at the moment.' : 'Look for a part of the name, the serial, a fingerprint with or without colons, or the path of an endpoint.'}
      </EmptyState>
    );
  }
  const url = status.data?.scepUrl;
  return (
    <EmptyState
      icon="certificate"
      title="No device has a certificate yet"
      actions={
        url === null ? (
          <Button
            onClick={() => {
              navigate('/settings');
            }}
          >
            Go to the listener’s settings
          </Button>
        ) : (
          <Button
            onClick={() => {
              navigate('/challenges?new=1');
            }}
          >
            Make a challenge for it
          </Button>
        )
      }
    >
      {url === null ? (
        'Devices cannot enrol while the listener is down. Choose an address and a port for it.'
      ) : (
        <>
          Give the first device this SCEP URL and a one-time challenge; its certificate appears here.
          {url !== undefined && (
            <div className={styles.firstDevice}>
              <CopyLine value={url} label="Copy the SCEP URL" />
            </div>
          )}
        </>
      )}
    </EmptyState>
  );
}
