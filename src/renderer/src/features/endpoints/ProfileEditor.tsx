/** One profile: what it gives, to change, and beside it the certificate that comes of it. */
import type { ReactNode } from 'react';
import { useAction } from '../../actions/registry.ts';
import { useChannel } from '../../bridge/react.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Answered, EmptyState, PageHeader } from '../../design/Page.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate } from '../../routing/path.ts';
import styles from './endpoints.module.css';
import { ProfileForm } from './ProfileForm.tsx';
import type { Profile } from './words.ts';

const LIST = '/endpoints/profiles';

/** A new one begins as a copy of the seed `device`, as at the CA. */
const FRESH: Profile = {
  id: '',
  version: 0,
  name: '',
  validityDays: 365,
  renewalWindowDays: 30,
  backdateMinutes: 60,
  subjectTemplate: null,
  allowedSans: ['dns', 'ip', 'email', 'uri'],
  extraSans: [],
  keyUsageRsa: ['digitalSignature', 'keyEncipherment'],
  keyUsageEc: ['digitalSignature'],
  extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'],
  allowedExtendedKeyUsages: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.17'],
};

export function ProfileEditor({ id }: { readonly id: string | undefined }): ReactNode {
  const profiles = useChannel('profiles.list', { limit: 500 });
  useAction('app.back', () => {
    navigate(LIST);
  });
  const found = id === undefined ? FRESH : profiles.data?.items.find((profile) => profile.id === id);
  return (
    <>
      <div className={styles.crumb}>
        <Link to={LIST}>
          <Icon name="left" size={14} /> Profiles
        </Link>
      </div>
      {found !== undefined ? (
        <ProfileForm held={found} isNew={id === undefined} />
      ) : (
        <>
          <PageHeader title="Profile" />
          <div className={styles.page}>
            <Answered query={profiles}>
              {() => (
                <EmptyState icon="certificate" title="There is no such profile">
                  It may have been removed. <Link to={LIST} underline="always">Back to the list</Link>
                </EmptyState>
              )}
            </Answered>
          </div>
        </>
      )}
    </>
  );
}
