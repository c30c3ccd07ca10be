/** profiles.*: what an issued certificate contains. */
import { z } from 'zod';
import { extension, findings, id, line, listInput, nameText, pageOf, time, version } from './values.ts';

const keyUsages = z.array(z.enum(['digitalSignature', 'keyEncipherment', 'keyAgreement', 'nonRepudiation', 'dataEncipherment'])).max(5);
const oids = z.array(z.string().regex(/^[0-2](\.(0|[1-9]\d*))+$/, 'must be a dotted object identifier')).max(20);

const fields = {
  name: line(64),
  validityDays: z.number().int().min(1).max(3650),
  renewalWindowDays: z.number().int().min(0).max(3650),
  backdateMinutes: z.number().int().min(0).max(1439),
  subjectTemplate: line(500).nullable(),
  allowedSans: z.array(z.enum(['dns', 'ip', 'email', 'uri', 'upn'])).max(5),
  extraSans: z.array(nameText).max(20),
  keyUsageRsa: keyUsages.min(1),
  keyUsageEc: keyUsages.min(1),
  extendedKeyUsages: oids,
  allowedExtendedKeyUsages: oids,
} as const;

export const profile = z.strictObject({ id, version, ...fields });

export const profileChannels = {
  'profiles.list': { input: listInput, output: pageOf(profile) },
  /** Without `id` a new one that starts as a copy of `device`; its id is made from its name. */
  'profiles.save': { input: z.strictObject({ id: id.optional(), version: version.optional(), ...z.strictObject(fields).partial().shape }), output: profile },
  /** What a device would get under a profile that is not saved yet: `fields` over the saved one (`id`) or over `device`. */
  'profiles.preview': {
    input: z.strictObject({
      id: id.optional(),
      fields: z.strictObject(fields).partial().default({}),
      authorityId: id,
      /** The sample that asks. */
      subject: line(500).default('CN=printer-2f.office.lan'),
      subjectAltNames: z.array(nameText).max(20).default([]),
      key: z.enum(['rsa-2048', 'p256']).default('rsa-2048'),
    }),
    output: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('plan'),
        subject: z.string(),
        subjectAltNames: z.array(z.string()),
        notBefore: time,
        notAfter: time,
        keyUsage: z.array(z.string()),
        extendedKeyUsages: z.array(z.string()),
        extensions: z.array(extension),
        findings,
      }),
      z.strictObject({ kind: z.literal('impossible'), code: z.string(), text: z.string() }),
    ]),
  },
  'profiles.remove': { input: z.strictObject({ id, version: version.optional() }), output: z.strictObject({ id }) },
} as const;
