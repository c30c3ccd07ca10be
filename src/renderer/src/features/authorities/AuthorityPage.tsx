/** One authority: what it is and how it stands, what it hands out to be trusted, its way to the next generation, and the CAs that it signs. */
import { Tabs } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { useAction } from '../../actions/registry.ts';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useChannel } from '../../bridge/react.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Note } from '../../design/Note.tsx';
import { Answered, EmptyState, PageHeader } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { SEVERITY } from '../../design/tones.ts';
import { Link } from '../../routing/Link.tsx';
import { navigate, pathTo } from '../../routing/path.ts';
import styles from './authorities.module.css';
import { AwaitingCertificate } from './AwaitingCertificate.tsx';
import { CertificatePart } from './CertificatePart.tsx';
import { MoveOut } from './MoveOut.tsx';
import { type AuthorityDetail, authorityLook, isAwaiting, signsCas } from './standing.ts';
import { RolloverPart } from './rollover/RolloverPart.tsx';
import { SignRequest } from './SignRequest.tsx';
import { TrustExport } from './TrustExport.tsx';

type Findings = Output<'authorities.installCertificate'>['findings'];

/** Each has an address of its own. */
export const PARTS = ['certificate', 'rollover', 'sign', 'trust', 'out'] as const;
type Part = (typeof PARTS)[number];

export function AuthorityPage({ id, part }: { readonly id: string; readonly part: Part }): ReactNode {
  const authority = useChannel('authorities.get', { id });
  useAction('app.back', () => {
    navigate('/authorities');
  });
  return (
    <>
      <div className={styles.crumb}>
        <Link to="/authorities">
          <Icon name="left" size={14} /> Authorities
        </Link>
      </div>
      {authority.data === undefined ? (
        <>
          <PageHeader title="Authority" />
          <div className={styles.page}>
            <div className={styles.detail}>
              {authority.error?.problem.code === 'not-found' ? (
                <EmptyState icon="authority" title="There is no such authority">
                  <Link to="/authorities" underline="always">
                    Back to the list
                  </Link>
                </EmptyState>
              ) : (
                <Answered query={authority} lines={8}>
                  {() => null}
                </Answered>
              )}
            </div>
          </div>
        </>
      ) : (
        <Loaded authority={authority.data} part={part} />
      )}
    </>
  );
}

function Loaded({ authority, part }: { readonly authority: AuthorityDetail; readonly part: Part }): ReactNode {
  const [findings, setFindings] = useState<Findings>([]);
  const [now] = useState(() => Date.now());
  const page = useRef<HTMLDivElement>(null);
  // The form that brought the certificate is gone with it: what it found is read from the top.
  const arrived = (found: Findings): void => {
    setFindings(found);
    page.current?.scrollTo({ top: 0 });
    page.current?.focus();
  };
  return (
    <>
      <div className={styles.head}>
        <PageHeader title={authority.commonName} subtitle={authority.subject} actions={<StateBadge look={authorityLook(authority, now)} />} />
      </div>
      <div className={styles.page} ref={page} tabIndex={-1}>
        <div className={styles.detail}>
          {findings.map(({ code, severity, text }) => (
            <div key={code} className={styles.found}>
              <Note tone={SEVERITY[severity].tone}>{text}</Note>
            </div>
          ))}
          {isAwaiting(authority) ? (
            <AwaitingCertificate authority={authority} onArrived={arrived} />
          ) : (
            <Tabs
              value={part === 'sign' && !signsCas(authority) ? 'certificate' : part}
              onChange={(next) => {
                navigate(pathTo(['authorities', authority.id, ...(next === null || next === 'certificate' ? [] : [next])]), { replace: true });
              }}
              keepMounted={false}
            >
              <Tabs.List mb="md">
                <Tabs.Tab value="certificate">Certificate and keys</Tabs.Tab>
                <Tabs.Tab value="rollover">Rollover</Tabs.Tab>
                {signsCas(authority) && <Tabs.Tab value="sign">Sign a CA</Tabs.Tab>}
                <Tabs.Tab value="trust">Trust export</Tabs.Tab>
                <Tabs.Tab value="out">Take it elsewhere</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="certificate">
                <CertificatePart authority={authority} onArrived={arrived} />
              </Tabs.Panel>
              <Tabs.Panel value="rollover">
                <RolloverPart authority={authority} onArrived={arrived} />
              </Tabs.Panel>
              {signsCas(authority) && (
                <Tabs.Panel value="sign">
                  <SignRequest authority={authority} />
                </Tabs.Panel>
              )}
              <Tabs.Panel value="trust">
                <TrustExport authority={authority} />
              </Tabs.Panel>
              <Tabs.Panel value="out">
                <MoveOut authority={authority} />
              </Tabs.Panel>
            </Tabs>
          )}
        </div>
      </div>
    </>
  );
}
