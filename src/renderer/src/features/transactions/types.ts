/** The contract's values by the names they have on these pages. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type Transaction = Output<'transactions.list'>['items'][number];
export type TransactionDetail = Output<'transactions.get'>;
export type Outcome = Transaction['outcome'];
