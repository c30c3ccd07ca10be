/** authorities.*: CAs with their generations. Private keys are on no channel. */
import { z } from 'zod';
import { binaryFile, byId, fingerprints, id, line, listInput, pageOf, pem, sha256, time, version } from './values.ts';

export const keyAlgorithm = z.enum(['rsa-2048', 'rsa-3072', 'rsa-4096', 'p256', 'p384']);

export const generation = z.strictObject({
  number: z.number().int().min(1),
  state: z.enum(['awaiting-certificate', 'next', 'current', 'previous', 'retired']),
  certificatePem: pem.nullable(),
  fingerprints: fingerprints.nullable(),
  subjectKeyId: z.string(),
  notBefore: time,
  notAfter: time,
});

export const authority = z.strictObject({
  id,
  number: z.number().int().min(1),
  version,
  commonName: z.string(),
  organization: z.string().nullable(),
  subject: z.string(),
  key: keyAlgorithm,
  scepKey: z.enum(['combined', 'split']),
  parentId: id.nullable(),
  createdAt: time,
  /** Of the current generation; null while it waits for its certificate. */
  certificatePem: pem.nullable(),
  /** From the current certificate up to its root. */
  chainPem: z.array(pem),
  /** Of the current certificate's DER: what a device's admin compares. */
  fingerprints: fingerprints.nullable(),
  /** The certificate that GetCACert gives out for the SCEP key; the authority's own in combined mode. */
  scepCertificate: z.strictObject({ pem, sha256, notAfter: time }).nullable(),
  generations: z.array(generation),
});

export const authorityChannels = {
  'authorities.create': {
    input: z.strictObject({
      commonName: line(64),
      organization: line(64).optional(),
      country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters').optional(),
      key: keyAlgorithm.default('rsa-3072'),
      years: z.number().int().min(1).max(30).default(10),
      /** Left out: combined with an RSA key, split with an EC key, which cannot open envelopes. */
      scepKey: z.enum(['combined', 'split']).optional(),
      parentId: id.optional(),
    }),
    output: authority,
  },
  'authorities.list': { input: listInput, output: pageOf(authority) },
  'authorities.get': { input: byId, output: authority },
  'authorities.export': {
    input: z.strictObject({ id, format: z.enum(['pem', 'der', 'chain', 'p7b']).default('pem') }),
    output: binaryFile,
  },
} as const;
