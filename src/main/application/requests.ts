/** The queue as the admin sees it: list, detail with the certificate it would get, the fingerprint matcher, refuse and reopen. */
import { err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { CertificateRecord } from '../core/ca/certificateRecord.ts';
import type { EnrolmentRequest, Finding, RequestState } from '../core/ca/enrolment.ts';
import { type MatchResult, matchFingerprint } from '../core/ca/fingerprintMatch.ts';
import { givesUpAt } from '../core/ca/clientKind.ts';
import { type Difference, differencesOf } from '../core/ca/differences.ts';
import type { CertificatePlan } from '../core/ca/plan.ts';
import type { Instant } from '../core/lib/instant.ts';
import { parseCertificate } from '../core/pki/certificate.ts';
import { type Fingerprints, fingerprintsOf } from '../core/pki/fingerprints.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';
import { placeOf, planEnrolment, unsealCsr } from './enrolment.ts';
import type { ListQuery, Page } from './ports/store.ts';

export const requestNotFound = (id: string): Refusal => ({ code: 'not-found', message: `There is no request ${id}.` });
export const staleRequest: Refusal = {
  code: 'stale-version',
  message: 'The request has changed since you looked at it.',
  hint: 'Look at it again, then decide.',
};
export const wrongState = (state: RequestState, verb: string): Refusal => ({ code: 'wrong-state', message: `A request that is ${state} cannot be ${verb}.` });

export const listRequests = async (deps: Deps, query: ListQuery<RequestState>): Outcome<Page<EnrolmentRequest>> => ok(await deps.store.read.requests(query));

/** What approving a request would issue, or why it cannot. */
export type Preview =
  | { readonly kind: 'plan'; readonly plan: CertificatePlan; readonly findings: readonly Finding[] }
  | { readonly kind: 'impossible'; readonly code: string; readonly text: string }
  /** The vault is locked: the CSR cannot be read. */
  | { readonly kind: 'locked' };

export interface RequestDetail {
  readonly request: EnrolmentRequest;
  readonly preview: Preview | null;
  readonly keyFingerprints: Fingerprints;
  readonly differences: readonly Difference[];
  readonly givesUpAt: Instant | null;
  /** The certificate it renews, for a field-by-field comparison. */
  readonly renews: CertificateRecord | null;
}

interface Previewed {
  readonly preview: Preview;
  readonly differences: readonly Difference[];
}

function previewOf(deps: Deps, request: EnrolmentRequest): Previewed {
  const without = (preview: Exclude<Preview, { kind: 'plan' }>): Previewed => ({ preview, differences: [] });
  if (deps.vault.state() !== 'open') return without({ kind: 'locked' });
  const endpoint = deps.directory.endpoint(request.endpointId);
  const place = endpoint === undefined ? undefined : placeOf(deps, endpoint, { asked: request.generation });
  if (place === undefined) return without({ kind: 'impossible', code: 'endpoint-gone', text: 'its endpoint or authority no longer exists' });
  const csr = unsealCsr(deps, request);
  if (csr === undefined) return without({ kind: 'impossible', code: 'csr-damaged', text: 'the stored request cannot be read' });
  const planned = planEnrolment(deps, csr, place, deps.clock.now());
  return planned.ok ? { preview: { kind: 'plan', ...planned.value }, differences: differencesOf(csr, planned.value.plan) } : without({ kind: 'impossible', ...planned.error });
}

/** All four digests of the request's key. Requests of the first schema keep two of them: the others are computed from a copy of the key, undefined where none is at hand. */
function keyFingerprintsOf(deps: Deps, request: EnrolmentRequest): Fingerprints | undefined {
  const { spkiMd5: md5, spkiSha1: sha1, spkiSha256: sha256, spkiSha512: sha512 } = request.fingerprints;
  if (md5 !== undefined && sha512 !== undefined) return { md5, sha1, sha256, sha512 };
  const signer = request.signerSpkiSha256 === sha256 ? parseCertificate(request.signerCertificate) : undefined;
  const spki = signer?.ok === true ? signer.value.spki : deps.vault.state() === 'open' ? unsealCsr(deps, request)?.spki : undefined;
  return spki === undefined ? undefined : fingerprintsOf(deps.crypto, spki);
}

/** One request with everything that a decision needs. */
export async function getRequest(deps: Deps, input: { readonly id: string }): Outcome<RequestDetail> {
  const request = await deps.store.read.request(input.id);
  if (request === undefined) return err(requestNotFound(input.id));
  const renewed = request.proof.kind === 'certificate' ? await deps.store.read.certificate(request.proof.certificateId) : undefined;
  const keyFingerprints = keyFingerprintsOf(deps, request);
  if (keyFingerprints === undefined) return err({ code: 'locked', message: 'The key of this request can only be read while the vault is open.', hint: 'Unlock the vault.' });
  const pending = request.state === 'pending';
  const { preview, differences } = pending ? previewOf(deps, request) : { preview: null, differences: [] };
  return ok({ request, preview, keyFingerprints, differences, givesUpAt: pending ? givesUpAt(request) : null, renews: renewed ?? null });
}

export interface MatchOutcome {
  readonly result: MatchResult;
  /** The matching or nearest request, as it is after the comparison was recorded. */
  readonly request: EnrolmentRequest | null;
}

/** Compares a printed fingerprint with one waiting request or with all. A match is kept as evidence, in the request and in the audit log. */
export async function matchRequests(deps: Deps, input: { readonly text: string; readonly id?: string | undefined }, actor: Actor): Outcome<MatchOutcome> {
  const one = input.id === undefined ? undefined : await deps.store.read.request(input.id);
  if (input.id !== undefined && one === undefined) return err(requestNotFound(input.id));
  const candidates = one === undefined ? await deps.store.read.waitingRequests() : [one];
  const result = matchFingerprint(input.text, candidates);
  const foundId = result.kind === 'match' ? result.id : result.kind === 'mismatch' ? result.nearest?.id : undefined;
  const found = candidates.find((c) => c.id === foundId);
  if (result.kind === 'unreadable' || found === undefined) return ok({ result, request: null });
  const matched = result.kind === 'match';
  // Without an id a mismatch is only a search that found nothing: no evidence about any one request.
  if (!matched && input.id === undefined) return ok({ result, request: found });
  const now = deps.clock.now();
  const marks = matched && found.state === 'pending';
  const after: EnrolmentRequest = marks ? { ...found, matchedAt: now, version: found.version + 1 } : found;
  const committed = await deps.store.commit({
    actor,
    at: now,
    expect: [{ kind: 'version', table: 'request', id: found.id, version: found.version }],
    changes: marks ? [{ kind: 'put', table: 'request', value: after }] : [],
    audit: [
      {
        action: 'request.match',
        subject: `request:${found.id}`,
        outcome: matched ? 'ok' : 'refused',
        code: matched ? 'fingerprint-matched' : 'fingerprint-differs',
        detail: matched ? { digest: result.digest, given: result.given } : { digest: result.nearest?.digest ?? null, given: result.nearest?.given ?? null, groups: result.nearest?.groups.length ?? null },
      },
    ],
  });
  if (!committed.ok) return err(staleRequest);
  if (marks) deps.events.publish('requests.changed', { id: found.id, state: found.state });
  return ok({ result, request: after });
}

/** Refuses a waiting request; the device is told at its next poll, and until then `reopenRequest` takes it back. */
export async function refuseRequest(deps: Deps, input: { readonly id: string; readonly version: number; readonly reason?: string | undefined }, actor: Actor): Outcome<EnrolmentRequest> {
  const request = await deps.store.read.request(input.id);
  if (request === undefined) return err(requestNotFound(input.id));
  if (request.version !== input.version) return err(staleRequest);
  if (request.state !== 'pending') return err(wrongState(request.state, 'refused'));
  const now = deps.clock.now();
  const reason = input.reason?.trim() || 'refused by the administrator';
  const refused: EnrolmentRequest = { ...request, state: 'refused', version: request.version + 1, decidedAt: now, decidedBy: actor.name, refusal: { code: 'refused-by-admin', reason } };
  const committed = await deps.store.commit({
    actor,
    at: now,
    expect: [{ kind: 'version', table: 'request', id: request.id, version: request.version }],
    changes: [{ kind: 'put', table: 'request', value: refused }],
    audit: [{ action: 'request.refuse', subject: `request:${request.id}`, outcome: 'ok', code: 'refused', detail: { reason, csrSha256: request.fingerprints.sha256 } }],
  });
  if (!committed.ok) return err(staleRequest);
  deps.events.publish('requests.changed', { id: request.id, state: 'refused' });
  return ok(refused);
}

/** Takes a refusal back while the device has not been told. */
export async function reopenRequest(deps: Deps, input: { readonly id: string; readonly version: number }, actor: Actor): Outcome<EnrolmentRequest> {
  const request = await deps.store.read.request(input.id);
  if (request === undefined) return err(requestNotFound(input.id));
  if (request.version !== input.version) return err(staleRequest);
  if (request.state !== 'refused') return err(wrongState(request.state, 'reopened'));
  if (request.toldAt !== null) {
    return err({ code: 'already-told', message: 'The device was told that its request is refused; it cannot be reopened.', hint: 'Let the device enrol again.' });
  }
  const now = deps.clock.now();
  const reopened: EnrolmentRequest = { ...request, state: 'pending', version: request.version + 1, decidedAt: null, decidedBy: null, refusal: null };
  const committed = await deps.store.commit({
    actor,
    at: now,
    expect: [
      { kind: 'version', table: 'request', id: request.id, version: request.version },
      { kind: 'request-untold', id: request.id },
      // The device may have started anew meanwhile: two waiting requests of one transaction could both be answered.
      {
        kind: 'transaction-unknown',
        endpointId: request.endpointId,
        transactionId: request.transactionId,
        signerSpkiSha256: request.signerSpkiSha256,
        issuedSince: now,
        ignoring: [request.id],
      },
    ],
    changes: [{ kind: 'put', table: 'request', value: reopened }],
    audit: [{ action: 'request.reopen', subject: `request:${request.id}`, outcome: 'ok', code: 'reopened', detail: {} }],
  });
  if (!committed.ok) return err(staleRequest);
  deps.events.publish('requests.changed', { id: request.id, state: 'pending' });
  return ok(reopened);
}
