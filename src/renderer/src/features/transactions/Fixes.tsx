/** What to do about it: for every device first, then for the kinds that are known for it; the kind that asked comes before the others. */
import type { ReactNode } from 'react';
import styles from './transactions.module.css';
import type { TransactionDetail } from './types.ts';

type Fix = TransactionDetail['explanation']['fixes'][number];

export function Fixes({ fixes, client }: { readonly fixes: readonly Fix[]; readonly client: string | null }): ReactNode {
  if (fixes.length === 0) return null;
  const general = fixes.filter((fix) => fix.client === null);
  const own = fixes.filter((fix) => fix.client !== null && fix.client === client);
  const others = fixes.filter((fix) => fix.client !== null && fix.client !== client);
  return (
    <section className={styles.fixes} aria-label="What to do">
      <h3 className={styles.heading}>What to do</h3>
      <ol className={styles.steps}>
        {general.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
      <ByKind fixes={own} />
      {own.length > 0 && others.length > 0 ? (
        <details className={styles.others}>
          <summary>Other kinds of device</summary>
          <ByKind fixes={others} />
        </details>
      ) : (
        <ByKind fixes={others} />
      )}
    </section>
  );
}

const ByKind = ({ fixes }: { readonly fixes: readonly Fix[] }): ReactNode =>
  fixes.length === 0 ? null : (
    <dl className={styles.kinds}>
      {fixes.map(({ client, text }) => (
        <div key={`${client ?? ''}${text}`}>
          <dt>{client}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
