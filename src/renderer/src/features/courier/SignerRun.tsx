/** The daily run at the signing machine: requests in, decisions, certificates out. */
import { Button, Switch } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { callOrThrow } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { countThings } from '../../design/count.ts';
import { Errand, Errands } from '../../design/Errands.tsx';
import { FileDrop } from '../../design/FileDrop.tsx';
import { FindingList } from '../../design/FindingList.tsx';
import { Note } from '../../design/Note.tsx';
import { navigate, pathTo } from '../../routing/path.ts';
import styles from './courier.module.css';
import { RefusedFile } from './RefusedFile.tsx';
import type { CertificatesOut, Link, RequestsIn } from './types.ts';
import { COURIER_MOST, useTake } from './useTake.ts';
import { sayCertificatesOut, sayRequestsIn } from './words.ts';
import { WriteFile } from './WriteFile.tsx';

export interface SignerRunProps {
  readonly link: Link;
  readonly written: CertificatesOut | undefined;
  readonly onWritten: (written: CertificatesOut) => void;
}

export function SignerRun({ link, written, onWritten }: SignerRunProps): ReactNode {
  const peer = link.peer?.name ?? 'the listener';
  const { requests, answers } = link.waiting;
  return (
    <Errands label="A run of the courier">
      <Errand title="Take requests">
        <TakeRequests link={link} />
      </Errand>
      <Errand title="Decide" standing={requests > 0 ? 'now' : 'later'}>
        {requests > 0 ? (
          <div className={styles.buttons}>
            <Button
              variant="default"
              onClick={() => {
                // Each of them says where it came from: `192.0.2.7 via Listener`.
                navigate(pathTo(['requests'], { query: `via ${peer}` }));
              }}
            >
              {requests === 1 ? 'See the request that waits' : `See the ${requests.toLocaleString('en')} requests that wait`}
            </Button>
          </div>
        ) : (
          <p className="muted">No request from {peer} waits for a decision.</p>
        )}
      </Errand>
      <Errand title="Write certificates, and carry them back">
        <WriteFile
          label="Write certificates"
          emphasis={answers > 0 || link.exported === null}
          write={(bridge) => callOrThrow(bridge, 'courier.exportCertificates', { link: link.id })}
          written={written}
          onWritten={onWritten}
          say={sayCertificatesOut}
          to={peer}
        />
        {written === undefined && (
          <p className="muted">
            {answers > 0 ? `${answers === 1 ? 'One answer has' : `${countThings(answers, 'answer')} have`} not arrived at ${peer} yet. ` : ''}A fresh CRL goes along each time.
          </p>
        )}
      </Errand>
    </Errands>
  );
}

function TakeRequests({ link }: { readonly link: Link }): ReactNode {
  const [file, setFile] = useState<File>();
  const [acceptGranted, setAcceptGranted] = useState(false);
  const [brought, setBrought] = useState<RequestsIn>();
  const take = useTake((bridge, base64) => callOrThrow(bridge, 'courier.importRequests', { file: base64, acceptGranted }), {
    onDone: (done) => {
      setBrought(done);
      announce(done.already ? 'This file was taken in before' : `File ${done.sequence} is taken in. ${sayRequestsIn(done)}`);
    },
  });
  return (
    <>
      <Switch
        label="Issue at once what was granted there"
        description="What a challenge, a renewal or the admin at the listener granted gets its certificate without a decision here: whoever holds the listener then decides what this CA signs. Off: everything waits in the queue."
        checked={acceptGranted}
        onChange={(event) => {
          setAcceptGranted(event.currentTarget.checked);
        }}
      />
      <FileDrop
        label={`File from ${link.peer?.name ?? 'the listener'}`}
        hint="The file with the requests."
        most={COURIER_MOST}
        value={file}
        busy={take.isPending}
        onChange={(given) => {
          setFile(given);
          setBrought(undefined);
          take.mutate(given);
        }}
      />
      <RefusedFile error={take.error} />
      {brought !== undefined &&
        (brought.already ? (
          <Note tone="notice" title="This very file was taken in before">
            {brought.issued === 0 ? 'Nothing was done. Is there a newer one on the stick?' : `Of what it brought, ${countThings(brought.issued, 'was', 'were')} issued now.`}
          </Note>
        ) : (
          <div className={styles.result}>
            <Note tone="good">{sayRequestsIn(brought)}</Note>
            <FindingList findings={brought.findings} />
          </div>
        ))}
    </>
  );
}
