/** diagnostics.*: what a captured SCEP message says, for a human. No key is used: what is enveloped stays closed. */
import { z } from 'zod';
import { base64 } from './values.ts';

export const diagnosticsChannels = {
  'diagnostics.inspect': {
    /** A message's DER, or the text of a GET's `message` parameter, as base64 of the file's bytes. */
    input: z.strictObject({ base64: base64.min(1) }),
    output: z.strictObject({ kind: z.string(), lines: z.array(z.strictObject({ name: z.string(), value: z.string() })), problem: z.string().nullable() }),
  },
} as const;
