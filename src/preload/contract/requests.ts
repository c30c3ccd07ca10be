/** requests.*: the queue. The CSR itself is on no channel, for it holds its challenge: its digests and parsed fields are. */
import { z } from 'zod';
import { findings, fingerprints, id, line, listInputOf, pageOf, sha256, time, version } from './values.ts';

export const REQUEST_STATES = ['pending', 'approved', 'issued', 'refused', 'expired', 'superseded'] as const;

export const proof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('challenge'), challengeId: id, label: z.string().nullable() }),
  z.strictObject({ kind: z.literal('certificate'), certificateId: id, serial: z.string() }),
  z.strictObject({ kind: z.literal('none') }),
]);

export const request = z.strictObject({
  id,
  version,
  state: z.enum(REQUEST_STATES),
  endpointId: id,
  /** The endpoint's path; null where it was removed since. */
  endpoint: z.string().nullable(),
  authorityId: id,
  generation: z.number().int(),
  profileId: id,
  subject: z.string(),
  subjectAltNames: z.array(z.string()),
  key: z.string(),
  transactionId: z.string(),
  messageType: z.enum(['PKCSReq', 'RenewalReq']),
  /** Of the PKCS#10's DER. */
  fingerprints,
  spkiSha1: z.string(),
  spkiSha256: sha256,
  signerSpkiSha256: sha256,
  proof,
  findings,
  source: z.string(),
  client: z.string().nullable(),
  receivedAt: time,
  lastSeenAt: time,
  polls: z.number().int(),
  expiresAt: time,
  matchedAt: time.nullable(),
  decidedAt: time.nullable(),
  decidedBy: z.string().nullable(),
  refusal: z.strictObject({ code: z.string(), reason: z.string() }).nullable(),
  toldAt: time.nullable(),
  certificateId: id.nullable(),
});

/** `spkiSha256` is what the admin saw: a decision on a request that changed meanwhile is refused. */
const decision = { id, version, spkiSha256: sha256.optional(), reason: line(500).optional() } as const;

/** What approving would issue, as the plan says it, or why it cannot. */
export const preview = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('plan'),
    subject: z.string(),
    subjectAltNames: z.array(z.string()),
    notBefore: time,
    notAfter: time,
    keyUsage: z.array(z.string()),
    /** Dotted OIDs. */
    extendedKeyUsages: z.array(z.string()),
    findings,
  }),
  z.strictObject({ kind: z.literal('impossible'), code: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal('locked') }),
]);

export const requestDetail = request.extend({
  preview: preview.nullable(),
  /** Of the SubjectPublicKeyInfo's DER. Those of the CSR are `fingerprints`. */
  keyFingerprints: fingerprints,
  /** Where the certificate would differ from what the CSR asked for, one sentence each; empty where nothing does or nothing is known. */
  differences: z.array(z.strictObject({ field: z.enum(['subject', 'subjectAltNames', 'keyUsage', 'extendedKeyUsages', 'extensions']), asked: z.string(), granted: z.string(), text: z.string() })),
  /** When this kind of device stops polling, where its kind is known to. */
  givesUpAt: time.nullable(),
  /** The certificate that it renews, for a comparison field by field. */
  renews: z.strictObject({ id, serial: z.string(), subject: z.string(), subjectAltNames: z.array(z.string()), notBefore: time, notAfter: time, spkiSha256: sha256 }).nullable(),
});

export const match = z.strictObject({
  outcome: z.enum(['match', 'mismatch', 'unreadable']),
  /** The request that matches, or the nearest one. */
  request: request.nullable(),
  /** Which digest was compared: `sha256`, `spkiSha1` … */
  digest: z.string().nullable(),
  given: z.string().nullable(),
  expected: z.string().nullable(),
  /** Numbers of the groups of four digits that differ, counted from 1. */
  differingGroups: z.array(z.number().int().min(1)),
  text: z.string(),
});

export const requestChannels = {
  'requests.list': { input: listInputOf(REQUEST_STATES), output: pageOf(request) },
  'requests.get': { input: z.strictObject({ id }), output: requestDetail },
  'requests.approve': { input: z.strictObject(decision), output: request },
  'requests.approveMany': {
    input: z.strictObject({ items: z.array(z.strictObject({ id, version, spkiSha256: sha256.optional() })).min(1).max(100) }),
    output: z.strictObject({
      items: z.array(
        z.discriminatedUnion('ok', [
          z.strictObject({ ok: z.literal(true), id, request }),
          z.strictObject({ ok: z.literal(false), id, error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() }) }),
        ]),
      ),
    }),
  },
  'requests.refuse': { input: z.strictObject(decision), output: request },
  'requests.reopen': { input: z.strictObject({ id, version }), output: request },
  'requests.match': { input: z.strictObject({ text: z.string().min(1).max(10_000), id: id.optional() }), output: match },
} as const;
