/** What was just done, in place: it takes the focus, and says which list of revoked certificates carries it, as soon as there is one. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { Note } from '../../design/Note.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './certificates.module.css';
import type { CertificateDetail } from './types.ts';
import { useCrlNumber } from './useCrlNumber.ts';

export interface StandingChange {
  readonly kind: 'revoked' | 'held' | 'released';
  /** The list's number before. */
  readonly crlBefore: number | undefined;
}

/** A list that waits for the vault is published without an event. */
const EVERY_MS = 3_000;

const TITLES: Readonly<Record<StandingChange['kind'], string>> = {
  revoked: 'The certificate is revoked',
  held: 'The certificate is on hold',
  released: 'The certificate is valid again',
};

export function StandingNote({ change, certificate }: { readonly change: StandingChange; readonly certificate: CertificateDetail }): ReactNode {
  const now = useCrlNumber(certificate, { every: EVERY_MS });
  const locked = useChannel('status.get', {}).data?.state === 'locked';
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    root.current?.focus();
  }, [change]);
  const published = now !== undefined && now > (change.crlBefore ?? 0);
  return (
    <div ref={root} className={styles.notice} tabIndex={-1}>
      <Note tone={change.kind === 'released' ? 'good' : 'warning'} role="status" title={TITLES[change.kind]}>
        {published ? (
          <>
            {change.kind === 'released' ? `CRL ${now} no longer lists it.` : `CRL ${now} lists it.`} Devices learn it when they fetch the list again.{' '}
            <Link underline="always" to={pathTo(['authorities', certificate.authorityId])}>See the list</Link>
          </>
        ) : locked ? (
          'The vault is locked, so the list of revoked certificates is published as soon as it is unlocked.'
        ) : (
          'The new list of revoked certificates is on its way.'
        )}
      </Note>
    </div>
  );
}
