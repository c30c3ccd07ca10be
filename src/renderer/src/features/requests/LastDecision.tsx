/** What was decided last, at the foot of the list that it left: to be seen, and to be taken back where that is still true. */
import { ActionIcon, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { KeyWords } from '../../actions/KeyWords.tsx';
import { useAction } from '../../actions/registry.ts';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { Icon } from '../../design/Icon.tsx';
import { ProblemNote } from '../../design/Note.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import type { QueueRequest } from './queue.ts';
import styles from './requests.module.css';

export interface LastDecisionProps {
  /** As the decision left them; several were approved together. */
  readonly requests: readonly QueueRequest[];
  readonly onReopened: (request: QueueRequest) => void;
  readonly onClose: () => void;
}

export function LastDecision({ requests, onReopened, onClose }: LastDecisionProps): ReactNode {
  const [first] = requests;
  if (first === undefined) return null;
  return (
    <div className={styles.last} role="region" aria-label="The last decision">
      {requests.length === 1 ? (
        <One decided={first} onReopened={onReopened} />
      ) : (
        <p>
          <strong>{requests.length} requests were approved.</strong> <Link to={pathTo(['requests'], { state: 'issued' })}>See them</Link>
        </p>
      )}
      <ActionIcon variant="subtle" color="slate" size="sm" aria-label="Close" onClick={onClose}>
        <Icon name="cross" size={14} />
      </ActionIcon>
    </div>
  );
}

function One({ decided, onReopened }: { readonly decided: QueueRequest; readonly onReopened: (request: QueueRequest) => void }): ReactNode {
  // The device may hear of it while this stands here.
  const request = useChannel('requests.get', { id: decided.id }).data ?? decided;
  const name = deviceName(request);
  const refused = request.state === 'refused';
  const revocable = refused && request.toldAt === null;
  const reopen = useVerb('requests.reopen', {
    touches: ['requests.get'],
    onDone: (done) => {
      announce(`${name} waits again`);
      onReopened(done);
    },
  });
  const undo = (): void => {
    reopen.mutate({ id: request.id, version: request.version });
  };
  useAction('requests.reopen', undo, revocable);
  return (
    <>
      <p>
        <strong>{name}</strong> {refused ? 'was refused.' : 'was approved.'}{' '}
        {refused ? (
          !revocable && 'The device was told.'
        ) : (
          <>
            {request.state === 'issued' && (request.toldAt === null ? 'It gets its certificate when it asks next. ' : 'It has its certificate. ')}
            {request.certificateId !== null && <Link to={pathTo(['certificates', request.certificateId])}>See it</Link>}
          </>
        )}
      </p>
      {revocable && (
        <Button size="compact-sm" variant="default" leftSection={<Icon name="undo" size={14} />} rightSection={<KeyWords keys="U" />} loading={reopen.isPending} onClick={undo}>
          Undo
        </Button>
      )}
      {reopen.error !== null && <ProblemNote problem={reopen.error.problem} />}
    </>
  );
}
