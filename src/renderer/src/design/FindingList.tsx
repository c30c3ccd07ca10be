/** What the CA noticed, one line each: a sign in its tone, and the sentence. */
import type { ReactNode } from 'react';
import type { Output } from '../../../preload/contract/contract.ts';
import styles from './FindingList.module.css';
import { Icon } from './Icon.tsx';
import { SEVERITY } from './tones.ts';

export type Findings = Output<'migration.preview'>['findings'];

export const FindingList = ({ findings }: { readonly findings: Findings }): ReactNode =>
  findings.length > 0 && (
    <ul className={styles.findings} aria-label="What to know">
      {findings.map(({ code, severity, text }) => (
        <li key={`${code} ${text}`} data-tone={SEVERITY[severity].tone}>
          <Icon name={SEVERITY[severity].icon} size={17} />
          <span>
            <span className="sr-only">{SEVERITY[severity].word}: </span>
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
