/**
 * Domain values in the contract's written forms: times as ISO 8601, DER as PEM, enumerable fields only. What is not named here
 * (a sealed CSR, a wrapped key, a challenge's MAC) cannot leave, whatever a use case returns.
 */
import { toPem } from '../core/lib/bytes.ts';
import { type Instant, toIso } from '../core/lib/instant.ts';
import { generalNameToText } from '../core/pki/generalNames.ts';
import { fingerprintsOf } from '../core/pki/fingerprints.ts';
import { type NameConstraints, nameTreeToText } from '../core/pki/nameConstraints.ts';
import { nameToText } from '../core/pki/names.ts';
import { parseCertificate } from '../core/pki/certificate.ts';
import type { AuditEntry } from '../core/ca/audit.ts';
import type { Authority, Generation } from '../core/ca/authority.ts';
import type { CertificateRecord, CrlRecord } from '../core/ca/certificateRecord.ts';
import type { Endpoint } from '../core/ca/endpoint.ts';
import { constraintsOf } from '../core/ca/nameRules.ts';
import type { CertificatePlan } from '../core/ca/plan.ts';
import type { EnrolmentRequest } from '../core/ca/enrolment.ts';
import type { ListedChallenge } from '../application/challenges.ts';
import type { ArrivedAuthority } from '../application/authorities/arrival.ts';
import type { Deps } from '../application/deps.ts';
import type { ProfilePreview } from '../application/profilePreview.ts';
import type { MatchOutcome, Preview, RequestDetail } from '../application/requests.ts';
import type { ListenerState } from '../application/ports/listener.ts';
import type { Page } from '../application/ports/store.ts';
import type { Contact } from '../application/scep/contacts.ts';
import type { Status } from '../application/status.ts';
import type { Channel } from '../../preload/contract/channels.ts';
import type { Output } from '../../preload/contract/contract.ts';

/** A schema's type, readonly all the way down: domain values are. */
type Readable<T> = T extends readonly (infer Item)[] ? readonly Readable<Item>[] : T extends object ? { readonly [Name in keyof T]: Readable<T[Name]> } : T;
export type Shown<C extends Channel> = Readable<Output<C>>;

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));
const certificatePem = (der: Uint8Array): string => toPem('CERTIFICATE', der);

/** The contract's page: no `nextCursor` where there is no more. */
export function presentPage<T, S>(page: Page<T>, present: (item: T) => S): { readonly items: readonly S[]; readonly nextCursor?: string; readonly total: number } {
  const shown = { items: page.items.map(present), total: page.total };
  return page.nextCursor === undefined ? shown : { ...shown, nextCursor: page.nextCursor };
}

export function presentStatus(status: Status): Shown<'status.get'> {
  const { version, state, scepUrl, now, authorities, endpoints, requests, certificates, notices, auditKeyFingerprint } = status;
  return { version, state, scepUrl, now: toIso(now), counts: { authorities, endpoints, requests, certificates }, notices, auditKeyFingerprint };
}

export function presentAuthority(deps: Deps, authority: Authority): Shown<'authorities.create'> {
  const current = deps.directory.currentGeneration(authority.id);
  const der = current?.certificate ?? null;
  const scep = deps.directory.activeScepIdentity(authority.id);
  return {
    id: authority.id,
    number: authority.number,
    version: authority.version,
    commonName: authority.commonName,
    organization: authority.organization,
    subject: nameToText(authority.subject),
    key: authority.keyAlgorithm,
    scepKey: authority.scepKey,
    parentId: authority.parentId,
    createdAt: toIso(authority.createdAt),
    certificatePem: der === null ? null : certificatePem(der),
    chainPem: der === null ? [] : [der, ...(current?.chain ?? [])].map(certificatePem),
    ...presentLimits(der),
    fingerprints: der === null ? null : fingerprintsOf(deps.crypto, der),
    scepCertificate:
      scep === undefined ? null : { pem: certificatePem(scep.certificate), sha256: fingerprintsOf(deps.crypto, scep.certificate).sha256, notAfter: toIso(scep.notAfter) },
    generations: deps.directory.generations(authority.id).map((generation) => presentGeneration(deps, generation)),
  };
}

