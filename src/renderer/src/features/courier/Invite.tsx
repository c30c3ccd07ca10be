/** The first step of a pairing, at the signing machine: which authority, and the invitation for the listener. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type CallError, callOrThrow, useBridge, useChannel } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Answered, Section } from '../../design/Page.tsx';
import { saveFile } from '../../design/saveFile.ts';
import { Link as WayTo } from '../../routing/Link.tsx';
import { navigate } from '../../routing/path.ts';
import styles from './courier.module.css';
import { useRefresh } from './useTake.ts';

export function Invite(): ReactNode {
  const authorities = useChannel('authorities.list', { limit: 500 });
  return (
    <Section title="Invite a listener">
      <Answered query={authorities}>
        {({ items }) => {
          const able = items.filter(({ certificatePem }) => certificatePem !== null);
          return able.length === 0 ? (
            <Note tone="notice" title="There is no authority to share yet">
              <WayTo to="/authorities" underline="always">
                Make one, or bring one in
              </WayTo>
              , and come back.
            </Note>
          ) : (
            <InviteForm authorities={able} />
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
      const { file } = await callOrThrow(bridge, 'courier.pair', { step: 'invite', authorityId, name: name.trim() });
      if (file !== null) await saveFile(bridge, file);
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
      {invite.error !== null && <ProblemNote problem={invite.error.problem} />}
      <div className={styles.buttons}>
        <Button type="submit" loading={invite.isPending} disabled={name.trim() === ''}>
          Write the invitation
        </Button>
      </div>
    </form>
  );
}
