/** Each device's newest certificate and what the device knows; those that know least first. A row leads to the certificate. */
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { type Column, DataTable } from '../../../design/DataTable.tsx';
import { deviceName } from '../../../design/deviceName.ts';
import { StateBadge } from '../../../design/StateBadge.tsx';
import { Time } from '../../../design/Time.tsx';
import { navigate, pathTo } from '../../../routing/path.ts';
import styles from './rollover.module.css';
import { type RolloverDevice, useDevices } from './useDevices.ts';
import { STANDING, type Standing } from './words.ts';

export function Devices({ authorityId, standing }: { readonly authorityId: string; readonly standing: Standing | undefined }): ReactNode {
  const pages = useDevices(authorityId, standing);
  const narrow = useMediaQuery('(width <= 900px)', undefined, { getInitialValueInEffect: false });
  return (
    <div className={styles.devices} data-few={(pages.total ?? 0) <= 4}>
      <DataTable
        label="Devices"
        noun={['device', 'devices']}
        columns={narrow === true ? NARROW : WIDE}
        pages={pages}
        rowHeight={narrow === true ? 108 : 76}
        onOpen={({ certificateId }) => {
          navigate(pathTo(['certificates', certificateId]));
        }}
        empty={<p className={styles.none}>No device stands there.</p>}
      />
    </div>
  );
}

const Device = ({ row, why = false }: { readonly row: RolloverDevice; readonly why?: boolean }): ReactNode => (
  <>
    <span className={styles.deviceName} title={row.subject}>
      {deviceName({ subject: row.subject, subjectAltNames: [] })}
    </span>
    <span className={styles.deviceUnder} title={`Serial ${row.serial}`}>
      {[row.client, row.source].filter((text) => text !== null).join(', ') || `Serial ends in ${row.serial.slice(-4)}`}
      {row.sharedBy > 1 && `, shared by ${row.sharedBy}`}
    </span>
    {why && <Why row={row} />}
  </>
);

const Why = ({ row: { why } }: { readonly row: RolloverDevice }): ReactNode => (
  <span className={styles.why} title={why}>
    {why}
  </span>
);

const standing: Column<RolloverDevice> = { id: 'standing', header: 'Standing', width: '100px', render: (row) => <StateBadge look={STANDING[row.standing]} /> };

const NARROW: readonly Column<RolloverDevice>[] = [{ id: 'device', header: 'Device', width: 'minmax(0, 1fr)', render: (row) => <Device row={row} why /> }, standing];

const WIDE: readonly Column<RolloverDevice>[] = [
  { id: 'device', header: 'Device', width: 'minmax(0, 1.1fr)', render: (row) => <Device row={row} /> },
  standing,
  { id: 'why', header: 'Why', width: 'minmax(0, 1.5fr)', render: (row) => <Why row={row} /> },
  { id: 'seen', header: 'Last seen', width: '104px', render: ({ lastSeenAt }) => (lastSeenAt === undefined ? <span className="muted">Never</span> : <Time at={lastSeenAt} />) },
];
