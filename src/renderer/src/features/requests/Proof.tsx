/** How the device proved that it is the one it says: a challenge, a certificate of ours, a compared fingerprint, or nothing. */
import type { ReactNode } from 'react';
import { Note } from '../../design/Note.tsx';
import { Section } from '../../design/Page.tsx';
import { Time } from '../../design/Time.tsx';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import type { Comparison, RequestDetail } from './detail.ts';
import styles from './requests.module.css';

export const Proof = ({ request, comparison }: { readonly request: RequestDetail; readonly comparison: Comparison | undefined }): ReactNode => (
  <Section title="How it proved itself">
    <div className={styles.stack}>
      {request.matchedAt !== null && (
        <Note tone="good" title="You compared its fingerprint">
          What the device showed was this request’s own, <Time at={request.matchedAt} />. The comparison is in the audit log.
        </Note>
      )}
      {comparison?.outcome === 'mismatch' && (
        <Note tone="danger" title="What you compared does not belong to this request">
          Do not approve it before you know why: it may be another device’s request under the same name.
        </Note>
      )}
      <OwnProof request={request} />
    </div>
  </Section>
);

function OwnProof({ request: { proof, matchedAt, state } }: { readonly request: RequestDetail }): ReactNode {
  switch (proof.kind) {
    case 'challenge':
      return (
        <Note tone="good" title={proof.label === null ? 'It knew a challenge that you made' : `It knew the challenge for “${proof.label}”`}>
          The one-time password was right and is spent now.
        </Note>
      );
    case 'certificate':
      return (
        <Note tone="good" title="It holds a certificate of this CA">
          The message is signed with <Link to={pathTo(['certificates', proof.certificateId])}>the certificate that it renews</Link> (serial ends in <code>{proof.serial.slice(-8)}</code>).
        </Note>
      );
    case 'none':
      return matchedAt !== null || state !== 'pending' ? (
        matchedAt !== null ? null : (
          <p className="muted">It brought no challenge and no certificate.</p>
        )
      ) : (
        <Note tone="warning" title="Nothing proves it yet">
          Anybody on the network can send this request. Let the device show its fingerprint, and compare it below before you approve.
        </Note>
      );
  }
}
