/**
 * Making a challenge: the wish, then its password, once. The password lives in this component's state only while it is shown; it takes no way
 * through the store of answers, which keeps what it was given for a while.
 */
import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useBridge, useChannel } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { Answered } from '../../design/Page.tsx';
import { type Leave, useHold } from '../../routing/leaving.ts';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { ChallengeForm } from './ChallengeForm.tsx';
import { type ChallengeDraft, type MadeChallenge, challengeWish } from './draft.ts';
import { ShownPassword } from './ShownPassword.tsx';

export function NewChallenge({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  const [made, setMade] = useState<MadeChallenge>();
  const [asking, setAsking] = useState(false);
  const [leave, setLeave] = useState<Leave>();
  // The browser's way back, a shortcut, the end of the window: nothing takes it away before it was noted.
  useHold(made !== undefined, (go) => {
    setAsking(true);
    setLeave(() => go);
  });
  // Left all the same, it is gone for good.
  if (!opened && made !== undefined) {
    setMade(undefined);
    setAsking(false);
    setLeave(undefined);
  }
  const close = (): void => {
    setMade(undefined);
    setAsking(false);
    setLeave(undefined);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={() => {
        if (made === undefined) close();
        else setAsking(true);
      }}
      size={made === undefined ? 560 : 620}
      title={made === undefined ? 'New challenge' : 'The challenge is made'}
      closeOnClickOutside={made === undefined}
      transitionProps={{ duration: 120, exitDuration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {made === undefined ? (
        <Making onMade={setMade} onCancel={close} />
      ) : (
        <ShownPassword
          made={made}
          asking={asking}
          onKeep={() => {
            setAsking(false);
            setLeave(undefined);
          }}
          onClose={leave ?? close}
        />
      )}
    </Modal>
  );
}

function Making({ onMade, onCancel }: { readonly onMade: (made: MadeChallenge) => void; readonly onCancel: () => void }): ReactNode {
  const bridge = useBridge();
  const client = useQueryClient();
  const settings = useChannel('settings.get', {});
  const status = useChannel('status.get', {});
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const make = async (draft: ChallengeDraft): Promise<void> => {
    setPending(true);
    setProblem(undefined);
    const answer = await bridge.call('challenges.create', challengeWish(draft));
    setPending(false);
    if (!answer.ok) {
      setProblem(answer.error);
      return;
    }
    void client.invalidateQueries({ queryKey: ['challenges.list'] });
    announce('The challenge is made. Its password is shown once.');
    onMade({ password: answer.value.password, expiresAt: answer.value.expiresAt, label: draft.label.trim(), endpoint: draft.endpoint, uses: draft.uses ?? 1 });
  };
  return (
    <Answered query={settings}>
      {({ challengeMinutes }) => (
        <ChallengeForm minutes={challengeMinutes} locked={status.data?.state === 'locked'} pending={pending} problem={problem} onSubmit={(draft) => void make(draft)} onCancel={onCancel} />
      )}
    </Answered>
  );
}
