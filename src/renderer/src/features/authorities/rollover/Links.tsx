/** Certificates that carry trust from one generation to the other, for stores and programs that want such a bridge. */
import { Button, NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useChannel, useVerb } from '../../../bridge/react.tsx';
import { ProblemNote } from '../../../design/Note.tsx';
import { Section } from '../../../design/Page.tsx';
import { SaveButton } from '../../../design/SaveButton.tsx';
import { FindingNotes } from './BackupNote.tsx';
import { CertificateLines } from './CertificateLines.tsx';
import styles from './rollover.module.css';

export function Links({ authorityId }: { readonly authorityId: string }): ReactNode {
  const [crossSigner, setCrossSigner] = useState('');
  const authorities = useChannel('authorities.list', { limit: 500 });
  const links = useVerb('rollover.links');
  const others = (authorities.data?.items ?? []).filter(({ id, fingerprints }) => id !== authorityId && fingerprints !== null);
  return (
    <Section title="Bridges between the generations">
      <p className={styles.lead}>
        Link certificates: each generation’s key, certified by the other’s. A program that trusts only one of them accepts what the other issues, as long as it has these in its store. Most devices need none.
      </p>
      <div className={styles.stack}>
        {others.length > 0 && (
          <NativeSelect
            label="Also signed by"
            description="Cross-signing: devices that trust that CA trust the new generation as well."
            maw={360}
            data={[{ value: '', label: 'Nobody else' }, ...others.map(({ id, commonName }) => ({ value: id, label: commonName }))]}
            value={crossSigner}
            onChange={(event) => {
              links.reset();
              setCrossSigner(event.currentTarget.value);
            }}
          />
        )}
        {links.error !== null && <ProblemNote problem={links.error.problem} />}
        {links.data === undefined ? (
          <div className={styles.act}>
            <Button
              variant="default"
              loading={links.isPending}
              onClick={() => {
                links.mutate({ authorityId, ...(crossSigner === '' ? {} : { crossSigner }) });
              }}
            >
              Make the link certificates
            </Button>
          </div>
        ) : (
          <>
            <FindingNotes findings={links.data.findings} />
            <CertificateLines label="Link certificates" certificates={links.data.certificates} />
            <div className={styles.act}>
              <SaveButton files={() => Promise.resolve(links.data.files)}>{links.data.files.length === 1 ? 'Save the file' : `Save ${links.data.files.length} files`}</SaveButton>
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
