/**
 * Finishes what was left between two commits: intents without a signature, approved requests without a certificate.
 * Runs at start, on unlock and now and then. What cannot be finished rests until the key is at hand; what never can is failed with its serial.
 */
import { toHex } from '../core/lib/bytes.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { IssuanceIntent } from '../core/ca/certificateRecord.ts';
import type { EnrolmentRequest } from '../core/ca/enrolment.ts';
import { canIssue, finishEnrolment, placeOf, planEnrolment, prepareEnrolment, unsealCsr } from './enrolment.ts';
import { type IssuingDeps, issuing } from './issue.ts';

const SWEEPER: Actor = { kind: 'system', name: 'sweep' };

/** Keys that were stored for a certificate which never came: no generation and no SCEP key has them, so nothing will ever ask for them. */
async function orphanedKeys(deps: IssuingDeps, intent: IssuanceIntent): Promise<readonly string[]> {
  const [keys, generations, identities] = await Promise.all([deps.store.read.keys(), deps.store.read.generations(), deps.store.read.scepIdentities()]);
  const needed = new Set([...generations, ...identities].map(({ keyId }) => keyId));
  return keys.filter((key) => (key.purpose === 'authority' || key.purpose === 'scep') && !needed.has(key.id) && toHex(deps.crypto.digest('sha256', key.spki)) === intent.record.spkiSha256).map(({ id }) => id);
}

async function failIntent(deps: IssuingDeps, intent: IssuanceIntent, reason: string, keys: readonly string[] = []): Promise<void> {
  await deps.store.commit({
    actor: SWEEPER,
    at: deps.clock.now(),
    expect: [],
    changes: [{ kind: 'remove', table: 'intent', id: intent.id }, ...keys.map((id) => ({ kind: 'remove', table: 'key', id }) as const)],
    audit: [{ action: 'certificate.issue', subject: `certificate:${intent.serial}`, outcome: 'failed', code: 'abandoned', detail: { reason, request: intent.requestId, serial: intent.serial, ...(keys.length === 0 ? {} : { keysRemoved: keys.length }) } }],
  });
  for (const id of keys) await deps.signers.forget(id);
}

/** Whether the certificate that an approved renewal rests on still stands: it may have been revoked while the signature was due. */
async function stillProven(deps: IssuingDeps, { proof }: EnrolmentRequest): Promise<boolean> {
  return proof.kind !== 'certificate' || (await deps.store.read.certificate(proof.certificateId))?.state === 'valid';
}

/** An approval whose ground is gone becomes a refusal, and its intent goes with it. */
async function withdrawApproval(deps: IssuingDeps, request: EnrolmentRequest, intent: IssuanceIntent | undefined): Promise<void> {
  const at = deps.clock.now();
  const reason = 'the certificate that it renews has been revoked since';
  const refused: EnrolmentRequest = { ...request, state: 'refused', version: request.version + 1, decidedAt: at, decidedBy: SWEEPER.name, refusal: { code: 'signer-revoked', reason } };
  const committed = await deps.store.commit({
    actor: SWEEPER,
    at,
    expect: [{ kind: 'version', table: 'request', id: request.id, version: request.version }],
    changes: [{ kind: 'put', table: 'request', value: refused }, ...(intent === undefined ? [] : [{ kind: 'remove', table: 'intent', id: intent.id } as const])],
    audit: [{ action: 'request.refuse', subject: `request:${request.id}`, outcome: 'ok', code: 'signer-revoked', detail: { reason, serial: intent?.serial ?? null } }],
  });
  if (committed.ok) deps.events.publish('requests.changed', { id: request.id, state: 'refused' });
}

async function finishIntent(deps: IssuingDeps, intent: IssuanceIntent): Promise<void> {
  const generation = deps.directory.generation(intent.authorityId, intent.generation);
  if (intent.requestId === null || generation === undefined) {
    // A CA's own certificate whose making was cut off: its key was never used. An OCSP signer is made anew by itself; for the others the admin starts again.
    await failIntent(deps, intent, `the program stopped while the ${intent.record.kind} certificate was made`, intent.requestId === null ? await orphanedKeys(deps, intent) : []);
    return;
  }
  if (!canIssue(deps, generation)) return;
  const request = await deps.store.read.request(intent.requestId);
  // The device's own message, or the admin's approval, finished it after the intents were listed.
  if (request?.certificateId === intent.id) return;
  if (request === undefined || request.state !== 'approved') {
    await failIntent(deps, intent, 'its request is no longer approved');
    return;
  }
  if (await stillProven(deps, request)) await finishEnrolment(deps, intent, request, false, SWEEPER);
  else await withdrawApproval(deps, request, intent);
}

async function issueApproved(deps: IssuingDeps, request: EnrolmentRequest): Promise<void> {
  const endpoint = deps.directory.endpoint(request.endpointId);
  const place = endpoint === undefined ? undefined : placeOf(deps, endpoint, { asked: request.generation });
  if (place === undefined || !canIssue(deps, place.generation)) return;
  if (!(await stillProven(deps, request))) {
    await withdrawApproval(deps, request, undefined);
    return;
  }
  const csr = unsealCsr(deps, request);
  const now = deps.clock.now();
  const planned = csr === undefined ? undefined : planEnrolment(deps, csr, place, now);
  if (planned === undefined || !planned.ok) {
    deps.log('error', 'sweep.cannot-issue', { request: request.id, code: planned?.ok === false ? planned.error.code : 'csr-damaged' });
    return;
  }
  const renews = request.proof.kind === 'certificate' ? request.proof.certificateId : null;
  const prepared = prepareEnrolment(deps, planned.value.plan, place, request.id, renews, now);
  const committed = await deps.store.commit({
    actor: SWEEPER,
    at: now,
    expect: [
      { kind: 'version', table: 'request', id: request.id, version: request.version },
      ...(renews === null ? [] : [{ kind: 'certificate-valid', id: renews, at: now } as const]),
      ...prepared.expect,
    ],
    changes: prepared.changes,
    audit: [{ action: 'request.resume', subject: `request:${request.id}`, outcome: 'ok', code: 'resumed', detail: { decidedBy: request.decidedBy } }],
  });
  if (committed.ok) await finishEnrolment(deps, prepared.intent, request, false, SWEEPER);
  else deps.log('warn', 'sweep.conflict', { request: request.id, expectation: committed.error.failed.kind });
}

/** One that fails is told and left for the next round: it must not keep the others waiting. */
async function attempt(deps: IssuingDeps, key: string, work: () => Promise<void>): Promise<void> {
  if (deps.inFlight.has(key) || deps.vault.state() !== 'open') return;
  try {
    await issuing(deps, [key], work);
  } catch (error) {
    deps.log('error', 'sweep.failed', { key, error: error instanceof Error ? error.message : 'unknown' });
  }
}

/** Finishes every intent and every approved request that can be finished now. */
export async function sweep(deps: IssuingDeps): Promise<void> {
  if (deps.vault.state() !== 'open') return;
  const intents = await deps.store.read.intents();
  const underWay = new Set(intents.map((intent) => intent.requestId));
  for (const intent of intents) await attempt(deps, intent.requestId ?? intent.id, () => finishIntent(deps, intent));
  for (const request of await deps.store.read.approvedRequests()) {
    if (!underWay.has(request.id)) await attempt(deps, request.id, () => issueApproved(deps, request));
  }
}
