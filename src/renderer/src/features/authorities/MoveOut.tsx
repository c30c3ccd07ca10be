/** An authority on its way out: everything that it issued as openssl's ca lays it out, and its key only where that is meant. */
import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { Input, Output } from '../../../../preload/contract/contract.ts';
import { type CallError, callOrThrow, useBridge, useChannel } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { ChoiceCards } from '../../design/ChoiceCards.tsx';
import { ConfirmButton } from '../../design/ConfirmButton.tsx';
import { countThings } from '../../design/count.ts';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Icon } from '../../design/Icon.tsx';
import { NewPassphrase } from '../../design/NewPassphrase.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Section } from '../../design/Page.tsx';
import { NOT_TYPED, isReady } from '../../design/passphrase.ts';
import { saveFile } from '../../design/saveFile.ts';
import styles from './authorities.module.css';
import type { AuthorityDetail } from './standing.ts';

/** What the CA takes at least for a key that leaves it. */
const LEAST = 12;

type Exported = Omit<Output<'migration.export'>, 'base64'>;

export function MoveOut({ authority }: { readonly authority: AuthorityDetail }): ReactNode {
  const bridge = useBridge();
  const vault = useChannel('vault.status', {});
  const [withKey, setWithKey] = useState<'without' | 'with'>('without');
  const [typed, setTyped] = useState(NOT_TYPED);
  const [own, setOwn] = useState('');
  const [exported, setExported] = useState<Exported>();
  const held = useRef<Input<'migration.export'>>(undefined);
  const take = useMutation<Exported, CallError>({
    mutationFn: async () => {
      // Passphrases are handed on, and not kept as the mutation's variables.
      const input = held.current ?? { id: authority.id };
      held.current = undefined;
      const { base64, ...about } = await callOrThrow(bridge, 'migration.export', input);
      await saveFile(bridge, { name: about.name, mediaType: about.mediaType, base64 });
      return about;
    },
    gcTime: 0,
    onSuccess: (done) => {
      setTyped(NOT_TYPED);
      setOwn('');
      setExported(done);
      announce('The authority is exported');
    },
  });
  const byPassphrase = vault.data?.kind === 'passphrase';
  const ready = isReady(typed, LEAST) && (!byPassphrase || own !== '');
  const go = (input: Input<'migration.export'>): void => {
    held.current = input;
    setExported(undefined);
    take.mutate();
  };
  return (
    <Section title="Take it elsewhere">
      <div className={styles.stack}>
        <p className={styles.lead}>
          Nobody is locked in: this writes {authority.commonName} as openssl’s ca lays it out, in one tar. In it are every certificate that it issued, its database with all revocations, its CRL, its chain and a configuration that goes on from there.
        </p>
        <ChoiceCards
          label="The private key"
          value={withKey}
          onChange={(chosen) => {
            setWithKey(chosen);
            setExported(undefined);
            take.reset();
          }}
          choices={[
            { value: 'without', title: 'Without the key', icon: 'certificate', text: 'Nothing in it is secret. For an archive, an inventory, or another program that only reads.', aside: 'The names of your devices are in it.' },
            { value: 'with', title: 'With the key', icon: 'key', text: 'Another program can go on as this CA. The key leaves this house, encrypted under a passphrase that you make up now.', aside: 'From then on there are two places from which it can be stolen.' },
          ]}
        />
        {withKey === 'with' && (
          <>
            <NewPassphrase label="Passphrase of the exported key" least={LEAST} value={typed} onChange={setTyped} />
            {byPassphrase && (
              <PasswordInput
                label="Passphrase of the vault"
                description="Once more, so that nobody takes the key from a window that was left open."
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                autoComplete="current-password"
                maw={420}
                value={own}
                onChange={(event) => {
                  setOwn(event.currentTarget.value);
                }}
              />
            )}
          </>
        )}
        {withKey === 'without' ? (
          <>
            {take.error !== null && <ProblemNote problem={take.error.problem} />}
            <div>
              <Button
                leftSection={<Icon name="download" />}
                loading={take.isPending}
                onClick={() => {
                  go({ id: authority.id });
                }}
              >
                Export without the key
              </Button>
            </div>
          </>
        ) : ready ? (
          <ConfirmButton
            key={exported?.sha256 ?? 'before'}
            label="Export with the key"
            question={`Take the key of ${authority.commonName} out of the vault?`}
            confirm="Take the key out"
            onConfirm={() => {
              go({ id: authority.id, keyPassphrase: typed.first, ...(byPassphrase ? { passphrase: own } : {}) });
            }}
            pending={take.isPending}
            error={take.error}
          >
            Whoever has this file and its passphrase is this CA: they can issue certificates that your devices trust, and nothing here would show it. It cannot be taken back. The audit log keeps that it was done.
          </ConfirmButton>
        ) : (
          exported === undefined && <p className="muted">Type the passphrases first.</p>
        )}
        {exported !== undefined && (
          <Note tone="good" role="status" title={`${exported.name} is written, ${exported.withKey ? 'with the key' : 'without the key'}`}>
            {countThings(exported.certificates, 'certificate')}, {countThings(exported.revoked, 'of them revoked', 'of them revoked')}
            {exported.serialsOnly > 0 && `, and ${countThings(exported.serialsOnly, 'revocation known by its serial alone', 'revocations known by their serials alone')}`}. SHA-256 of the file:
            <Fingerprint name="SHA-256 of the exported file" hex={exported.sha256} />
          </Note>
        )}
      </div>
    </Section>
  );
}
