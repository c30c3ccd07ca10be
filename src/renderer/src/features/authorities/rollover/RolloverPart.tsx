/** From one generation of a CA to the next, step by step and without haste: where it stands, the one next step, what devices get, who follows, and the way back. */
import { type ReactNode, useRef, useState } from 'react';
import { useChannel } from '../../../bridge/react.tsx';
import { Icon } from '../../../design/Icon.tsx';
import { Note } from '../../../design/Note.tsx';
import { Answered, Section } from '../../../design/Page.tsx';
import { Time } from '../../../design/Time.tsx';
import { AwaitingCertificate, type AwaitingCertificateProps } from '../AwaitingCertificate.tsx';
import { Adoption } from './Adoption.tsx';
import { FindingNotes, Outcome } from './BackupNote.tsx';
import { ActivateUnpublished, ConfirmedStep } from './ConfirmedStep.tsx';
import { Generations } from './Generations.tsx';
import { Links } from './Links.tsx';
import { Preview } from './Preview.tsx';
import styles from './rollover.module.css';
import { type Rollover, nextGeneration, nextStep, retiredGeneration } from './stages.ts';
import { StageStep } from './StageStep.tsx';
import { Stations } from './Stations.tsx';
import { StepFrame } from './StepFrame.tsx';
import { TakeBack } from './TakeBack.tsx';
import { TakeoverDate } from './TakeoverDate.tsx';
import type { OnStepped, StepOutcome } from './useStep.ts';
import { asSentence } from './words.ts';

/** Devices ask for the next CA without an event being told of it. */
const LOOK_AGAIN_MS = 15_000;

export function RolloverPart({ authority, onArrived }: AwaitingCertificateProps): ReactNode {
  const rollover = useChannel('rollover.status', { authorityId: authority.id, limit: 1 }, { every: LOOK_AGAIN_MS });
  const [outcome, setOutcome] = useState<StepOutcome>();
  const top = useRef<HTMLDivElement>(null);
  // The button that took the step is gone with it.
  const stepped: OnStepped = (done) => {
    setOutcome(done);
    requestAnimationFrame(() => {
      top.current?.scrollIntoView({ block: 'start' });
      top.current?.focus({ preventScroll: true });
    });
  };
  return (
    <div ref={top} tabIndex={-1} className={styles.part}>
      <Answered query={rollover} lines={8}>
        {(value) => (
          <>
            {outcome !== undefined && <Outcome outcome={outcome} />}
            <Whole key={value.stage} rollover={value} authority={authority} onArrived={onArrived} onStepped={stepped} quiet={outcome !== undefined} />
          </>
        )}
      </Answered>
    </div>
  );
}

interface WholeProps extends AwaitingCertificateProps {
  readonly rollover: Rollover;
  readonly onStepped: OnStepped;
  /** The step that was just taken has told its findings. */
  readonly quiet: boolean;
}

function Whole({ rollover, authority, onArrived, onStepped, quiet }: WholeProps): ReactNode {
  const { authorityId, stage, adoption, findings, generations } = rollover;
  const several = generations.filter(({ certificatePem }) => certificatePem !== null).length > 1;
  return (
    <>
      <Section title="Where it stands">
        <Stations rollover={rollover} />
        <p className={styles.standing}>{<Standing rollover={rollover} />}</p>
        {!quiet && findings.length > 0 && (
          <div className={styles.stack}>
            <FindingNotes findings={findings} />
          </div>
        )}
      </Section>
      <Next rollover={rollover} onStepped={onStepped} />
      {stage === 'awaiting-certificate' && <AwaitingCertificate authority={authority} onArrived={onArrived} meanwhile={`Until then ${authority.commonName} goes on with the generation that it has.`} />}
      {adoption !== null && <Adoption authorityId={authorityId} adoption={adoption} />}
      {(stage === 'staged' || stage === 'published') && <Preview authorityId={authorityId} />}
      <TakeBack rollover={rollover} onStepped={onStepped} />
      {several && stage !== 'none' && <Links authorityId={authorityId} />}
      <Generations generations={generations} />
    </>
  );
}

/** One sentence on how things are. */
function Standing({ rollover }: { readonly rollover: Rollover }): ReactNode {
  const next = nextGeneration(rollover);
  const retired = retiredGeneration(rollover);
  switch (rollover.stage) {
    case 'none':
      return retired === undefined || retired.retiredAt === null ? (
        'One generation signs, and no other is prepared. A rollover replaces the key and certificate under the same name, while devices go on.'
      ) : (
        <>
          The last rollover is over: generation {retired.number} was retired <Time at={retired.retiredAt} />.
        </>
      );
    case 'awaiting-certificate':
      return `The key of generation ${next?.number ?? ''} is made. Another CA signs its certificate.`;
    case 'staged':
      return `Generation ${next?.number ?? ''} is made and waits here. No device knows of it.`;
    case 'published':
      return (
        <>
          Devices can fetch generation {next?.number}.
          {next !== undefined && next.activateAt !== null && (
            <>
              {' '}
              It takes over on <Time at={next.activateAt} form="day" />, <Time at={next.activateAt} />.
            </>
          )}
        </>
      );
    case 'overlap':
      return 'The new generation signs. What the former one issued stays valid, and its devices renew into the new one.';
  }
}

function Next({ rollover, onStepped }: { readonly rollover: Rollover; readonly onStepped: OnStepped }): ReactNode {
  const step = nextStep(rollover);
  if (step === undefined) return null;
  if (step === 'stage') {
    if (rollover.proposal !== null) return <StageStep rollover={rollover} proposal={rollover.proposal} onStepped={onStepped} />;
    return (
      <Section title="Next step: stage the next generation">
        <Note tone="notice" title="Not now">
          {asSentence(rollover.steps.stage.why ?? 'Nothing can be staged')}
        </Note>
      </Section>
    );
  }
  return (
    <StepFrame step={step} rollover={rollover}>
      {step === 'publish' && (
        <>
          <TakeoverDate rollover={rollover} published={false} onStepped={onStepped} />
          {rollover.steps.activate.possible && (
            <details className={styles.details}>
              <summary>In an emergency</summary>
              <ActivateUnpublished rollover={rollover} onStepped={onStepped} />
            </details>
          )}
        </>
      )}
      {step === 'activate' && (
        <>
          <TakeoverDate rollover={rollover} published onStepped={onStepped} />
          <p className={styles.backup}>
            <Icon name="clock" size={14} />
            <span>It happens by itself at that moment, as long as the CA runs and the vault is open. Or now:</span>
          </p>
        </>
      )}
      {step !== 'publish' && <ConfirmedStep rollover={rollover} step={step} onStepped={onStepped} />}
    </StepFrame>
  );
}
