/** What a backup is today: a copy of the data folder, made by hand. */
import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Note } from '../../design/Note.tsx';
import type { Settings } from './draft.ts';
import { SettingsForm } from './SettingsForm.tsx';

export const BackupsSection = ({ settings }: { readonly settings: Settings }): ReactNode => (
  <SettingsForm title="Backups" kept={settings} names={['backupFolder']}>
    {({ values, errors, set }) => (
      <>
        <Note tone="notice" title="This version makes no backups by itself">
          Stop the CA and copy its whole data folder: the database, its signed head, everything. The keys in it stay encrypted; what opens them (the passphrase, or this computer’s keychain) is not in the copy. Keep it apart.
        </Note>
        <TextInput
          label="Folder for backups"
          description="A whole path. It is only remembered for now: nothing is written there yet. Empty: inside the data folder."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder="/srv/backups"
          value={values.backupFolder ?? ''}
          error={errors.backupFolder}
          onChange={(event) => {
            set({ backupFolder: event.currentTarget.value === '' ? null : event.currentTarget.value });
          }}
        />
      </>
    )}
  </SettingsForm>
);
