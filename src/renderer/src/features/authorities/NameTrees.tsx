/** Name constraints, a line each. */
import type { ReactNode } from 'react';
import styles from './authorities.module.css';

export interface NameTreesProps {
  readonly constraints: { readonly permitted: readonly string[]; readonly excluded: readonly string[] };
}

export const NameTrees = ({ constraints: { permitted, excluded } }: NameTreesProps): ReactNode => (
  <div className={styles.trees}>
    {permitted.length > 0 && (
      <div>
        <span className="muted">Only </span>
        <code>{permitted.join(', ')}</code>
      </div>
    )}
    {excluded.length > 0 && (
      <div>
        <span className="muted">Never </span>
        <code>{excluded.join(', ')}</code>
      </div>
    )}
  </div>
);
