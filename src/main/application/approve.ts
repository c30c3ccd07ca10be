/** The admin approves: what was shown travels along, and only that is signed. */
import { type Result, err, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { EnrolmentRequest } from '../core/ca/enrolment.ts';
import type { Outcome, Refusal } from './deps.ts';
import { canIssue, finishEnrolment, placeOf, planEnrolment, prepareEnrolment, unsealCsr } from './enrolment.ts';
import { type IssuingDeps, issuing } from './issue.ts';
import { requestNotFound, staleRequest, wrongState } from './requests.ts';

export interface ApproveInput {
  readonly id: string;
  readonly version: number;
  /** SHA-256 of the SPKI that the admin saw; refused where it is not the request's. */
  readonly spkiSha256?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Approves a waiting request and issues its certificate; where the CA key is not at hand (split mode, courier) it rests as `approved`.
 * Refused: stale-version, wrong-state, not-what-was-shown, locked, and every reason why the certificate cannot be made.
 */
export async function approveRequest(deps: IssuingDeps, input: ApproveInput, actor: Actor): Outcome<EnrolmentRequest> {
  const request = await deps.store.read.request(input.id);
  if (request === undefined) return err(requestNotFound(input.id));
  if (request.version !== input.version) return err(staleRequest);
  if (request.state !== 'pending') return err(wrongState(request.state, 'approved'));
  if (input.spkiSha256 !== undefined && input.spkiSha256.toLowerCase() !== request.fingerprints.spkiSha256) {
    return err({ code: 'not-what-was-shown', message: 'The key of this request is not the one that was shown.', hint: 'Look at the request again.' });
  }
  if (deps.vault.state() !== 'open') return err({ code: 'locked', message: 'The vault is locked; nothing can be signed.', hint: 'Unlock it, then approve.' });
  return approveChecked(deps, request, input, actor);
}

async function approveChecked(deps: IssuingDeps, request: EnrolmentRequest, input: ApproveInput, actor: Actor): Outcome<EnrolmentRequest> {
  const endpoint = deps.directory.endpoint(request.endpointId);
  const place = endpoint === undefined ? undefined : placeOf(deps, endpoint, { asked: request.generation });
  if (place === undefined) return err({ code: 'endpoint-gone', message: 'The endpoint or authority of this request no longer exists.', hint: 'Refuse the request; let the device enrol at another endpoint.' });
  const csr = unsealCsr(deps, request);
  if (csr === undefined) return err({ code: 'csr-damaged', message: 'The stored request cannot be read.', hint: 'Refuse it and let the device enrol again.' });
  const now = deps.clock.now();
  const renews = request.proof.kind === 'certificate' ? request.proof.certificateId : null;
  const renewed = renews === null ? undefined : await deps.store.read.certificate(renews);
  if (renews !== null && renewed?.state !== 'valid') {
    return err({ code: 'signer-revoked', message: 'The certificate that this request renews has been revoked since.', hint: 'Refuse the request; let the device enrol anew with a challenge.' });
  }
  const planned = planEnrolment(deps, csr, place, now);
  if (!planned.ok) return err({ code: planned.error.code, message: `The certificate cannot be issued: ${planned.error.text}.` });
  const approved: EnrolmentRequest = { ...request, state: 'approved', version: request.version + 1, decidedAt: now, decidedBy: actor.name };
  const prepared = canIssue(deps, place.generation) ? prepareEnrolment(deps, planned.value.plan, place, request.id, renews, now) : undefined;
  return issuing(deps, [request.id], async () => {
    const committed = await deps.store.commit({
      actor,
      at: now,
      expect: [{ kind: 'version', table: 'request', id: request.id, version: request.version }, ...(renewed === undefined ? [] : [{ kind: 'version', table: 'certificate', id: renewed.id, version: renewed.version } as const]), ...(prepared?.expect ?? [])],
      changes: [{ kind: 'put', table: 'request', value: approved }, ...(prepared?.changes ?? [])],
      audit: [
        {
          action: 'request.approve',
          subject: `request:${request.id}`,
          outcome: 'ok',
          code: 'approved',
          detail: { subject: request.subject, csrSha256: request.fingerprints.sha256, spkiSha256: request.fingerprints.spkiSha256, matched: request.matchedAt !== null, reason: input.reason ?? null },
        },
      ],
    });
    if (!committed.ok) return err(staleRequest);
    deps.events.publish('requests.changed', { id: request.id, state: 'approved' });
    if (prepared === undefined) return ok(approved);
    return ok((await finishEnrolment(deps, prepared.intent, approved, false, actor)).request);
  });
}

export interface ManyOutcome {
  readonly id: string;
  readonly result: Result<EnrolmentRequest, Refusal>;
}

/** Approves several at once; only those whose fingerprint was matched or whose challenge held. Each stands for itself. */
export async function approveMany(deps: IssuingDeps, input: { readonly requests: readonly ApproveInput[] }, actor: Actor): Outcome<readonly ManyOutcome[]> {
  const outcomes: ManyOutcome[] = [];
  for (const one of input.requests) {
    const request = await deps.store.read.request(one.id);
    const proven = request !== undefined && (request.matchedAt !== null || request.proof.kind === 'challenge');
    const result: Result<EnrolmentRequest, Refusal> =
      request !== undefined && !proven
        ? err({ code: 'not-proven', message: 'Only requests whose fingerprint was matched or whose challenge held can be approved together.', hint: 'Compare its fingerprint, or approve it by itself.' })
        : await approveRequest(deps, one, actor);
    outcomes.push({ id: one.id, result });
  }
  return ok(outcomes);
}
