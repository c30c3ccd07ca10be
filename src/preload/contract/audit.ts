/** audit.*: every decision, refusals too, hash-chained and signed. Nothing here can change an entry. */
import { z } from 'zod';
import { listInput, nothing, pageOf, sha256, textFile, time } from './values.ts';

const seq = z.number().int().min(0);
const head = z.strictObject({ seq, hash: sha256 });

export const auditEntry = z.strictObject({
  seq,
  at: time,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  outcome: z.enum(['ok', 'refused', 'failed']),
  code: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  hash: sha256,
});

export const auditVerdict = z.strictObject({
  ok: z.boolean(),
  entries: seq,
  head,
  signedHead: head.nullable(),
  /** `seq` is null where the fault belongs to no entry: the head file, or a certificate row. */
  firstBad: z.strictObject({ seq: seq.nullable(), problem: z.string() }).optional(),
  notes: z.array(z.string()),
  keyFingerprint: sha256.nullable(),
});

export const auditChannels = {
  'audit.list': { input: listInput, output: pageOf(auditEntry) },
  'audit.verify': { input: nothing, output: auditVerdict },
  'audit.export': { input: nothing, output: textFile },
} as const;
