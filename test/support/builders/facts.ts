/** Builders for what core/ca decides about: a profile's wishes, an endpoint, an issuer, facts of an enrolment. Every part can be replaced. */
import { ENDPOINT_DEFAULTS } from '../../../src/main/application/endpoints.ts';
import type { CertificateRecord } from '../../../src/main/core/ca/certificateRecord.ts';
import type { Challenge } from '../../../src/main/core/ca/challenge.ts';
import { readWishes } from '../../../src/main/core/ca/csrRules.ts';
import type { Endpoint } from '../../../src/main/core/ca/endpoint.ts';
import type { EnrolmentFacts } from '../../../src/main/core/ca/judge.ts';
import { type CertificatePlan, type PlannedIssuer, planEndEntity } from '../../../src/main/core/ca/plan.ts';
import { type CertificateProfile, SEED_PROFILES } from '../../../src/main/core/ca/profile.ts';
import { toHex } from '../../../src/main/core/lib/bytes.ts';
import { DAY } from '../../../src/main/core/lib/instant.ts';
import { keyIdentifierOf, parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { type Csr, parseCsr } from '../../../src/main/core/pki/csr.ts';
import { nodeCrypto } from '../messages.ts';
import { type CsrOptions, csr, nameOf } from '../certificates.ts';

/** 2026-06-01T00:00:00Z */
export const NOW = Date.UTC(2026, 5, 1);

export const profile = (id: string, changes: Partial<CertificateProfile> = {}): CertificateProfile => {
  const seed = SEED_PROFILES.find((p) => p.id === id);
  if (seed === undefined) throw new Error(`no seed profile ${id}`);
  return { ...seed, ...changes };
};

export const endpoint = (changes: Partial<Endpoint> = {}): Endpoint => ({ ...ENDPOINT_DEFAULTS, id: 'e1', path: '/scep', authorityId: 'a1', profileId: 'device', ...changes });

export const issuer = (changes: Partial<PlannedIssuer> = {}): PlannedIssuer => ({
  constraints: [],
  authorityId: 'a1',
  generation: 1,
  subject: nameOf('O=Test, CN=Test CA'),
  subjectKeyId: new Uint8Array(20).fill(7),
  notBefore: NOW - 100 * DAY,
  notAfter: NOW + 3650 * DAY,
  ...changes,
});

export function parsedCsr(options: CsrOptions = {}): Csr {
  const parsed = parseCsr(csr(options));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

export function planFor(request: Csr, under: CertificateProfile = profile('device'), by: PlannedIssuer = issuer(), organization = 'Test'): CertificatePlan {
  const wishes = readWishes(request, under);
  if (!wishes.ok) throw new Error(wishes.error.text);
  const plan = planEndEntity({ csr: request, wishes: wishes.value, profile: under, issuer: by, subjectKeyId: keyIdentifierOf(request.spki, nodeCrypto), organization, crlUrls: [], caIssuersUrls: [], ocspUrls: [], now: NOW });
  if (!plan.ok) throw new Error(plan.error.text);
  return plan.value;
}

export const challenge = (changes: Partial<Challenge> = {}): Challenge => ({
  id: 'c1',
  version: 1,
  mac: '00',
  label: 'router 1',
  endpointPath: null,
  profileId: null,
  subject: null,
  subjectAltNames: null,
  uses: 1,
  usesLeft: 1,
  createdAt: NOW - DAY,
  createdBy: 'admin',
  expiresAt: NOW + DAY,
  withdrawnAt: null,
  lastUsedAt: null,
  ...changes,
});

/** The row of a certificate that the authority a1 issued under the profile device. */
export function issuedRecord(der: Uint8Array, changes: Partial<CertificateRecord> = {}): CertificateRecord {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(parsed.error);
  const certificate = parsed.value;
  return {
    id: `cert-${certificate.serialHex}`,
    version: 1,
    kind: 'device',
    serial: certificate.serialHex,
    issuerHash: toHex(nodeCrypto.digest('sha256', certificate.issuer)),
    authorityId: 'a1',
    generation: 1,
    profileId: 'device',
    endpointId: 'e1',
    requestId: null,
    subject: 'CN=device',
    subjectAltNames: [],
    der,
    sha256: toHex(nodeCrypto.digest('sha256', der)),
    spkiSha256: toHex(nodeCrypto.digest('sha256', certificate.spki)),
    notBefore: NOW - 350 * DAY,
    notAfter: NOW + 15 * DAY,
    issuedAt: NOW - 350 * DAY,
    state: 'valid',
    revokedAt: null,
    reason: null,
    renews: null,
    ...changes,
  };
}

/** A first enrolment without a challenge, signed by its own key; replace what the test is about. */
export function facts(request: Csr, changes: Partial<EnrolmentFacts> = {}): EnrolmentFacts {
  const spkiSha256 = toHex(nodeCrypto.digest('sha256', request.spki));
  return {
    now: NOW,
    endpoint: endpoint(),
    profile: profile('device'),
    csr: request,
    csrSpkiSha256: spkiSha256,
    messageType: 'PKCSReq',
    signer: { selfSigned: true, spkiSha256, subject: request.subject },
    signerRecord: undefined,
    challengeGiven: false,
    challenge: undefined,
    sameKey: [],
    plan: planFor(request),
    ...changes,
  };
}
