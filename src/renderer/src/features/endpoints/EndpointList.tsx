/** Every SCEP URL: who signs there, by which profile, for whom, and whether it is open. */
import type { ReactNode } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Answered, EmptyState } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './endpoints.module.css';
import { Lists } from './Lists.tsx';
import { AUTHORIZATION, type Endpoint, wordsOf } from './words.ts';

export function EndpointList(): ReactNode {
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const authorities = useChannel('authorities.list', { limit: 500 });
  const profiles = useChannel('profiles.list', { limit: 500 });
  return (
    <Lists shown="endpoints">
      <Answered query={endpoints} lines={5}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="endpoint" title="No endpoint yet">
              Devices have nowhere to ask. Make one with New endpoint.
            </EmptyState>
          ) : (
            <ul className={styles.list}>
              {items.map((endpoint) => (
                <Line
                  key={endpoint.id}
                  endpoint={endpoint}
                  authority={authorities.data?.items.find(({ id }) => id === endpoint.authorityId)?.commonName ?? ''}
                  profile={profiles.data?.items.find(({ id }) => id === endpoint.profileId)?.name ?? endpoint.profileId}
                />
              ))}
            </ul>
          )
        }
      </Answered>
    </Lists>
  );
}

function Line({ endpoint, authority, profile }: { readonly endpoint: Endpoint; readonly authority: string; readonly profile: string }): ReactNode {
  const { id, path, url, authorization, compatibility, enabled } = endpoint;
  return (
    <li className={styles.line}>
      <div className={styles.lineMain}>
        <a className={styles.lineLink} href={`#${pathTo(['endpoints', id])}`}>
          {path}
        </a>
        <div className={styles.under} title={`${authority}, profile ${profile}`}>
          {authority} <span aria-hidden="true">·</span> {profile}
        </div>
      </div>
      <div className={styles.lineWords}>{wordsOf(AUTHORIZATION, authorization)}</div>
      <div className={styles.lineStates}>
        {compatibility === 'legacy' && <StateBadge look={{ word: 'Legacy', tone: 'warning', icon: 'warning' }} />}
        {compatibility === 'strict' && <StateBadge look={{ word: 'Strict', tone: 'quiet', icon: 'lock' }} />}
        <StateBadge look={enabled ? { word: 'Open', tone: 'good', icon: 'check' } : { word: 'Off', tone: 'quiet', icon: 'stop' }} />
      </div>
      <div className={styles.lineAct}>{url !== null && <CopyButton value={url} label={`Copy the URL of ${path}`} />}</div>
    </li>
  );
}
