/** A root signs the issuing CA of another machine: its request comes in as a file, all that would be signed is shown, and the certificate goes out as a file. */
import { Button, NumberInput } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import type { Output } from '../../../../preload/contract/contract.ts';
import { useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { ConfirmButton } from '../../design/ConfirmButton.tsx';
import { fieldProblem } from '../../design/fieldProblem.ts';
import { type ChosenFile, FilesField } from '../../design/FilesField.tsx';
import { MoreOptions } from '../../design/MoreOptions.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { Section } from '../../design/Page.tsx';
import { SaveButton } from '../../design/SaveButton.tsx';
import { useKeptFocus } from '../../design/useKeptFocus.ts';
import { Link } from '../../routing/Link.tsx';
import { pathTo } from '../../routing/path.ts';
import styles from './authorities.module.css';
import { LimitsFields } from './LimitsFields.tsx';
import { NO_LIMITS, findLimitErrors, limitProblem, limitsWish } from './limitsDraft.ts';
import { SignedPlan } from './SignedPlan.tsx';
import type { AuthorityDetail } from './standing.ts';

const YEARS = 5;
type Signed = Output<'authorities.signRequest'>;

export function SignRequest({ authority }: { readonly authority: AuthorityDetail }): ReactNode {
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [years, setYears] = useState<number | undefined>(YEARS);
  const [limits, setLimits] = useState(NO_LIMITS);
  const [more, setMore] = useState(false);
  const preview = useVerb('authorities.signRequest', {
    onDone: ({ plan }) => {
      announce(`Read the request of ${plan.subject}`);
    },
  });
  const sign = useVerb('authorities.signRequest', {
    touches: ['certificates.list', 'status.get', 'audit.list'],
    onDone: ({ plan }) => {
      announce(`The certificate of ${plan.subject} is signed`);
    },
  });
  const changed = (): void => {
    preview.reset();
    sign.reset();
  };
  const csr = files[0]?.base64;
  const found = findLimitErrors(limits);
  const refused = limitProblem(preview.error?.problem);
  const wrongYears = years === undefined ? 'Between 1 and 30 years.' : fieldProblem(preview.error?.problem, ['years'])?.years;
  const whole = csr !== undefined && years !== undefined && Object.keys(found).length === 0;
  const input = (): { readonly authorityId: string; readonly csr: string; readonly years: number } | undefined => (csr === undefined || years === undefined ? undefined : { authorityId: authority.id, csr, years, ...limitsWish(limits) });
  const ask = (forReal: boolean): void => {
    const wish = input();
    if (wish !== undefined) (forReal ? sign : preview).mutate({ ...wish, preview: !forReal });
  };
  if (sign.data !== undefined) return <Done signed={sign.data} onMore={() => { setFiles([]); changed(); }} />;
  return (
    <>
      <Section title="1. The request">
        <p className={styles.lead}>The issuing CA makes its key where it runs, and sends a request (PKCS #10). Nothing secret travels in it. {authority.commonName} signs it here; the certificate goes back the same way.</p>
        <div className={styles.stack}>
          <FilesField
            label="Request of the issuing CA"
            hint="One .csr, .p10 or .pem."
            accept=".csr,.p10,.req,.pem,.der"
            most={1}
            value={files}
            onChange={(next) => {
              changed();
              setFiles(next.slice(-1));
            }}
          />
          <NumberInput
            label="Valid for"
            description={`Never longer than ${authority.commonName} itself.`}
            suffix=" years"
            min={1}
            max={30}
            allowDecimal={false}
            maw={220}
            value={years ?? ''}
            error={wrongYears}
            onChange={(next) => {
              changed();
              setYears(typeof next === 'number' ? next : undefined);
            }}
          />
          <MoreOptions open={more} onChange={setMore} />
          {more && (
            <LimitsFields
              value={limits}
              kind="issuing"
              errors={{ ...found, ...refused }}
              onChange={(next) => {
                changed();
                setLimits(next);
              }}
            />
          )}
          {preview.error !== null && (refused === undefined || !more) && wrongYears === undefined && <ProblemNote problem={preview.error.problem} />}
          <div>
            <Button
              variant={preview.data === undefined ? 'filled' : 'default'}
              disabled={!whole}
              loading={preview.isPending}
              onClick={() => {
                ask(false);
              }}
            >
              Show what would be signed
            </Button>
          </div>
        </div>
      </Section>
      {preview.data !== undefined && (
        <Section title="2. What would be signed">
          <div className={styles.stack}>
            <SignedPlan plan={preview.data.plan} findings={preview.data.findings} />
            <ConfirmButton
              tone="primary"
              label="Sign it"
              question={`Make ${preview.data.plan.subject} a CA?`}
              confirm="Sign it"
              pending={sign.isPending}
              error={sign.error}
              onConfirm={() => {
                ask(true);
              }}
            >
              Everyone who trusts {authority.commonName} trusts what that CA issues from then on. Compare the fingerprint with what its machine shows first. It can be revoked, not unsigned.
            </ConfirmButton>
          </div>
        </Section>
      )}
    </>
  );
}

function Done({ signed: { plan, certificate, file, findings }, onMore }: { readonly signed: Signed; readonly onMore: () => void }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useKeptFocus(place, certificate?.id);
  return (
    <Section title="3. Carry the certificate back">
      <div className={styles.stack} ref={place} tabIndex={-1}>
        <Note tone="good" title={`${plan.subject} is signed`}>
          It stands among the certificates, where it can be revoked.{' '}
          {certificate !== null && <Link to={pathTo(['certificates', certificate.id])}>Its certificate</Link>}
        </Note>
        <SignedPlan plan={plan} findings={findings} />
        <div className={styles.row}>
          {file !== null && <SaveButton variant="filled" files={() => Promise.resolve([file])}>{`Save ${file.name}`}</SaveButton>}
          <Button variant="default" onClick={onMore}>
            Sign another
          </Button>
        </div>
        <p className={styles.remark}>The file holds the certificate first, then the chain up to the root. On the other machine: the authority’s page, Install the certificate.</p>
      </div>
    </Section>
  );
}
