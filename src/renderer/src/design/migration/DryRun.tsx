/** What the dry run found: which CA, what comes in, what stays out and why. Nothing has been stored yet. */
import { type ReactNode, useState } from 'react';
import type { Problem } from '../../../../preload/contract/reply.ts';
import { keyName } from '../authorityDraft.ts';
import { type Choice, ChoiceCards } from '../ChoiceCards.tsx';
import { countThings } from '../count.ts';
import { FindingList } from '../FindingList.tsx';
import { Fingerprint } from '../Fingerprint.tsx';
import { ProblemNote } from '../Note.tsx';
import { Facts } from '../Page.tsx';
import { Time } from '../Time.tsx';
import { Left } from './Left.tsx';
import styles from './migration.module.css';
import type { Migration } from './useMigration.ts';
import { type CountLine, KIND_NAMES, type Preview, comesIn, staysOut } from './words.ts';

export function DryRun({ preview, migration }: { readonly preview: Preview; readonly migration: Migration }): ReactNode {
  const { kind, recognised, refusal, authority, candidates, counts, findings, left, leftTotal } = preview;
  const out = staysOut(counts);
  return (
    <div className={styles.stack}>
      <p className={styles.recognised}>
        <span className={styles.kind}>{KIND_NAMES[kind]}</span> {recognised}
      </p>
      {refusal !== null && <ProblemNote problem={problemOf(refusal)} />}
      {candidates.length > 1 && <WhichCa candidates={candidates} chosen={authority?.sha256} migration={migration} />}
      {authority !== null && (
        <section className={styles.card} aria-label="The CA">
          <h2>{authority.commonName}</h2>
          <Facts
            items={[
              ['Subject', authority.subject],
              ['Key', authority.key === null ? null : keyName(authority.key)],
              [
                'Valid',
                <>
                  <Time at={authority.notBefore} form="day" /> to <Time at={authority.notAfter} form="day" />
                </>,
              ],
              ['Chain', authority.selfSigned ? 'A root: it signed itself' : `${countThings(authority.chain, 'certificate')} above it came along`],
              ['SHA-256', <Fingerprint key="sha" name={`SHA-256 of ${authority.commonName}`} hex={authority.sha256} />],
              ['CRL', authority.crlNumber === null ? 'No file tells the number of its last CRL' : `The next one has a number above ${authority.crlNumber}`],
            ]}
          />
          {authority.standing === 'here' && <p className="muted">It is here already, from an earlier import: this one completes it.</p>}
        </section>
      )}
      {authority !== null && (
        <div className={styles.columns}>
          <Lines title="Comes in" lines={comesIn(counts)} />
          <Lines title="Stays out" lines={out} none="Nothing" />
        </div>
      )}
      <FindingList findings={findings} />
      <Left left={left} total={leftTotal} />
    </div>
  );
}

const problemOf = ({ code, message, hint }: NonNullable<Preview['refusal']>): Problem => (hint === undefined ? { code, message } : { code, message, hint });

export const Lines = ({ title, lines, none }: { readonly title: string; readonly lines: readonly CountLine[]; readonly none?: string }): ReactNode => (
  <section className={styles.card} aria-label={title}>
    <h2>{title}</h2>
    {lines.length === 0 && <p className="muted">{none}</p>}
    <ul className={styles.lines}>
      {lines.map(({ count, words, part }) => (
        <li key={words} data-part={part}>
          <span className="tabular">{count.toLocaleString('en')}</span>
          <span>{words}</span>
        </li>
      ))}
    </ul>
  </section>
);

const KEY_WORDS = { there: 'its key is there', missing: 'its key is missing', locked: 'its key does not open with this passphrase' } as const;

/** Several CAs among the files: one comes in at a time. */
function WhichCa({ candidates, chosen, migration }: { readonly candidates: Preview['candidates']; readonly chosen: string | undefined; readonly migration: Migration }): ReactNode {
  const [wanted, setWanted] = useState(chosen);
  return (
    <ChoiceCards
      label="These files hold several CAs. Which one comes in?"
      value={wanted}
      onChange={(sha256) => {
        setWanted(sha256);
        migration.look(sha256);
      }}
      choices={candidates.map(
        ({ sha256, subject, key, issued, selfSigned, notAfter }): Choice<string> => ({
          value: sha256,
          title: subject,
          tag: key === 'there' && issued > 0 ? 'Has issued' : undefined,
          disabled: migration.looking,
          text: `${selfSigned ? 'A root' : 'Under another CA'}, ${KEY_WORDS[key]}, ${countThings(issued, 'certificate')} by it.`,
          aside: (
            <>
              Ends <Time at={notAfter} form="day" />
            </>
          ),
        }),
      )}
    />
  );
}
