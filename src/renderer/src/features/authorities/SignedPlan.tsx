/** Everything that a signature would vouch for, or has: who the CA is, what it may do, and the digests to compare. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Note } from '../../design/Note.tsx';
import { Facts } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import { SEVERITY } from '../../design/tones.ts';
import { sayUsage } from '../../design/usages.ts';
import styles from './authorities.module.css';
import { Extensions } from './Extensions.tsx';
import { sayPathLength } from './limitsDraft.ts';
import { NameTrees } from './NameTrees.tsx';

type Signed = Output<'authorities.signRequest'>;

export function SignedPlan({ plan, findings }: Pick<Signed, 'plan' | 'findings'>): ReactNode {
  const { subject, key, issuer, notBefore, notAfter, pathLength, nameConstraints, keyUsage, extensions, requestFingerprints, keyFingerprints } = plan;
  return (
    <>
      {findings.map(({ code, severity, text }) => (
        <Note key={`${code} ${text}`} tone={SEVERITY[severity].tone}>
          <span className="sr-only">{SEVERITY[severity].word}: </span>
          {text}
        </Note>
      ))}
      <Facts
        items={[
          ['Subject', subject],
          ['Issued by', issuer],
          ['Key', key],
          [
            'Valid',
            <>
              <Time at={notBefore} form="full" /> to <Time at={notAfter} form="full" />
            </>,
          ],
          ['CAs below it', sayPathLength(pathLength)],
          ['Names', nameConstraints === null ? 'Any' : <NameTrees constraints={nameConstraints} />],
          ['Key usage', keyUsage.map(sayUsage).join(', ')],
          ['SHA-256 of the request', <Fingerprint key="request" name="the request’s SHA-256" hex={requestFingerprints.sha256} />],
          ['SHA-256 of its key', <Fingerprint key="key" name="the key’s SHA-256" hex={keyFingerprints.sha256} />],
        ]}
      />
      <details className={styles.details}>
        <summary>{extensions.length} extensions</summary>
        <Extensions extensions={extensions} />
      </details>
    </>
  );
}
