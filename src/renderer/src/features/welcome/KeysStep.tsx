/** Where the vault's key is kept: the keychain or a passphrase. An existing vault is unlocked, or only shows its audit key. */
import { Button, PasswordInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { NOT_TYPED, isReady } from '../../design/passphrase.ts';
import { AuditKey } from './AuditKey.tsx';
import { StepFrame } from './StepFrame.tsx';
import { VaultChoice, type VaultKind } from './VaultChoice.tsx';

type Vault = Output<'vault.status'>;

export interface KeysStepProps {
  readonly vault: Vault;
  /** The vault was made: now there is something to write down. */
  readonly onMade: () => void;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

export function KeysStep({ vault, onMade, onDone, onBack }: KeysStepProps): ReactNode {
  if (vault.state === 'empty') return <MakeVault vault={vault} onMade={onMade} onBack={onBack} />;
  if (vault.state === 'locked') return <OpenVault vault={vault} />;
  return <AuditKey vault={vault} onDone={onDone} />;
}

function MakeVault({ vault, onMade, onBack }: { readonly vault: Vault; readonly onMade: () => void; readonly onBack: () => void }): ReactNode {
  const [kind, setKind] = useState<VaultKind>(vault.keychain.available ? 'keychain' : 'passphrase');
  const [typed, setTyped] = useState(NOT_TYPED);
  const make = useVerb('vault.initialize', {
    touches: ['vault.status', 'status.get', 'window.status'],
    secret: true,
    onDone: () => {
      announce('The vault is made');
      onMade();
    },
  });
  return (
    <StepFrame
      title="Where should the keys be kept?"
      lead="Every private key of the CA lies encrypted in the data folder, in what is called the vault. Something has to open it when the CA starts."
      onSubmit={() => {
        make.mutate(kind === 'passphrase' ? { kind, passphrase: typed.first } : { kind });
      }}
      foot={
        <>
          <Button type="submit" loading={make.isPending} disabled={kind === 'passphrase' && !isReady(typed)}>
            Make the vault
          </Button>
          <Button variant="subtle" color="slate" onClick={onBack}>
            Back
          </Button>
        </>
      }
    >
      <VaultChoice vault={vault} kind={kind} onKind={setKind} typed={typed} onTyped={setTyped} />
      {make.error !== null && <ProblemNote problem={make.error.problem} />}
    </StepFrame>
  );
}

function OpenVault({ vault }: { readonly vault: Vault }): ReactNode {
  const byPassphrase = vault.kind === 'passphrase';
  const [passphrase, setPassphrase] = useState('');
  const unlock = useVerb('vault.unlock', {
    touches: ['vault.status', 'status.get'],
    secret: true,
    onDone: () => {
      announce('The vault is open');
    },
  });
  return (
    <StepFrame
      title="Unlock the vault to go on"
      lead={byPassphrase ? 'The vault of this CA exists already and is opened by its passphrase.' : 'The vault of this CA exists already; its key lies in this computer’s keychain.'}
      onSubmit={() => {
        unlock.mutate(byPassphrase ? { passphrase } : {});
        setPassphrase('');
      }}
      foot={
        <Button type="submit" loading={unlock.isPending} disabled={byPassphrase && passphrase === ''}>
          {byPassphrase ? 'Unlock' : 'Unlock with the keychain'}
        </Button>
      }
    >
      {byPassphrase && (
        <PasswordInput
          label="Passphrase"
          maw={420}
          autoComplete="current-password"
          value={passphrase}
          onChange={(event) => {
            setPassphrase(event.currentTarget.value);
          }}
        />
      )}
      {unlock.error !== null && <ProblemNote problem={unlock.error.problem} />}
    </StepFrame>
  );
}
