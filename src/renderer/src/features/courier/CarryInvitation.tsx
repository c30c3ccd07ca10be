/** The signing machine while its invitation is on its way, and when the acceptance comes back: compared, confirmed, and its first certificates written. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type CallError, callOrThrow, useBridge } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Errand, Errands } from '../../design/Errands.tsx';
import { FileDrop } from '../../design/FileDrop.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { readBase64 } from '../../design/readFile.ts';
import { SaveButton } from '../../design/SaveButton.tsx';
import { saveFile } from '../../design/saveFile.ts';
import { CompareBox } from './CompareBox.tsx';
import styles from './courier.module.css';
import { FileFacts } from './FileFacts.tsx';
import { OwnFingerprint } from './OwnFingerprint.tsx';
import { pairingFile } from './pairingFiles.ts';
import type { CertificatesOut, Link, PairingFile } from './types.ts';
import { COURIER_MOST, useRefresh, useTake } from './useTake.ts';

export function CarryInvitation({ link, onWritten }: { readonly link: Link; readonly onWritten: (written: CertificatesOut) => void }): ReactNode {
  const bridge = useBridge();
  const refresh = useRefresh();
  const [file, setFile] = useState<File>();
  const [shown, setShown] = useState<PairingFile>();
  const [compared, setCompared] = useState(false);
  const read = useTake((way, base64) => callOrThrow(way, 'courier.pair', { step: 'read', file: base64 }), {
    onDone: (answer) => {
      setShown(answer.shown ?? undefined);
    },
  });
  /** Confirms, and writes the first certificates at once: without them the listener does nothing. */
  const confirm = useMutation<void, CallError, { readonly file: File; readonly fingerprint: string }>({
    mutationFn: async (given) => {
      await callOrThrow(bridge, 'courier.pair', { step: 'confirm', file: await readBase64(given.file), fingerprint: given.fingerprint });
      const written = await callOrThrow(bridge, 'courier.exportCertificates', { link: link.id });
      // Closed dialogs lose nothing: the file may be written as often as one likes.
      if (await saveFile(bridge, written.file)) onWritten(written);
    },
    onSettled: refresh,
    onSuccess: () => {
      announce('The machines are paired, and the first certificates are written');
    },
  });
  const invitation = pairingFile(link.id);
  const acceptance = shown?.kind === 'acceptance' && shown.pairing === link.id ? shown : undefined;
  return (
    <Errands label="Steps of the pairing">
      <Errand title="Carry the invitation to the listener" standing="done">
        <p className="muted">It is no secret, and nothing works by it alone. {invitation === undefined && 'Is it lost? End this pairing below, and write another one.'}</p>
        {invitation !== undefined && (
          <div>
            <SaveButton size="xs" files={() => Promise.resolve([invitation])}>
              Save it once more
            </SaveButton>
          </div>
        )}
      </Errand>
      <Errand title="Take it in there" where="At the listener" standing={acceptance === undefined ? 'now' : 'done'}>
        <p>On the listener: Courier, “The listener” (on a new machine it is among the kinds of CA). It asks for this fingerprint:</p>
        <OwnFingerprint own={link.own} />
      </Errand>
      <Errand title="Bring the acceptance back" standing={acceptance === undefined ? 'now' : 'done'}>
        <FileDrop
          label="Acceptance"
          hint="The file that the listener wrote."
          most={COURIER_MOST}
          value={file}
          busy={read.isPending}
          onChange={(given) => {
            setFile(given);
            setShown(undefined);
            setCompared(false);
            confirm.reset();
            read.mutate(given);
          }}
        />
        {read.error !== null && <ProblemNote problem={read.error.problem} />}
        {shown?.kind === 'invitation' && (
          <Note tone="warning" role="alert" title="This is an invitation">
            A signing machine wrote it. It belongs on the listener.
          </Note>
        )}
        {shown?.kind === 'acceptance' && acceptance === undefined && (
          <Note tone="warning" role="alert" title="This acceptance answers another invitation">
            Take the one that answers this pairing, or begin anew on both machines.
          </Note>
        )}
        {acceptance !== undefined && <FileFacts file={acceptance} />}
      </Errand>
      <Errand title="Compare the fingerprint of the listener" standing={acceptance === undefined ? 'later' : compared ? 'done' : 'now'}>
        {acceptance !== undefined && <CompareBox key={acceptance.from.fingerprint + String(file?.lastModified)} machine={acceptance.from} compared={compared} onCompared={setCompared} />}
      </Errand>
      <Errand title="Pair, and write the first certificates" standing={compared ? 'now' : 'later'}>
        {acceptance !== undefined && compared && file !== undefined && (
          <>
            <p className="muted">{link.authority} signs the certificates that the listener asks for; the file that is written then makes it work.</p>
            {confirm.error !== null && <ProblemNote problem={confirm.error.problem} />}
            <div className={styles.buttons}>
              <Button
                loading={confirm.isPending}
                onClick={() => {
                  confirm.mutate({ file, fingerprint: acceptance.from.fingerprint });
                }}
              >
                Pair and write the certificates
              </Button>
            </div>
          </>
        )}
      </Errand>
    </Errands>
  );
}
