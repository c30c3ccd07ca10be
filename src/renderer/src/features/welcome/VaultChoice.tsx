/** What opens the vault of this computer: its keychain, or a passphrase. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { ChoiceCards } from '../../design/ChoiceCards.tsx';
import { NewPassphrase } from '../../design/NewPassphrase.tsx';
import type { TypedTwice } from '../../design/passphrase.ts';

export type VaultKind = 'keychain' | 'passphrase';

export interface VaultChoiceProps {
  readonly vault: Output<'vault.status'>;
  readonly kind: VaultKind;
  readonly onKind: (kind: VaultKind) => void;
  readonly typed: TypedTwice;
  readonly onTyped: (typed: TypedTwice) => void;
}

export const VaultChoice = ({ vault: { keychain }, kind, onKind, typed, onTyped }: VaultChoiceProps): ReactNode => (
  <>
    <ChoiceCards
      label="What opens the vault"
      hideLabel
      value={kind}
      onChange={onKind}
      choices={[
        {
          value: 'keychain',
          title: 'This computer’s keychain',
          icon: 'device',
          disabled: !keychain.available,
          tag: keychain.available ? 'Recommended' : undefined,
          text: keychain.available ? 'It opens when you log in. Nothing to remember and nothing to type after a restart.' : 'Not on this computer.',
          aside: keychain.detail,
        },
        {
          value: 'passphrase',
          title: 'A passphrase',
          icon: 'key',
          text: 'You type it whenever the CA has been restarted; until then devices are told to come back.',
          aside: 'The data folder can move to any machine. Nobody can recover the passphrase: without it the CA is lost.',
        },
      ]}
    />
    {kind === 'passphrase' && <NewPassphrase value={typed} onChange={onTyped} />}
  </>
);
