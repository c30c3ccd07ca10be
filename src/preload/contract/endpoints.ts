/** endpoints.*: the SCEP URLs. */
import { z } from 'zod';
import { id, line, listInput, pageOf, version } from './values.ts';

const renewalRule = z.enum(['grant', 'hold', 'refuse']);

const fields = {
  path: line(64),
  authorityId: id,
  profileId: id,
  authorization: z.enum(['challenge-or-hold', 'hold', 'challenge-only']),
  compatibility: z.enum(['strict', 'standard', 'legacy']),
  enabled: z.boolean(),
  renewal: renewalRule,
  earlyRenewal: renewalRule,
  caCertificates: z.enum(['auto', 'single', 'chain']),
  includeRoot: z.boolean(),
  caInCertRep: z.boolean(),
  emptyContent: z.enum(['auto', 'empty', 'absent']),
  announceSha384: z.boolean(),
  /** So many days after a device has got its renewed certificate the old one is revoked as superseded; null: it runs out by itself. */
  supersedeAfterDays: z.number().int().min(0).max(365).nullable(),
} as const;

/** `url` is where a device finds it; null while the listener is down. */
export const endpoint = z.strictObject({ id, version, ...fields, url: z.string().nullable() });

export const endpointChannels = {
  'endpoints.list': { input: listInput, output: pageOf(endpoint) },
  /**
   * Without `id` a new one: path, authorityId and profileId are needed, the rest has the defaults of DESIGN section 4.
   * With `id` the given fields change; `version` is the one that was shown.
   */
  'endpoints.save': { input: z.strictObject({ id: id.optional(), version: version.optional(), ...z.strictObject(fields).partial().shape }), output: endpoint },
  'endpoints.remove': { input: z.strictObject({ id, version: version.optional() }), output: z.strictObject({ id }) },
} as const;
