/** The first step of a pairing, at the signing machine: which authority, and the invitation for the listener. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type CallError, callOrThrow, useBridge, useChannel } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { sayList } from '../../design/count.ts';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import { saveFile } from '../../design/saveFile.ts';
import { Link as WayTo } from '../../routing/Link.tsx';
import { navigate } from '../../routing/path.ts';
import styles from './courier.module.css';
import { keepPairingFile } from './pairingFiles.ts';
import { useRefresh } from './useTake.ts';

export function Invite(): ReactNode {
  const authorities = useChannel('authorities.list', { limit: 500 });
  return (
    <Section title="Invite a listener">
      <Answered query={authorities}>
        {({ items }) => {
          const there = items.filter(({ certificatePem }) => certificatePem !== null);
          const able = there.filter(({ scepKey }) => scepKey === 'split');
          const others = there.filter(({ scepKey }) => scepKey !== 'split');
          return (
            <div className={styles.stack}>
              {able.length > 0 && <InviteForm authorities={able} />}
              {there.length === 0 && (
                <Note tone="notice" title="There is no authority to share yet">
                  <WayTo to="/authorities" underline="always">
                    Make one, or bring one in
                  </WayTo>
                  , and come back.
                </Note>
              )}
              {others.length > 0 && (
                <Note tone={able.length === 0 ? 'warning' : 'quiet'} title={`${sayList(others.map(({ commonName }) => commonName))} cannot stay offline as ${others.length === 1 ? 'it is' : 'they are'}`}>
                  Its own key also opens what devices send, so it is needed in the network. With a separate key for SCEP it can:{' '}
                  <WayTo to="/authorities" underline="always">
                    Authorities
                  </WayTo>
                </Note>
              )}
            </div>
          );
        }}
      </Answered>
    </Section>
  );
}

function InviteForm({ authorities }: { readonly authorities: readonly { readonly id: string; readonly commonName: string }[] }): ReactNode {
  const bridge = useBridge();
  const refresh = useRefresh();
  const [authorityId, setAuthorityId] = useState(authorities[0]?.id ?? '');
  const [name, setName] = useState('Signing machine');
  const invite = useMutation<void, CallError>({
    mutationFn: async () => {
      const { file, link } = await callOrThrow(bridge, 'courier.pair', { step: 'invite', authorityId, name: name.trim() });
      if (file === null || link === null) return;
      keepPairingFile(link.id, file);
      await saveFile(bridge, file);
    },
    onSuccess: () => {
      refresh();
      announce('The invitation is written');
      navigate('/courier');
    },
  });
  return (
    <form
      noValidate
      className={styles.stack}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (name.trim() !== '') invite.mutate();
      }}
    >
      <NativeSelect
        label="Authority"
        description="Its certificate goes to the listener. Its key stays here."
        maw={420}
        value={authorityId}
        data={authorities.map(({ id, commonName }) => ({ value: id, label: commonName }))}
        onChange={(event) => {
          setAuthorityId(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Name of this machine"
        description="The other machine shows it beside the fingerprint."
        required
        maxLength={64}
        maw={420}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <Note tone="quiet" title="Does this machine stand in the network?">
        Then its key has met one. Restore a backup of it on the offline machine and invite from there; pair it with a new, empty listener, and destroy what lies here, backups too.
      </Note>
      {invite.error !== null && <ProblemNote problem={invite.error.problem} />}
      <div className={styles.buttons}>
        <Button type="submit" loading={invite.isPending} disabled={name.trim() === ''}>
          Write the invitation
        </Button>
      </div>
    </form>
  );
}
