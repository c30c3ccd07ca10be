/** status.*: one look at the whole product, for the first page and for scripts that wait for it. */
import { z } from 'zod';
import { findings, id, nothing, sha256, time } from './values.ts';

const count = z.number().int().min(0);

export const status = z.strictObject({
  version: z.string(),
  state: z.enum(['empty', 'locked', 'ready']),
  /** The URL that a device gets; null while the listener is down. */
  scepUrl: z.string().nullable(),
  now: time,
  counts: z.strictObject({
    authorities: count,
    endpoints: count,
    requests: z.strictObject({ pending: count, approved: count, issued: count, refused: count, expired: count, superseded: count }),
    certificates: z.strictObject({ valid: count, held: count, revoked: count, expired: count }),
  }),
  /** What an admin should know or do, worst first. */
  notices: z.array(findings.element.extend({ /** The authority whose matter it is. */ authorityId: id.optional() })),
  auditKeyFingerprint: sha256.nullable(),
});

export const statusChannels = {
  'status.get': { input: nothing, output: status },
  /** What happened on each of the last days (UTC), today's last; days without anything are there too. `issued` counts the renewals in it as well. */
  'status.history': {
    input: z.strictObject({ days: z.number().int().min(1).max(366).default(30) }).default({ days: 30 }),
    output: z.strictObject({ days: z.array(z.strictObject({ date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/), issued: count, renewed: count, revoked: count })) }),
  },
} as const;
