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

/** `transactions` newest first. A device that has its certificate stays the news, whatever comes after it. */
export function progressOf(transactions: readonly Transaction[], lastContact: LastContact): Progress {
  for (const { outcome, certificateId, at, source, subject } of transactions) {
    if (outcome === 'success' && certificateId !== null) return { stage: 'enrolled', at, source, subject, certificateId };
  }
  const told = transactions.find(({ outcome, requestId }) => outcome === 'failure' || (outcome === 'pending' && requestId !== null));
  if (told !== undefined) {
    const { at, source, subject, requestId, text } = told;
    return told.outcome === 'pending' && requestId !== null ? { stage: 'waiting', at, source, subject, requestId } : { stage: 'refused', at, source, text, transaction: told.id };
  }
  if (lastContact !== null) return { stage: 'contact', at: lastContact.at, source: lastContact.source, operation: lastContact.operation };
  const astray = transactions.find(({ outcome }) => outcome === 'rejected');
  return astray === undefined ? { stage: 'nobody' } : { stage: 'astray', at: astray.at, source: astray.source, path: astray.path };
}

/** What a question of SCEP asks for. */
export const sayOperation = (operation: string): string =>
  ({ GetCACaps: 'asked what this CA can do', GetCACert: 'asked for the CA certificate', GetNextCACert: 'asked for the next CA certificate', PKIOperation: 'sent a message' })[operation] ?? 'spoke to this CA';
