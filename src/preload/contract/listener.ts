/** listener.*: where devices reach the CA. It starts on loopback; the admin picks the network. */
import { z } from 'zod';
import { line, nothing } from './values.ts';

export const listenerState = z.strictObject({
  host: z.string(),
  port: z.number().int(),
  listening: z.boolean(),
  baseUrl: z.string().nullable(),
  problem: z.string().nullable(),
});

export const listenerChannels = {
  'listener.get': { input: nothing, output: listenerState },
  'listener.interfaces': {
    input: nothing,
    output: z.strictObject({ items: z.array(z.strictObject({ name: z.string(), address: z.string(), family: z.enum(['IPv4', 'IPv6']), loopback: z.boolean() })) }),
  },
  'listener.configure': { input: z.strictObject({ host: line(253), port: z.number().int().min(0).max(65535) }), output: listenerState },
} as const;
