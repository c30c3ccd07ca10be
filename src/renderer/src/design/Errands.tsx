/** Things that are done one after the other, some of them at another machine: numbered, with those that are done ticked. */
import type { ReactNode } from 'react';
import styles from './Errands.module.css';
import { Icon } from './Icon.tsx';

export const Errands = ({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode => (
  <ol className={styles.errands} aria-label={label}>
    {children}
  </ol>
);

export interface ErrandProps {
  readonly title: string;
  /** Where it is done, if that is not here: `On the other machine`. */
  readonly where?: string;
  readonly standing?: 'done' | 'now' | 'later';
  readonly children?: ReactNode;
}

export const Errand = ({ title, where, standing = 'now', children }: ErrandProps): ReactNode => (
  <li className={styles.errand} data-standing={standing}>
    <h3 className={styles.title}>
      {title}
      {standing === 'done' && (
        <span className={styles.done}>
          <Icon name="check" size={13} /> Done
        </span>
      )}
      {where !== undefined && <span className={styles.where}>{where}</span>}
    </h3>
    {children !== undefined && <div className={styles.body}>{children}</div>}
  </li>
);
