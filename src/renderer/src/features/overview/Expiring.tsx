/** Which certificates end next. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { Section } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './overview.module.css';

export interface ExpiringProps {
  readonly page: Output<'certificates.list'>;
  readonly days: number;
}

export function Expiring({ page: { items, total }, days }: ExpiringProps): ReactNode {
  return (
    <Section title="Ending next" actions={total > items.length ? <Link to={pathTo(['certificates'], { show: `expiring${days}` })}>All {total.toLocaleString('en')}</Link> : undefined}>
      {items.length === 0 ? (
        <p className={styles.quiet}>No device’s certificate ends within {days} days.</p>
      ) : (
        <ul className={styles.list}>
          {items.map(({ id, subject, subjectAltNames, notAfter }) => {
            const name = subject === '' ? (subjectAltNames[0] ?? 'without a name') : subject;
            return (
              <li key={id}>
                <Link to={pathTo(['certificates', id])} className="truncate">
                  <span title={name}>{name}</span>
                </Link>
                <span className={styles.when}>
                  <Time at={notAfter} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
