/** How often backups are made by themselves, how many stay, and their passphrase, which is typed once and sealed in the vault. */
import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { NewPassphrase } from '../../design/NewPassphrase.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { NOT_TYPED, isReady } from '../../design/passphrase.ts';
import type { Schedule } from './backups.ts';
import { NumberField, SwitchField } from './fields.tsx';
import styles from './settings.module.css';

const WEEK = 7;
const KEEP = 8;

export function BackupScheduleForm({ schedule, onClose }: { readonly schedule: Schedule | null; readonly onClose: () => void }): ReactNode {
  const [everyDays, setEveryDays] = useState<number | undefined>(schedule?.everyDays ?? WEEK);
  const [keep, setKeep] = useState<number | undefined>(schedule?.keep ?? KEEP);
  const [typed, setTyped] = useState(NOT_TYPED);
  const [fresh, setFresh] = useState(schedule === null);
  const save = useVerb('backups.schedule', { secret: true, touches: ['backups.list'] });
  const ready = isIn(everyDays, 366) && isIn(keep, 200) && (!fresh || isReady(typed));
  const send = (days: number, said: string): void => {
    save.mutate(
      { everyDays: days, keep: keep ?? KEEP, ...(fresh && days > 0 ? { passphrase: typed.first } : {}) },
      {
        onSuccess: () => {
          setTyped(NOT_TYPED);
          save.reset();
          announce(said);
          onClose();
        },
      },
    );
  };
  return (
    <form
      noValidate
      aria-label="Scheduled backups"
      className={styles.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (ready) send(everyDays ?? WEEK, 'Backups are scheduled');
      }}
    >
      <NumberField label="A backup every" description="The first one is made within a minute, unless a newer one is there. One that fails or is late is shown as a danger." suffix=" days" least={1} most={366} value={everyDays} error={isIn(everyDays, 366) ? undefined : 'A number from 1 to 366.'} onChange={setEveryDays} />
      <NumberField label="Backups to keep" description="Of those made by schedule; the oldest goes once a newer one is proven." least={1} most={200} value={keep} error={isIn(keep, 200) ? undefined : 'A number from 1 to 200.'} onChange={setKeep} />
      {schedule !== null && <SwitchField label="Another passphrase" description="Backups that are there keep theirs." checked={fresh} onChange={setFresh} />}
      {fresh && <NewPassphrase label="Passphrase of scheduled backups" value={typed} onChange={setTyped} />}
      {fresh && <p className={styles.quiet}>It is sealed in the vault and never shown again. Write it down now, and keep it where a restore will find it.</p>}
      {save.error !== null && <ProblemNote problem={save.error.problem} />}
      <div className={styles.save}>
        <Button type="submit" size="xs" loading={save.isPending} disabled={!ready}>
          {schedule === null ? 'Schedule backups' : 'Save the schedule'}
        </Button>
        {schedule !== null && (
          <Button
            variant="default"
            size="xs"
            loading={save.isPending}
            onClick={() => {
              send(0, 'Scheduled backups are off');
            }}
          >
            Stop scheduled backups
          </Button>
        )}
        <Button variant="subtle" color="slate" size="xs" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

const isIn = (value: number | undefined, most: number): boolean => value !== undefined && Number.isInteger(value) && value >= 1 && value <= most;
