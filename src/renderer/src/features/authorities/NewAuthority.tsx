/** One more authority: which kind, then what that kind needs. It leads to the new authority's page. */
import { Button, NativeSelect, Radio } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useAction } from '../../actions/registry.ts';
import { useChannel, useVerb } from '../../bridge/react.tsx';
import { announce } from '../../design/announce.tsx';
import { AuthorityFields } from '../../design/AuthorityFields.tsx';
import { type AuthorityDraft, NEW_AUTHORITY, authorityWish, findDraftErrors, nameWish } from '../../design/authorityDraft.ts';
import { Icon } from '../../design/Icon.tsx';
import { MoreOptions } from '../../design/MoreOptions.tsx';
import { Note, ProblemNote } from '../../design/Note.tsx';
import { PageHeader, Section } from '../../design/Page.tsx';
import { Link } from '../../routing/Link.tsx';
import { navigate, pathTo } from '../../routing/path.ts';
import styles from './authorities.module.css';
import { LimitsFields } from './LimitsFields.tsx';
import { NO_LIMITS, findLimitErrors, limitProblem, limitsWish } from './limitsDraft.ts';
import { isAwaiting } from './standing.ts';

const WAYS = [
  { way: 'root', label: 'A root of its own', text: 'It signs its own certificate. Devices must be made to trust it.' },
  { way: 'child', label: 'Under an authority of this house', text: 'Devices that trust the one above trust it too.' },
  { way: 'request', label: 'With a certificate from elsewhere', text: 'Its key is made here; an offline root or another CA signs its certificate. You carry a file there and one back.' },
  { way: 'import', label: 'An existing CA', text: 'Brings its key, certificate and chain from files, and what it issued. The key is then in this vault as well as where it came from.' },
] as const;

type Way = (typeof WAYS)[number]['way'];

export function NewAuthority(): ReactNode {
  const [way, setWay] = useState<Way>('root');
  const status = useChannel('status.get', {});
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
      <PageHeader title="New authority" subtitle="It stands beside those you have; an endpoint decides which of them signs." />
      <div className={styles.page}>
        <div className={styles.form}>
          {status.data?.state === 'locked' && (
            <div className={styles.found}>
              <Note tone="warning" title="The vault is locked">
                A new key is kept in the vault. Unlock it from the bar at the top of the window, then go on here.
              </Note>
            </div>
          )}
          <Section title="Kind">
            <Radio.Group
              aria-label="Kind of authority"
              value={way}
              onChange={(chosen) => {
                const known = WAYS.find((each) => each.way === chosen);
                if (known !== undefined) setWay(known.way);
              }}
            >
              <div className={styles.stack}>
                {WAYS.map(({ way: value, label, text }) => (
                  <Radio key={value} value={value} label={label} description={text} />
                ))}
              </div>
            </Radio.Group>
          </Section>
          {way === 'import' ? <BringIn /> : <MakeForm key={way === 'request' ? 'request' : 'make'} way={way} />}
        </div>
      </div>
    </>
  );
}

function leave(made: { readonly id: string; readonly commonName: string }): void {
  announce(`${made.commonName} is made`);
  navigate(pathTo(['authorities', made.id]), { replace: true });
}

function MakeForm({ way }: { readonly way: Exclude<Way, 'import'> }): ReactNode {
  const [draft, setDraft] = useState<AuthorityDraft>(NEW_AUTHORITY);
  const [tried, setTried] = useState(false);
  const [limits, setLimits] = useState(NO_LIMITS);
  const [more, setMore] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const authorities = useChannel('authorities.list', { limit: 500 });
  const parents = (authorities.data?.items ?? []).filter((authority) => !isAwaiting(authority));
  const parentId = chosen ?? parents[0]?.id;
  const touches = ['authorities.list', 'endpoints.list', 'status.get'] as const;
  const create = useVerb('authorities.create', { touches, onDone: leave });
  const ask = useVerb('authorities.signingRequest', {
    touches,
    onDone: ({ authority }) => {
      leave(authority);
    },
  });
  const verb = way === 'request' ? ask : create;
  const refused = limitProblem(verb.error?.problem);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(findDraftErrors(draft)).length > 0) return;
    if (way === 'request') {
      ask.mutate(nameWish(draft));
      return;
    }
    if (Object.keys(findLimitErrors(limits)).length > 0) {
      setMore(true);
      return;
    }
    create.mutate({ ...authorityWish(draft, way === 'child' ? parentId : undefined), ...limitsWish(limits) });
  };
  return (
    <form onSubmit={submit} noValidate className={styles.formPart}>
      <Section title="Name and key">
        <div className={styles.stack}>
          {way === 'child' && (
            <NativeSelect
              label="Under"
              description="It signs the new certificate now, so its key must be in reach."
              value={parentId ?? ''}
              data={parents.map(({ id, commonName }) => ({ value: id, label: commonName }))}
              onChange={(event) => {
                setChosen(event.currentTarget.value);
              }}
            />
          )}
          <AuthorityFields value={draft} onChange={setDraft} errors={tried ? findDraftErrors(draft) : {}} withYears={way !== 'request'} />
          {way !== 'request' && <MoreOptions open={more} onChange={setMore} />}
          {way !== 'request' && more && (
            <LimitsFields
              value={limits}
              kind={way === 'child' ? 'issuing' : 'root'}
              errors={{ ...(tried ? findLimitErrors(limits) : {}), ...refused }}
              onChange={(next) => {
                verb.reset();
                setLimits(next);
              }}
            />
          )}
        </div>
      </Section>
      {verb.error !== null && (refused === undefined || !more) && <ProblemNote problem={verb.error.problem} />}
      <div className={styles.end}>
        <Button
          variant="default"
          onClick={() => {
            navigate('/authorities');
          }}
        >
          Cancel
        </Button>
        <Button type="submit" loading={verb.isPending}>
          {way === 'request' ? 'Make the key and the request' : 'Make the authority'}
        </Button>
      </div>
    </form>
  );
}

/** It has a page of its own, for it may bring thousands of certificates. */
const BringIn = (): ReactNode => (
  <div className={`${styles.formPart ?? ''} ${styles.end ?? ''}`}>
    <Button
      variant="default"
      onClick={() => {
        navigate('/authorities');
      }}
    >
      Cancel
    </Button>
    <Button
      onClick={() => {
        navigate('/migration');
      }}
    >
      Choose its files
    </Button>
  </div>
);
