/** What an admin should know or do, worst first, each with its next step. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { Note } from '../../design/Note.tsx';
import { SEVERITY } from '../../design/tones.ts';
import { Link } from '../../routing/Link.tsx';
import { nextStepOf } from './notices.ts';
import styles from './overview.module.css';

/** The number that waits stands above already, a locked vault over every page, and a takeover among what comes up. */
const SHOWN_ELSEWHERE: readonly string[] = ['requests-waiting', 'vault-locked', 'activation-near'];

export function Notices({ notices }: { readonly notices: Output<'status.get'>['notices'] }): ReactNode {
  const shown = notices.filter(({ code }) => !SHOWN_ELSEWHERE.includes(code));
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="notices-title">
      <h2 id="notices-title" className="sr-only">
        What to know
      </h2>
      <ul className={styles.notices}>
        {shown.map(({ code, severity, text, authorityId }) => {
          const step = nextStepOf(code, authorityId);
          return (
            <li key={`${code} ${text}`}>
              <Note
                tone={SEVERITY[severity].tone}
                actions={
                  step === undefined ? undefined : (
                    <Link to={step.to} className={styles.step ?? ''}>
                      {step.label}
                    </Link>
                  )
                }
              >
                <span className="sr-only">{SEVERITY[severity].word}: </span>
                {text}
              </Note>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
