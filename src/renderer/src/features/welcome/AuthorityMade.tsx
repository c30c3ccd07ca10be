/** The authority is there: its name and fingerprint, and what is worth knowing about a certificate that came from outside. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { keyName } from '../../design/authorityDraft.ts';
import { Fingerprint } from '../../design/Fingerprint.tsx';
import { Note } from '../../design/Note.tsx';
import { Facts } from '../../design/Page.tsx';
import { SEVERITY } from '../../design/tones.ts';
import { Time } from '../../design/Time.tsx';
import type { Authority, Findings } from './authorityForm.ts';
import { StepFrame } from './StepFrame.tsx';
import styles from './welcome.module.css';

export interface AuthorityMadeProps {
  readonly authorities: readonly Authority[];
  readonly imported: boolean;
  readonly findings: Findings;
  readonly onDone: () => void;
}

export function AuthorityMade({ authorities, imported, findings, onDone }: AuthorityMadeProps): ReactNode {
  return (
    <StepFrame
      title={imported ? 'Your CA is imported' : authorities.length === 1 ? 'Your CA is made' : 'Your CAs are made'}
      lead="Whoever sets up a device compares this fingerprint before trusting the CA. You see it again at the end, and at any time under Authorities."
      foot={<Button onClick={onDone}>Continue</Button>}
    >
      {authorities.map((authority) => (
        <Made key={authority.id} authority={authority} signsOnly={authorities.some(({ parentId }) => parentId === authority.id)} />
      ))}
      {findings.map(({ code, severity, text }) => (
        <Note key={code} tone={SEVERITY[severity].tone} title={SEVERITY[severity].word}>
          {text}
        </Note>
      ))}
    </StepFrame>
  );
}

/** No device sends its messages to a root that only signs the CA beneath it. */
function Made({ authority, signsOnly }: { readonly authority: Authority; readonly signsOnly: boolean }): ReactNode {
  const notAfter = authority.generations.find(({ state }) => state === 'current')?.notAfter ?? null;
  return (
    <section className={styles.keepsake}>
      <h2 className={styles.part}>{authority.commonName}</h2>
      <Facts
        items={[
          ['Key', keyName(authority.key)],
          ['SCEP key', signsOnly ? null : authority.scepKey === 'split' ? 'A separate RSA key' : 'The same key'],
          ['Valid until', notAfter === null ? null : <Time key="end" at={notAfter} form="day" />],
          ['SHA-256', authority.fingerprints === null ? null : <Fingerprint key="sha" name={`SHA-256 of ${authority.commonName}`} hex={authority.fingerprints.sha256} />],
        ]}
      />
    </section>
  );
}
