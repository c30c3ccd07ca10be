/** The contract's values by the names they have on this page. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type Entry = Output<'audit.list'>['items'][number];
export type Verdict = Output<'audit.verify'>;
export type Detail = Entry['detail'];
