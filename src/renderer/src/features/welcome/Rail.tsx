/** The steps beside the one that is shown; on a narrow window one line says how far it is. */
import type { ReactNode } from 'react';
import { Icon } from '../../design/Icon.tsx';
import { Mark } from '../../design/Mark.tsx';
import { pathTo } from '../../routing/path.ts';
import { STEPS, type Kind, type Step } from './steps.ts';
import styles from './welcome.module.css';

const LABELS: Readonly<Record<Step, string>> = {
  kind: 'Kind of CA',
  keys: 'Where keys are kept',
  authority: 'The authority',
  network: 'Network',
  endpoint: 'First endpoint',
  device: 'First device',
};

/** A backup brings its own CA, network and endpoints. */
const RESTORE_LABELS: Readonly<Partial<Record<Step, string>>> = { kind: 'Kind of CA', keys: 'The backup' };

export interface RailProps {
  readonly step: Step;
  readonly kind: Kind | undefined;
  readonly isOpen: (step: Step) => boolean;
}

export function Rail({ step, kind, isOpen }: RailProps): ReactNode {
  const steps = kind === 'restore' ? STEPS.filter((each) => each in RESTORE_LABELS) : STEPS;
  const labels = kind === 'restore' ? { ...LABELS, ...RESTORE_LABELS } : LABELS;
  const at = steps.indexOf(step);
  return (
    <nav className={styles.rail} aria-label="Steps">
      <div className={styles.brand}>
        <Mark size={30} />
        <span>Countersign</span>
        <span className={styles.count}>
          Step {at + 1} of {steps.length}
        </span>
      </div>
      <ol className={styles.steps}>
        {steps.map((each, index) => {
          const done = index < at;
          const words = (
            <>
              <span className={styles.dot} data-done={done} aria-hidden="true">
                {done ? <Icon name="check" size={13} /> : index + 1}
              </span>
              <span>{labels[each]}</span>
              {done && <span className="sr-only">, done</span>}
            </>
          );
          return (
            <li key={each} className={styles.step} aria-current={each === step ? 'step' : undefined} data-later={index > at}>
              {each !== step && isOpen(each) ? (
                <a className={styles.stepLink} href={`#${pathTo(['welcome'], { kind, step: each })}`}>
                  {words}
                </a>
              ) : (
                <span className={styles.stepLink}>{words}</span>
              )}
            </li>
          );
        })}
      </ol>
      <p className={styles.railFoot}>You can close this at any time: it goes on where you left it.</p>
    </nav>
  );
}
