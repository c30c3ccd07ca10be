/** The log as it is looked at: entries that come meanwhile wait behind a bar, so that nothing moves under the eye. */
import { useEffect, useEffectEvent, useState } from 'react';
import { type Paged, usePages } from '../../bridge/pages.ts';
import { useChannel } from '../../bridge/react.tsx';
import { type AuditFilter, inputOf } from './filter.ts';
import type { Entry } from './types.ts';

export interface Entries extends Paged<Entry> {
  readonly fresh: number;
  readonly showFresh: () => void;
}

/** Not every entry comes with an event, so the newest is asked for. */
const EVERY_MS = 5_000;

export function useEntries(filter: AuditFilter): Entries {
  const input = inputOf(filter);
  const pages = usePages('audit.list', input);
  const latest = useChannel('audit.list', { ...input, limit: 1 }, { every: EVERY_MS }).data?.items[0]?.seq ?? 0;
  const question = JSON.stringify(input);
  const [held, setHeld] = useState({ question: '', top: 0 });
  const newest = pages.rows[0]?.seq ?? 0;
  const answered = !pages.loading && !pages.stale;
  const refetch = useEffectEvent(pages.refetch);
  useEffect(() => {
    if (answered && latest > newest) refetch();
  }, [answered, latest, newest]);
  // A new question shows what answers it; so does a list that was empty.
  if (answered && (held.question !== question || (held.top === 0 && newest > 0))) setHeld({ question, top: newest });
  const rows = held.question === question ? pages.rows.filter(({ seq }) => seq <= held.top) : pages.rows;
  return {
    ...pages,
    rows,
    fresh: pages.rows.length - rows.length,
    showFresh: () => {
      setHeld({ question, top: newest });
    },
  };
}
