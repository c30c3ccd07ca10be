/** certificates.*: what was issued, and its revocation. */
import { z } from 'zod';
import { binaryFile, byId, chainLink, extension, fingerprints, id, listFields, pageOf, pem, serial, sha256, time, version } from './values.ts';

export const CERTIFICATE_STATES = ['valid', 'held', 'revoked', 'expired'] as const;

/** RFC 5280 5.3.1. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

export const certificate = z.strictObject({
  id,
  version,
  kind: z.enum(['device', 'authority', 'scep', 'ocsp']),
  serial,
  state: z.enum(CERTIFICATE_STATES),
  subject: z.string(),
  subjectAltNames: z.array(z.string()),
  pem,
  sha256,
  spkiSha256: sha256,
  authorityId: id,
  generation: z.number().int().min(1),
  profileId: id.nullable(),
  endpointId: id.nullable(),
  requestId: id.nullable(),
  notBefore: time,
  notAfter: time,
  issuedAt: time,
  revokedAt: time.nullable(),
  reason: z.enum(REVOCATION_REASONS).nullable(),
  /** Id of the certificate that this one renewed. */
  renews: id.nullable(),
});

const historyEntry = z.strictObject({
  at: time,
  kind: z.enum(['requested', 'matched', 'approved', 'issued', 'delivered', 'renewed', 'held', 'released', 'revoked', 'expires']),
  /** A sentence: "Approved by web." */
  text: z.string(),
  requestId: id.optional(),
  certificateId: id.optional(),
});

/** What a certificate's page shows beside it. */
export const certificateDetail = certificate.extend({
  /** `RSA 2048`, `EC P-256`. */
  key: z.string(),
  /** `SHA-256 with RSA`. */
  signature: z.string(),
  issuer: z.string(),
  fingerprints,
  extensions: z.array(extension),
  /** From its issuer up to the root. */
  chain: z.array(chainLink),
  endpoint: z.string().nullable(),
  profile: z.string().nullable(),
  /** Id of the certificate that renewed this one. */
  renewedBy: id.nullable(),
  /** From the request to the end, oldest first; what is still to come (`expires`) last. */
  history: z.array(historyEntry),
});

export const certificateChannels = {
  'certificates.list': { 
    input: z
      .strictObject({
        ...listFields,
        state: z.enum(CERTIFICATE_STATES).optional(),
        kind: z.enum(['device', 'authority', 'scep', 'ocsp']).optional(),
        authorityId: id.optional(),
        endpointId: id.optional(),
        /** Valid ones that end within so many days; the soonest first. */
        expiringDays: z.number().int().min(1).max(3650).optional(),
      })
      .default({ limit: 50 }),
    output: pageOf(certificate),
  },
  'certificates.get': { input: byId, output: certificateDetail },
  'certificates.revoke': { input: z.strictObject({ id, reason: z.enum(REVOCATION_REASONS) }), output: certificate },
  'certificates.release': { input: byId, output: certificate },
  'certificates.export': { input: z.strictObject({ id, format: z.enum(['pem', 'der', 'chain']).default('pem') }), output: binaryFile },
} as const;
