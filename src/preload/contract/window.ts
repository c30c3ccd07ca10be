/** window.*: the lock of the admin's own window. The CA and its keys go on behind it; only this window's verbs wait. */
import { z } from 'zod';
import { nothing } from './values.ts';

export const windowStatus = z.strictObject({
  locked: z.boolean(),
  /** What opens it again. `nothing`: there is no vault yet, so there is nothing to prove oneself by and it cannot lock. */
  opensBy: z.enum(['passphrase', 'keychain', 'nothing']),
  /** 0: it does not lock by itself. */
  idleMinutes: z.number().int().min(0),
});

export const windowChannels = {
  'window.status': { input: nothing, output: windowStatus },
  'window.lock': { input: nothing, output: windowStatus },
  'window.unlock': { input: z.strictObject({ passphrase: z.string().min(1).max(1024).optional() }).default({}), output: windowStatus },
} as const;
