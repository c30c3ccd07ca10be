/** A fingerprint in groups: to read, to copy, to read aloud from a large view, and to see where another one differs. */
import { ActionIcon, Group, Modal, SegmentedControl, Tooltip } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CopyButton } from './CopyButton.tsx';
import { groupsOf, numbersOf } from './hex.ts';
import { Icon } from './Icon.tsx';
import styles from './parts.module.css';

export interface HexProps {
  readonly groups: readonly string[];
  readonly size?: 'normal' | 'large';
  /** Numbers of groups (from 1) that differ from what they are compared with; undefined: nothing is compared. */
  readonly differing?: readonly number[] | undefined;
}

export const Hex = ({ groups, size = 'normal', differing }: HexProps): ReactNode => (
  <div className={styles.hex} data-size={size}>
    {groups.map((group, index) => {
      const differs = differing?.includes(index + 1) === true;
      return (
        // A fingerprint's groups stand in fixed places.
        <span key={index} className={styles.group} data-differs={differs} data-same={differing !== undefined && !differs}>
          {group}
          {differs && <span className="sr-only"> (differs)</span>}
        </span>
      );
    })}
  </div>
);

export interface FingerprintProps {
  /** `SHA-256 of the request`. */
  readonly name: string;
  readonly hex: string;
  readonly differing?: readonly number[] | undefined;
}

export function Fingerprint({ name, hex, differing }: FingerprintProps): ReactNode {
  const [large, setLarge] = useState(false);
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Hex groups={groupsOf(hex)} differing={differing} />
      <CopyButton value={hex} label={`Copy ${name}`} />
      <Tooltip label="Large, to read aloud">
        <ActionIcon
          variant="subtle"
          color="slate"
          size="sm"
          aria-label={`Show ${name} large, to read aloud`}
          onClick={() => {
            setLarge(true);
          }}
        >
          <Icon name="speak" size={15} />
        </ActionIcon>
      </Tooltip>
      <LargeFingerprint
        name={name}
        hex={hex}
        opened={large}
        onClose={() => {
          setLarge(false);
        }}
      />
    </Group>
  );
}

function LargeFingerprint({ name, hex, opened, onClose }: { readonly name: string; readonly hex: string; readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const [form, setForm] = useState<'hex' | 'numbers'>('hex');
  return (
    <Modal opened={opened} onClose={onClose} size="xl" title={name} closeButtonProps={{ 'aria-label': 'Close' }}>
      <SegmentedControl
        aria-label="Written as"
        size="xs"
        mb="md"
        value={form}
        onChange={(value) => {
          setForm(value === 'numbers' ? 'numbers' : 'hex');
        }}
        data={[
          { value: 'hex', label: 'Hexadecimal' },
          { value: 'numbers', label: 'Numbers' },
        ]}
      />
      <Hex groups={form === 'hex' ? groupsOf(hex) : numbersOf(hex)} size="large" />
      {form === 'numbers' && <p className="muted">Each group of five digits is two bytes. Only another Countersign shows this form; a device prints hexadecimal.</p>}
    </Modal>
  );
}
