/** Records to put in a store, each whole and plausible; every field can be replaced. Their bytes are not certificates: a store does not read them. */
export { endpoint as anEndpoint } from './builders/facts.ts';
import { createHash } from 'node:crypto';
import type { ChangeSet } from '../../src/main/application/ports/store.ts';
import type { AuditEvent } from '../../src/main/core/ca/audit.ts';
import type { Authority, Generation, ScepIdentity, StoredKey } from '../../src/main/core/ca/authority.ts';
import type { CertificateRecord, CrlRecord, IssuanceIntent, RevokedSerial } from '../../src/main/core/ca/certificateRecord.ts';
import type { Challenge } from '../../src/main/core/ca/challenge.ts';
import type { CourierLink } from '../../src/main/core/ca/courier.ts';
import type { EnrolmentRequest } from '../../src/main/core/ca/enrolment.ts';
import { type CertificateProfile, SEED_PROFILES } from '../../src/main/core/ca/profile.ts';
import type { TransactionRecord } from '../../src/main/core/ca/transaction.ts';
import { DAY, HOUR } from '../../src/main/core/lib/instant.ts';

/** 2026-06-01T00:00:00Z */
export const AT = Date.UTC(2026, 5, 1);

const hashOf = (name: string, text: string): string => createHash(name).update(text).digest('hex');
export const sha256 = (text: string): string => hashOf('sha256', text);
const bytesOf = (text: string, length: number): Uint8Array => new Uint8Array(Buffer.alloc(length, sha256(text), 'hex'));

export const anAuthority = (changes: Partial<Authority> = {}): Authority => ({
  id: 'a1',
  number: 1,
  commonName: 'Office CA',
  organization: 'Test',
  subject: bytesOf('subject', 40),
  keyAlgorithm: 'rsa-2048',
  scepKey: 'combined',
  parentId: null,
  createdAt: AT,
  version: 1,
  ...changes,
});

export const aGeneration = (changes: Partial<Generation> = {}): Generation => ({
  authorityId: 'a1',
  number: 1,
  state: 'current',
  keyId: 'k1',
  spki: bytesOf('spki', 294),
  certificate: bytesOf('ca', 900),
  chain: [bytesOf('root', 800)],
  subjectKeyId: '0a'.repeat(20),
  notBefore: AT,
  notAfter: AT + 3650 * DAY,
  activateAt: null,
  publishedAt: null,
  announcement: null,
  version: 1,
  ...changes,
});

export const aScepIdentity = (changes: Partial<ScepIdentity> = {}): ScepIdentity => ({
  id: 's1',
  authorityId: 'a1',
  generation: 1,
  keyId: 'k2',
  certificate: bytesOf('ra', 900),
  active: true,
  notAfter: AT + 730 * DAY,
  version: 1,
  ...changes,
});

export const aKey = (changes: Partial<StoredKey> = {}): StoredKey => ({
  id: 'k1',
  purpose: 'authority',
  algorithm: 'rsa-2048',
  wrapped: bytesOf('wrapped', 1300),
  spki: new Uint8Array(0),
  createdAt: AT,
  ...changes,
});

export const aProfile = (changes: Partial<CertificateProfile> = {}): CertificateProfile => {
  const [device] = SEED_PROFILES;
  if (device === undefined) throw new Error('no seed profiles');
  return { ...device, ...changes };
};

