/** The next step, told before it is taken: what it does, what it costs, how it is taken back, and whether there is a backup before it. Where it cannot be taken, the reason stands in place of its form. */
import type { ReactNode } from 'react';
import { Note } from '../../../design/Note.tsx';
import { Facts, Section } from '../../../design/Page.tsx';
import { BackupBefore } from './BackupNote.tsx';
import styles from './rollover.module.css';
import type { ForwardStep, Rollover } from './stages.ts';
import { asSentence, wordsOf } from './words.ts';

export function StepFrame({ step, rollover, children }: { readonly step: ForwardStep; readonly rollover: Rollover; readonly children: ReactNode }): ReactNode {
  const { title, does, costs, back } = wordsOf(step, rollover);
  const { possible, why } = rollover.steps[step];
  return (
    <Section title={`Next step: ${title.charAt(0).toLowerCase()}${title.slice(1)}`}>
      <div className={styles.stepBody}>
        <Facts
          items={[
            ['What it does', does],
            ['What it costs', costs],
            ['Taking it back', back],
          ]}
        />
        {possible ? (
          <BackupBefore />
        ) : (
          why !== null && (
            <Note tone="notice" title="Not now">
              {asSentence(why)}
            </Note>
          )
        )}
        {possible && children}
      </div>
    </Section>
  );
}
