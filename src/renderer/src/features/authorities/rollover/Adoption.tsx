/** How far devices follow: a sentence, a bar with its table, and every device with the reason why it stands where it stands. */
import { type ReactNode, useState } from 'react';
import { FilterChips } from '../../../design/FilterChips.tsx';
import { Section } from '../../../design/Page.tsx';
import { StateBadge } from '../../../design/StateBadge.tsx';
import { Devices } from './Devices.tsx';
import styles from './rollover.module.css';
import type { Rollover } from './stages.ts';
import { STANDING, STANDINGS, type Standing } from './words.ts';

type Counts = NonNullable<Rollover['adoption']>;

export function Adoption({ authorityId, adoption }: { readonly authorityId: string; readonly adoption: Counts }): ReactNode {
  const [standing, setStanding] = useState<Standing | 'all'>('all');
  const { total, text } = adoption;
  return (
    <Section title="Who knows the new CA">
      <p className={styles.sentence}>{text}</p>
      {total > 0 && (
        <div className={styles.stack}>
          <Bar adoption={adoption} />
          <FilterChips
            label="Devices by what they know"
            chips={[{ value: 'all', label: 'All', count: total } as const, ...STANDINGS.map((value) => ({ value, label: STANDING[value].word, count: adoption[value] }))]}
            value={standing}
            onChange={setStanding}
          />
          <Devices authorityId={authorityId} standing={standing === 'all' ? undefined : standing} />
        </div>
      )}
    </Section>
  );
}

/** The bar is for the eye; its table says the same. Each part has a pattern of its own besides its colour. */
function Bar({ adoption }: { readonly adoption: Counts }): ReactNode {
  return (
    <div>
      <div className={styles.bar} aria-hidden="true">
        {STANDINGS.filter((standing) => adoption[standing] > 0).map((standing) => (
          <span key={standing} className={styles.part} data-standing={standing} style={{ flexGrow: adoption[standing] }} />
        ))}
      </div>
      <table className={styles.legend} aria-label="Devices by what they know">
        <thead className="sr-only">
          <tr>
            <th scope="col">Standing</th>
            <th scope="col">Devices</th>
            <th scope="col">Share</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {STANDINGS.map((standing) => (
            <tr key={standing}>
              <th scope="row">
                <span className={styles.swatch} data-standing={standing} aria-hidden="true" />
                <StateBadge look={STANDING[standing]} />
              </th>
              <td className={styles.number}>{adoption[standing].toLocaleString('en')}</td>
              <td className={styles.number}>{adoption.total === 0 ? 0 : Math.round((adoption[standing] / adoption.total) * 100)} %</td>
              <td className={styles.meaning}>{STANDING[standing].text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
