/** Every table's fields, once: inserts, selects and both directions of translation are made from these lists. The schema itself is in migrations/. */
import type { StoredEntry } from '../../core/ca/audit.ts';
import type { Authority, Generation, ScepIdentity, StoredKey } from '../../core/ca/authority.ts';
import type { CertificateRecord, CrlRecord, IssuanceIntent, RevokedSerial } from '../../core/ca/certificateRecord.ts';
import type { Challenge } from '../../core/ca/challenge.ts';
import type { CourierItem, CourierLink } from '../../core/ca/courier.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import type { EnrolmentRequest } from '../../core/ca/enrolment.ts';
import type { CertificateProfile } from '../../core/ca/profile.ts';
import type { TransactionRecord } from '../../core/ca/transaction.ts';
import { codec } from './codec.ts';

export const authorities = codec<Authority>({
  id: 'plain',
  number: 'plain',
  commonName: 'plain',
  organization: 'plain',
  subject: 'bytes',
  keyAlgorithm: 'plain',
  scepKey: 'plain',
  parentId: 'plain',
  createdAt: 'plain',
  version: 'plain',
});

export const generations = codec<Generation>({
  authorityId: 'plain',
  number: 'plain',
  state: 'plain',
  keyId: 'plain',
  spki: 'bytes',
  certificate: 'bytes',
  chain: 'bytesList',
  subjectKeyId: 'plain',
  notBefore: 'plain',
  notAfter: 'plain',
  activateAt: 'plain',
  publishedAt: 'plain',
  announcement: 'bytes',
  version: 'plain',
});

export const scepIdentities = codec<ScepIdentity>({
  id: 'plain',
  authorityId: 'plain',
  generation: 'plain',
  keyId: 'plain',
  certificate: 'bytes',
  active: 'flag',
  notAfter: 'plain',
  version: 'plain',
});

export const keys = codec<StoredKey>({
  id: 'plain',
  purpose: 'plain',
  algorithm: 'plain',
  wrapped: 'bytes',
  spki: 'bytes',
  createdAt: 'plain',
});

export const profiles = codec<CertificateProfile>({
  id: 'plain',
  name: 'plain',
  validityDays: 'plain',
  renewalWindowDays: 'plain',
  backdateMinutes: 'plain',
  subjectTemplate: 'plain',
  allowedSans: 'json',
  extraSans: 'json',
  keyUsageRsa: 'json',
  keyUsageEc: 'json',
  extendedKeyUsages: 'json',
  allowedExtendedKeyUsages: 'json',
  version: 'plain',
});

export const endpoints = codec<Endpoint>({
  id: 'plain',
  path: 'plain',
  authorityId: 'plain',
  profileId: 'plain',
  authorization: 'plain',
  compatibility: 'plain',
  enabled: 'flag',
  renewal: 'plain',
  earlyRenewal: 'plain',
  caCertificates: 'plain',
  includeRoot: 'flag',
  caInCertRep: 'flag',
  emptyContent: 'plain',
  announceSha384: 'flag',
  version: 'plain',
});

export const requests = codec<EnrolmentRequest>({
  id: 'plain',
  version: 'plain',
  state: 'plain',
  endpointId: 'plain',
  authorityId: 'plain',
  generation: 'plain',
  profileId: 'plain',
  transactionId: 'plain',
  signerSpkiSha256: 'plain',
  signerCertificate: 'bytes',
  messageType: 'plain',
  messageSha256: 'plain',
  subject: 'plain',
  subjectAltNames: 'json',
  key: 'plain',
  fingerprints: 'json',
  sealedCsr: 'bytes',
  proof: 'json',
  findings: 'json',
  source: 'plain',
  clientGuess: 'plain',
  receivedAt: 'plain',
  lastSeenAt: 'plain',
  polls: 'plain',
  expiresAt: 'plain',
  matchedAt: 'plain',
  decidedAt: 'plain',
  decidedBy: 'plain',
  refusal: 'json',
  toldAt: 'plain',
  certificateId: 'plain',
  replyCipher: 'plain',
  replyKeyTransport: 'plain',
});

export const challenges = codec<Challenge>({
  id: 'plain',
  version: 'plain',
  mac: 'plain',
  label: 'plain',
  endpointPath: 'plain',
  profileId: 'plain',
  subject: 'plain',
  subjectAltNames: 'json',
  uses: 'plain',
  usesLeft: 'plain',
  createdAt: 'plain',
  createdBy: 'plain',
  expiresAt: 'plain',
  withdrawnAt: 'plain',
  lastUsedAt: 'plain',
});

export const certificates = codec<CertificateRecord>({
  id: 'plain',
  version: 'plain',
  kind: 'plain',
  serial: 'plain',
  issuerHash: 'plain',
  authorityId: 'plain',
  generation: 'plain',
  profileId: 'plain',
  endpointId: 'plain',
  requestId: 'plain',
  subject: 'plain',
  subjectAltNames: 'json',
  sha256: 'plain',
  spkiSha256: 'plain',
  notBefore: 'plain',
  notAfter: 'plain',
  issuedAt: 'plain',
  state: 'plain',
  revokedAt: 'plain',
  reason: 'plain',
  renews: 'plain',
  der: 'bytes',
});

export const revokedSerials = codec<RevokedSerial>({
  id: 'plain',
  authorityId: 'plain',
  generation: 'plain',
  serial: 'plain',
  issuerHash: 'plain',
  subject: 'plain',
  notAfter: 'plain',
  state: 'plain',
  revokedAt: 'plain',
  reason: 'plain',
});

export const crls = codec<CrlRecord>({
  authorityId: 'plain',
  generation: 'plain',
  number: 'plain',
  thisUpdate: 'plain',
  nextUpdate: 'plain',
  der: 'bytes',
});

export const intents = codec<IssuanceIntent>({
  id: 'plain',
  serial: 'plain',
  issuerHash: 'plain',
  authorityId: 'plain',
  generation: 'plain',
  requestId: 'plain',
  tbs: 'bytes',
  createdAt: 'plain',
  record: 'json',
});

export const courierLinks = codec<CourierLink>({
  id: 'plain',
  version: 'plain',
  role: 'plain',
  state: 'plain',
  authorityId: 'plain',
  authority: 'plain',
  own: 'json',
  signingKeyId: 'plain',
  agreementKeyId: 'plain',
  peer: 'json',
  createdAt: 'plain',
  pairedAt: 'plain',
  sent: 'json',
  received: 'json',
  peerGot: 'plain',
  wanted: 'json',
  delivered: 'plain',
  deliveries: 'json',
});

export const courierItems = codec<CourierItem>({
  id: 'plain',
  linkId: 'plain',
  granted: 'flag',
  sentIn: 'plain',
});

/** The `id` is the store's own: it comes first in a row that is read, and is left out of one that is written. */
export const transactions = codec<TransactionRecord>({
  at: 'plain',
  source: 'plain',
  path: 'plain',
  endpointId: 'plain',
  operation: 'plain',
  transactionId: 'plain',
  outcome: 'plain',
  code: 'plain',
  text: 'plain',
  requestId: 'plain',
  certificateId: 'plain',
  algorithms: 'plain',
  milliseconds: 'plain',
  client: 'plain',
  subject: 'plain',
});

export const auditEntries = codec<StoredEntry>({
  seq: 'plain',
  at: 'plain',
  actor: 'plain',
  action: 'plain',
  subject: 'plain',
  outcome: 'plain',
  code: 'plain',
  detail: 'plain',
  certificate: 'plain',
  previous: 'plain',
  hash: 'plain',
});
