/** One step of a rollover as a verb: what it changed is asked anew, and what came of it is told above the page. */
import type { UseMutationResult } from '@tanstack/react-query';
import type { Input, Output } from '../../../../../preload/contract/contract.ts';
import type { Problem } from '../../../../../preload/contract/reply.ts';
import { type CallError, useVerb } from '../../../bridge/react.tsx';
import { announce } from '../../../design/announce.tsx';
import type { StepName, Stepped } from './stages.ts';
import { DONE } from './words.ts';

export type StepOutcome = { readonly step: StepName; readonly value: Stepped };
export type OnStepped = (outcome: StepOutcome) => void;

const TOUCHES = ['rollover.status', 'rollover.preview', 'authorities.get', 'authorities.list', 'status.get', 'backups.list', 'crls.get'] as const;

export function useStep<Name extends StepName>(step: Name, onStepped: OnStepped): UseMutationResult<Output<`rollover.${Name}`>, CallError, Input<`rollover.${Name}`>> {
  return useVerb(`rollover.${step}`, {
    touches: TOUCHES,
    onDone: (value) => {
      announce(DONE[step]);
      onStepped({ step, value: value as Stepped });
    },
  });
}

/** The step itself was not refused: only the backup before it could not be made. */
export const isAboutBackup = ({ code }: Problem): boolean => code === 'backup-before-step-failed';
