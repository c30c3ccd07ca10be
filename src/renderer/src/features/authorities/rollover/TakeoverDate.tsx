/** When the next generation takes over: settled as it is published, and moved afterwards. Devices are given an answer that is signed for that date. */
import { Button } from '@mantine/core';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { fieldProblem } from '../../../design/fieldProblem.ts';
import { DateField } from './DateField.tsx';
import styles from './rollover.module.css';
import { type Rollover, nextGeneration } from './stages.ts';
import { StepProblem } from './StepProblem.tsx';
import { type OnStepped, useStep } from './useStep.ts';

export interface TakeoverDateProps {
  readonly rollover: Rollover;
  /** Of a generation that devices know of already: only the date is moved. */
  readonly published: boolean;
  readonly onStepped: OnStepped;
}

export function TakeoverDate({ rollover, published, onStepped }: TakeoverDateProps): ReactNode {
  const formId = useId();
  const kept = nextGeneration(rollover)?.activateAt ?? undefined;
  const [typed, setTyped] = useState<{ readonly at: string | undefined }>();
  const activateAt = typed === undefined ? kept : typed.at;
  const publish = useStep('publish', (outcome) => {
    setTyped(undefined);
    onStepped(outcome);
  });
  const refused = fieldProblem(publish.error?.problem, ['activateAt'])?.activateAt;
  const submit = (withoutBackup: boolean): void => {
    if (activateAt !== undefined) publish.mutate({ authorityId: rollover.authorityId, ...(activateAt === kept ? {} : { activateAt }), withoutBackup });
  };
  return (
    <form
      id={formId}
      noValidate
      className={styles.fields}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit(false);
      }}
    >
      <DateField
        label="Takes over"
        description={published ? 'By itself, at this moment. Move it where devices need longer.' : 'By itself, at this moment. Until then devices have time to fetch the new certificate.'}
        value={activateAt}
        error={refused}
        onChange={(at) => {
          publish.reset();
          setTyped({ at });
        }}
      />
      {refused === undefined && (
        <StepProblem
          error={publish.error}
          onWithoutBackup={() => {
            submit(true);
          }}
        />
      )}
      {(!published || activateAt !== kept) && (
        <div className={styles.act}>
          <Button type="submit" variant={published ? 'default' : 'filled'} loading={publish.isPending} disabled={activateAt === undefined || !rollover.steps.publish.possible}>
            {published ? 'Move the date' : 'Publish it'}
          </Button>
        </div>
      )}
    </form>
  );
}
