/** listener.*: where devices reach the CA. It starts on loopback; the admin picks the network. */
import { z } from 'zod';
import { line, nothing, time } from './values.ts';

export const listenerState = z.strictObject({
  host: z.string(),
  port: z.number().int(),
  listening: z.boolean(),
  baseUrl: z.string().nullable(),
  problem: z.string().nullable(),
});

export const listenerChannels = {
  'listener.get': {
    input: nothing,
    output: listenerState.extend({
      /** Who spoke SCEP to it last, since the program started: questions for the CA certificate stand in no log, and are a device's first. */
      lastContact: z.strictObject({ at: time, source: z.string(), path: z.string(), operation: z.string() }).nullable(),
    }),
  },
  'listener.interfaces': {
    input: nothing,
    output: z.strictObject({ items: z.array(z.strictObject({ name: z.string(), address: z.string(), family: z.enum(['IPv4', 'IPv6']), loopback: z.boolean() })) }),
  },
  /** Whether the device listener could move there: tried, and given back at once. Its own present address counts as free. */
  'listener.test': { input: z.strictObject({ host: line(253), port: z.number().int().min(0).max(65535) }), output: z.strictObject({ free: z.boolean(), problem: z.string().nullable() }) },
  'listener.configure': { input: z.strictObject({ host: line(253), port: z.number().int().min(0).max(65535) }), output: listenerState },
} as const;
