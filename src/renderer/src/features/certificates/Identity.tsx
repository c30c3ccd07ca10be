/** What the certificate says of its holder and its making, with the ways to what it belongs to. */
import type { ReactNode } from 'react';
import { CopyButton } from '../../design/CopyButton.tsx';
import { Hex } from '../../design/Fingerprint.tsx';
import { groupsOf } from '../../design/hex.ts';
import { Facts } from '../../design/Page.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './certificates.module.css';
import type { CertificateDetail } from './types.ts';

export const Identity = ({ certificate }: { readonly certificate: CertificateDetail }): ReactNode => (
  <Facts
    items={[
      ['Subject', certificate.subject],
      ['Names', certificate.subjectAltNames.length === 0 ? null : <Names names={certificate.subjectAltNames} />],
      [
        'Serial',
        <div key="serial" className={styles.serial}>
          <Hex groups={groupsOf(certificate.serial)} />
          <CopyButton value={certificate.serial} label="Copy the serial" />
        </div>,
      ],
      ['Key', certificate.key],
      ['Signature', certificate.signature],
      [
        'Issuer',
        <Link key="issuer" to={pathTo(['authorities', certificate.authorityId])}>
          {certificate.issuer}
        </Link>,
      ],
      [
        'Endpoint',
        certificate.endpointId === null || certificate.endpoint === null ? null : (
          <Link key="endpoint" to={pathTo(['endpoints', certificate.endpointId])}>
            {certificate.endpoint}
          </Link>
        ),
      ],
      [
        'Profile',
        certificate.profileId === null ? null : certificate.profile === null ? (
          `${certificate.profileId} (removed)`
        ) : (
          <Link key="profile" to={pathTo(['endpoints', 'profiles', certificate.profileId])}>
            {certificate.profile}
          </Link>
        ),
      ],
      [
        'Request',
        certificate.requestId === null ? null : (
          <Link key="request" to={pathTo(['requests', certificate.requestId])}>
            The request it was issued for
          </Link>
        ),
      ],
      [
        'Renews',
        certificate.renews === null ? null : (
          <Link key="renews" to={pathTo(['certificates', certificate.renews])}>
            The certificate before it
          </Link>
        ),
      ],
      [
        'Renewed by',
        certificate.renewedBy === null ? null : (
          <Link key="renewedBy" to={pathTo(['certificates', certificate.renewedBy])}>
            The certificate after it
          </Link>
        ),
      ],
    ]}
  />
);

const Names = ({ names }: { readonly names: readonly string[] }): ReactNode => (
  <ul className={styles.names}>
    {names.map((name) => (
      <li key={name}>{name}</li>
    ))}
  </ul>
);
