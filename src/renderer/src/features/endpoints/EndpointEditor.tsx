/** One endpoint: its address, and its rules to change. */
import { type ReactNode } from 'react';
import { useAction } from '../../actions/registry.ts';
import { useChannel } from '../../bridge/react.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Answered, EmptyState, PageHeader } from '../../design/Page.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate } from '../../routing/path.ts';
import styles from './endpoints.module.css';
import { EndpointForm } from './EndpointForm.tsx';
import type { Endpoint } from './words.ts';

/** What a new endpoint begins as; the CA holds the same defaults. */
const fresh = (authorityId: string, profileId: string): Endpoint => ({
  id: '',
  version: 0,
  path: '/scep/',
  authorityId,
  profileId,
  authorization: 'challenge-or-hold',
  compatibility: 'standard',
  enabled: true,
  renewal: 'grant',
  earlyRenewal: 'grant',
  caCertificates: 'auto',
  includeRoot: false,
  caInCertRep: false,
  emptyContent: 'auto',
  announceSha384: false,
  supersedeAfterDays: null,
  url: null,
});

export function EndpointEditor({ id }: { readonly id: string | undefined }): ReactNode {
  const endpoints = useChannel('endpoints.list', { limit: 500 });
  const authorities = useChannel('authorities.list', { limit: 500 });
  const profiles = useChannel('profiles.list', { limit: 500 });
  useAction('app.back', () => {
    navigate('/endpoints');
  });
  const crumb = (
    <div className={styles.crumb}>
      <Link to="/endpoints">
        <Icon name="left" size={14} /> Endpoints
      </Link>
    </div>
  );
  const waiting = [endpoints, authorities, profiles].find(({ data }) => data === undefined);
  if (endpoints.data === undefined || authorities.data === undefined || profiles.data === undefined) {
    return (
      <>
        {crumb}
        <PageHeader title="Endpoint" />
        <div className={styles.page}>{waiting !== undefined && <Answered<unknown> query={waiting}>{() => null}</Answered>}</div>
      </>
    );
  }
  const found = id === undefined ? fresh(authorities.data.items[0]?.id ?? '', profiles.data.items[0]?.id ?? '') : endpoints.data.items.find((endpoint) => endpoint.id === id);
  return (
    <>
      {crumb}
      {found === undefined ? (
        <>
          <PageHeader title="Endpoint" />
          <EmptyState icon="endpoint" title="There is no such endpoint">
            It may have been removed. <Link to="/endpoints" underline="always">Back to the list</Link>
          </EmptyState>
        </>
      ) : (
        <EndpointForm held={found} isNew={id === undefined} authorities={authorities.data.items} profiles={profiles.data.items} />
      )}
    </>
  );
}
