/** One certificate: whose it is and how it stands first, then what it says, where it comes from, and what can be done about it. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useChannel } from '../../bridge/react.tsx';
import { deviceName } from '../../design/deviceName.ts';
import { Answered, PageHeader, Section } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { CERTIFICATE_STATE } from '../../design/tones.ts';
import { BackToList } from './BackToList.tsx';
import { CertificateActions } from './CertificateActions.tsx';
import styles from './certificates.module.css';
import { Chain } from './Chain.tsx';
import { Digests } from './Digests.tsx';
import { Extensions } from './Extensions.tsx';
import { History } from './History.tsx';
import { Identity } from './Identity.tsx';
import { sayReason } from './reasons.ts';
import { type StandingChange, StandingNote } from './StandingNote.tsx';
import type { CertificateDetail } from './types.ts';
import { Validity } from './Validity.tsx';

export function CertificateView({ id }: { readonly id: string }): ReactNode {
  const query = useChannel('certificates.get', { id });
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    root.current?.focus();
  }, []);
  return (
    <article ref={root} className={styles.detail} tabIndex={-1} aria-label="Certificate">
      <div className={styles.detailInner}>
        <BackToList />
        {query.data === undefined ? (
          <>
            <PageHeader title="Certificate" />
            <div className={styles.sections}>
              <Answered query={query} lines={10}>
                {() => null}
              </Answered>
            </div>
          </>
        ) : (
          <Shown certificate={query.data} />
        )}
      </div>
    </article>
  );
}

function Shown({ certificate }: { readonly certificate: CertificateDetail }): ReactNode {
  const [change, setChange] = useState<StandingChange>();
  const reason = certificate.state === 'revoked' ? sayReason(certificate.reason) : undefined;
  return (
    <>
      <PageHeader
        title={deviceName(certificate)}
        subtitle={
          <span className={styles.headline}>
            <StateBadge look={CERTIFICATE_STATE[certificate.state]} {...(reason === undefined ? {} : { detail: reason })} />
            <span>{certificate.subject}</span>
          </span>
        }
        actions={<CertificateActions certificate={certificate} onChanged={setChange} />}
      />
      <div className={styles.sections}>
        {change !== undefined && <StandingNote change={change} certificate={certificate} />}
        <Section title="Certificate">
          <Validity certificate={certificate} />
          <Identity certificate={certificate} />
        </Section>
        <Section title="Fingerprints">
          <Digests certificate={certificate} />
        </Section>
        <Section title="History">
          <History certificate={certificate} />
        </Section>
        <Section title="Extensions">
          <Extensions extensions={certificate.extensions} />
        </Section>
        <Section title="Chain">
          <Chain certificate={certificate} />
        </Section>
      </div>
    </>
  );
}
