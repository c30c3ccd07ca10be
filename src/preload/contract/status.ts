/** status.*: one look at the whole product, for the first page and for scripts that wait for it. */
import { z } from 'zod';
import { nothing, sha256, time } from './values.ts';

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
  notices: z.array(z.strictObject({ code: z.string(), severity: z.enum(['info', 'notice', 'warning', 'danger']), text: z.string() })),
  auditKeyFingerprint: sha256.nullable(),
});

export const statusChannels = {
  'status.get': { input: nothing, output: status },
} as const;
