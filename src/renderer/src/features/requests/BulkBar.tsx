/** A decision on several requests: only those whose fingerprint was matched or whose challenge held are approved together. */
import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { KeyWords } from '../../actions/KeyWords.tsx';
import { useAction } from '../../actions/registry.ts';
import { useVerb } from '../../bridge/react.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { announce } from '../../design/announce.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { type QueueRequest, isProven } from './queue.ts';
import styles from './requests.module.css';

/** As many as the contract takes at once. */
const MOST = 100;

export interface BulkBarProps {
  readonly requests: readonly QueueRequest[];
  readonly onClear: () => void;
  readonly onSettled: (request: QueueRequest) => void;
  /** Those that were approved, once all are settled. */
  readonly onApproved: (requests: readonly QueueRequest[]) => void;
}

export function BulkBar({ requests, onClear, onSettled, onApproved }: BulkBarProps): ReactNode {
  const [armed, setArmed] = useState(false);
  const [failures, setFailures] = useState<readonly string[]>([]);
  const able = requests.filter((request) => request.state === 'pending' && isProven(request)).slice(0, MOST);
  const left = requests.length - able.length;
  const approve = useVerb('requests.approveMany', {
    onDone: ({ items }) => {
      setArmed(false);
      const failed = items.flatMap((item) => (item.ok ? [] : [`${deviceName(requests.find(({ id }) => id === item.id) ?? { subject: item.id, subjectAltNames: [] })}: ${item.error.message}`]));
      setFailures(failed);
      announce(`${items.length - failed.length} approved${failed.length > 0 ? `, ${failed.length} not` : ''}`);
      const approved = items.flatMap((item) => (item.ok ? [item.request] : []));
      for (const request of approved) onSettled(request);
      onApproved(approved);
    },
  });
  const button = useRef<HTMLButtonElement>(null);
  useAction(
    'requests.approveMany',
    () => {
      setArmed(true);
      button.current?.focus();
    },
    able.length > 0 && !armed,
  );
  return (
    <div className={styles.bulk} role="region" aria-label="Selected requests">
      {approve.error !== null && <ProblemNote problem={approve.error.problem} />}
      {failures.length > 0 && (
        <Note tone="danger" role="alert" title="Not approved">
          <ul className={styles.plain}>
            {failures.map((failure) => (
              <li key={failure}>{failure}</li>
            ))}
          </ul>
        </Note>
      )}
      <p>
        <strong>{requests.length} selected.</strong>{' '}
        {able.length === 0
          ? 'None can be approved together: compare their fingerprints first.'
          : left > 0
            ? `${left} of them ${left === 1 ? 'is' : 'are'} left out: not compared, without a challenge, or beyond ${MOST} at once.`
            : 'Each was matched or knew its challenge.'}
      </p>
      <div className={styles.decideRow}>
        <Button
          ref={button}
          leftSection={<Icon name={armed ? 'doubleCheck' : 'check'} />}
          rightSection={able.length > 0 && <KeyWords keys={armed ? 'Enter' : 'shift+A'} />}
          disabled={able.length === 0}
          loading={approve.isPending}
          onClick={({ detail }) => {
            if (!armed) setArmed(true);
            // The second half of a double click confirms nothing.
            else if (detail < 2) approve.mutate({ items: able.map(({ id, version, spkiSha256 }) => ({ id, version, spkiSha256 })) });
          }}
        >
          {armed ? `Sign ${able.length === 1 ? 'it' : `all ${able.length}`}` : `Approve ${able.length}`}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            if (armed) setArmed(false);
            else onClear();
          }}
        >
          {armed ? 'Not yet' : 'Clear the selection'}
        </Button>
      </div>
    </div>
  );
}
