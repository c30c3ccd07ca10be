/** What becomes of the certificate that a device has renewed: it runs out by itself, or is revoked after some days of grace. */
import { NumberInput, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Endpoint } from './words.ts';

/** Time enough for a device to take its new certificate into use. */
const GRACE_DAYS = 7;

export interface SupersessionProps {
  readonly days: Endpoint['supersedeAfterDays'];
  readonly onChange: (days: Endpoint['supersedeAfterDays']) => void;
}

export const Supersession = ({ days, onChange }: SupersessionProps): ReactNode => (
  <>
    <Switch
      label="Revoke the old certificate after a renewal"
      description="As superseded, once the device was given the new one. Off: the old one runs out by itself, and until then both are good."
      checked={days !== null}
      onChange={(event) => {
        onChange(event.currentTarget.checked ? GRACE_DAYS : null);
      }}
    />
    {days !== null && (
      <NumberInput
        label="Days of grace"
        description="A device that loses the new certificate within them can still renew with the old one. Each revocation makes the list longer."
        suffix={days === 1 ? ' day' : ' days'}
        min={0}
        max={365}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        maw={300}
        mt="sm"
        value={days}
        onChange={(next) => {
          if (typeof next === 'number') onChange(next);
        }}
      />
    )}
  </>
);
