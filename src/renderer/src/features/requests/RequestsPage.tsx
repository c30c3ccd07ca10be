/** The queue: what waits on the left, what it is about on the right; on a narrow window one after the other. */
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useAction } from '../../actions/registry.ts';
import { PageHeader } from '../../design/Page.tsx';
import { useStable } from '../../design/useStable.ts';
import { navigate, pathTo, usePlace } from '../../routing/path.ts';
import { BulkBar } from './BulkBar.tsx';
import { EmptyQueue, NothingChosen } from './EmptyQueue.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Finder } from './Finder.tsx';
import { LastDecision } from './LastDecision.tsx';
import { type QueueFilter, type QueueRequest, nextAfter, rowAt } from './queue.ts';
import { QueueList } from './QueueList.tsx';
import { RequestPanel } from './RequestPanel.tsx';
import styles from './requests.module.css';
import { useQueue } from './useQueue.ts';

const FILTERS: readonly string[] = ['pending', 'approved', 'issued', 'refused', 'expired', 'superseded', 'all'];

export default function RequestsPage(): ReactNode {
  const place = usePlace();
  const narrow = useMediaQuery('(width <= 1080px)', undefined, { getInitialValueInEffect: false });
  const chosen = place.segments[1];
  const wanted = place.params.get('state') ?? 'pending';
  const filter = (FILTERS.includes(wanted) ? wanted : 'pending') as QueueFilter;
  const query = place.params.get('query') ?? '';
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [decided, setDecided] = useState<readonly QueueRequest[]>([]);
  const [arriving, setArriving] = useState<string>();
  const queue = useQueue(filter, query);
  const params = { state: filter === 'pending' ? undefined : filter, query };

  const choose = (id: string | undefined, replace = true): void => {
    navigate(pathTo(id === undefined ? ['requests'] : ['requests', id], params), { replace });
  };
  const step = (by: number): void => {
    const next = rowAt(queue.rows, chosen, by);
    if (next !== undefined) choose(next);
  };
  const toggle = useCallback((id: string): void => {
    setSelected((before) => (before.has(id) ? new Set([...before].filter((other) => other !== id)) : new Set([...before, id])));
  }, []);
  // The news of a decision may take the row out before the answer to it comes: then the list no longer tells what was next to it.
  const neighbour = useRef<string>(undefined);
  useEffect(() => {
    if (chosen !== undefined && queue.rows.some(({ id }) => id === chosen)) neighbour.current = nextAfter(queue.rows, chosen);
  }, [chosen, queue.rows]);
  /** Opens a request and gives it the focus; where there is none to open, the page has it. */
  const arrive = (id: string | undefined): void => {
    setArriving(id);
    if (id === undefined) document.getElementById('main')?.focus();
  };
  const settle = (request: QueueRequest): void => {
    queue.settle(request);
    setSelected((before) => new Set([...before].filter((id) => id !== request.id)));
  };
  /** A decision was made: the row leaves, and the next one is looked at. */
  const moveOn = useStable((request: QueueRequest): void => {
    const next = narrow ? undefined : neighbour.current;
    settle(request);
    setDecided([request]);
    if (filter === 'all') return;
    choose(next);
    arrive(next);
  });

  // Where there is room for both, something is always open beside the list.
  const first = queue.rows[0]?.id;
  useEffect(() => {
    if (!narrow && chosen === undefined && first !== undefined && !queue.stale) navigate(pathTo(['requests', first], { state: filter === 'pending' ? undefined : filter, query }), { replace: true });
  }, [narrow, chosen, first, filter, query, queue.stale]);

  useAction('requests.next', () => {
    step(1);
  });
  useAction('requests.previous', () => {
    step(-1);
  });
  useAction(
    'requests.open',
    () => {
      document.getElementById('request-title')?.focus();
    },
    chosen !== undefined,
  );
  useAction(
    'app.back',
    () => {
      if (narrow) choose(undefined, false);
      else document.querySelector<HTMLElement>('[data-queue-row][aria-current]')?.focus();
    },
    chosen !== undefined,
  );
  useAction(
    'requests.select',
    () => {
      if (chosen !== undefined) toggle(chosen);
    },
    chosen !== undefined,
  );
  useAction('requests.showNew', queue.showFresh, queue.fresh > 0);

  const find = useStable((id: string): void => {
    choose(id, false);
    arrive(id);
  });
  const filterBy = useStable((next: QueueFilter): void => {
    setSelected(new Set());
    navigate(pathTo(['requests'], { state: next === 'pending' ? undefined : next, query }));
  });
  const search = useStable((next: string): void => {
    navigate(pathTo(chosen === undefined ? ['requests'] : ['requests', chosen], { ...params, query: next }), { replace: true });
  });

  const list = (
    <div className={styles.listPane}>
      <PageHeader title="Requests" />
      <div className={styles.tools}>
        <Finder onMatch={find} />
        <FilterBar filter={filter} query={query} onFilter={filterBy} onQuery={search} />
      </div>
      <QueueList
        queue={queue}
        chosen={chosen}
        selected={selected}
        linkTo={(id) => pathTo(['requests', id], params)}
        onToggle={toggle}
        empty={
          <EmptyQueue
            filter={filter}
            query={query}
            onClear={() => {
              navigate('/requests');
            }}
          />
        }
      />
      {selected.size > 0 && (
        <BulkBar
          requests={queue.rows.filter(({ id }) => selected.has(id))}
          onClear={() => {
            setSelected(new Set());
          }}
          onSettled={settle}
          onApproved={(requests) => {
            if (requests.length === 0) return;
            setDecided(requests);
            document.getElementById('main')?.focus();
          }}
        />
      )}
      <LastDecision
        key={decided[0]?.id}
        requests={decided}
        onReopened={(request) => {
          setDecided([]);
          queue.restore(request);
          choose(request.id);
          arrive(request.id);
        }}
        onClose={() => {
          setDecided([]);
          document.getElementById('main')?.focus();
        }}
      />
    </div>
  );
  const detail =
    chosen === undefined ? (
      // An empty list says itself why nothing is open.
      queue.rows.length > 0 && <NothingChosen />
    ) : (
      <RequestPanel
        key={chosen}
        id={chosen}
        takesFocus={arriving === chosen}
        backTo={narrow ? pathTo(['requests'], params) : undefined}
        onDecided={moveOn}
        onChanged={queue.settle}
      />
    );
  if (narrow && chosen === undefined) return list;
  if (narrow) {
    return (
      <div className={styles.detailPane}>
        <h1 className="sr-only">Requests</h1>
        {detail}
      </div>
    );
  }
  return (
    <div className={styles.split}>
      {list}
      <div className={styles.detailPane}>{detail}</div>
    </div>
  );
}
