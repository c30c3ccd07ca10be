/** Rollovers in the contract's written form. */
import { toBase64, toPem } from '../core/lib/bytes.ts';
import { type Instant, toIso } from '../core/lib/instant.ts';
import type { KeyAlgorithm } from '../core/ca/authority.ts';
import { describePublicKey } from '../core/pki/algorithms.ts';
import { parseCertificate } from '../core/pki/certificate.ts';
import { fingerprintsOf } from '../core/pki/fingerprints.ts';
import { nameToText } from '../core/pki/names.ts';
import type { BackupRecord } from '../application/backups/records.ts';
import type { Deps } from '../application/deps.ts';
import type { Links } from '../application/rollover/links.ts';
import type { PreviewedCertificate, RolloverPreview } from '../application/rollover/preview.ts';
import type { FollowingDevice, GenerationStatus, RolloverStatus } from '../application/rollover/status.ts';
import type { Shown } from './present.ts';

type ShownStatus = Shown<'rollover.status'>;

/** 0 stands for a step that was undone. */
const isoOrNull = (at: Instant | null | undefined): string | null => (at === null || at === undefined || at === 0 ? null : toIso(at));
const pem = (der: Uint8Array): string => toPem('CERTIFICATE', der);

function presentGeneration(deps: Deps, { generation, scep, dates, certificates }: GenerationStatus): ShownStatus['generations'][number] {
  const { number, state, certificate, subjectKeyId, notBefore, notAfter, keyId } = generation;
  return {
    number,
    state,
    certificatePem: certificate === null ? null : pem(certificate),
    fingerprints: certificate === null ? null : fingerprintsOf(deps.crypto, certificate),
    subjectKeyId,
    notBefore: certificate === null ? null : toIso(notBefore),
    notAfter: certificate === null ? null : toIso(notAfter),
    scepCertificatePem: scep === undefined || scep.keyId === keyId ? null : pem(scep.certificate),
    activateAt: isoOrNull(generation.activateAt),
    stagedAt: isoOrNull(dates.stagedAt),
    publishedAt: isoOrNull(generation.publishedAt ?? dates.publishedAt),
    activatedAt: isoOrNull(dates.activatedAt),
    retiredAt: isoOrNull(dates.retiredAt),
    certificates,
  };
}

const presentDevice = (device: FollowingDevice): ShownStatus['devices'][number] => ({
  certificateId: device.certificateId,
  subject: device.subject,
  serial: device.serial,
  generation: device.generation,
  notAfter: toIso(device.notAfter),
  source: device.source,
  client: device.client,
  standing: device.standing,
  ...(device.fetchedAt === null ? {} : { fetchedAt: toIso(device.fetchedAt) }),
  ...(device.renewedAt === null ? {} : { renewedAt: toIso(device.renewedAt) }),
  ...(device.lastSeenAt === null ? {} : { lastSeenAt: toIso(device.lastSeenAt) }),
  sharedBy: device.sharedBy,
  why: device.why,
});

const step = (why: string | null): ShownStatus['steps']['stage'] => ({ possible: why === null, why });

export function presentRollover(deps: Deps, status: RolloverStatus): ShownStatus {
  const { authority, proposal, adoption, steps } = status;
  return {
    authorityId: authority.id,
    number: authority.number,
    commonName: authority.commonName,
    scepKey: authority.scepKey,
    stage: status.stage,
    generations: status.generations.map((generation) => presentGeneration(deps, generation)),
    proposal: proposal === null ? null : { notBefore: toIso(proposal.notBefore), activateAt: toIso(proposal.activateAt), years: proposal.years, key: authority.keyAlgorithm, text: proposal.text },
    adoption: adoption === null ? null : { generation: adoption.generation, total: adoption.total, knowing: adoption.knowing, ...adoption.counts, text: adoption.text },
    devices: status.devices.map(presentDevice),
    ...(status.nextCursor === undefined ? {} : { nextCursor: status.nextCursor }),
    total: status.total,
    steps: { stage: step(steps.stage), publish: step(steps.publish), withdraw: step(steps.withdraw), activate: step(steps.activate), retire: step(steps.retire), undo: step(steps.undo) },
    findings: status.findings,
  };
}

export const presentStepBackup = (backup: BackupRecord | null): Shown<'rollover.publish'>['backup'] => (backup === null ? null : { name: backup.name, path: backup.path, sha256: backup.sha256 });

function presentLink(deps: Deps, der: Uint8Array): Shown<'rollover.links'>['certificates'][number] {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(`a certificate of ours cannot be read: ${parsed.error}`);
  const { subject, issuer, serialHex, notBefore, notAfter } = parsed.value;
  return { subject: nameToText(subject), issuer: nameToText(issuer), serial: serialHex, notBefore: toIso(notBefore), notAfter: toIso(notAfter), sha256: fingerprintsOf(deps.crypto, der).sha256, pem: pem(der) };
}

const KEYS: Readonly<Record<KeyAlgorithm, string>> = { 'rsa-2048': 'RSA 2048', 'rsa-3072': 'RSA 3072', 'rsa-4096': 'RSA 4096', p256: 'EC P-256', p384: 'EC P-384' };

function presentCertificate(deps: Deps, { der, parsed, key, keyUsage, extendedKeyUsages, pathLength, extensions, selfSigned }: PreviewedCertificate): NonNullable<Shown<'rollover.preview'>['certificate']> {
  const read = der === null ? undefined : presentLink(deps, der);
  return {
    subject: nameToText(parsed.subject),
    issuer: nameToText(parsed.issuer),
    selfSigned,
    key: typeof key === 'string' ? KEYS[key] : describePublicKey(key),
    notBefore: toIso(parsed.notBefore),
    notAfter: toIso(parsed.notAfter),
    keyUsage,
    extendedKeyUsages,
    pathLength,
    extensions,
    serial: read?.serial ?? null,
    fingerprints: der === null ? null : fingerprintsOf(deps.crypto, der),
    pem: read?.pem ?? null,
  };
}

export function presentRolloverPreview(deps: Deps, preview: RolloverPreview): Shown<'rollover.preview'> {
  const { nextCaCert } = preview;
  const links = (ders: readonly Uint8Array[]) => ders.map((der) => presentLink(deps, der));
  return {
    authorityId: preview.authority.id,
    generation: preview.generation,
    staged: preview.staged,
    activateAt: isoOrNull(preview.activateAt),
    certificate: preview.certificate === null ? null : presentCertificate(deps, preview.certificate),
    scepCertificate: preview.scepCertificate === null ? null : presentCertificate(deps, preview.scepCertificate),
    nextCaCert:
      nextCaCert === null
        ? null
        : {
            contentType: nextCaCert.contentType,
            served: nextCaCert.served,
            signers: links(nextCaCert.signers).map(({ subject }) => subject),
            inner: links(nextCaCert.inner),
            outer: links(nextCaCert.outer),
            base64: nextCaCert.bytes === null ? null : toBase64(nextCaCert.bytes),
          },
    endpoints: preview.endpoints.map(({ path, capabilities, caCertificates }) => ({ path, capabilities, caCertificates: { now: links(caCertificates.now), activated: links(caCertificates.activated) } })),
    findings: preview.findings,
  };
}

export const presentLinks = (deps: Deps, { files, certificates, findings }: Links): Shown<'rollover.links'> => ({
  files: files.map(({ name, mediaType, bytes }) => ({ name, mediaType, base64: toBase64(bytes) })),
  certificates: certificates.map(({ der }) => presentLink(deps, der)),
  findings,
});
