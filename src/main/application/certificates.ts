/** Issued certificates: list, detail with history, revoke, hold, release, export. */
import { err, ok } from '../core/lib/result.ts';
import { equalBytes, toPem, utf8 } from '../core/lib/bytes.ts';
import { DAY } from '../core/lib/instant.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { CertificateRecord, RevocationReason } from '../core/ca/certificateRecord.ts';
import { type RevocationProblem, release, revoke } from '../core/ca/revocation.ts';
import type { Result } from '../core/lib/result.ts';
import { type Certificate, parseCertificate } from '../core/pki/certificate.ts';
import { type DescribedExtension, describeExtensions } from '../core/pki/describeExtensions.ts';
import { commonNameOf, nameToText } from '../core/pki/names.ts';
import { fileNameOf } from './authorities/naming.ts';
import { type HistoryEntry, historyOf } from './certificateHistory.ts';
import { isOn, listedOn } from './courier/wishes.ts';
import { publishCrl } from './crls.ts';
import type { Deps, Outcome } from './deps.ts';
import type { IssuingDeps } from './issue.ts';
import type { CertificateQuery, Page } from './ports/store.ts';

const notFound = { code: 'not-found', message: 'There is no such certificate.' } as const;

export interface CertificateListQuery extends Omit<CertificateQuery, 'expiringBy'> {
  /** Valid ones that end within so many days, the soonest first. */
  readonly expiringDays?: number | undefined;
}

export async function listCertificates(deps: Deps, { expiringDays, ...query }: CertificateListQuery): Outcome<Page<CertificateRecord>> {
  const now = deps.clock.now();
  return ok(await deps.store.read.certificates(expiringDays === undefined ? query : { ...query, expiringBy: now + expiringDays * DAY }, now));
}

export interface CertificateDetail {
  readonly certificate: CertificateRecord;
  readonly parsed: Certificate;
  /** DER, from its issuer up to the root. */
  readonly chain: readonly Uint8Array[];
  readonly extensions: readonly DescribedExtension[];
  readonly endpoint: string | null;
  readonly profile: string | null;
  readonly renewedBy: string | null;
  readonly history: readonly HistoryEntry[];
}

/** A generation's own certificate stands under what is above it; whatever else it issued stands under the generation. */
function chainAbove(deps: Deps, record: CertificateRecord): readonly Uint8Array[] {
  const own = deps.directory.authorities().flatMap((a) => deps.directory.generations(a.id)).find((g) => g.certificate !== null && equalBytes(g.certificate, record.der));
  if (own !== undefined) return own.chain;
  const generation = deps.directory.generation(record.authorityId, record.generation);
  return generation?.certificate ? [generation.certificate, ...generation.chain] : [];
}

/** One certificate with everything that is known of it. */
export async function getCertificate(deps: Deps, input: { readonly id: string }): Outcome<CertificateDetail> {
  const certificate = await deps.store.read.certificate(input.id);
  if (certificate === undefined) return err(notFound);
  const { requestId } = certificate;
  const [request, renewals, entries] = await Promise.all([
    requestId === null ? undefined : deps.store.read.request(requestId),
    deps.store.read.renewalsOf(certificate.id),
    deps.store.read.auditAbout({ requestId, certificateId: certificate.id }),
  ]);
  const parsed = parseCertificate(certificate.der);
  if (!parsed.ok) throw new Error(`the stored certificate ${certificate.serial} cannot be read: ${parsed.error}`);
  const issuer = deps.directory.authority(certificate.authorityId)?.commonName ?? nameToText(parsed.value.issuer);
  return ok({
    certificate,
    parsed: parsed.value,
    chain: chainAbove(deps, certificate),
    extensions: describeExtensions(parsed.value.extensions),
    endpoint: certificate.endpointId === null ? null : (deps.directory.endpoint(certificate.endpointId)?.path ?? null),
    profile: certificate.profileId === null ? null : (deps.directory.profile(certificate.profileId)?.name ?? null),
    renewedBy: renewals.at(-1)?.id ?? null,
    history: historyOf({ certificate, request: request ?? null, renewals, entries, issuer, now: deps.clock.now() }),
  });
}

