/** What a pairing file says of itself. None of it is to be believed before the fingerprint was compared. */
import type { ReactNode } from 'react';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Facts } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import type { PairingFile } from './types.ts';

const KEYS = { scep: 'SCEP', ocsp: 'OCSP' } as const;

export const FileFacts = ({ file: { kind, from, authority, wanted, writtenAt } }: { readonly file: PairingFile }): ReactNode => (
  <Facts
    items={[
      ['From', `${from.name}${kind === 'invitation' ? ', the signing machine' : ', the listener'}`],
      ['Authority', authority.commonName],
      ['Its SHA-256', kind === 'invitation' ? <Fingerprint key="ca" name={`SHA-256 of ${authority.commonName}`} hex={authority.sha256} /> : null],
      ['Asks for', wanted.length === 0 ? null : `certificates for ${wanted.map((each) => KEYS[each.kind]).join(' and ')} keys of its own`],
      ['Written', <Time key="at" at={writtenAt} />],
    ]}
  />
);
