/** kits.*: the files that make a device, or the MDM that manages it, trust this CA. */
import { z } from 'zod';
import { binaryFile, id, line, nothing } from './values.ts';

export const KIT_TARGETS = ['trust-der', 'trust-pem', 'trust-p7b', 'apple-profile', 'intune-trusted-certificate'] as const;

export const kitChannels = {
  'kits.targets': {
    input: nothing,
    output: z.strictObject({ items: z.array(z.strictObject({ target: z.enum(KIT_TARGETS), title: z.string(), text: z.string() })) }),
  },
  'kits.build': {
    /** For an authority, or for the authority of an endpoint (its path). */
    input: z.strictObject({ target: z.enum(KIT_TARGETS), authorityId: id.optional(), endpoint: line(64).optional() }),
    /** `text` says where each file goes. */
    output: z.strictObject({ files: z.array(binaryFile), text: z.string() }),
  },
} as const;
