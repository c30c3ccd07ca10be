/** This machine's fingerprint, large enough to be compared from the other one's chair: read, read aloud, or scanned. */
import { Button, SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Hex } from '../../design/Fingerprint.tsx';
import { groupsOf, numbersOf } from '../../design/hex.ts';
import { Icon } from '../../design/Icon.tsx';
import { QrCode } from '../../design/QrCode.tsx';
import styles from './courier.module.css';
import type { Link } from './types.ts';

export function OwnFingerprint({ own: { name, fingerprint } }: { readonly own: Link['own'] }): ReactNode {
  const [form, setForm] = useState<'hex' | 'numbers'>('hex');
  const [qr, setQr] = useState(false);
  return (
    <section className={styles.shown} aria-label={`Fingerprint of ${name}`}>
      <div className={styles.shownHead}>
        <h4>Fingerprint of {name}</h4>
        <SegmentedControl
          aria-label="Written as"
          size="xs"
          value={form}
          onChange={(value) => {
            setForm(value === 'numbers' ? 'numbers' : 'hex');
          }}
          data={[
            { value: 'hex', label: 'Hexadecimal' },
            { value: 'numbers', label: 'Numbers' },
          ]}
        />
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="qr" />}
          aria-expanded={qr}
          onClick={() => {
            setQr(!qr);
          }}
        >
          {qr ? 'Hide the QR code' : 'QR code'}
        </Button>
        <CopyButton value={fingerprint} label={`Copy the fingerprint of ${name}`} />
      </div>
      <div className={styles.large}>
        <Hex groups={form === 'hex' ? groupsOf(fingerprint) : numbersOf(fingerprint)} size="large" />
      </div>
      {qr && <QrCode text={fingerprint} label={`QR code of the fingerprint of ${name}`} />}
    </section>
  );
}
