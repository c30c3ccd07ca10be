/** The store of answers: what every refusal of a locked window means for it, and what is left of it behind the lock. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { CallError } from './react.tsx';

/** What the lock screen itself shows: nothing in it names anybody. */
const SHOWN_WHILE_LOCKED: readonly unknown[] = ['status.get', 'window.status'];

export function createClient(): QueryClient {
  // It may have been locked elsewhere: from the tray, in another tab of the session, by the CA after hours of silence.
  const look = (error: unknown): void => {
    if (error instanceof CallError && error.problem.code === 'window-locked') void client.invalidateQueries({ queryKey: ['window.status'] });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: look }),
    mutationCache: new MutationCache({ onError: look }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}

/** Everything that names devices, people or keys. */
export function forgetAnswers(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => !SHOWN_WHILE_LOCKED.includes(queryKey[0]) });
}
