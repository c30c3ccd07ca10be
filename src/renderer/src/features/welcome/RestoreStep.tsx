/** A backup comes back to life in an empty data folder: what it holds is shown before anything is written, and this computer's own vault keeps its keys. */
import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { type CallError, callOrThrow, useBridge, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { type BackupContents, BackupFacts, sayContents } from '../../design/BackupFacts.tsx';
import { FileDrop } from '../../design/FileDrop.tsx';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Facts } from '../../design/Page.tsx';
import { NOT_TYPED, isReady } from '../../design/passphrase.ts';
import { readBase64 } from '../../design/readFile.ts';
import { Time } from '../../design/Time.tsx';
import { navigate } from '../../routing/path.ts';
import { StepFrame } from './StepFrame.tsx';
import { VaultChoice, type VaultKind } from './VaultChoice.tsx';
import styles from './welcome.module.css';

type Vault = Output<'vault.status'>;
type Restored = Output<'backups.restore'>;

/** What goes through the window at once; a larger backup is read from its path. */
const MOST = 96 * 1024 * 1024;

/** Where the backup is: in a file that was chosen here, or at a path of the computer that the CA runs on. */
interface Origin {
  readonly base64?: string;
  readonly path?: string;
}

export interface RestoreStepProps {
  readonly vault: Vault;
  /** From here on the vault may appear at any moment. */
  readonly onBegin: () => void;
  readonly onBack: () => void;
}

export function RestoreStep({ vault, onBegin, onBack }: RestoreStepProps): ReactNode {
  const [origin, setOrigin] = useState<Origin>();
  const [passphrase, setPassphrase] = useState('');
  const [contents, setContents] = useState<BackupContents>();
  const [restored, setRestored] = useState<Restored>();
  if (restored !== undefined) return <Done restored={restored} />;
  if (contents === undefined || origin === undefined) {
    return (
      <ChooseBackup
        passphrase={passphrase}
        onPassphrase={setPassphrase}
        onBack={onBack}
        onFound={(found, from) => {
          setOrigin(from);
          setContents(found);
        }}
      />
    );
  }
  return (
    <ChooseVault
      vault={vault}
      origin={origin}
      passphrase={passphrase}
      contents={contents}
      onBegin={onBegin}
      onBack={() => {
        setContents(undefined);
      }}
      onRestored={(done) => {
        setPassphrase('');
        setOrigin(undefined);
        setRestored(done);
      }}
    />
  );
}

interface ChooseBackupProps {
  readonly passphrase: string;
  readonly onPassphrase: (passphrase: string) => void;
  readonly onFound: (contents: BackupContents, origin: Origin) => void;
  readonly onBack: () => void;
}

function ChooseBackup({ passphrase, onPassphrase, onFound, onBack }: ChooseBackupProps): ReactNode {
  const bridge = useBridge();
  const [from, setFrom] = useState<'file' | 'path'>('file');
  const [file, setFile] = useState<File>();
  const [path, setPath] = useState('');
  const look = useMutation<void, CallError>({
    mutationFn: async () => {
      const origin: Origin = from === 'path' ? { path: path.trim() } : file === undefined ? {} : { base64: await readBase64(file) };
      onFound(await callOrThrow(bridge, 'backups.verify', { ...origin, passphrase }), origin);
    },
    gcTime: 0,
    onSuccess: () => {
      announce('The backup opens');
    },
  });
  const chosen = from === 'path' ? path.trim() !== '' : file !== undefined;
  return (
    <StepFrame
      title="Restore from a backup"
      lead="It is looked at first: you see what it holds before anything is written here."
      onSubmit={() => {
        if (chosen && passphrase !== '') look.mutate();
      }}
      foot={
        <>
          <Button type="submit" loading={look.isPending} disabled={!chosen || passphrase === ''}>
            Look into the backup
          </Button>
          <Button variant="subtle" color="slate" onClick={onBack}>
            Back
          </Button>
        </>
      }
    >
      <div>
        <SegmentedControl
          aria-label="Where the backup is"
          value={from}
          onChange={(value) => {
            setFrom(value === 'path' ? 'path' : 'file');
          }}
          data={[
            { value: 'file', label: 'A file to choose' },
            { value: 'path', label: 'A path on the CA’s computer' },
          ]}
        />
      </div>
      {from === 'file' ? (
        <FileDrop label="Backup" hint="Its name begins with countersign- and ends in .backup." value={file} onChange={setFile} most={MOST} busy={look.isPending} />
      ) : (
        <TextInput
          label="Path of the backup"
          description="A whole path, as on the recovery sheet. For large backups this is the only way."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder="/mnt/backups/…"
          spellCheck={false}
          value={path}
          onChange={(event) => {
            setPath(event.currentTarget.value);
          }}
        />
      )}
      <PasswordInput
        label="Passphrase of the backup"
        description="The one that was set when it was made, not that of the old vault. Without it nobody can open the file."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoComplete="off"
        maw={420}
        value={passphrase}
        onChange={(event) => {
          onPassphrase(event.currentTarget.value);
        }}
      />
      {look.error !== null && <ProblemNote problem={look.error.problem} />}
    </StepFrame>
  );
}