export const aRequest = (id: string, changes: Partial<EnrolmentRequest> = {}): EnrolmentRequest => ({
  id,
  version: 1,
  state: 'pending',
  endpointId: 'e1',
  authorityId: 'a1',
  generation: 1,
  profileId: 'device',
  transactionId: hashOf('sha1', id),
  signerSpkiSha256: sha256(`spki ${id}`),
  signerCertificate: bytesOf(`signer ${id}`, 700),
  messageType: 'PKCSReq',
  messageSha256: sha256(`message ${id}`),
  subject: `CN=${id}.example, O=Test`,
  subjectAltNames: [`DNS:${id}.example`],
  key: 'RSA 2048',
  fingerprints: {
    md5: hashOf('md5', id),
    sha1: hashOf('sha1', `csr ${id}`),
    sha256: sha256(`csr ${id}`),
    sha512: hashOf('sha512', `csr ${id}`),
    spkiSha1: hashOf('sha1', `spki ${id}`),
    spkiSha256: sha256(`spki ${id}`),
    spkiMd5: hashOf('md5', `spki ${id}`),
    spkiSha512: hashOf('sha512', `spki ${id}`),
  },
  sealedCsr: bytesOf(`csr ${id}`, 760),
  proof: { kind: 'none' },
  findings: [],
  source: '192.0.2.10',
  clientGuess: null,
  receivedAt: AT,
  lastSeenAt: AT,
  polls: 0,
  expiresAt: AT + 7 * DAY,
  matchedAt: null,
  decidedAt: null,
  decidedBy: null,
  refusal: null,
  toldAt: null,
  certificateId: null,
  replyCipher: 'aes-128-cbc',
  replyKeyTransport: 'rsa-pkcs1',
  ...changes,
});

export const aChallenge = (id: string, changes: Partial<Challenge> = {}): Challenge => ({
  id,
  version: 1,
  mac: sha256(`password ${id}`),
  label: `printer ${id}`,
  endpointPath: null,
  profileId: null,
  subject: null,
  subjectAltNames: null,
  uses: 1,
  usesLeft: 1,
  createdAt: AT,
  createdBy: 'admin:window',
  expiresAt: AT + 24 * HOUR,
  withdrawnAt: null,
  lastUsedAt: null,
  ...changes,
});

export const ISSUER = sha256('issuer');

export function aCertificate(id: string, changes: Partial<CertificateRecord> = {}): CertificateRecord {
  const der = bytesOf(`der ${id}`, 900);
  return {
    id,
    version: 1,
    kind: 'device',
    serial: hashOf('sha1', `serial ${id}`).slice(0, 32).toUpperCase(),
    issuerHash: ISSUER,
    authorityId: 'a1',
    generation: 1,
    profileId: 'device',
    endpointId: 'e1',
    requestId: null,
    subject: `CN=${id}.example, O=Test`,
    subjectAltNames: [`DNS:${id}.example`],
    der,
    sha256: createHash('sha256').update(der).digest('hex'),
    spkiSha256: sha256(`spki ${id}`),
    notBefore: AT,
    notAfter: AT + 365 * DAY,
    issuedAt: AT,
    state: 'valid',
    revokedAt: null,
    reason: null,
    renews: null,
    ...changes,
  };
}

export function anIntent(id: string, changes: Partial<IssuanceIntent> = {}): IssuanceIntent {
  const { der: _der, sha256: _sha256, ...record } = aCertificate(id);
  return {
    id,
    serial: record.serial,
    issuerHash: ISSUER,
    authorityId: 'a1',
    generation: 1,
    requestId: null,
    tbs: bytesOf(`tbs ${id}`, 620),
    createdAt: AT,
    record,
    ...changes,
  };
}

/** A revocation whose certificate nobody has. */
export const aRevokedSerial = (id: string, changes: Partial<RevokedSerial> = {}): RevokedSerial => ({
  id,
  authorityId: 'a1',
  generation: 1,
  serial: hashOf('sha1', `serial ${id}`).slice(0, 32).toUpperCase(),
  issuerHash: ISSUER,
  subject: `CN=${id}.example`,
  notAfter: AT + 365 * DAY,
  state: 'revoked',
  revokedAt: AT,
  reason: 'keyCompromise',
  ...changes,
});

export const aCourierLink = (changes: Partial<CourierLink> = {}): CourierLink => ({
  id: 'c1',
  version: 1,
  role: 'listener',
  state: 'paired',
  authorityId: 'a1',
  authority: 'Office CA',
  own: { name: 'Front desk', signing: 'AAAA', agreement: 'BBBB' },
  signingKeyId: 'k7',
  agreementKeyId: 'k8',
  peer: { name: 'Safe', signing: 'CCCC', agreement: 'DDDD' },
  createdAt: AT,
  pairedAt: AT + 1,
  sent: { sequence: 3, sha256: sha256('sent'), at: AT },
  received: null,
  peerGot: 2,
  wanted: [{ kind: 'scep', generation: 1, keyId: 'k9', spkiSha256: sha256('own'), csr: 'EEEE' }],
  delivered: 4,
  deliveries: [{ sequence: 3, upTo: 9 }],
  ...changes,
});

