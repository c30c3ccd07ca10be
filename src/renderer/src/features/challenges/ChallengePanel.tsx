/** One challenge: whom it is for, how far it is used up, and the way to withdraw it. Its password is nowhere. */
import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { sayActor } from '../../design/actors.ts';
import { announce } from '../../design/announce.tsx';
import { ConfirmButton } from '../../design/ConfirmButton.tsx';
import { Answered, Facts } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { CHALLENGE_STATE } from '../../design/tones.ts';
import styles from './challenges.module.css';

type Challenge = Output<'challenges.get'>;

/** What a device with it is told now. */
const MEANING: Readonly<Record<Challenge['state'], string>> = {
  live: 'A device that shows it gets its certificate at once.',
  spent: 'All its uses are used up: whoever shows it again is refused.',
  expired: 'Its time is over: whoever shows it is refused.',
  withdrawn: 'It was withdrawn: whoever shows it is refused.',
};

export function ChallengePanel({ id, onClose }: { readonly id: string | undefined; readonly onClose: () => void }): ReactNode {
  const challenge = useChannel('challenges.get', { id: id ?? '-' }, { enabled: id !== undefined });
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" size={440} title={challenge.data?.label ?? 'Challenge'} closeButtonProps={{ 'aria-label': 'Close' }} classNames={{ title: styles.panelTitle ?? '' }}>
      {id !== undefined && (
        <Answered query={challenge} lines={6}>
          {(value) => <Details key={value.id} challenge={value} />}
        </Answered>
      )}
    </Drawer>
  );
}

function Details({ challenge }: { readonly challenge: Challenge }): ReactNode {
  const withdraw = useVerb('challenges.withdraw', {
    touches: ['challenges.list', 'challenges.get'],
    onDone: () => {
      announce('The challenge was withdrawn');
    },
  });
  const { state, subject, subjectAltNames } = challenge;
  return (
    <div className={styles.details}>
      <div>
        <StateBadge look={CHALLENGE_STATE[state]} />
        <p className={styles.meaning}>{MEANING[state]}</p>
      </div>
      <Facts
        items={[
          ['For', subject === null && subjectAltNames === null ? 'Any device' : null],
          ['Subject', subject],
          ['Names', subjectAltNames === null ? null : subjectAltNames.map((name) => <div key={name}>{name}</div>)],
          ['Endpoint', challenge.endpoint ?? 'Any'],
          ['Profile', challenge.profileId],
          ['Uses left', <span className="tabular">{`${challenge.usesLeft} of ${challenge.uses}`}</span>],
          ['Last used', challenge.lastUsedAt === null ? 'Never' : <Time at={challenge.lastUsedAt} />],
          ['Expires', <Time at={challenge.expiresAt} />],
          ['Withdrawn', challenge.withdrawnAt === null ? null : <Time at={challenge.withdrawnAt} />],
          ['Made', <Time at={challenge.createdAt} />],
          ['Made by', sayActor(challenge.createdBy)],
        ]}
      />
      <p className="muted">The password was shown once, when it was made. If it is lost, withdraw this one and make another.</p>
      {state === 'live' && (
        <ConfirmButton
          label="Withdraw"
          question="Withdraw this challenge?"
          cancel="Keep it"
          pending={withdraw.isPending}
          error={withdraw.error}
          onConfirm={() => {
            withdraw.mutate({ id: challenge.id });
          }}
        >
          From now on nobody enrols with it. Certificates that were issued with it stay valid.
        </ConfirmButton>
      )}
    </div>
  );
}
