/** One-time passwords: which are about, what each opens, and the way to a new one. */
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useRef } from 'react';
import { CHALLENGE_STATES } from '../../../../preload/contract/challenges.ts';
import type { Output } from '../../../../preload/contract/contract.ts';
import { SearchField } from '../../actions/SearchField.tsx';
import { usePages } from '../../bridge/pages.ts';
import { type Column, DataTable } from '../../design/DataTable.tsx';
import { FilterChips } from '../../design/FilterChips.tsx';
import { Icon } from '../../design/Icon.tsx';
import { EmptyState, PageHeader } from '../../design/Page.tsx';
import { StateBadge } from '../../design/StateBadge.tsx';
import { Time } from '../../design/Time.tsx';
import { CHALLENGE_STATE } from '../../design/tones.ts';
import { type Path, navigate, pathTo, usePlace } from '../../routing/path.ts';
import { ChallengePanel } from './ChallengePanel.tsx';
import styles from './challenges.module.css';
import { sayBinding } from './draft.ts';
import { NewChallenge } from './NewChallenge.tsx';

type Challenge = Output<'challenges.list'>['items'][number];
type State = Challenge['state'];

const CHIPS = [{ value: 'all', label: 'All' }, ...CHALLENGE_STATES.map((value) => ({ value, label: CHALLENGE_STATE[value].word }))] as const;

const COLUMNS: readonly (Column<Challenge> & { readonly narrow: boolean })[] = [
  { id: 'state', header: 'State', width: '116px', narrow: true, render: ({ state }) => <StateBadge look={CHALLENGE_STATE[state]} /> },
  {
    id: 'label',
    header: 'Label',
    width: 'minmax(0, 1.3fr)',
    narrow: true,
    render: ({ label }) => (label === null ? <span className="muted">No label</span> : <span title={label}>{label}</span>),
  },
  {
    id: 'bound',
    header: 'Bound to',
    width: 'minmax(0, 1.7fr)',
    narrow: false,
    render: (challenge) => {
      const text = sayBinding(challenge);
      return (
        <span title={text} className={challenge.subject === null && challenge.subjectAltNames === null ? 'muted' : undefined}>
          {text}
        </span>
      );
    },
  },
  {
    id: 'endpoint',
    header: 'Endpoint',
    width: 'minmax(0, 0.8fr)',
    narrow: false,
    render: ({ endpoint }) => (endpoint === null ? <span className="muted">Any</span> : <span title={endpoint}>{endpoint}</span>),
  },
  { id: 'uses', header: 'Uses left', width: '84px', narrow: false, render: ({ uses, usesLeft }) => <span className="tabular">{`${usesLeft} of ${uses}`}</span> },
  { id: 'expires', header: 'Expires', width: '96px', narrow: true, render: ({ expiresAt }) => <Time at={expiresAt} /> },
];

const NARROW_COLUMNS = COLUMNS.filter(({ narrow }) => narrow);

export default function ChallengesPage(): ReactNode {
  const { segments, params } = usePlace();
  const narrow = useMediaQuery('(width <= 820px)', undefined, { getInitialValueInEffect: false });
  const createButton = useRef<HTMLButtonElement>(null);
  const open = segments[1];
  const state = CHALLENGE_STATES.find((known) => known === params.get('state'));
  const query = params.get('query') ?? '';
  const pages = usePages('challenges.list', { ...(query === '' ? {} : { query }), ...(state === undefined ? {} : { state }) });

  const path = (change: { readonly open?: string; readonly state?: State | undefined; readonly query?: string; readonly new?: string }): Path =>
    pathTo(['challenges', ...(change.open === undefined ? [] : [change.open])], { state: 'state' in change ? change.state : state, query: change.query ?? query, new: change.new });
  const filtered = query !== '' || state !== undefined;
  const create = (
    <Button
      ref={createButton}
      leftSection={<Icon name="plus" />}
      onClick={() => {
        navigate(path({ new: '1' }));
      }}
    >
      New challenge
    </Button>
  );

  return (
    <>
      <PageHeader title="Challenges" subtitle="One-time passwords that let a device enrol without waiting for you." actions={create} />
      <div className={styles.page}>
        <div className={styles.bar}>
          <SearchField
            label="Search challenges"
            placeholder="Label, subject or name"
            value={query}
            onChange={(next) => {
              navigate(path({ query: next }), { replace: true });
            }}
          />
          <FilterChips
            label="State of the challenges"
            chips={CHIPS}
            value={state ?? 'all'}
            onChange={(next) => {
              navigate(path({ state: next === 'all' ? undefined : next }), { replace: true });
            }}
          />
        </div>
        <DataTable
          label="Challenges"
          columns={narrow ? NARROW_COLUMNS : COLUMNS}
          pages={pages}
          openId={open}
          onOpen={({ id }) => {
            navigate(path({ open: id }));
          }}
          noun={['challenge', 'challenges']}
          empty={
            filtered ? (
              <EmptyState
                icon="search"
                title="No challenge fits"
                actions={
                  <Button
                    variant="default"
                    onClick={() => {
                      navigate('/challenges');
                    }}
                  >
                    Clear the filter
                  </Button>
                }
              >
                Nothing has this state and these words.
              </EmptyState>
            ) : (
              <EmptyState icon="key" title="No challenges yet">
                A device that shows a valid challenge gets its certificate at once; without one its request waits for you. Make one for each device with New challenge.
              </EmptyState>
            )
          }
        />
      </div>
      <ChallengePanel
        id={open}
        onClose={() => {
          navigate(path({}));
        }}
      />
      <NewChallenge
        opened={params.has('new')}
        onClose={() => {
          navigate(path({}), { replace: true, settled: true });
          // By a shortcut or a link it was opened from nowhere on this page.
          requestAnimationFrame(() => createButton.current?.focus());
        }}
      />
    </>
  );
}
