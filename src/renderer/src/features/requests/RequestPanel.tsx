/** One request, in the order of the decision: who asks, how it proved itself, what it would get, what is odd, its fingerprints, and the decision. */
import { type ReactNode, memo, useEffect, useRef, useState } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { Icon } from '../../design/Icon.tsx';
import { Answered } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { REQUEST_STATE } from '../../design/tones.ts';
import { Link } from '../../routing/Link.tsx';
import type { Path } from '../../routing/path.ts';
import { Decide } from './Decide.tsx';
import { Fingerprints } from './Fingerprints.tsx';
import type { Comparison, RequestDetail } from './detail.ts';
import { Oddities } from './Oddities.tsx';
import { Outcome } from './Outcome.tsx';
import { Proof } from './Proof.tsx';
import type { QueueRequest } from './queue.ts';
import styles from './requests.module.css';
import { WhoAsks } from './WhoAsks.tsx';
import { WouldGet } from './WouldGet.tsx';

export interface RequestPanelProps {
  readonly id: string;
  /** It comes after a decision or a match, which had the focus before. */
  readonly takesFocus: boolean;
  /** The way back to the list, where the list is not beside it. */
  readonly backTo: Path | undefined;
  /** It was approved or refused here. */
  readonly onDecided: (request: QueueRequest) => void;
  /** It changed otherwise: matched, reopened. */
  readonly onChanged: (request: QueueRequest) => void;
}

/** Drawn again only when the request changes: the list beside it grows while it is scrolled. */
export const RequestPanel = memo(function RequestPanel({ id, takesFocus, backTo, onDecided, onChanged }: RequestPanelProps): ReactNode {
  const query = useChannel('requests.get', { id });
  return (
    <div className={styles.panel}>
      <div className={styles.panelScroll}>
        {backTo !== undefined && (
          <Link to={backTo} className={styles.back}>
            <Icon name="left" size={14} /> All requests
          </Link>
        )}
        <Answered query={query} lines={10}>
          {(request) => <Detail request={request} takesFocus={takesFocus} onChanged={onChanged} />}
        </Answered>
      </div>
      {query.data !== undefined && <Decide request={query.data} onDecided={onDecided} onChanged={onChanged} />}
    </div>
  );
});

function Detail({ request, takesFocus, onChanged }: Pick<RequestPanelProps, 'takesFocus' | 'onChanged'> & { readonly request: RequestDetail }): ReactNode {
  const [comparison, setComparison] = useState<Comparison>();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) title.current?.focus();
  }, [takesFocus]);
  return (
    <article aria-labelledby="request-title" className={styles.detail}>
      <header className={styles.detailHead}>
        <div className={styles.detailNames}>
          <h2 ref={title} id="request-title" tabIndex={-1} className={styles.detailTitle}>
            {deviceName(request)}
          </h2>
          <p className={styles.detailSubject}>{request.subject === '' ? 'no subject' : request.subject}</p>
        </div>
        <StateBadge look={REQUEST_STATE[request.state]} />
      </header>
      {request.state !== 'pending' && <Outcome request={request} />}
      <WhoAsks request={request} />
      <Proof request={request} comparison={comparison} />
      <WouldGet request={request} />
      <Oddities request={request} />
      <Fingerprints request={request} comparison={comparison} onComparison={setComparison} onChanged={onChanged} />
    </article>
  );
}
