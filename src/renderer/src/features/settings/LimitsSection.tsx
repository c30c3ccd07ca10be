/** How much may wait and for how long, what a new challenge is, how long a revocation list holds. */
import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Settings } from './draft.ts';
import { NumberField, ROW } from './fields.tsx';
import { SettingsForm } from './SettingsForm.tsx';

const HOUR = 60;

export const LimitsSection = ({ settings }: { readonly settings: Settings }): ReactNode => (
  <SettingsForm title="Limits and defaults" kept={settings} names={['maxWaiting', 'maxWaitingPerSource', 'waitingDays', 'challengeLength', 'challengeMinutes', 'crlDays', 'organization']}>
    {({ values, errors, set }) => (
      <>
        <NumberField label="Requests that may wait" description="In all. Beyond it a device is turned away with words, so that nobody can flood the queue." least={1} most={100_000} value={values.maxWaiting} error={errors.maxWaiting} onChange={(maxWaiting) => { set({ maxWaiting }); }} />
        <NumberField label="Of one source" description="Requests that may wait from the same address." least={1} most={100_000} value={values.maxWaitingPerSource} error={errors.maxWaitingPerSource} onChange={(maxWaitingPerSource) => { set({ maxWaitingPerSource }); }} />
        <NumberField label="A request waits for" description="Then it lapses, and the device has to ask anew." suffix=" days" least={1} most={365} value={values.waitingDays} error={errors.waitingDays} onChange={(waitingDays) => { set({ waitingDays }); }} />
        <NumberField label="Length of a challenge" description="24 characters cannot be guessed. Some devices take no more than 16." suffix=" characters" least={16} most={64} value={values.challengeLength} error={errors.challengeLength} onChange={(challengeLength) => { set({ challengeLength }); }} />
        <NumberField label="A challenge holds for" description={sayMinutes(values.challengeMinutes)} suffix=" minutes" least={1} most={366 * 24 * HOUR} value={values.challengeMinutes} error={errors.challengeMinutes} onChange={(challengeMinutes) => { set({ challengeMinutes }); }} />
        <NumberField label="A revocation list holds for" description="It is published anew at half of that, and at every revocation." suffix=" days" least={1} most={365} value={values.crlDays} error={errors.crlDays} onChange={(crlDays) => { set({ crlDays }); }} />
        <TextInput label="Organization" description="Stands for {{organization}} in a profile’s subject. Empty: the authority’s own." classNames={ROW} value={values.organization ?? ''} error={errors.organization} onChange={(event) => { set({ organization: event.currentTarget.value === '' ? null : event.currentTarget.value }); }} />
      </>
    )}
  </SettingsForm>
);

/** `Unless another time is chosen: 1 day.` */
function sayMinutes(minutes: number | undefined): string {
  const words =
    minutes === undefined
      ? undefined
      : minutes % (24 * HOUR) === 0
        ? count(minutes / (24 * HOUR), 'day')
        : minutes % HOUR === 0
          ? count(minutes / HOUR, 'hour')
          : undefined;
  return `Unless another time is chosen when it is made.${words === undefined ? '' : ` Now ${words}.`}`;
}

const count = (value: number, one: string): string => `${value.toLocaleString('en')} ${one}${value === 1 ? '' : 's'}`;
