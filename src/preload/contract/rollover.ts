/**
 * rollover.*: an authority's next generation from its first day to the former one's last, and how far devices follow (RFC 8894 4.7, 5.1).
 * Steps: stage, publish, activate, retire. `withdraw` takes back publish and stage, `undo` takes back activate and retire.
 */
import { z } from 'zod';
import { keyAlgorithm } from './authorities.ts';
import { base64, binaryFile, extension, findings, fingerprints, id, pem, serial, sha256, time } from './values.ts';

const count = z.number().int().min(0);
const number = z.number().int().min(1);

/** Whether a step can be taken now; where not, a sentence says why. */
const step = z.strictObject({ possible: z.boolean(), why: z.string().nullable() });

const generation = z.strictObject({
  number,
  state: z.enum(['awaiting-certificate', 'next', 'current', 'previous', 'retired']),
  certificatePem: pem.nullable(),
  fingerprints: fingerprints.nullable(),
  subjectKeyId: z.string(),
  notBefore: time.nullable(),
  notAfter: time.nullable(),
  /** Of its SCEP key, where that is not its own; null in combined mode and before it is made. */
  scepCertificatePem: pem.nullable(),
  /** Of the next one: when it takes over by itself. */
  activateAt: time.nullable(),
  stagedAt: time.nullable(),
  publishedAt: time.nullable(),
  activatedAt: time.nullable(),
  retiredAt: time.nullable(),
  /** Device certificates by it that are neither expired nor revoked. */
  certificates: count,
});

/**
 * `renewed`: has a certificate by the new generation. `fetched`: asked for the next CA certificate. `seen`: spoke to the CA since the publication
 * and did not ask. `silent`: was not seen since. The first two know the new CA.
 */
export const deviceStanding = z.enum(['renewed', 'fetched', 'seen', 'silent']);

const device = z.strictObject({
  /** Its newest certificate; the ones before are not counted. */
  certificateId: id,
  subject: z.string(),
  serial,
  generation: number,
  notAfter: time,
  /** Of its last request here. */
  source: z.string().nullable(),
  client: z.string().nullable(),
  standing: deviceStanding,
  fetchedAt: time.optional(),
  renewedAt: time.optional(),
  lastSeenAt: time.optional(),
  /** Devices behind its source address, itself included: with more than one nobody can tell which of them asked. */
  sharedBy: count,
  /** A sentence: why it does not know the new CA, or what will happen. */
  why: z.string(),
});

export const adoption = z.strictObject({
  /** The new generation that devices are to learn of. */
  generation: number,
  total: count,
  knowing: count,
  renewed: count,
  fetched: count,
  seen: count,
  silent: count,
  /** “42 of 57 devices know the new CA; 15 do not: …” */
  text: z.string(),
});

/** Dates for a next generation, so that every device can renew in time, and why these. */
export const proposal = z.strictObject({ notBefore: time, activateAt: time, years: z.number(), key: keyAlgorithm, text: z.string() });

export const rolloverStatus = z.strictObject({
  authorityId: id,
  number,
  commonName: z.string(),
  scepKey: z.enum(['combined', 'split']),
  /** `overlap`: the new generation works and the former one is not retired yet. */
  stage: z.enum(['none', 'awaiting-certificate', 'staged', 'published', 'overlap']),
  generations: z.array(generation),
  /** Where nothing is staged. */
  proposal: proposal.nullable(),
  /** Null before anything is published. */
  adoption: adoption.nullable(),
  /** Of the standing asked for; those that know least first. */
  devices: z.array(device),
  nextCursor: z.string().optional(),
  /** How many have the standing asked for. */
  total: count,
  steps: z.strictObject({ stage: step, publish: step, withdraw: step, activate: step, retire: step, undo: step }),
  findings,
});

const authorityId = id;
/** Each step is preceded by a proven backup where a schedule has a passphrase; `withoutBackup` goes on where that fails. */
const withoutBackup = z.boolean().default(false);

/** What was done, and how the rollover stands now (with the first devices). */
const stepped = rolloverStatus.extend({
  /** Proven before the step; null where none was made, and a finding says why. */
  backup: z.strictObject({ name: z.string(), path: z.string(), sha256 }).nullable(),
});

const link = z.strictObject({ subject: z.string(), issuer: z.string(), serial, notBefore: time, notAfter: time, sha256, pem });

