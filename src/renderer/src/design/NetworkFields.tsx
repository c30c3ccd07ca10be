/** Where the device listener listens: a network of this computer and a port, which is tried while one types. */
import { NumberInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useChannel } from '../bridge/react.tsx';
import { ChoiceCards } from './ChoiceCards.tsx';
import { Icon } from './Icon.tsx';
import type { NetworkPlace } from './network.ts';
import styles from './NetworkFields.module.css';

export interface NetworkAddress {
  readonly host: string;
  readonly port: number | undefined;
}

export interface NetworkFieldsProps {
  readonly places: readonly NetworkPlace[];
  readonly value: NetworkAddress;
  readonly onChange: (value: NetworkAddress) => void;
  /** Where it listens now, which is not told to be free. */
  readonly present?: NetworkAddress;
}

const PAUSE_MS = 350;

export function NetworkFields({ places, value, onChange, present }: NetworkFieldsProps): ReactNode {
  return (
    <div className={styles.fields}>
      <ChoiceCards
        label="Network"
        choices={places.map(({ host, title, text }) => ({ value: host, title, text }))}
        value={value.host}
        onChange={(host) => {
          onChange({ ...value, host });
        }}
      />
      <NumberInput
        label="Port"
        description={present?.host === value.host && present.port === value.port ? 'The listener is there now.' : <PortCheck host={value.host} port={value.port} />}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        min={1}
        max={65535}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        hideControls
        maw={420}
        classNames={{ input: styles.port ?? '' }}
        value={value.port ?? ''}
        error={value.port === undefined ? 'Between 1 and 65535; 8080 is usual.' : undefined}
        onChange={(port) => {
          onChange({ ...value, port: typeof port === 'number' && port >= 1 ? port : undefined });
        }}
      />
    </div>
  );
}

/** Whether the listener could move there, in words. */
function PortCheck({ host, port }: { readonly host: string; readonly port: number | undefined }): ReactNode {
  const [asked] = useDebouncedValue({ host, port: port ?? 0 }, PAUSE_MS);
  const test = useChannel('listener.test', asked, { enabled: asked.port > 0, keep: true });
  const settled = asked.host === host && asked.port === port && !test.isPlaceholderData;
  const free = test.data?.free === true;
  const tone = !settled || test.data === undefined ? 'quiet' : free ? 'good' : 'danger';
  return (
    <span className={styles.check} data-tone={tone} role="status">
      {tone !== 'quiet' && <Icon name={free ? 'check' : 'danger'} size={14} />}
      {port === undefined ? '' : tone === 'quiet' ? (test.error === null ? 'Trying whether it is free …' : test.error.problem.message) : free ? `Port ${port} is free there.` : test.data?.problem}
    </span>
  );
}
