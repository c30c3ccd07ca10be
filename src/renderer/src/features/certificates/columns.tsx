/** The list's columns; a narrow window keeps who, how it stands, and when it ends. */
import type { ReactNode } from 'react';
import type { Column } from '../../design/DataTable.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { CERTIFICATE_STATE } from '../../design/tones.ts';
import styles from './certificates.module.css';
import { serialTail } from './reasons.ts';
import type { Certificate } from './types.ts';

export function columnsOf(narrow: boolean, paths: ReadonlyMap<string, string>): readonly Column<Certificate>[] {
  const state: Column<Certificate> = { id: 'state', header: 'State', width: narrow ? '104px' : '116px', render: ({ state }) => <StateBadge look={CERTIFICATE_STATE[state]} /> };
  if (narrow) return [{ id: 'name', header: 'Name', width: 'minmax(0, 1fr)', render: (row) => <Name row={row} under={<End row={row} />} /> }, state];
  return [
    { id: 'name', header: 'Name', width: 'minmax(0, 2.2fr)', render: (row) => <Name row={row} under={namesOf(row)} /> },
    state,
    { id: 'endpoint', header: 'Endpoint', width: 'minmax(0, 1fr)', render: ({ endpointId }) => (endpointId === null ? <span className="muted">None</span> : (paths.get(endpointId) ?? <span className="muted">Removed</span>)) },
    { id: 'serial', header: 'Serial ends in', width: '108px', render: ({ serial }) => <code title={serial}>{serialTail(serial)}</code> },
    { id: 'end', header: 'End', width: '148px', render: (row) => <End row={row} /> },
  ];
}

const namesOf = ({ subjectAltNames, subject }: Certificate): string => (subjectAltNames.length > 0 ? subjectAltNames.join(', ') : subject);

const Name = ({ row, under }: { readonly row: Certificate; readonly under: ReactNode }): ReactNode => (
  <>
    <span className={styles.name} title={row.subject}>
      {deviceName(row)}
    </span>
    <span className={styles.under}>{under}</span>
  </>
);

const End = ({ row }: { readonly row: Certificate }): ReactNode => {
  if (row.state === 'held' && row.revokedAt !== null) {
    return (
      <>
        Held <Time at={row.revokedAt} />
      </>
    );
  }
  if (row.state === 'revoked' && row.revokedAt !== null) {
    return (
      <>
        Revoked <Time at={row.revokedAt} />
      </>
    );
  }
  return (
    <>
      {row.state === 'expired' ? 'Ended ' : 'Ends '}
      <Time at={row.notAfter} />
    </>
  );
};
