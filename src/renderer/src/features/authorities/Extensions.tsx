/** A certificate's extensions, decoded, in a row each. */
import type { ReactNode } from 'react';
import styles from './authorities.module.css';

export interface ExtensionsProps {
  readonly extensions: readonly { readonly oid: string; readonly name: string; readonly critical: boolean; readonly text: string }[];
}

export const Extensions = ({ extensions }: ExtensionsProps): ReactNode => (
  <dl className={styles.extensions} aria-label="Extensions">
    {extensions.map(({ oid, name, critical, text }) => (
      <div key={oid}>
        <dt title={oid}>
          {name}
          {critical && <span className={styles.critical}>critical</span>}
        </dt>
        <dd>{text}</dd>
      </div>
    ))}
  </dl>
);
