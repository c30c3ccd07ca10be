/** What is odd about a request, worst first. */
import type { ReactNode } from 'react';
import { Icon } from '../../design/Icon.tsx';
import { Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { SEVERITY } from '../../design/tones.ts';
import { sortFindings } from './queue.ts';
import type { RequestDetail } from './detail.ts';
import styles from './requests.module.css';

export function Oddities({ request }: { readonly request: RequestDetail }): ReactNode {
  // That nothing proves it stands above already, with what to do about it.
  const findings = sortFindings(request.findings, request.preview?.kind === 'plan' ? request.preview.findings : []).filter(({ code }) => code !== 'unproven');
  return (
    <Section title="What is odd">
      {findings.length === 0 ? (
        <p className={styles.calm}>
          <Icon name="check" size={15} /> Nothing was found that is unusual.
        </p>
      ) : (
        <ul className={styles.findings}>
          {findings.map(({ code, severity, text }) => (
            <li key={`${code} ${text}`}>
              <StateBadge look={SEVERITY[severity]} />
              <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