interface ChooseVaultProps {
  readonly vault: Vault;
  readonly origin: Origin;
  readonly passphrase: string;
  readonly contents: BackupContents;
  readonly onBegin: () => void;
  readonly onRestored: (restored: Restored) => void;
  readonly onBack: () => void;
}

function ChooseVault({ vault, origin, passphrase, contents, onBegin, onRestored, onBack }: ChooseVaultProps): ReactNode {
  const [kind, setKind] = useState<VaultKind>(vault.keychain.available ? 'keychain' : 'passphrase');
  const [typed, setTyped] = useState(NOT_TYPED);
  const restore = useVerb('backups.restore', {
    secret: true,
    touches: ['status.get', 'vault.status', 'window.status', 'authorities.list'],
    onDone: (done) => {
      announce('The backup is restored');
      onRestored(done);
    },
  });
  const ready = kind === 'keychain' || isReady(typed);
  return (
    <StepFrame
      title="This is in the backup"
      lead="It opened, and its trial restore is whole: every key signs, and the audit log holds up to its last entry. Nothing has been written here yet."
      onSubmit={() => {
        if (!ready) return;
        onBegin();
        restore.mutate({ ...origin, passphrase, vault: kind === 'passphrase' ? { kind, passphrase: typed.first } : { kind } });
      }}
      foot={
        <>
          <Button type="submit" loading={restore.isPending} disabled={!ready}>
            Restore it here
          </Button>
          <Button variant="subtle" color="slate" disabled={restore.isPending} onClick={onBack}>
            Another backup
          </Button>
        </>
      }
    >
      <section className={styles.keepsake} aria-label="What the backup holds">
        <BackupFacts contents={contents} />
      </section>
      <Note tone="notice" title="Only one of the two may go on">
        If the computer that made this backup still runs, stop it first. Two CAs with one key know nothing of each other’s certificates and revocations.
      </Note>
      <h2 className={styles.part}>Where should its keys be kept here?</h2>
      <VaultChoice vault={vault} kind={kind} onKind={setKind} typed={typed} onTyped={setTyped} />
      {restore.error !== null && <ProblemNote problem={restore.error.problem} />}
    </StepFrame>
  );
}

function Done({ restored: { createdAt, counts, auditKey } }: { readonly restored: Restored }): ReactNode {
  return (
    <StepFrame
      title="Your CA is back"
      lead="Everything of the backup is here, and its vault is open."
      foot={
        <>
          <Button
            onClick={() => {
              navigate('/overview');
            }}
          >
            Open the window
          </Button>
          <Button
            variant="default"
            onClick={() => {
              navigate('/welcome?step=network');
            }}
          >
            Check the network
          </Button>
        </>
      }
    >
      <section className={styles.keepsake} aria-label="What was restored">
        <Facts
          items={[
            ['As of', <Time key="at" at={createdAt} form="full" />],
            ['Restored', sayContents(counts)],
            ['Audit key', <Fingerprint key="audit" name="Fingerprint of the audit key" hex={auditKey} />],
          ]}
        />
        <p className="muted">Compare the audit key with the fingerprint that was written down on its first day.</p>
      </section>
      <Note tone="notice" title="What happened after the backup is not in it">
        Certificates that were issued since then work, but are unknown here and cannot be revoked by name. Devices that wait ask again by themselves. If this computer has another address, devices must be told.
      </Note>
    </StepFrame>
  );
}
