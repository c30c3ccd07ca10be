/** certificates.*: what was issued, and its revocation. */
import { z } from 'zod';
import { binaryFile, byId, id, listInputOf, pageOf, pem, serial, sha256, time, version } from './values.ts';

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

export const certificateChannels = {
  'certificates.list': { input: listInputOf(CERTIFICATE_STATES), output: pageOf(certificate) },
  'certificates.get': { input: byId, output: certificate },
  'certificates.revoke': { input: z.strictObject({ id, reason: z.enum(REVOCATION_REASONS) }), output: certificate },
  'certificates.release': { input: byId, output: certificate },
  'certificates.export': { input: z.strictObject({ id, format: z.enum(['pem', 'der', 'chain']).default('pem') }), output: binaryFile },
} as const;
