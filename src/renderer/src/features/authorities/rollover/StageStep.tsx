/** The first step: dates and key of the next generation, proposed with the reason, to be taken as they are or changed. */
import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { KEYS } from '../../../design/authorityDraft.ts';
import { fieldProblem } from '../../../design/fieldProblem.ts';
import { MoreOptions } from '../../../design/MoreOptions.tsx';
import { DateField } from './DateField.tsx';
import { Preview } from './Preview.tsx';
import styles from './rollover.module.css';
import type { Rollover } from './stages.ts';
import { StepFrame } from './StepFrame.tsx';
import { StepProblem } from './StepProblem.tsx';
import { type OnStepped, useStep } from './useStep.ts';
import { wordsOf } from './words.ts';

type Proposal = NonNullable<Rollover['proposal']>;
type StageDraft = { readonly [Name in 'notBefore' | 'activateAt' | 'years' | 'key']: Proposal[Name] | undefined };

const FIELDS = ['notBefore', 'activateAt', 'years', 'key'] as const;

/** Only what differs from the proposal is sent: the CA draws up the rest on the day it is asked. */
export function wishOf(draft: StageDraft, proposal: Proposal): Partial<Pick<Proposal, (typeof FIELDS)[number]>> {
  return Object.fromEntries(FIELDS.flatMap((name) => (draft[name] === undefined || draft[name] === proposal[name] ? [] : [[name, draft[name]]])));
}

export function StageStep({ rollover, proposal, onStepped }: { readonly rollover: Rollover; readonly proposal: Proposal; readonly onStepped: OnStepped }): ReactNode {
  const { authorityId } = rollover;
  const [changed, setChanged] = useState<Partial<StageDraft>>({});
  const [more, setMore] = useState(false);
  const draft: StageDraft = { ...proposal, ...changed };
  const stage = useStep('stage', onStepped);
  const refused = fieldProblem(stage.error?.problem, FIELDS);
  const whole = FIELDS.every((name) => draft[name] !== undefined);
  const set = (change: Partial<StageDraft>): void => {
    stage.reset();
    setChanged({ ...changed, ...change });
  };
  const submit = (withoutBackup: boolean): void => {
    if (whole) stage.mutate({ authorityId, ...wishOf(draft, proposal), withoutBackup });
  };
  return (
    <>
      <StepFrame step="stage" rollover={rollover}>
        <form
          noValidate
          className={styles.fields}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            submit(false);
          }}
        >
          <p className={styles.reason}>{proposal.text}</p>
          <DateField
            label="Takes over"
            description="Until then today’s CA signs."
            value={draft.activateAt}
            error={refused?.activateAt}
            onChange={(activateAt) => {
              set({ activateAt });
            }}
          />
          <MoreOptions open={more} onChange={setMore} />
          {more && (
            <div className={styles.fields}>
              <DateField
                label="Certificate valid from"
                description="Devices whose clocks are slow do not take it before."
                value={draft.notBefore}
                error={refused?.notBefore}
                onChange={(notBefore) => {
                  set({ notBefore });
                }}
              />
              <NumberInput
                label="Valid for"
                description="It issues nothing that outlasts it."
                suffix=" years"
                min={1}
                max={30}
                allowDecimal={false}
                maw={300}
                value={draft.years ?? ''}
                error={refused?.years ?? (draft.years === undefined ? 'Between 1 and 30 years.' : undefined)}
                onChange={(years) => {
                  set({ years: typeof years === 'number' ? years : undefined });
                }}
              />
              <NativeSelect
                label="Key"
                description="A rollover is the moment for a stronger one. What devices do not take, they turn down."
                maw={300}
                data={KEYS.map(({ key, name }) => ({ value: key, label: key === proposal.key ? `${name} (as today)` : name }))}
                value={draft.key ?? proposal.key}
                error={refused?.key}
                onChange={(event) => {
                  set({ key: KEYS.find(({ key }) => key === event.currentTarget.value)?.key });
                }}
              />
            </div>
          )}
          {refused === undefined && (
            <StepProblem
              error={stage.error}
              onWithoutBackup={() => {
                submit(true);
              }}
            />
          )}
          <div className={styles.act}>
            <Button type="submit" loading={stage.isPending} disabled={!rollover.steps.stage.possible || !whole}>
              {wordsOf('stage', rollover).button}
            </Button>
          </div>
        </form>
      </StepFrame>
      <Preview authorityId={authorityId} wish={whole ? wishOf(draft, proposal) : {}} />
    </>
  );
}
