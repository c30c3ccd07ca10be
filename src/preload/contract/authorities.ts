/** authorities.*: CAs with their generations. Private keys are on no channel. */
import { z } from 'zod';
import { limits, limitsInput } from './limits.ts';
import { base64, binaryFile, byId, chainLink, findings, fingerprints, id, line, listInput, pageOf, pem, sha256, time, version } from './values.ts';

export const keyAlgorithm = z.enum(['rsa-2048', 'rsa-3072', 'rsa-4096', 'p256', 'p384']);

export const generation = z.strictObject({
  number: z.number().int().min(1),
  state: z.enum(['awaiting-certificate', 'next', 'current', 'previous', 'retired']),
  certificatePem: pem.nullable(),
  fingerprints: fingerprints.nullable(),
  subjectKeyId: z.string(),
  /** Null while it waits for its certificate. */
  notBefore: time.nullable(),
  notAfter: time.nullable(),
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
  /** What its current certificate says; null: no limit, or no certificate yet. */
  ...limits,
  /** Of the current certificate's DER: what a device's admin compares. */
  fingerprints: fingerprints.nullable(),
  /** The certificate that GetCACert gives out for the SCEP key; the authority's own in combined mode. */
  scepCertificate: z.strictObject({ pem, sha256, notAfter: time }).nullable(),
  generations: z.array(generation),
});

/** What an authority's page shows beside it. */
export const authorityDetail = authority.extend({
  /** Its own current certificate, and those above it as far as they are known here; empty while it waits for its own. */
  chain: z.array(chainLink),
  /** Where its keys lie: wrapped in the data folder, under a key from the OS keychain or under the passphrase. */
  keyPlace: z.enum(['keychain', 'passphrase']).nullable(),
  /** Whether it can sign now. */
  keyReady: z.boolean(),
  /** Every SCEP key that still opens envelopes, the one that is given out first. */
  scepKeys: z.array(
    z.strictObject({
      id,
      generation: z.number().int().min(1),
      /** Given out by GetCACert. */
      active: z.boolean(),
      /** The CA's own key (combined mode, now or formerly). */
      own: z.boolean(),
      sha256,
      notBefore: time,
      notAfter: time,
      /** Of the active split one: when it is renewed by itself. Null for the others. */
      renewsAt: time.nullable(),
    }),
  ),
  /** The latest list of each generation that has one. */
  crls: z.array(
    z.strictObject({
      generation: z.number().int().min(1),
      number: z.number().int().min(1),
      thisUpdate: time,
      nextUpdate: time,
      entries: z.number().int().min(0),
      /** Where devices fetch it; null while the listener is down. */
      url: z.string().nullable(),
    }),
  ),
});

/** An authority whose certificate came from outside, and what is worth knowing about that certificate and its chain. */
export const arrivedAuthority = authority.extend({ findings });

const name = {
  commonName: line(64),
  organization: line(64).optional(),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters').optional(),
  key: keyAlgorithm.default('rsa-3072'),
  /** Left out: combined with an RSA key, split with an EC key, which cannot open envelopes. */
  scepKey: z.enum(['combined', 'split']).optional(),
} as const;

/** A certificate, a chain or a key, a megabyte at most: over IPC nothing else bounds what is read. */
const files = z.array(base64.min(1).max(1_400_000)).min(1).max(10);

export const authorityChannels = {
  'authorities.create': {
    input: z.strictObject({ ...name, years: z.number().int().min(1).max(30).default(10), parentId: id.optional(), ...limitsInput }),
    output: authority,
  },
  'authorities.list': { input: listInput, output: pageOf(authority) },
  'authorities.get': { input: byId, output: authorityDetail },
  /** Makes an authority whose certificate another CA signs: its key, and the PKCS#10 to carry there. `authorities.export` gives the file again. */
  'authorities.signingRequest': { input: z.strictObject(name), output: z.strictObject({ authority, name: z.string(), csrPem: pem, sha256 }) },
  /**
   * What came back: the certificate, with its chain in the same file or after it. PEM, DER or PKCS#7.
   * Once more with the same certificate and more of its chain: the chain is made longer.
   */
  'authorities.installCertificate': { input: z.strictObject({ id, files }), output: arrivedAuthority },
  /** An existing CA key with its certificate and chain: one PKCS#12, or PEM files. The passphrase is the file's. */
  'authorities.import': { input: z.strictObject({ files, passphrase: z.string().max(1024).optional() }), output: arrivedAuthority },
  'authorities.export': {
    input: z.strictObject({ id, format: z.enum(['pem', 'der', 'chain', 'p7b', 'csr']).default('pem') }),
    output: binaryFile,
  },
} as const;