/** A certificate that is there, or the plan of one that would be made: then without serial, fingerprint and PEM. */
const previewed = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  selfSigned: z.boolean(),
  key: z.string(),
  notBefore: time,
  notAfter: time,
  keyUsage: z.array(z.string()),
  extendedKeyUsages: z.array(z.string()),
  pathLength: count.nullable(),
  extensions: z.array(extension),
  serial: serial.nullable(),
  fingerprints: fingerprints.nullable(),
  pem: pem.nullable(),
});

export const rolloverPreview = z.strictObject({
  authorityId: id,
  generation: number,
  /** False: nothing is made yet, and this is what `stage` would make. */
  staged: z.boolean(),
  activateAt: time.nullable(),
  /** Null while it waits for its certificate, or its issuer is elsewhere. */
  certificate: previewed.nullable(),
  /** Of the next SCEP key, in split mode. */
  scepCertificate: previewed.nullable(),
  /** The answer to GetNextCACert, as it is served or would be; null before there is a certificate to give. */
  nextCaCert: z
    .strictObject({
      contentType: z.string(),
      served: z.boolean(),
      /** Subjects of the certificates whose keys signed it. */
      signers: z.array(z.string()),
      /** What the RFC's clients read: the signed content, recipient first. */
      inner: z.array(link),
      /** What jscep reads: the certificates beside the signatures. */
      outer: z.array(link),
      /** The very bytes; null where they are not signed yet. */
      base64: base64.nullable(),
    })
    .nullable(),
  /** What each endpoint of this authority tells devices now, once published, and after the activation. */
  endpoints: z.array(
    z.strictObject({
      path: z.string(),
      capabilities: z.strictObject({ now: z.array(z.string()), published: z.array(z.string()), activated: z.array(z.string()) }),
      caCertificates: z.strictObject({ now: z.array(link), activated: z.array(link) }),
    }),
  ),
  findings,
});

const dates = { notBefore: time.optional(), activateAt: time.optional(), years: z.number().int().min(1).max(30).optional(), key: keyAlgorithm.optional() } as const;

export const rolloverChannels = {
  'rollover.status': {
    input: z.strictObject({ authorityId, standing: deviceStanding.optional(), limit: z.number().int().min(1).max(500).default(50), cursor: z.string().max(500).optional() }),
    output: rolloverStatus,
  },
  /** Under an offline root a signing request comes with it; its certificate goes in by `authorities.installCertificate`. */
  'rollover.stage': {
    input: z.strictObject({ authorityId, ...dates, withoutBackup }),
    output: stepped.extend({ signingRequest: z.strictObject({ name: z.string(), csrPem: pem, sha256 }).nullable() }),
  },
  'rollover.preview': { input: z.strictObject({ authorityId, ...dates }), output: rolloverPreview },
  /** `activateAt` moves the date; without one there nothing is published. Once more on a published one: the date moves, and the answer is signed anew. */
  'rollover.publish': { input: z.strictObject({ authorityId, activateAt: time.optional(), withoutBackup }), output: stepped },
  /** Published → staged, staged → nothing; without a next generation it is `undo`. `revokeIssued` where devices have certificates by it already: they are revoked with it. */
  'rollover.withdraw': { input: z.strictObject({ authorityId, revokeIssued: z.boolean().default(false), withoutBackup }), output: stepped },
  /** Now. By itself it comes at `activateAt`. `unpublished` where it was never published. */
  'rollover.activate': { input: z.strictObject({ authorityId, unpublished: z.boolean().default(false), withoutBackup }), output: stepped },
  /** The newest previous generation, or the one named. */
  'rollover.retire': { input: z.strictObject({ authorityId, generation: number.optional(), withoutBackup }), output: stepped },
  /** The last activation while nothing was issued since, or a retirement. With `activateAt` an undone activation stays published, for that date. */
  'rollover.undo': { input: z.strictObject({ authorityId, activateAt: time.optional(), withoutBackup }), output: stepped },
  /** Self-issued link certificates between the newest generations (RFC 4210 4.4); with `crossSigner` the new CA certificate also signed by that authority. */
  'rollover.links': { input: z.strictObject({ authorityId, crossSigner: id.optional() }), output: z.strictObject({ files: z.array(binaryFile), certificates: z.array(link), findings }) },
} as const;