/** What a CA certificate says of how far it reaches; constraints that cannot be read are told as what they mean here: nothing is permitted. */
export function presentLimits(der: Uint8Array | null): Pick<Shown<'authorities.create'>, 'pathLength' | 'nameConstraints'> {
  const parsed = der === null ? undefined : parseCertificate(der);
  if (parsed?.ok !== true) return { pathLength: null, nameConstraints: null };
  const constraints = constraintsOf(parsed.value);
  return { pathLength: parsed.value.basicConstraints?.pathLength ?? null, nameConstraints: presentConstraints(constraints === 'unreadable' ? { permitted: [], excluded: [] } : constraints) };
}

export const presentConstraints = (constraints: NameConstraints | undefined): Shown<'authorities.create'>['nameConstraints'] =>
  constraints === undefined ? null : { permitted: constraints.permitted.map(nameTreeToText), excluded: constraints.excluded.map(nameTreeToText) };

/** One whose certificate came from outside. */
export const presentArrived = (deps: Deps, { authority, findings }: ArrivedAuthority): Shown<'authorities.import'> => ({ ...presentAuthority(deps, authority), findings });

function presentGeneration(deps: Deps, generation: Generation): Shown<'authorities.create'>['generations'][number] {
  const { number, state, certificate, subjectKeyId, notBefore, notAfter } = generation;
  return {
    number,
    state,
    certificatePem: certificate === null ? null : certificatePem(certificate),
    fingerprints: certificate === null ? null : fingerprintsOf(deps.crypto, certificate),
    subjectKeyId,
    notBefore: certificate === null ? null : toIso(notBefore),
    notAfter: certificate === null ? null : toIso(notAfter),
  };
}

export function presentEndpoint({ listener }: Deps, endpoint: Endpoint): Shown<'endpoints.save'> {
  const { baseUrl } = listener.state();
  return { ...endpoint, url: baseUrl === null ? null : `${baseUrl}${endpoint.path}` };
}

export function presentRequest({ directory }: Deps, request: EnrolmentRequest): Shown<'requests.approve'> {
  const { spkiSha1, spkiSha256, md5, sha1, sha256, sha512 } = request.fingerprints;
  return {
    id: request.id,
    version: request.version,
    state: request.state,
    endpointId: request.endpointId,
    endpoint: directory.endpoint(request.endpointId)?.path ?? null,
    authorityId: request.authorityId,
    generation: request.generation,
    profileId: request.profileId,
    subject: request.subject,
    subjectAltNames: request.subjectAltNames,
    key: request.key,
    transactionId: request.transactionId,
    messageType: request.messageType,
    fingerprints: { md5, sha1, sha256, sha512 },
    spkiSha1,
    spkiSha256,
    signerSpkiSha256: request.signerSpkiSha256,
    proof: request.proof,
    findings: request.findings,
    source: request.source,
    client: request.clientGuess,
    receivedAt: toIso(request.receivedAt),
    lastSeenAt: toIso(request.lastSeenAt),
    polls: request.polls,
    expiresAt: toIso(request.expiresAt),
    matchedAt: isoOrNull(request.matchedAt),
    decidedAt: isoOrNull(request.decidedAt),
    decidedBy: request.decidedBy,
    refusal: request.refusal,
    toldAt: isoOrNull(request.toldAt),
    certificateId: request.certificateId,
  };
}

export function presentRequestDetail(deps: Deps, { request, preview, keyFingerprints, differences, givesUpAt, renews }: RequestDetail): Shown<'requests.get'> {
  return {
    ...presentRequest(deps, request),
    preview: preview === null ? null : presentPreview(preview),
    keyFingerprints,
    differences,
    givesUpAt: isoOrNull(givesUpAt),
    renews:
      renews === null
        ? null
        : {
            id: renews.id,
            serial: renews.serial,
            subject: renews.subject,
            subjectAltNames: renews.subjectAltNames,
            notBefore: toIso(renews.notBefore),
            notAfter: toIso(renews.notAfter),
            spkiSha256: renews.spkiSha256,
          },
  };
}

function presentPreview(preview: Preview): NonNullable<Shown<'requests.get'>['preview']> {
  return preview.kind === 'plan' ? { kind: 'plan', ...presentPlan(preview.plan), findings: preview.findings } : preview;
}

export function presentProfilePreview(preview: ProfilePreview): Shown<'profiles.preview'> {
  return preview.kind === 'plan' ? { kind: 'plan', ...presentPlan(preview.plan), extensions: preview.extensions, findings: preview.findings } : preview;
}

