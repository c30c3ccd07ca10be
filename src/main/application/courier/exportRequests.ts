/**
 * The listener's file: every request that waits for an answer, with what speaks for it; revocations that the CRL lacks; own keys that want certificates.
 * It always carries all that is open, so that a lost stick loses nothing and the signer sees what has been closed here since.
 */
import { fromBase64 } from '../../core/lib/bytes.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { CourierLink } from '../../core/ca/courier.ts';
import { type CarriedEvidence, type CarriedRequest, MOST_CONTENT_BYTES, MOST_REQUESTS, type RequestsPayload, fitsFile } from '../../core/ca/courierPayload.ts';
import type { EnrolmentRequest } from '../../core/ca/enrolment.ts';
import type { ExportedFile } from '../certificates.ts';
import type { Deps, Outcome } from '../deps.ts';
import { unsealCsr } from '../enrolment.ts';
import type { Change } from '../ports/store.ts';
import { type MadeKey, makeOwnKey } from './carried.ts';
import { type CourierDeps, LOCKED, STALE, courierFile, linkFor } from './deps.ts';
import { writeSealed } from './files.ts';
import { carryFollowers } from './followers.ts';
import { needsSuccessor, ownKeysOf } from './ownKeys.ts';
import { openWishes } from './wishes.ts';

export interface ExportedRequests {
  readonly link: CourierLink;
  readonly file: ExportedFile;
  readonly sequence: number;
  readonly requests: number;
  /** Of them, what was granted here. */
  readonly granted: number;
  readonly revocations: number;
  readonly certificates: number;
}

/** All that waits for the paired signer: held ones, and granted ones whose certificate only the CA key can sign. */
export async function openRequests(deps: Deps, authorityId: string): Promise<readonly EnrolmentRequest[]> {
  const [pending, approved] = await Promise.all([deps.store.read.waitingRequests(), deps.store.read.approvedRequests()]);
  return [...approved, ...pending].filter((request) => request.authorityId === authorityId);
}

/** Writes the next file of requests. Refused: locked, courier-not-paired, courier-several, not-found. */
export async function exportRequests(deps: CourierDeps, input: { readonly link?: string | undefined }, actor: Actor): Outcome<ExportedRequests> {
  if (deps.vault.state() !== 'open') return err(LOCKED);
  const found = linkFor(deps, 'listener', input.link);
  if (!found.ok) return found;
  const link = found.value;
  const made = await makeMissingKeys(deps, link);
  const wanted = [...link.wanted, ...made.map((key) => key.wanted)];
  const [open, wishes, have, crls] = await Promise.all([openRequests(deps, link.authorityId), openWishes(deps, link.authorityId), countHere(deps, link.authorityId), crlNumbers(deps, link.authorityId)]);
  const { carried, complete } = carryAll(deps, open);
  const payload: RequestsPayload = {
    ack: link.received === null ? null : { sequence: link.received.sequence, sha256: link.received.sha256 },
    have,
    publicBaseUrl: deps.directory.settings().publicBaseUrl,
    crls,
    wanted: wanted.map(({ kind, generation, csr }) => ({ kind, generation, csr: fromBase64(csr) ?? new Uint8Array(0) })),
    revocations: wishes.map(({ generation, serial, reason, revokedAt }) => ({ generation, serial, reason: reason ?? 'unspecified', at: revokedAt })),
    followers: await carryFollowers(deps, link.authorityId),
    requests: carried,
    complete,
  };
  const written = writeSealed(deps, link, 'requests', payload);
  if (!written.ok) return written;
  const { bytes, mark } = written.value;
  const after: CourierLink = { ...link, version: link.version + 1, sent: mark, wanted };
  const granted = carried.filter(({ grantedBy }) => grantedBy !== null).length;
  const counts = { requests: carried.length, granted, revocations: wishes.length, certificates: wanted.length };
  const committed = await deps.store.commit({
    actor,
    at: mark.at,
    expect: [{ kind: 'version', table: 'courierLink', id: link.id, version: link.version }],
    changes: [...made.map(({ key }): Change => ({ kind: 'put', table: 'key', value: key })), { kind: 'put', table: 'courierLink', value: after }],
    audit: [{ action: 'courier.export', subject: `courier:${link.id}`, outcome: 'ok', code: 'requests', detail: { sequence: mark.sequence, sha256: mark.sha256, ...counts } }],
  });
  if (!committed.ok) return err(STALE);
  await deps.directory.refresh();
  deps.events.publish('status.changed');
  return ok({ link: after, file: courierFile(link, `requests-${mark.sequence}`, bytes), sequence: mark.sequence, ...counts });
}

async function makeMissingKeys(deps: CourierDeps, link: CourierLink): Promise<readonly MadeKey[]> {
  const authority = deps.directory.authority(link.authorityId);
  if (authority === undefined) return [];
  const now = deps.clock.now();
  const missing = (await ownKeysOf(deps, link)).filter((own) => needsSuccessor(own, now) && !link.wanted.some(({ kind, generation }) => kind === own.kind && generation === own.generation.number));
  return Promise.all(missing.map(({ kind, generation }) => makeOwnKey(deps, kind, generation.number, { subject: authority.subject, spki: generation.spki })));
}

const countHere = async (deps: CourierDeps, authorityId: string): Promise<number> => (await deps.store.read.certificates({ authorityId, limit: 1 }, deps.clock.now())).total;

async function crlNumbers(deps: CourierDeps, authorityId: string): Promise<RequestsPayload['crls']> {
  const latest = await Promise.all(deps.directory.generations(authorityId).map(({ number }) => deps.store.read.latestCrl(authorityId, number)));
  return latest.flatMap((crl) => (crl === undefined ? [] : [{ generation: crl.generation, number: crl.number }]));
}

/** As many as one file takes. One that is damaged, or longer than the other machine would read, stays in the queue here. */
function carryAll(deps: CourierDeps, open: readonly EnrolmentRequest[]): { readonly carried: readonly CarriedRequest[]; readonly complete: boolean } {
  const carried: CarriedRequest[] = [];
  let bytes = 0;
  for (const request of open) {
    const one = carryRequest(deps, request);
    if (one === undefined || !fitsFile(one)) {
      deps.log('warn', 'courier.request-left-out', { request: request.id });
      continue;
    }
    bytes += one.csr.length + one.signerCertificate.length;
    if (carried.length === MOST_REQUESTS || bytes > MOST_CONTENT_BYTES) return { carried, complete: false };
    carried.push(one);
  }
  return { carried, complete: true };
}

const evidenceOf = ({ proof }: EnrolmentRequest): CarriedEvidence => (proof.kind === 'challenge' ? { kind: 'challenge', label: proof.label } : proof);

/** Undefined where the stored CSR is damaged: the admin sees that in the queue. */
function carryRequest(deps: CourierDeps, request: EnrolmentRequest): CarriedRequest | undefined {
  const csr = unsealCsr(deps, request);
  if (csr === undefined) return undefined;
  return {
    id: request.id,
    csr: csr.der,
    endpoint: deps.directory.endpoint(request.endpointId)?.path ?? request.endpointId,
    generation: request.generation,
    transactionId: request.transactionId,
    messageType: request.messageType,
    signerSpkiSha256: request.signerSpkiSha256,
    signerCertificate: request.signerCertificate,
    messageSha256: request.messageSha256,
    source: request.source,
    client: request.clientGuess,
    receivedAt: request.receivedAt,
    evidence: evidenceOf(request),
    grantedBy: request.state === 'approved' ? (request.decidedBy ?? 'policy') : null,
    matchedAt: request.matchedAt,
    findings: request.findings.slice(0, 50),
  };
}
