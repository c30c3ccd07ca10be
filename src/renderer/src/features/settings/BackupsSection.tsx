/** Backups: the ones that are there and how far each is proven, one more now, and the schedule. */
import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Note } from '../../design/Note.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import { BackupList } from './BackupList.tsx';
import { BackupScheduleForm } from './BackupScheduleForm.tsx';
import { type Overview, sayProtection, saySchedule } from './backups.ts';
import type { Settings } from './draft.ts';
import { MakeBackup } from './MakeBackup.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import styles from './settings.module.css';

export function BackupsSection({ settings }: { readonly settings: Settings }): ReactNode {
  const backups = useChannel('backups.list', {});
  return (
    <>
      <Section title="Backups">
        <Answered query={backups}>{(overview) => <Backups overview={overview} />}</Answered>
      </Section>
      <SettingsForm title="Folder for backups" kept={settings} names={['backupFolder']}>
        {({ values, errors, set }) => (
          <TextInput
            label="Folder"
            description="A whole path; the folder above it must be there. Best on another disk, or a share. Empty: inside the data folder."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            placeholder="/srv/backups"
            value={values.backupFolder ?? ''}
            error={errors.backupFolder}
            onChange={(event) => {
              set({ backupFolder: event.currentTarget.value === '' ? null : event.currentTarget.value });
            }}
          />
        )}
      </SettingsForm>
    </>
  );
}

function Backups({ overview }: { readonly overview: Overview }): ReactNode {
  const [open, setOpen] = useState<'make' | 'schedule'>();
  const first = useRef<HTMLButtonElement>(null);
  useKeptFocus(first, open);
  const protection = sayProtection(overview);
  const close = (): void => {
    setOpen(undefined);
  };
  return (
    <div className={styles.form}>
      <Note tone={protection.tone} title={protection.title}>
        {protection.text}
      </Note>
      <BackupList items={overview.items} folder={overview.folder} />
      <p className={styles.quiet}>{saySchedule(overview.schedule)}</p>
      {open === 'make' ? (
        <MakeBackup scheduled={overview.schedule !== null} onClose={close} />
      ) : open === 'schedule' ? (
        <BackupScheduleForm schedule={overview.schedule} onClose={close} />
      ) : (
        <div className={styles.save}>
          <Button
            ref={first}
            size="xs"
            onClick={() => {
              setOpen('make');
            }}
          >
            Make a backup now
          </Button>
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              setOpen('schedule');
            }}
          >
            {overview.schedule === null ? 'Schedule backups' : 'Change the schedule'}
          </Button>
        </div>
      )}
    </div>
  );
}
