/** Issued certificates: list, detail with history, revoke, hold, release, export. */
import { err, ok } from '../core/lib/result.ts';
import { toPem, utf8 } from '../core/lib/bytes.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { CertificateRecord, RevocationReason } from '../core/ca/certificateRecord.ts';
import type { EnrolmentRequest } from '../core/ca/enrolment.ts';
import { type RevocationProblem, release, revoke } from '../core/ca/revocation.ts';
import type { Result } from '../core/lib/result.ts';
import { publishCrl } from './crls.ts';
import type { Deps, Outcome } from './deps.ts';
import type { IssuingDeps } from './issue.ts';
import type { ListQuery, ListedCertificateState, Page } from './ports/store.ts';

const notFound = { code: 'not-found', message: 'There is no such certificate.' } as const;

export const listCertificates = async (deps: Deps, query: ListQuery<ListedCertificateState>): Outcome<Page<CertificateRecord>> =>
  ok(await deps.store.read.certificates(query, deps.clock.now()));

export interface CertificateDetail {
  readonly certificate: CertificateRecord;
  readonly request: EnrolmentRequest | null;
}

export async function getCertificate(deps: Deps, input: { readonly id: string }): Outcome<CertificateDetail> {
  const certificate = await deps.store.read.certificate(input.id);
  if (certificate === undefined) return err(notFound);
  const request = certificate.requestId === null ? undefined : await deps.store.read.request(certificate.requestId);
  return ok({ certificate, request: request ?? null });
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
  deps.events.publish('certificates.changed', { id, state: after.state });
  // A revocation counts from the next CRL on, so that comes at once; while the key is away the CRL is caught up on unlock.
  const published = await publishCrl(deps, { authorityId: record.authorityId, generation: record.generation }, actor);
  if (!published.ok) deps.log('warn', 'crl.not-published', { authority: record.authorityId, generation: record.generation, code: published.error.code });
  return ok(after);
}

/** Revokes, or holds with `certificateHold`, and publishes the CRL. Refused: not-found, already-revoked, not-revocable. */
export const revokeCertificate = (deps: IssuingDeps, input: { readonly id: string; readonly reason: RevocationReason }, actor: Actor): Outcome<CertificateRecord> =>
  change(deps, input.id, (record) => revoke(record, input.reason, deps.clock.now()), 'certificate.revoke', actor);

/** Takes a hold back and publishes the CRL. Refused: not-found, not-held. */
export const releaseCertificate = (deps: IssuingDeps, input: { readonly id: string }, actor: Actor): Outcome<CertificateRecord> =>
  change(deps, input.id, release, 'certificate.release', actor);

export interface ExportedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

const fileName = (record: CertificateRecord): string =>
  `${(record.subject.match(/CN=([A-Za-z0-9._-]+)/)?.[1] ?? 'certificate').slice(0, 60)}-${record.serial.slice(-8)}`;

/** A certificate as a file: DER, PEM, or PEM with its chain behind it. */
export async function exportCertificate(deps: Deps, input: { readonly id: string; readonly form: 'der' | 'pem' | 'chain' }): Outcome<ExportedFile> {
  const record = await deps.store.read.certificate(input.id);
  if (record === undefined) return err(notFound);
  if (input.form === 'der') return ok({ name: `${fileName(record)}.cer`, mediaType: 'application/pkix-cert', bytes: record.der });
  const generation = deps.directory.generation(record.authorityId, record.generation);
  const chain = input.form === 'chain' && generation?.certificate ? [generation.certificate, ...generation.chain] : [];
  const pem = [record.der, ...chain].map((der) => toPem('CERTIFICATE', der)).join('');
  return ok({ name: `${fileName(record)}.pem`, mediaType: 'application/x-pem-file', bytes: utf8(pem) });
}

