/** The listener takes the file that came back, and says what it brought: certificates, refusals with their reasons, the CRL. */
import { type ReactNode, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { callOrThrow } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { FileDrop } from '../../design/FileDrop.tsx';
import { FindingList } from '../../design/FindingList.tsx';
import { Note } from '../../design/Note.tsx';
import { Time } from '../../design/Time.tsx';
import { Link as WayTo } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './courier.module.css';
import { RefusedFile } from './RefusedFile.tsx';
import type { CertificatesIn, Link } from './types.ts';
import { COURIER_MOST, useTake } from './useTake.ts';
import { firstEnd, sayCertificatesIn } from './words.ts';

type Refused = Output<'requests.list'>['items'][number];

export interface Came {
  readonly brought: CertificatesIn;
  readonly refused: readonly Refused[];
  /** It was the first file from there. */
  readonly first: boolean;
}

/** More refusals than anybody reads at once. */
const MOST_REFUSED = 500;

export interface TakeCertificatesProps {
  readonly link: Link;
  readonly came: Came | undefined;
  readonly onCame: (came: Came | undefined) => void;
}

export function TakeCertificates({ link, came, onCame }: TakeCertificatesProps): ReactNode {
  const [file, setFile] = useState<File>();
  const take = useTake<Came>(
    async (bridge, base64) => {
      const listed = async (): Promise<readonly Refused[]> => (await callOrThrow(bridge, 'requests.list', { state: 'refused', limit: MOST_REFUSED })).items;
      const before = new Set((await listed()).map(({ id }) => id));
      const brought = await callOrThrow(bridge, 'courier.importCertificates', { file: base64 });
      const refused = brought.refused === 0 ? [] : (await listed()).filter(({ id }) => !before.has(id));
      return { brought, refused, first: link.imported === null && !brought.already };
    },
    {
      onDone: (done) => {
        onCame(done);
        announce(done.brought.already ? 'This file was taken in before' : `File ${done.brought.sequence} is taken in. ${sayCertificatesIn(done.brought)}`);
      },
    },
  );
  return (
    <>
      <FileDrop
        label={`File from ${link.peer?.name ?? 'the signing machine'}`}
        hint="The file with the certificates."
        most={COURIER_MOST}
        value={file}
        busy={take.isPending}
        onChange={(given) => {
          setFile(given);
          onCame(undefined);
          take.mutate(given);
        }}
      />
      <RefusedFile error={take.error} />
      {came !== undefined && take.error === null && <Brought came={came} />}
    </>
  );
}

/** What a file brought. */
export function Brought({ came: { brought, refused, first } }: { readonly came: Came }): ReactNode {
  const end = firstEnd(brought.crls);
  if (brought.already) {
    return (
      <Note tone="notice" title="This very file was taken in before">
        Nothing was done. Is there a newer one on the stick?
      </Note>
    );
  }
  return (
    <div className={styles.result}>
      <Note tone="good" title={sayCertificatesIn(brought)}>
        {brought.issued > 0 && 'Devices get their certificates when they ask again. '}
        {end !== undefined && (
          <>
            The CRL is good until <Time at={end} form="full" />: run the courier before.
          </>
        )}
      </Note>
      {refused.length > 0 && (
        <ul className={styles.refusals} aria-label="Refused">
          <li className={styles.refusalsHead} aria-hidden="true">
            Refused, and why
          </li>
          {refused.map((request) => (
            <li key={request.id}>
              <WayTo to={pathTo(['requests', request.id], { state: 'refused' })}>{deviceName(request)}</WayTo>
              <span>{request.refusal?.reason ?? 'No reason was given.'}</span>
              <span className="muted">It is told so when it asks again. Was that a mistake? Let the device ask anew, and decide again with the next run.</span>
            </li>
          ))}
        </ul>
      )}
      <FindingList findings={brought.findings} />
      {first && (
        <Note
          tone="notice"
          title="This machine can listen now"
          actions={
            <WayTo to="/welcome?step=network" underline="always">
              Choose a network and a first endpoint
            </WayTo>
          }
        >
          Devices reach it only on this computer until a network is chosen.
        </Note>
      )}
    </div>
  );
}
