/** Exactly what devices will be given: the next certificate, what each endpoint answers now and then, and the answer to GetNextCACert from inside and outside. */
import { Tabs } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Input, Output } from '../../../../../preload/contract/contract.ts';
import { useChannel } from '../../../bridge/react.tsx';
import { Answered, Section } from '../../../design/Page.tsx';
import { FindingNotes } from './BackupNote.tsx';
import { EndpointAnswers } from './EndpointAnswers.tsx';
import { NextCaCert } from './NextCaCert.tsx';
import { PreviewedCertificate } from './PreviewedCertificate.tsx';
import styles from './rollover.module.css';

export interface PreviewProps {
  readonly authorityId: string;
  /** What would be staged, where that differs from the proposal. */
  readonly wish?: Omit<Input<'rollover.preview'>, 'authorityId'>;
}

export function Preview({ authorityId, wish = {} }: PreviewProps): ReactNode {
  const preview = useChannel('rollover.preview', { authorityId, ...wish }, { keep: true });
  return (
    <Section title="What devices will be given">
      <p className={styles.lead}>
        {preview.data === undefined ? 'Before anything is done.' : preview.data.staged ? 'Every certificate and answer, as devices meet it.' : 'Drawn up from the dates above; nothing is made yet.'}
      </p>
      <Answered query={preview} lines={6}>
        {(value) => <Parts preview={value} />}
      </Answered>
    </Section>
  );
}

type Part = 'certificate' | 'scep' | 'answers' | 'next';

function Parts({ preview }: { readonly preview: Output<'rollover.preview'> }): ReactNode {
  const [part, setPart] = useState<Part>('certificate');
  const { certificate, scepCertificate, nextCaCert, endpoints, generation, findings } = preview;
  return (
    <div className={styles.stack}>
      <FindingNotes findings={findings} />
      <Tabs
        variant="pills"
        value={part === 'scep' && scepCertificate === null ? 'certificate' : part}
        onChange={(next) => {
          setPart(next as Part);
        }}
        keepMounted={false}
      >
        <Tabs.List aria-label="Parts of the preview" mb="md">
          <Tabs.Tab value="certificate">Certificate</Tabs.Tab>
          {scepCertificate !== null && <Tabs.Tab value="scep">SCEP certificate</Tabs.Tab>}
          <Tabs.Tab value="next">GetNextCACert</Tabs.Tab>
          <Tabs.Tab value="answers">GetCACaps and GetCACert</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="certificate">
          {certificate === null ? (
            <p className={styles.lead}>Another CA signs it, and what that CA puts into it is seen when it comes back.</p>
          ) : (
            <PreviewedCertificate certificate={certificate} fileName={`generation-${generation}.pem`} />
          )}
        </Tabs.Panel>
        {scepCertificate !== null && (
          <Tabs.Panel value="scep">
            <PreviewedCertificate certificate={scepCertificate} fileName={`generation-${generation}-scep.pem`} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="next">
          {nextCaCert === null ? <p className={styles.lead}>There is no certificate to give yet: GetNextCACert is answered once there is.</p> : <NextCaCert answer={nextCaCert} generation={generation} />}
        </Tabs.Panel>
        <Tabs.Panel value="answers">
          {endpoints.length === 0 ? <p className={styles.lead}>No endpoint leads to this authority, so no device is told anything.</p> : endpoints.map((endpoint) => <EndpointAnswers key={endpoint.path} endpoint={endpoint} />)}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
