/** Every certificate profile, and which endpoints use it. */
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Answered, EmptyState } from '../../design/Page.tsx';
import { sayUsage } from '../../design/usages.ts';
import { pathTo } from '../../routing/path.ts';
import styles from './endpoints.module.css';
import { Lists } from './Lists.tsx';

export function ProfileList(): ReactNode {
  const profiles = useChannel('profiles.list', { limit: 500 });
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  return (
    <Lists shown="profiles">
      <Answered query={profiles} lines={5}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="certificate" title="No profile yet">
              The first authority brings three. Make one with New profile.
            </EmptyState>
          ) : (
            <ul className={styles.list}>
              {items.map(({ id, name, validityDays, extendedKeyUsages }) => {
                const users = (endpoints.data?.items ?? []).filter(({ profileId }) => profileId === id).map(({ path }) => path);
                return (
                  <li key={id} className={styles.line}>
                    <div className={styles.lineMain}>
                      <a className={styles.lineLink} href={`#${pathTo(['endpoints', 'profiles', id])}`}>
                        {name}
                      </a>
                      <div className={styles.under}>{extendedKeyUsages.map(sayUsage).join(', ') || 'No extended key usage'}</div>
                    </div>
                    <div className={styles.lineWords}>{validityDays === 1 ? '1 day' : `${validityDays.toLocaleString('en')} days`}</div>
                    <div className={styles.lineUsers} title={users.join(', ')}>
                      {users.length === 0 ? 'Not used' : users.join(', ')}
                    </div>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Answered>
    </Lists>
  );
}
