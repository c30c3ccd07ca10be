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
  /** A guess at what kind of device it is, and whom it asked a certificate for; null where the message did not say. */
  client: z.string().nullable(),
  subject: z.string().nullable(),
});

/** One message told to somebody who has not read RFC 8894. */
export const transactionDetail = transaction.extend({
  explanation: z.strictObject({
    /** What the device wanted and what it was told. */
    summary: z.string(),
    /** Why it failed; null where it did not. */
    cause: z.string().nullable(),
    /** What to do about it, on the device or here: general first, then for the kinds of device that are known for it. */
    fixes: z.array(z.strictObject({ client: z.string().nullable(), text: z.string() })),
  }),
});

export const transactionChannels = {
  'transactions.list': { input: listInputOf(TRANSACTION_OUTCOMES), output: pageOf(transaction) },
  'transactions.get': { input: z.strictObject({ id: z.number().int() }), output: transactionDetail },
} as const;
