/** The second step of a pairing, at the listener: the invitation that the stick brought, compared with what the signing machine shows, and accepted. */
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type CallError, callOrThrow, useBridge } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Errand, Errands } from '../../design/Errands.tsx';
import { FileDrop } from '../../design/FileDrop.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Section } from '../../design/Page.tsx';
import { readBase64 } from '../../design/readFile.ts';
import { saveFile } from '../../design/saveFile.ts';
import { navigate } from '../../routing/path.ts';
import { CompareBox } from './CompareBox.tsx';
import styles from './courier.module.css';
import { FileFacts } from './FileFacts.tsx';
import { keepPairingFile } from './pairingFiles.ts';
import type { PairingFile } from './types.ts';
import { COURIER_MOST, useRefresh, useTake } from './useTake.ts';

export function AcceptInvitation(): ReactNode {
  const bridge = useBridge();
  const refresh = useRefresh();
  const [file, setFile] = useState<File>();
  const [shown, setShown] = useState<PairingFile>();
  const [compared, setCompared] = useState(false);
  const [name, setName] = useState('Listener');
  const read = useTake((way, base64) => callOrThrow(way, 'courier.pair', { step: 'read', file: base64 }), {
    onDone: (answer) => {
      setShown(answer.shown ?? undefined);
    },
  });
  const accept = useMutation<void, CallError, { readonly file: File; readonly fingerprint: string }>({
    mutationFn: async (given) => {
      const { file: acceptance, link } = await callOrThrow(bridge, 'courier.pair', { step: 'accept', file: await readBase64(given.file), fingerprint: given.fingerprint, name: name.trim() });
      if (acceptance === null || link === null) return;
      keepPairingFile(link.id, acceptance);
      await saveFile(bridge, acceptance);
    },
    onSuccess: () => {
      refresh();
      announce('The acceptance is written');
      navigate('/courier');
    },
  });
  const invitation = shown?.kind === 'invitation' ? shown : undefined;
  return (
    <Section title="Pair with the signing machine">
      <Errands label="Steps of the pairing">
        <Errand title="Take the invitation" standing={invitation === undefined ? 'now' : 'done'}>
          <p>Write it on the signing machine: Courier, “The signing machine”. Then bring it here.</p>
          <FileDrop
            label="Invitation"
            hint="The file that the signing machine wrote."
            most={COURIER_MOST}
            value={file}
            busy={read.isPending}
            onChange={(given) => {
              setFile(given);
              setShown(undefined);
              setCompared(false);
              accept.reset();
              read.mutate(given);
            }}
          />
          {read.error !== null && <ProblemNote problem={read.error.problem} />}
          {shown?.kind === 'acceptance' && (
            <Note tone="warning" role="alert" title="This is an acceptance">
              A listener wrote it. It belongs on the signing machine.
            </Note>
          )}
          {invitation !== undefined && <FileFacts file={invitation} />}
        </Errand>
        <Errand title="Compare the fingerprint" standing={invitation === undefined ? 'later' : compared ? 'done' : 'now'}>
          {invitation !== undefined && <CompareBox key={invitation.from.fingerprint + String(file?.lastModified)} machine={invitation.from} compared={compared} onCompared={setCompared} />}
        </Errand>
        <Errand title="Write the acceptance" standing={compared ? 'now' : 'later'}>
          {invitation !== undefined && compared && file !== undefined && (
            <>
              <p className="muted">This machine makes keys of its own for it: for SCEP, for OCSP, and for the courier. Their certificates come with the next file.</p>
              <TextInput
                label="Name of this machine"
                description="The signing machine shows it beside the fingerprint."
                required
                maxLength={64}
                maw={420}
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                }}
              />
              {accept.error !== null && <ProblemNote problem={accept.error.problem} />}
              <div className={styles.buttons}>
                <Button
                  loading={accept.isPending}
                  disabled={name.trim() === ''}
                  onClick={() => {
                    accept.mutate({ file, fingerprint: invitation.from.fingerprint });
                  }}
                >
                  Accept and write the acceptance
                </Button>
              </div>
            </>
          )}
        </Errand>
      </Errands>
    </Section>
  );
}
