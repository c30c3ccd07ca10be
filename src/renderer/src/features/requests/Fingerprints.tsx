/** The fingerprints of the request and of its key, and the matcher that compares them with what the device shows. */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Section } from '../../design/Page.tsx';
import type { Comparison, RequestDetail } from './detail.ts';
import { Matcher } from './Matcher.tsx';
import type { QueueRequest } from './queue.ts';
import styles from './requests.module.css';

const DIGESTS = [
  { name: 'SHA-256', of: 'sha256' },
  { name: 'SHA-1', of: 'sha1' },
  { name: 'MD5', of: 'md5' },
  { name: 'SHA-512', of: 'sha512' },
] as const;

export interface FingerprintsProps {
  readonly request: RequestDetail;
  readonly comparison: Comparison | undefined;
  readonly onComparison: (comparison: Comparison | undefined) => void;
  readonly onChanged: (request: QueueRequest) => void;
}

export function Fingerprints({ request, comparison, onComparison, onChanged }: FingerprintsProps): ReactNode {
  const [of, setOf] = useState<'request' | 'key'>('request');
  const shown = of === 'request' ? request.fingerprints : request.keyFingerprints;
  return (
    <Section
      title="Fingerprints"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Fingerprints of"
          value={of}
          onChange={(value) => {
            setOf(value === 'key' ? 'key' : 'request');
          }}
          data={[
            { value: 'request', label: 'Request' },
            { value: 'key', label: 'Key' },
          ]}
        />
      }
    >
      {request.state === 'pending' && <Matcher request={request} comparison={comparison} onComparison={onComparison} onChanged={onChanged} />}
      <dl className={styles.digests}>
        {DIGESTS.map(({ name, of: digest }) => (
          <div key={digest}>
            <dt>{name}</dt>
            <dd>
              <Fingerprint name={`${name} of the ${of}`} hex={shown[digest]} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
