/** The daily run at the listener: a file out, and the file that comes back. */
import type { ReactNode } from 'react';
import { callOrThrow } from '../../bridge/react.tsx';
import { Errand, Errands } from '../../design/Errands.tsx';
import { TakeCertificates, type TakeCertificatesProps } from './TakeCertificates.tsx';
import type { RequestsOut } from './types.ts';
import { sayRequestsOut } from './words.ts';
import { WriteFile } from './WriteFile.tsx';

export interface ListenerRunProps extends TakeCertificatesProps {
  readonly written: RequestsOut | undefined;
  readonly onWritten: (written: RequestsOut) => void;
}

export function ListenerRun({ link, written, onWritten, came, onCame }: ListenerRunProps): ReactNode {
  const peer = link.peer?.name ?? 'the signing machine';
  const { requests, revocations, certificates } = link.waiting;
  const onItsWay = link.exported !== null && !link.exported.arrived ? link.exported.sequence : undefined;
  return (
    <Errands label="A run of the courier">
      <Errand title="Write the file for the signing machine">
        <WriteFile
          label="Write the file for the signing machine"
          emphasis={came === undefined && (requests + revocations + certificates > 0 || (link.due !== null && link.due.severity !== 'info'))}
          write={(bridge) => callOrThrow(bridge, 'courier.exportRequests', { link: link.id })}
          written={written}
          onWritten={onWritten}
          say={sayRequestsOut}
          to={peer}
        />
        {written === undefined && onItsWay !== undefined && <p className="muted">File {onItsWay} is on its way. If it got lost, write another one: each carries everything that is still open.</p>}
      </Errand>
      <Errand title="Carry it there, and decide" where={`At ${peer}`}>
        <p className="muted">Courier, “Take requests”; decide in the queue; “Write certificates”.</p>
      </Errand>
      <Errand title="Take the file that came back">
        <TakeCertificates link={link} came={came} onCame={onCame} />
      </Errand>
    </Errands>
  );
}
