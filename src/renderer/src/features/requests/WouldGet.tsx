/** What the device would get: the linted plan itself, where it differs from what was asked, and for a renewal from what it has. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../design/Icon.tsx';
import { Note } from '../../design/Note.tsx';
import { Facts, Section } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import { sayUsage } from '../../design/usages.ts';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import { type DiffLine, renewalDiff } from './renewalDiff.ts';
import type { RequestDetail } from './detail.ts';
import styles from './requests.module.css';

type Plan = Extract<NonNullable<RequestDetail['preview']>, { readonly kind: 'plan' }>;

export function WouldGet({ request }: { readonly request: RequestDetail }): ReactNode {
  const { preview } = request;
  if (preview === null) return null;
  return (
    <Section title="What it would get">
      {preview.kind === 'locked' && (
        <Note tone="warning" title="The vault is locked">
          The request lies sealed under a key that is not in memory, so its certificate cannot be drawn up. Unlock the vault to see it and to decide.
        </Note>
      )}
      {preview.kind === 'impossible' && (
        <Note tone="danger" title="No certificate can be made of this">
          {preview.text.charAt(0).toUpperCase()}
          {preview.text.slice(1)}. Approving would fail; refuse it, or change the endpoint’s profile.
        </Note>
      )}
      {preview.kind === 'plan' && <Planned plan={preview} request={request} />}
    </Section>
  );
}

const Planned = ({ plan, request }: { readonly plan: Plan; readonly request: RequestDetail }): ReactNode => (
  <div className={styles.stack}>
    <Facts
      items={[
        ['Subject', plan.subject === '' ? 'none' : plan.subject],
        ['Names', plan.subjectAltNames.length === 0 ? 'none' : plan.subjectAltNames.join(', ')],
        ['Key usage', plan.keyUsage.map(sayUsage).join(', ')],
        ['For', plan.extendedKeyUsages.map(sayUsage).join(', ')],
        [
          'Valid',
          <>
            <Time at={plan.notBefore} form="day" /> to <Time at={plan.notAfter} form="day" />
          </>,
        ],
      ]}
    />
    {request.differences.length > 0 && (
      <div>
        <h3 className={styles.subtitle}>Not what it asked for</h3>
        <ul className={styles.plain}>
          {request.differences.map(({ field, text }) => (
            <li key={`${field} ${text}`}>
              <Icon name="info" size={14} /> {text}
            </li>
          ))}
        </ul>
      </div>
    )}
    {request.renews !== null && <RenewalTable lines={renewalDiff(request.renews, plan, request.spkiSha256)} certificateId={request.renews.id} />}
  </div>
);

function RenewalTable({ lines, certificateId }: { readonly lines: readonly DiffLine[]; readonly certificateId: string }): ReactNode {
  const same = lines.filter(({ same: equal }) => equal);
  const changed = lines.filter(({ same: equal }) => !equal);
  return (
    <div>
      <h3 className={styles.subtitle}>
        Beside <Link to={pathTo(['certificates', certificateId])}>the certificate that it renews</Link>
      </h3>
      <Table verticalSpacing={5} aria-label="Differences from the renewed certificate" className={styles.diff}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Field</Table.Th>
            <Table.Th>Now</Table.Th>
            <Table.Th>After</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changed.map(({ field, before, after, expected }) => (
            <Table.Tr key={field}>
              <Table.Td>
                {field} <span className={expected ? 'muted' : styles.changed}>{expected ? '(as in any renewal)' : '(changed)'}</span>
              </Table.Td>
              <Table.Td>{before}</Table.Td>
              <Table.Td>{after}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {same.length > 0 && <p className="muted">The same: {same.map(({ field }) => field.toLowerCase()).join(', ')}.</p>}
    </div>
  );
}
