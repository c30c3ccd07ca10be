/** How far the first device has come, told from the transaction log and from who spoke to the listener last. */
import type { Output } from '../../../../preload/contract/contract.ts';

type Transaction = Output<'transactions.list'>['items'][number];
type LastContact = Output<'listener.get'>['lastContact'];

export type Progress =
  | { readonly stage: 'nobody' }
  /** Something came to the port, but not to a SCEP URL. */
  | { readonly stage: 'astray'; readonly at: string; readonly source: string; readonly path: string }
  | { readonly stage: 'contact'; readonly at: string; readonly source: string; readonly operation: string }
  | { readonly stage: 'refused'; readonly at: string; readonly source: string; readonly text: string; readonly transaction: number }
  | { readonly stage: 'waiting'; readonly at: string; readonly source: string; readonly subject: string | null; readonly requestId: string }
  | { readonly stage: 'enrolled'; readonly at: string; readonly source: string; readonly subject: string | null; readonly certificateId: string };

/** `transactions` newest first. A device that has its certificate stays the news, until another one waits for the admin. */
export function progressOf(transactions: readonly Transaction[], lastContact: LastContact): Progress {
  let refused: Transaction | undefined;
  for (const transaction of transactions) {
    const { outcome, certificateId, requestId, at, source, subject } = transaction;
    if (outcome === 'success' && certificateId !== null) return { stage: 'enrolled', at, source, subject, certificateId };
    if (outcome === 'pending' && requestId !== null && refused === undefined) return { stage: 'waiting', at, source, subject, requestId };
    if (outcome === 'failure') refused ??= transaction;
  }
  if (refused !== undefined) return { stage: 'refused', at: refused.at, source: refused.source, text: refused.text, transaction: refused.id };
  if (lastContact !== null) return { stage: 'contact', at: lastContact.at, source: lastContact.source, operation: lastContact.operation };
  const astray = transactions.find(({ outcome }) => outcome === 'rejected');
  return astray === undefined ? { stage: 'nobody' } : { stage: 'astray', at: astray.at, source: astray.source, path: astray.path };
}

/** What a question of SCEP asks for. */
export const sayOperation = (operation: string): string =>
  ({ GetCACaps: 'asked what this CA can do', GetCACert: 'asked for the CA certificate', GetNextCACert: 'asked for the next CA certificate', PKIOperation: 'sent a message' })[operation] ?? 'spoke to this CA';
