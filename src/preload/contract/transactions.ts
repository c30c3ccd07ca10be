/** transactions.*: every SCEP message and its answer, explained; a bounded log. */
import { z } from 'zod';
import { id, listInputOf, pageOf, time } from './values.ts';

export const TRANSACTION_OUTCOMES = ['success', 'pending', 'failure', 'rejected'] as const;

export const transaction = z.strictObject({
  id: z.number().int(),
  at: time,
  source: z.string(),
  path: z.string(),
  endpointId: id.nullable(),
  operation: z.string(),
  transactionId: z.string().nullable(),
  outcome: z.enum(TRANSACTION_OUTCOMES),
  code: z.string(),
  text: z.string(),
  requestId: id.nullable(),
  certificateId: id.nullable(),
  algorithms: z.string().nullable(),
  milliseconds: z.number(),
});

export const transactionChannels = {
  'transactions.list': { input: listInputOf(TRANSACTION_OUTCOMES), output: pageOf(transaction) },
  'transactions.get': { input: z.strictObject({ id: z.number().int() }), output: transaction },
} as const;
