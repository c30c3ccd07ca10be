/** The way back to the list as it was narrowed; Escape goes it too. */
import type { ReactNode } from 'react';
import { useAction } from '../../actions/registry.ts';
import { Icon } from '../../design/Icon.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import styles from './certificates.module.css';
import { paramsOf, readFilter } from './filter.ts';

export function BackToList(): ReactNode {
  const to = pathTo(['certificates'], paramsOf(readFilter(usePlace().params)));
  useAction('app.back', () => {
    navigate(to);
  });
  return (
    <Link to={to} className={styles.back ?? ''}>
      <Icon name="left" size={14} />
      Certificates
    </Link>
  );
}
