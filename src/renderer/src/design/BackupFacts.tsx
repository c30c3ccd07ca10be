/** What a backup holds, as its trial restore found it. */
import type { ReactNode } from 'react';
import type { Output } from '../../../preload/contract/contract.ts';
import { countThings, sayList } from './count.ts';
import { Fingerprint } from './Fingerprint.tsx';
import { Facts } from './Page.tsx';
import { saySize } from './size.ts';
import { Time } from './Time.tsx';

export type BackupContents = Output<'backups.verify'>;

/** `2 authorities, 14 certificates, 3 keys …`: what there is none of is left out. */
export const sayContents = ({ authorities, certificates, requests, challenges, keys }: BackupContents['counts']): string =>
  sayList(
    (
      [
        [authorities, 'authority', 'authorities'],
        [certificates, 'certificate', 'certificates'],
        [requests, 'request', 'requests'],
        [challenges, 'challenge', 'challenges'],
        [keys, 'key', 'keys'],
      ] as const
    ).flatMap(([count, one, many]) => (count === 0 ? [] : [countThings(count, one, many)])),
  );

export const BackupFacts = ({ contents }: { readonly contents: BackupContents }): ReactNode => (
  <Facts
    items={[
      [
        'Made',
        <>
          <Time at={contents.createdAt} form="full" /> (<Time at={contents.createdAt} />)
        </>,
      ],
      ['Holds', sayContents(contents.counts)],
      ['Audit log', `${countThings(contents.counts.entries, 'entry', 'entries')}, whole up to the last`],
      ['Audit key', <Fingerprint key="audit" name="Fingerprint of the audit key" hex={contents.auditKey} />],
      ['File', `${saySize(contents.size)}, written by Countersign ${contents.productVersion}`],
    ]}
  />
);
