/** What became of a request that waits no more. */
import type { ReactNode } from 'react';
import { sayDecider } from '../../design/actors.ts';
import { Note } from '../../design/Note.tsx';
import { Time } from '../../design/Time.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import type { RequestDetail } from './detail.ts';

export function Outcome({ request }: { readonly request: RequestDetail }): ReactNode {
  const { state, decidedAt, decidedBy, refusal, toldAt, certificateId } = request;
  const by = decidedBy === null ? null : ` by ${sayDecider(decidedBy)}`;
  switch (state) {
    case 'pending':
      return null;
    case 'approved':
      return (
        <Note tone="good" title="Approved, and not signed yet">
          {decidedAt !== null && <Time at={decidedAt} />}
          {by}. The CA key is away; the certificate is made as soon as it is back, and the device is told to wait until then.
        </Note>
      );
    case 'issued':
      return (
        <Note tone="good" title="Its certificate was issued">
          {decidedAt !== null && <Time at={decidedAt} />}
          {by}. {toldAt === null ? 'The device gets it when it asks next. ' : 'The device has it. '}
          {certificateId !== null && <Link to={pathTo(['certificates', certificateId])}>See the certificate</Link>}
        </Note>
      );
    case 'refused':
      return (
        <Note tone="danger" title={refusal === null ? 'Refused' : `Refused: ${refusal.reason}`}>
          {decidedAt !== null && <Time at={decidedAt} />}
          {by}. {toldAt === null ? 'The device has not been told yet, so this can still be taken back.' : 'The device was told; it may enrol again as a new request.'}
        </Note>
      );
    case 'expired':
      return <Note tone="quiet" title="It lapsed">Nobody decided in time. The device may enrol again.</Note>;
    case 'superseded':
      return <Note tone="quiet" title="Superseded">The device sent a newer request in its place.</Note>;
  }
}
