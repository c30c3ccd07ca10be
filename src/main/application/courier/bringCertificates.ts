/**
 * Certificate rows that a file brought, and the state of all the others: what the signer has revoked, held and released since. What was revoked here and
 * is on no list yet stays revoked: it travels with the next file of requests.
 */
import { equalBytes, toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { CertificateRecord, RevokedSerial } from '../../core/ca/certificateRecord.ts';
import type { CarriedCertificate, CertificatesPayload } from '../../core/ca/courierPayload.ts';
import type { EnrolmentRequest } from '../../core/ca/enrolment.ts';
import { releasedSerialEvent, revokedSerialEvent } from '../../core/ca/revokedSerial.ts';
import { parseCertificate, verifySignedBy } from '../../core/pki/certificate.ts';
import { generalNameToText } from '../../core/pki/generalNames.ts';
import { nameToText } from '../../core/pki/names.ts';
import { issuerHashOf, newId } from '../issue.ts';
import type { RevokedEntry } from '../ports/store.ts';
import type { Bringing, BroughtAuthority } from './bringing.ts';
import type { CourierDeps } from './deps.ts';
import { isOn } from './wishes.ts';

export interface CertificateContext {
  readonly requests: ReadonlyMap<string, EnrolmentRequest>;
  readonly formerCrls: ReadonlyMap<number, ReadonlyMap<string, boolean>>;
}

export interface BroughtCertificates {
  /** All that are in the file, new or not. */
  readonly brought: readonly CertificateRecord[];
  readonly revoked: number;
  readonly released: number;
}

type Revoked = CertificatesPayload['revoked'][number];

/** Adds what is new and changes what differs. One certificate that does not verify makes the whole file doubtful: the error says why it is refused. */
export async function takeCertificates(deps: CourierDeps, authority: BroughtAuthority, payload: CertificatesPayload, context: CertificateContext, bringing: Bringing): Promise<Result<BroughtCertificates, string>> {
  const revokedNow = new Map(payload.revoked.map((entry) => [`${entry.generation} ${entry.serial}`, entry]));
  const brought: CertificateRecord[] = [];
  const fresh = new Set<string>();
  for (const carried of payload.certificates) {
    const there = await deps.store.read.certificate(carried.id);
    if (there !== undefined) {
      if (!equalBytes(there.der, carried.der)) return err(`the certificate ${there.serial} in it is not the one that is here`);
      brought.push(there);
      continue;
    }
    const record = recordOf(deps, authority, carried, context.requests);
    if (!record.ok) return record;
    const twin = fresh.has(record.value.serial) || (await deps.store.read.certificateBySerial(record.value.issuerHash, record.value.serial)) !== undefined;
    if (twin) return err(`the serial number ${record.value.serial} is in it twice, or is that of another certificate here`);
    fresh.add(record.value.serial);
    // Its revocation may have come before it.
    const alone = await deps.store.read.revokedSerial(record.value.issuerHash, record.value.serial);
    if (alone !== undefined) bringing.changes.push({ kind: 'remove', table: 'revokedSerial', id: alone.id });
    const value = withState(record.value, revokedNow.get(`${record.value.generation} ${record.value.serial}`));
    bringing.changes.push({ kind: 'put', table: 'certificate', value });
    bringing.audit.push({
      action: 'certificate.issue',
      subject: `certificate:${value.serial}`,
      outcome: 'ok',
      code: value.renews === null ? 'issued' : 'renewed',
      detail: { subject: value.subject, kind: value.kind, authority: value.authorityId, generation: value.generation, request: value.requestId, renews: value.renews, brought: true },
      certificate: { id: value.id, serial: value.serial, sha256: value.sha256, state: value.state },
    });
    brought.push(value);
  }
  return ok({ brought, ...(await bringStates(deps, authority, payload, context.formerCrls, fresh, bringing)) });
}

const withState = (record: CertificateRecord, entry: Pick<Revoked, 'revokedAt' | 'reason'> | undefined): CertificateRecord =>
  entry === undefined ? { ...record, state: 'valid', revokedAt: null, reason: null } : { ...record, state: entry.reason === 'certificateHold' ? 'held' : 'revoked', revokedAt: entry.revokedAt, reason: entry.reason };

/** Everything that can be read from the certificate is read from it, and not from what came with it. */
function recordOf(deps: CourierDeps, { authority, generations }: BroughtAuthority, carried: CarriedCertificate, requests: ReadonlyMap<string, EnrolmentRequest>): Result<CertificateRecord, string> {
  const parsed = parseCertificate(carried.der);
  const generation = generations.get(carried.generation);
  if (!parsed.ok || generation === undefined) return err('a certificate in it cannot be read');
  const certificate = parsed.value;
  if (!equalBytes(certificate.issuer, authority.subject) || !verifySignedBy(certificate, generation.spki, deps.crypto)) return err(`the certificate ${certificate.serialHex} in it was not signed by this authority`);
  // Renewals are granted to certificates of the endpoint's profile: both are known here by the request.
  const request = carried.requestId === null ? undefined : requests.get(carried.requestId);
  return ok({
    id: carried.id,
    version: 1,
    kind: carried.kind,
    serial: certificate.serialHex,
    issuerHash: issuerHashOf(deps, certificate.issuer),
    authorityId: authority.id,
    generation: carried.generation,
    profileId: request?.profileId ?? carried.profileId,
    endpointId: request?.endpointId ?? null,
    requestId: carried.requestId,
    subject: nameToText(certificate.subject),
    subjectAltNames: certificate.subjectAltNames.map(generalNameToText),
    der: certificate.der,
    sha256: toHex(deps.crypto.digest('sha256', certificate.der)),
    spkiSha256: toHex(deps.crypto.digest('sha256', certificate.spki)),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuedAt: carried.issuedAt,
    state: 'valid',
    revokedAt: null,
    reason: null,
    renews: carried.renews,
  });
}

async function bringStates(deps: CourierDeps, { authority, generations }: BroughtAuthority, payload: CertificatesPayload, former: CertificateContext['formerCrls'], fresh: ReadonlySet<string>, bringing: Bringing): Promise<{ readonly revoked: number; readonly released: number }> {
  const issuerHash = issuerHashOf(deps, authority.subject);
  const put = (record: CertificateRecord, after: CertificateRecord, action: 'certificate.revoke' | 'certificate.release'): void => {
    bringing.expect.push({ kind: 'version', table: 'certificate', id: record.id, version: record.version });
    bringing.changes.push({ kind: 'put', table: 'certificate', value: { ...after, version: record.version + 1 } });
    bringing.audit.push({ action, subject: `certificate:${record.serial}`, outcome: 'ok', code: after.state, detail: { reason: after.reason, subject: record.subject, brought: true }, certificate: { id: record.id, serial: record.serial, sha256: record.sha256, state: after.state } });
  };
  await mirrorSerials(deps, { authorityId: authority.id, issuerHash }, payload.revoked.filter(({ serial }) => !fresh.has(serial)), fresh, bringing);
  let revoked = payload.revoked.filter(({ serial }) => fresh.has(serial)).length;
  let released = 0;
  const known = new Set<string>();
  for (const entry of payload.revoked) {
    known.add(entry.serial);
    const record = fresh.has(entry.serial) ? undefined : await deps.store.read.certificateBySerial(issuerHash, entry.serial);
    if (record === undefined || record.authorityId !== authority.id) continue;
    const after = withState(record, entry);
    // A hold there does not take back a revocation that was made here since.
    if ((record.state === 'revoked' && after.state === 'held') || (record.state === after.state && record.reason === after.reason && record.revokedAt === after.revokedAt)) continue;
    if (record.state !== after.state) revoked += 1;
    put(record, after, 'certificate.revoke');
  }
  for (const number of generations.keys()) {
    for (const entry of await deps.store.read.revoked(authority.id, number, deps.clock.now())) {
      if (known.has(entry.serial) || !isOn(former.get(number) ?? new Map(), entry)) continue;
      const record = await deps.store.read.certificateBySerial(issuerHash, entry.serial);
      if (record?.state === 'held') {
        released += 1;
        put(record, withState(record, undefined), 'certificate.release');
      } else if (record !== undefined) sayForgotten(entry, bringing);
    }
  }
  return { revoked, released };
}

/**
 * Revocations of certificates that are not here (the signer took them over from a former CA, or their file is still to come): OCSP tells of them all the
 * same. These rows are the signer's alone, so they are always what it says.
 */
async function mirrorSerials(deps: CourierDeps, { authorityId, issuerHash }: { readonly authorityId: string; readonly issuerHash: string }, revoked: readonly Revoked[], fresh: ReadonlySet<string>, { changes, audit }: Bringing): Promise<void> {
  const here = new Map((await deps.store.read.revokedSerials(authorityId)).map((row) => [row.serial, row]));
  for (const { generation, serial, revokedAt, reason } of revoked) {
    const before = here.get(serial);
    here.delete(serial);
    if ((await deps.store.read.certificateBySerial(issuerHash, serial)) !== undefined) {
      if (before !== undefined) changes.push({ kind: 'remove', table: 'revokedSerial', id: before.id });
      continue;
    }
    const value: RevokedSerial = { id: before?.id ?? newId(deps), authorityId, generation, serial, issuerHash, subject: before?.subject ?? null, notAfter: null, state: reason === 'certificateHold' ? 'held' : 'revoked', revokedAt, reason };
    if (before !== undefined && before.generation === generation && before.revokedAt === revokedAt && before.reason === reason) continue;
    changes.push({ kind: 'put', table: 'revokedSerial', value });
    audit.push(revokedSerialEvent(value));
  }
  for (const row of here.values()) {
    if (fresh.has(row.serial)) continue;
    changes.push({ kind: 'remove', table: 'revokedSerial', id: row.id });
    audit.push(releasedSerialEvent(row));
  }
}

const sayForgotten = ({ serial }: RevokedEntry, { findings }: Bringing): void =>
  void findings.push({ code: 'courier-revocation-lost', severity: 'danger', text: `The certificate ${serial} was on the revocation list, and the signing machine does not know of that any more. It stays revoked here, and travels there again.` });
