/** What is brought: files or a whole folder, and the passphrase that opens them. */
import { Button, FileButton, NativeSelect, PasswordInput } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { CopyLine } from '../CopyLine.tsx';
import { DropZone } from '../DropZone.tsx';
import { Icon } from '../Icon.tsx';
import { Note } from '../Note.tsx';
import { type NamedFile, filesOfDrop, filesOfInput } from '../readFile.ts';
import { saySize } from '../size.ts';
import styles from './migration.module.css';
import { SOURCES } from './sources.ts';
import type { Migration } from './useMigration.ts';

export function MigrationSource({ migration }: { readonly migration: Migration }): ReactNode {
  const profiles = useChannel('profiles.list', { limit: 500 });
  const choices = profiles.data?.items ?? [];
  return (
    <div className={styles.stack}>
      <FolderField files={migration.files} onChange={migration.setFiles} />
      {migration.tooMuch !== undefined && (
        <Note tone="warning" role="alert">
          {migration.tooMuch}
        </Note>
      )}
      <PasswordInput
        label="Passphrase of the files"
        description="Of the PKCS #12, the encrypted key or the XCA database. Leave it empty if there is none."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoComplete="off"
        maw={420}
        value={migration.passphrase}
        onChange={(event) => {
          migration.setPassphrase(event.currentTarget.value);
        }}
      />
      {choices.length > 1 && (
        <NativeSelect
          label="Profile of its devices"
          description="What the imported certificates become when they are renewed here."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maw={420}
          value={migration.profileId}
          data={choices.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => {
            migration.setProfileId(event.currentTarget.value);
          }}
        />
      )}
      <WhichFiles />
    </div>
  );
}

function FolderField({ files, onChange }: { readonly files: readonly NamedFile[]; readonly onChange: (files: readonly NamedFile[]) => void }): ReactNode {
  const folder = useRef<HTMLInputElement>(null);
  const add = (more: readonly NamedFile[]): void => {
    if (more.length === 0) return;
    const names = new Set(more.map(({ name }) => name));
    onChange([...files.filter(({ name }) => !names.has(name)), ...more]);
  };
  return (
    <DropZone
      label="Files of the CA"
      className={styles.drop}
      onDrop={(dropped) => void filesOfDrop(dropped).then(add)}
      chosen={files.length > 0 && <Chosen files={files} onChange={onChange} />}
    >
      {(hintId) => (
        <>
          <FileButton
            multiple
            onChange={(chosen) => {
              add(filesOfInput(chosen));
            }}
          >
            {(props) => (
              <Button variant="default" size="xs" {...props}>
                Choose files
              </Button>
            )}
          </FileButton>
          <Button variant="default" size="xs" onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
          <input
            ref={folder}
            type="file"
            hidden
            aria-hidden="true"
            tabIndex={-1}
            data-folder=""
            {...{ webkitdirectory: '' }}
            onChange={(event) => {
              add(filesOfInput(event.currentTarget.files ?? []));
              // The same folder may be chosen again after something in it was mended.
              event.currentTarget.value = '';
            }}
          />
          <span id={hintId} className="muted">
            or drop files or a folder here. They are read for the dry run, and kept only if you import them.
          </span>
        </>
      )}
    </DropZone>
  );
}

/** A folder has thousands: they are counted, and the first few named. */
const NAMED = 5;

function Chosen({ files, onChange }: { readonly files: readonly NamedFile[]; readonly onChange: (files: readonly NamedFile[]) => void }): ReactNode {
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  const names = files.slice(0, NAMED).map(({ name }) => name);
  return (
    <div className={styles.chosen}>
      <Icon name="check" />
      <span>
        <strong>{files.length === 1 ? 'One file' : `${files.length.toLocaleString('en')} files`}</strong>, {saySize(size)}: {names.join(', ')}
        {files.length > NAMED && ` and ${(files.length - NAMED).toLocaleString('en')} more`}
      </span>
      <Button
        variant="subtle"
        color="slate"
        size="compact-xs"
        onClick={() => {
          onChange([]);
        }}
      >
        Take them out again
      </Button>
    </div>
  );
}

const WhichFiles = (): ReactNode => (
  <details className={styles.which}>
    <summary>Which files to bring</summary>
    <dl>
      {SOURCES.map(({ name, files, commands = [], note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {files.map((file) => (
              <p key={file}>{file}.</p>
            ))}
            {commands.map((command) => (
              <CopyLine key={command} value={command} label={`Copy the command for ${name}`} />
            ))}
            {note !== undefined && <p className="muted">{note}</p>}
          </dd>
        </div>
      ))}
    </dl>
  </details>
);
