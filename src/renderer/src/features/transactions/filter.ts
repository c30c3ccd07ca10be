/** What the log is narrowed by, as it stands in the address. */
import type { Outcome } from './types.ts';

export const OUTCOMES = ['all', 'success', 'pending', 'failure', 'rejected'] as const;
export type Shown = (typeof OUTCOMES)[number];

export interface TransactionFilter {
  readonly query: string;
  readonly outcome: Shown;
}

export const readFilter = (params: URLSearchParams): TransactionFilter => ({
  query: params.get('query') ?? '',
  outcome: OUTCOMES.find((each) => each === params.get('outcome')) ?? 'all',
});

export const paramsOf = ({ query, outcome }: TransactionFilter): Readonly<Record<string, string | undefined>> => ({
  query: query === '' ? undefined : query,
  outcome: outcome === 'all' ? undefined : outcome,
});

export const inputOf = ({ query, outcome }: TransactionFilter): { readonly query?: string; readonly state?: Outcome } => ({
  ...(query === '' ? {} : { query }),
  ...(outcome === 'all' ? {} : { state: outcome }),
});

/** How many of the newest ones came after the first that is shown; the newest come first. */
export const countFresh = (newest: readonly { readonly id: number }[], shownTop: number): number => {
  const known = newest.findIndex(({ id }) => id <= shownTop);
  return known < 0 ? newest.length : known;
};
