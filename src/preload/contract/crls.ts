/** crls.*: the revocation list of each generation, as it was last published. */
import { z } from 'zod';
import { id, pem, time } from './values.ts';

export const crl = z.strictObject({
  authorityId: id,
  generation: z.number().int().min(1),
  number: z.number().int().min(1),
  thisUpdate: time,
  nextUpdate: time,
  pem,
});

const ofGeneration = z.strictObject({ authorityId: id, generation: z.number().int().min(1).optional() });

export const crlChannels = {
  'crls.publish': { input: ofGeneration, output: crl },
  'crls.get': { input: ofGeneration, output: crl },
} as const;