const presentPlan = (plan: CertificatePlan) => ({
  subject: nameToText(plan.subject),
  subjectAltNames: plan.subjectAltNames.map(generalNameToText),
  notBefore: toIso(plan.notBefore),
  notAfter: toIso(plan.notAfter),
  keyUsage: plan.keyUsage,
  extendedKeyUsages: plan.extendedKeyUsages,
});

export function presentMatch(deps: Deps, { result, request }: MatchOutcome): Shown<'requests.match'> {
  const shown = request === null ? null : presentRequest(deps, request);
  if (result.kind === 'match') {
    return { outcome: 'match', request: shown, digest: result.digest, given: result.given, expected: result.given, differingGroups: [], text: `This is the request of ${request?.subject ?? result.id}.` };
  }
  const nearest = result.kind === 'mismatch' ? result.nearest : undefined;
  if (nearest === undefined) {
    const text = result.kind === 'unreadable' ? 'This holds no MD5, SHA-1, SHA-256 or SHA-512 fingerprint.' : 'No request waits that this could belong to.';
    return { outcome: result.kind, request: shown, digest: null, given: null, expected: null, differingGroups: [], text };
  }
  const count = nearest.expected.length / 4;
  const { digest, given, expected, groups } = nearest;
  return { outcome: 'mismatch', request: shown, digest, given, expected, differingGroups: groups, text: groups.length === count ? `All ${count} groups differ.` : `${groups.length} of ${count} groups differ: ${groups.map(ordinal).join(', ')}.` };
}

const ordinal = (n: number): string => `${n}${n % 10 === 1 && n % 100 !== 11 ? 'st' : n % 10 === 2 && n % 100 !== 12 ? 'nd' : n % 10 === 3 && n % 100 !== 13 ? 'rd' : 'th'}`;

export function presentChallenge({ challenge, state }: ListedChallenge): Shown<'challenges.withdraw'> {
  return {
    id: challenge.id,
    state,
    label: challenge.label,
    endpoint: challenge.endpointPath,
    profileId: challenge.profileId,
    subject: challenge.subject,
    subjectAltNames: challenge.subjectAltNames,
    uses: challenge.uses,
    usesLeft: challenge.usesLeft,
    createdAt: toIso(challenge.createdAt),
    createdBy: challenge.createdBy,
    expiresAt: toIso(challenge.expiresAt),
    withdrawnAt: isoOrNull(challenge.withdrawnAt),
    lastUsedAt: isoOrNull(challenge.lastUsedAt),
  };
}

export function presentCertificate({ clock }: Deps, record: CertificateRecord): Shown<'certificates.revoke'> {
  return {
    id: record.id,
    version: record.version,
    kind: record.kind,
    serial: record.serial,
    // A held or revoked certificate stays so on paper until the clock ends it; `expired` is the clock's word for a valid one.
    state: record.state === 'valid' && record.notAfter <= clock.now() ? 'expired' : record.state,
    subject: record.subject,
    subjectAltNames: record.subjectAltNames,
    pem: certificatePem(record.der),
    sha256: record.sha256,
    spkiSha256: record.spkiSha256,
    authorityId: record.authorityId,
    generation: record.generation,
    profileId: record.profileId,
    endpointId: record.endpointId,
    requestId: record.requestId,
    notBefore: toIso(record.notBefore),
    notAfter: toIso(record.notAfter),
    issuedAt: toIso(record.issuedAt),
    revokedAt: isoOrNull(record.revokedAt),
    reason: record.reason,
    renews: record.renews,
  };
}

export const presentListener = (state: ListenerState, contact: Contact | null): Shown<'listener.get'> => ({ ...state, lastContact: contact === null ? null : { ...contact, at: toIso(contact.at) } });

export function presentCrl(crl: CrlRecord): Shown<'crls.get'> {
  const { authorityId, generation, number, thisUpdate, nextUpdate, der } = crl;
  return { authorityId, generation, number, thisUpdate: toIso(thisUpdate), nextUpdate: toIso(nextUpdate), pem: toPem('X509 CRL', der) };
}

export function presentAuditEntry(entry: AuditEntry): Shown<'audit.list'>['items'][number] {
  const { seq, at, actor, action, subject, outcome, code, detail, hash } = entry;
  return { seq, at: toIso(at), actor, action, subject, outcome, code, detail, hash };
}