export const aCrl = (number: number, changes: Partial<CrlRecord> = {}): CrlRecord => ({
  authorityId: 'a1',
  generation: 1,
  number,
  thisUpdate: AT,
  nextUpdate: AT + 7 * DAY,
  der: bytesOf(`crl ${number}`, 400),
  ...changes,
});

export const aTransaction = (changes: Partial<TransactionRecord> = {}): TransactionRecord => ({
  at: AT,
  source: '192.0.2.10',
  path: '/scep',
  endpointId: 'e1',
  operation: 'PKCSReq',
  transactionId: hashOf('sha1', 'transaction'),
  outcome: 'success',
  code: 'issued',
  text: 'The device was given its certificate.',
  requestId: null,
  certificateId: null,
  algorithms: 'aes-128-cbc, sha256, POST',
  milliseconds: 4.5,
  client: null,
  subject: null,
  ...changes,
});

export const anEvent = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  action: 'request.receive',
  subject: 'request:r1',
  outcome: 'ok',
  code: 'done',
  detail: { source: '192.0.2.10', polls: 0 },
  ...changes,
});

/** What the log must say when a certificate is stored or changed. */
export const issueEvent = (c: CertificateRecord, action = 'certificate.issue'): AuditEvent => ({
  action,
  subject: `certificate:${c.serial}`,
  outcome: 'ok',
  code: 'done',
  detail: { subject: c.subject, request: c.requestId },
  certificate: { id: c.id, serial: c.serial, sha256: c.sha256, state: c.state },
});

export const aChangeSet = (changes: Partial<ChangeSet> = {}): ChangeSet => ({ actor: { kind: 'system', name: 'test' }, at: AT, expect: [], changes: [], audit: [], ...changes });

/** The two commits of an enrolment that a challenge grants at once, as the device door makes them. */
export function anEnrolment(id: string, challengeId: string): readonly [received: ChangeSet, issued: ChangeSet] {
  const request = aRequest(id, { state: 'approved', proof: { kind: 'challenge', challengeId, label: null } });
  const certificate = aCertificate(id, { requestId: id });
  const actor = { kind: 'device', name: request.source } as const;
  const received: ChangeSet = {
    actor,
    at: AT,
    expect: [
      { kind: 'challenge-usable', id: challengeId, at: AT },
      { kind: 'transaction-unknown', endpointId: 'e1', transactionId: request.transactionId, signerSpkiSha256: request.signerSpkiSha256, issuedSince: AT - DAY, ignoring: [] },
      { kind: 'serial-free', issuerHash: ISSUER, serial: certificate.serial },
    ],
    changes: [
      { kind: 'put', table: 'request', value: request },
      { kind: 'spend-challenge', id: challengeId, at: AT },
      { kind: 'put', table: 'intent', value: anIntent(id, { requestId: id }) },
    ],
    audit: [
      anEvent({ subject: `request:${id}`, detail: { subject: request.subject, source: request.source, fingerprint: request.fingerprints.sha256 } }),
      anEvent({ action: 'challenge.spend', subject: `challenge:${challengeId}`, detail: { request: id } }),
    ],
  };
  const issued: ChangeSet = {
    actor,
    at: AT + 5,
    expect: [{ kind: 'version', table: 'request', id, version: 1 }],
    changes: [
      { kind: 'put', table: 'certificate', value: certificate },
      { kind: 'put', table: 'request', value: { ...request, version: 2, state: 'issued', certificateId: id, decidedAt: AT + 5, decidedBy: 'system:challenge' } },
      { kind: 'remove', table: 'intent', id },
    ],
    audit: [issueEvent(certificate), anEvent({ action: 'request.issue', subject: `request:${id}`, detail: { certificate: id } })],
    transactions: [aTransaction({ transactionId: request.transactionId, requestId: id, certificateId: id })],
  };
  return [received, issued];
}
