/** Why a step was not taken. Where only the backup before it failed, it can go on without one. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CallError } from '../../../bridge/react.tsx';
import { ProblemNote } from '../../../design/Note.tsx';
import { isAboutBackup } from './useStep.ts';

export const StepProblem = ({ error, onWithoutBackup }: { readonly error: CallError | null; readonly onWithoutBackup: () => void }): ReactNode =>
  error === null ? null : (
    <ProblemNote
      problem={error.problem}
      {...(isAboutBackup(error.problem)
        ? {
            actions: (
              <Button variant="default" size="xs" onClick={onWithoutBackup}>
                Go on without a backup
              </Button>
            ),
          }
        : {})}
    />
  );
