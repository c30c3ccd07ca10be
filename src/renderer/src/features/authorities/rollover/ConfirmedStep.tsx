/** A step that is armed and confirmed in place. */
import type { ReactNode } from 'react';
import { ConfirmButton } from '../../../design/ConfirmButton.tsx';
import styles from './rollover.module.css';
import { type Rollover, formerGeneration } from './stages.ts';
import { StepProblem } from './StepProblem.tsx';
import { type OnStepped, isAboutBackup, useStep } from './useStep.ts';
import { wordsOf } from './words.ts';

export interface ConfirmedStepProps {
  readonly rollover: Rollover;
  readonly step: 'activate' | 'retire';
  readonly onStepped: OnStepped;
}

export function ConfirmedStep({ rollover, step, onStepped }: ConfirmedStepProps): ReactNode {
  const { authorityId, steps } = rollover;
  const verb = useStep(step, onStepped);
  const { button, question = button, costs, back } = wordsOf(step, rollover);
  if (!steps[step].possible) return null;
  const former = formerGeneration(rollover);
  const input = step === 'retire' && former !== undefined ? { authorityId, generation: former.number } : { authorityId };
  const backupFailed = verb.error !== null && isAboutBackup(verb.error.problem);
  return (
    <div className={styles.stepBody}>
      <ConfirmButton
        tone="primary"
        label={button}
        question={question}
        pending={verb.isPending}
        error={backupFailed ? null : verb.error}
        onConfirm={() => {
          verb.mutate(input);
        }}
      >
        {costs} {step === 'activate' ? 'It can be undone only until the first certificate is issued by it.' : back}
      </ConfirmButton>
      {backupFailed && (
        <StepProblem
          error={verb.error}
          onWithoutBackup={() => {
            verb.mutate({ ...input, withoutBackup: true });
          }}
        />
      )}
    </div>
  );
}

/** For whoever must have the new CA today: nobody was told, and devices meet it unprepared. */
export function ActivateUnpublished({ rollover, onStepped }: Omit<ConfirmedStepProps, 'step'>): ReactNode {
  const { authorityId } = rollover;
  const verb = useStep('activate', onStepped);
  const backupFailed = verb.error !== null && isAboutBackup(verb.error.problem);
  return (
    <div className={styles.stepBody}>
      <ConfirmButton
        label="Take over without publishing"
        question="Let it take over although no device was told?"
        confirm="Take over now"
        pending={verb.isPending}
        error={backupFailed ? null : verb.error}
        onConfirm={() => {
          verb.mutate({ authorityId, unpublished: true });
        }}
      >
        Devices meet the new CA at their next renewal, unprepared; those that check it turn the answer down until you give them its certificate. For an emergency, such as a stolen key.
      </ConfirmButton>
      {backupFailed && (
        <StepProblem
          error={verb.error}
          onWithoutBackup={() => {
            verb.mutate({ authorityId, unpublished: true, withoutBackup: true });
          }}
        />
      )}
    </div>
  );
}
