/** The bounded log of SCEP messages and their answers, as an admin reads it. */
import { err, ok } from '../core/lib/result.ts';
import type { TransactionRecord } from '../core/ca/transaction.ts';
import type { Deps, Outcome } from './deps.ts';
import { type Explained, explain } from './explain/explain.ts';
import type { ListQuery, Page } from './ports/store.ts';

export type LoggedTransaction = TransactionRecord & { readonly id: number };

/** Newest first. */
export const listTransactions = ({ store }: Deps, query: ListQuery): Promise<Page<LoggedTransaction>> => store.read.transactions(query);

export interface TransactionDetail {
  readonly transaction: LoggedTransaction;
  readonly explanation: Explained;
}

/** One message and its answer, explained. A poll says neither who asks nor for whom: its request does. */
export async function getTransaction({ store }: Deps, { id }: { readonly id: number }): Outcome<TransactionDetail> {
  const found = await store.read.transaction(id);
  if (found === undefined) return err({ code: 'not-found', message: 'There is no such transaction, or it is older than the log reaches.' });
  const request = found.requestId === null ? undefined : await store.read.request(found.requestId);
  const transaction = { ...found, client: found.client ?? request?.clientGuess ?? null, subject: found.subject ?? request?.subject ?? null };
  return ok({ transaction, explanation: explain(transaction) });
}