async function change(
  deps: IssuingDeps,
  id: string,
  decide: (record: CertificateRecord) => Result<CertificateRecord, RevocationProblem>,
  action: 'certificate.revoke' | 'certificate.release',
  actor: Actor,
): Outcome<CertificateRecord> {
  const record = await deps.store.read.certificate(id);
  if (record === undefined) return err(notFound);
  const decided = decide(record);
  if (!decided.ok) return err({ code: decided.error.code, message: `Nothing was changed: ${decided.error.text}.` });
  const after = decided.value;
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [{ kind: 'version', table: 'certificate', id, version: record.version }],
    changes: [{ kind: 'put', table: 'certificate', value: after }],
    audit: [
      {
        action,
        subject: `certificate:${record.serial}`,
        outcome: 'ok',
        code: after.state,
        detail: { reason: after.reason, subject: record.subject },
        certificate: { id: record.id, serial: record.serial, sha256: record.sha256, state: after.state },
      },
    ],
  });
  if (!committed.ok) return err({ code: 'stale-version', message: 'The certificate has changed since you looked at it.', hint: 'Look at it again.' });
  deps.events.publish('certificates.changed', { id, kind: after.kind, state: after.state });
  // A revocation counts from the next CRL on, so that comes at once; while the key is away the CRL is caught up on unlock.
  const published = await publishCrl(deps, { authorityId: record.authorityId, generation: record.generation }, actor);
  if (!published.ok) deps.log('warn', 'crl.not-published', { authority: record.authorityId, generation: record.generation, code: published.error.code });
  return ok(after);
}

/** Revokes, or holds with `certificateHold`, and publishes the CRL. Refused: not-found, already-revoked, not-revocable. */
export const revokeCertificate = (deps: IssuingDeps, input: { readonly id: string; readonly reason: RevocationReason }, actor: Actor): Outcome<CertificateRecord> =>
  change(deps, input.id, (record) => revoke(record, input.reason, deps.clock.now()), 'certificate.revoke', actor);

/** Takes a hold back and publishes the CRL. Refused: not-found, not-held, courier-decides. */
export async function releaseCertificate(deps: IssuingDeps, input: { readonly id: string }, actor: Actor): Outcome<CertificateRecord> {
  const record = await deps.store.read.certificate(input.id);
  const elsewhere = record?.state === 'held' && deps.directory.courierLinks().some(({ role, authorityId }) => role === 'listener' && authorityId === record.authorityId);
  if (elsewhere && record !== undefined) {
    const crl = await deps.store.read.latestCrl(record.authorityId, record.generation);
    const listed = isOn(listedOn(crl), { serial: record.serial, revokedAt: record.revokedAt ?? 0, reason: record.reason });
    // Its list would go on saying that it is held, and the next file from there would hold it again.
    if (listed) return err({ code: 'courier-decides', message: 'The hold is on the revocation list of the signing machine, which alone can take it back.', hint: 'Release the certificate there; the next courier run brings it here.' });
  }
  return change(deps, input.id, release, 'certificate.release', actor);
}

export interface ExportedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

function fileName({ der, serial }: CertificateRecord): string {
  const parsed = parseCertificate(der);
  // By the attribute and not by the subject's text, where a device may write `CN=` into any other one.
  const commonName = (parsed.ok ? commonNameOf(parsed.value.subject) : undefined) ?? 'certificate';
  return `${fileNameOf({ commonName })}-${serial.slice(-8)}`;
}

/** A certificate as a file: DER, PEM, or PEM with its chain behind it. */
export async function exportCertificate(deps: Deps, input: { readonly id: string; readonly form: 'der' | 'pem' | 'chain' }): Outcome<ExportedFile> {
  const record = await deps.store.read.certificate(input.id);
  if (record === undefined) return err(notFound);
  if (input.form === 'der') return ok({ name: `${fileName(record)}.cer`, mediaType: 'application/pkix-cert', bytes: record.der });
  const chain = input.form === 'chain' ? chainAbove(deps, record) : [];
  const pem = [record.der, ...chain].map((der) => toPem('CERTIFICATE', der)).join('');
  return ok({ name: `${fileName(record)}.pem`, mediaType: 'application/x-pem-file', bytes: utf8(pem) });
}

