/** audit.*: every decision, refusals too, hash-chained and signed. Nothing here can change an entry. */
import { z } from 'zod';
import { line, nothing, pageOf, sha256, textFile, time } from './values.ts';

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

const auditFilter = z
  .strictObject({
    query: z.string().max(300).optional(),
    outcome: z.enum(['ok', 'refused', 'failed']).optional(),
    actor: line(200).optional(),
    /** An action (`request.approve`) or what stands before its dot (`request`). */
    action: z.string().regex(/^[a-zA-Z]+(\.[a-zA-Z]+)?$/).max(100).optional(),
    /** Entries at or after `since`, and before `until`. */
    since: time.optional(),
    until: time.optional(),
    limit: z.number().int().min(1).max(500).default(50),
    cursor: z.string().max(500).optional(),
  })
  .default({ limit: 50 });

export const auditChannels = {
  'audit.list': { input: auditFilter, output: pageOf(auditEntry) },
  'audit.verify': { input: nothing, output: auditVerdict },
  'audit.export': { input: nothing, output: textFile },
} as const;
