/** Who asks: what the request says of itself, and what was seen of the device. */
import type { ReactNode } from 'react';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Facts, Section } from '../../design/Page.tsx';
import { Countdown, Time } from '../../design/Time.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import { type RequestDetail, courierOf } from './detail.ts';

const sayPolls = (polls: number): string => (polls === 0 ? 'has not asked again yet' : polls === 1 ? 'asked once more' : `asked ${polls} more times`);

export const WhoAsks = ({ request }: { readonly request: RequestDetail }): ReactNode => (
  <Section title="Who asks">
    <Facts
      items={[
        ['Subject', request.subject === '' ? 'none' : request.subject],
        ['Names', request.subjectAltNames.length === 0 ? 'none' : request.subjectAltNames.join(', ')],
        ['Key', request.key],
        [
          'From',
          <>
            <code>{request.source}</code>
            {request.client !== null && ` · looks like ${request.client}`}
          </>,
        ],
        ['Way', courierOf(request) === undefined ? null : `Came by courier from ${courierOf(request) ?? ''}, which tells the device what you decide`],
        [
          'First seen',
          <>
            <Time at={request.receivedAt} />, {sayPolls(request.polls)}
            {request.polls > 0 && (
              <>
                {' '}
                (last <Time at={request.lastSeenAt} />)
              </>
            )}
          </>,
        ],
        [
          'Gives up',
          request.state === 'pending' && request.givesUpAt !== null ? <Countdown key="end" to={request.givesUpAt} before="in " after="It may have stopped asking" /> : null,
        ],
        ['Lapses', request.state === 'pending' ? <Time at={request.expiresAt} /> : null],
        ['Endpoint', request.endpoint === null ? 'removed since' : <Link to="/endpoints">{request.endpoint}</Link>],
        [
          'Transaction',
          <span key="transaction">
            <Link to={pathTo(['transactions'], { query: request.transactionId })} className="mono" title="See its messages">
              {request.transactionId.length > 40 ? `${request.transactionId.slice(0, 40)}…` : request.transactionId}
            </Link>{' '}
            <CopyButton value={request.transactionId} label="Copy the transaction ID" />
          </span>,
        ],
      ]}
    />
  </Section>
);
