/** The way back: withdrawing what did not take over yet, or undoing what did, with what stops either. */
import { Checkbox, Radio } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ConfirmButton } from '../../../design/ConfirmButton.tsx';
import { Section } from '../../../design/Page.tsx';
import { DateField } from './DateField.tsx';
import styles from './rollover.module.css';
import { type Rollover, nextGeneration, retiredGeneration, workingGeneration } from './stages.ts';
import { StepProblem } from './StepProblem.tsx';
import { type OnStepped, isAboutBackup, useStep } from './useStep.ts';
import { asSentence } from './words.ts';

export interface TakeBackProps {
  readonly rollover: Rollover;
  readonly onStepped: OnStepped;
}

export function TakeBack(props: TakeBackProps): ReactNode {
  const { steps, stage } = props.rollover;
  // What never was needs no word on why it cannot be taken back.
  const withdrawal = steps.withdraw.possible || (stage !== 'none' && stage !== 'overlap');
  const undo = steps.undo.possible || stage === 'overlap';
  if (!withdrawal && !undo) return null;
  return (
    <Section title="Take it back">
      <div className={styles.stack}>
        {withdrawal && (steps.withdraw.possible ? <Withdraw {...props} /> : <Stopped what="It cannot be withdrawn" why={steps.withdraw.why} />)}
        {undo && (steps.undo.possible ? <Undo {...props} /> : <Stopped what="The takeover cannot be undone" why={steps.undo.why} />)}
      </div>
    </Section>
  );
}

const Stopped = ({ what, why }: { readonly what: string; readonly why: string | null }): ReactNode => (
  <p className={styles.lead}>
    {what}. {why !== null && asSentence(why)}
  </p>
);

function Withdraw({ rollover, onStepped }: TakeBackProps): ReactNode {
  const { authorityId, stage } = rollover;
  const withdraw = useStep('withdraw', onStepped);
  const [revoke, setRevoke] = useState(false);
  const published = stage === 'published';
  // Only without its key can they no longer be checked.
  const issued = published ? 0 : (nextGeneration(rollover)?.certificates ?? 0);
  const input = { authorityId, revokeIssued: issued > 0 && revoke };
  const backupFailed = withdraw.error !== null && isAboutBackup(withdraw.error.problem);
  return (
    <>
      <p className={styles.lead}>
        {published ? 'Devices are no longer told of the next CA; it stays here as staged. Those that fetched its certificate keep it unused.' : 'The next generation is dropped with its key, as if it had never been made. Nothing else changes.'}
      </p>
      {issued > 0 && (
        <Checkbox
          label={`Revoke the ${issued === 1 ? 'certificate' : `${issued} certificates`} that devices have by it already`}
          description="Without that it cannot be withdrawn: they would stand on a CA that nobody will know."
          checked={revoke}
          onChange={(event) => {
            setRevoke(event.currentTarget.checked);
          }}
        />
      )}
      <ConfirmButton
        label={published ? 'Withdraw the publication' : 'Withdraw the generation'}
        question={published ? 'Stop telling devices of the next CA?' : 'Drop the next generation?'}
        confirm="Withdraw"
        pending={withdraw.isPending}
        error={backupFailed ? null : withdraw.error}
        onConfirm={() => {
          withdraw.mutate(input);
        }}
      >
        {published ? 'It can be published again at any time.' : 'Another can be staged at any time, with another key.'}
        {issued > 0 && revoke && ` ${issued === 1 ? 'One certificate is' : `${issued} certificates are`} revoked for good; their devices must enrol anew.`}
      </ConfirmButton>
      {backupFailed && (
        <StepProblem
          error={withdraw.error}
          onWithoutBackup={() => {
            withdraw.mutate({ ...input, withoutBackup: true });
          }}
        />
      )}
    </>
  );
}

function Undo({ rollover, onStepped }: TakeBackProps): ReactNode {
  const { authorityId, stage } = rollover;
  const undo = useStep('undo', onStepped);
  const [stays, setStays] = useState(true);
  const [at, setAt] = useState<string | undefined>(() => new Date(Date.now() + WEEK).toISOString().replace(/\.\d{3}Z$/, 'Z'));
  const takeover = stage === 'overlap';
  const input = { authorityId, ...(takeover && stays && at !== undefined ? { activateAt: at } : {}) };
  const backupFailed = undo.error !== null && isAboutBackup(undo.error.problem);
  return (
    <>
      <p className={styles.lead}>
        {takeover
          ? `Nothing was issued by generation ${workingGeneration(rollover)?.number ?? ''} since it took over, so the takeover can still be undone.`
          : `Generation ${retiredGeneration(rollover)?.number ?? ''} is retired; it can be brought back beside the working one.`}
      </p>
      {takeover && (
        <Radio.Group
          label="Then it is"
          value={stays ? 'published' : 'staged'}
          onChange={(value) => {
            setStays(value === 'published');
          }}
        >
          <div className={styles.choices}>
            <Radio value="published" label="Published, to take over at another date" />
            {stays && <DateField label="Takes over" description="By itself, at this moment." value={at} onChange={setAt} />}
            <Radio value="staged" label="Staged: devices are no longer told of it" />
          </div>
        </Radio.Group>
      )}
      <ConfirmButton
        label={takeover ? 'Undo the takeover' : 'Undo the retirement'}
        question={takeover ? 'Let the former generation sign again?' : 'Bring the retired generation back?'}
        confirm={takeover ? 'Undo it' : 'Bring it back'}
        pending={undo.isPending}
        error={backupFailed ? null : undo.error}
        onConfirm={() => {
          undo.mutate(input);
        }}
      >
        {takeover ? 'Devices are given the former CA again from now on.' : 'Devices are given its certificate again beside the working one’s.'}
      </ConfirmButton>
      {backupFailed && (
        <StepProblem
          error={undo.error}
          onWithoutBackup={() => {
            undo.mutate({ ...input, withoutBackup: true });
          }}
        />
      )}
    </>
  );
}

const WEEK = 7 * 86_400_000;
