/** What was read from a captured message, line by line. A name can come more than once. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { Note } from '../../design/Note.tsx';
import { Section } from '../../design/Page.tsx';
import styles from './transactions.module.css';
import { sayKind } from './words.ts';

export const Findings = ({ found: { kind, lines, problem } }: { readonly found: Output<'diagnostics.inspect'> }): ReactNode => (
  <Section title={sayKind(kind)}>
    {problem !== null && (
      <Note tone="danger" title="What is wrong with it">
        {`${problem.slice(0, 1).toUpperCase()}${problem.slice(1)}.`}
      </Note>
    )}
    {lines.length === 0 ? (
      problem === null && <p className="muted">It says nothing more.</p>
    ) : (
      <dl className={styles.found}>
        {lines.map(({ name, value }, index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    )}
  </Section>
);
