/** The answer to GetNextCACert (RFC 8894 4.7): who signed it, what the RFC's clients read inside, what others read beside the signature, and the bytes. */
import type { ReactNode } from 'react';
import type { Output } from '../../../../../preload/contract/contract.ts';
import { Facts } from '../../../design/Page.tsx';
import { SaveButton } from '../../../design/SaveButton.tsx';
import { StateBadge } from '../../../design/StateBadge.tsx';
import { CertificateLines } from './CertificateLines.tsx';
import styles from './rollover.module.css';

type Answer = NonNullable<Output<'rollover.preview'>['nextCaCert']>;

export function NextCaCert({ answer: { contentType, served, signers, inner, outer, base64 }, generation }: { readonly answer: Answer; readonly generation: number }): ReactNode {
  return (
    <div className={styles.stack}>
      <Facts
        items={[
          ['State', <StateBadge key="state" look={served ? { word: 'Served now', tone: 'good', icon: 'check' } : { word: 'Not served yet', tone: 'quiet', icon: 'clock' }} />],
          ['Content type', <code key="type">{contentType}</code>],
          ['Signed by', signers.length === 0 ? null : signers.join(' and ')],
        ]}
      />
      <div>
        <h3 className={styles.subtitle}>Inside, as the RFC says: the signed content</h3>
        <CertificateLines label="Certificates in the signed content" certificates={inner} />
      </div>
      <div>
        <h3 className={styles.subtitle}>Outside, for clients that look there: beside the signature</h3>
        <CertificateLines label="Certificates beside the signature" certificates={outer} />
      </div>
      {base64 === null ? (
        <p className={styles.remark}>It is signed when it is published; its bytes can be saved then.</p>
      ) : (
        <div className={styles.act}>
          <SaveButton size="xs" files={() => Promise.resolve([{ name: `next-ca-generation-${generation}.p7s`, mediaType: contentType, base64 }])}>
            Save the answer
          </SaveButton>
        </div>
      )}
    </div>
  );
}
