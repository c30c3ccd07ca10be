/** One message: what happened, why, what to do about it, and the raw facts for whoever wants them. */
import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note } from '../../design/Note.tsx';
import { Answered } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { OUTCOME } from '../../design/tones.ts';
import { Link } from '../../routing/Link.tsx';
import { type Path, pathTo } from '../../routing/path.ts';
import { Fixes } from './Fixes.tsx';
import { RawFacts } from './RawFacts.tsx';
import styles from './transactions.module.css';
import type { TransactionDetail } from './types.ts';
import { sayOperation } from './words.ts';

export interface TransactionPanelProps {
  readonly id: number;
  /** The list, where the panel has taken its place. */
  readonly backTo: Path | undefined;
  readonly onClose: () => void;
}

export function TransactionPanel({ id, backTo, onClose }: TransactionPanelProps): ReactNode {
  const query = useChannel('transactions.get', { id });
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    // Beside the list the focus stays in it, so that the arrows go on.
    if (backTo !== undefined) root.current?.focus();
  }, [backTo]);
  return (
    <section ref={root} className={styles.panel} tabIndex={-1} aria-label="Message">
      {backTo !== undefined && (
        <>
          <h1 className="sr-only">Transactions</h1>
          <Link to={backTo} className={styles.back ?? ''}>
            <Icon name="left" size={14} />
            Transactions
          </Link>
        </>
      )}
      <Answered query={query} lines={8}>
        {(transaction) => <Shown transaction={transaction} closable={backTo === undefined} onClose={onClose} />}
      </Answered>
    </section>
  );
}

function Shown({ transaction, closable, onClose }: { readonly transaction: TransactionDetail; readonly closable: boolean; readonly onClose: () => void }): ReactNode {
  const { explanation, requestId, certificateId } = transaction;
  const bad = transaction.outcome === 'failure' || transaction.outcome === 'rejected';
  return (
    <>
      <div className={styles.panelHead}>
        <h2 className={styles.panelTitle}>{sayOperation(transaction.operation)}</h2>
        {closable && <CloseButton aria-label="Close the message" onClick={onClose} />}
      </div>
      <p className={styles.panelLine}>
        <StateBadge look={OUTCOME[transaction.outcome]} />
        <span className="muted">
          {transaction.source}, <Time at={transaction.at} />
        </span>
      </p>
      <p className={styles.summary}>{explanation.summary}</p>
      {(requestId !== null || certificateId !== null) && (
        <p className={styles.links}>
          {requestId !== null && <Link to={pathTo(['requests', requestId])}>See the request</Link>}
          {certificateId !== null && <Link to={pathTo(['certificates', certificateId])}>See the certificate</Link>}
        </p>
      )}
      {explanation.cause !== null && (
        <Note tone={bad ? 'danger' : 'notice'} title={bad ? 'Why it failed' : 'Why'}>
          {explanation.cause}
        </Note>
      )}
      <Fixes fixes={explanation.fixes} client={transaction.client} />
      {bad && <WaysToMend transaction={transaction} />}
      <RawFacts transaction={transaction} />
    </>
  );
}

/** Where the advice is followed. */
function WaysToMend({ transaction: { code, endpointId } }: { readonly transaction: TransactionDetail }): ReactNode {
  const challenge = code.startsWith('challenge-');
  if (!challenge && endpointId === null) return null;
  return (
    <p className={styles.ways}>
      {challenge && <Link to="/challenges?new=1">Make a challenge</Link>}
      {endpointId !== null && <Link to={pathTo(['endpoints', endpointId])}>Open the endpoint</Link>}
    </p>
  );
}
