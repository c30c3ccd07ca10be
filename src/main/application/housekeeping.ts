/** What runs by itself: lapse of waiting requests, CRLs and OCSP signers before they are due, what a crash left, summaries of noise. */
import { DAY, type Instant, toIso } from '../core/lib/instant.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { EnrolmentRequest } from '../core/ca/enrolment.ts';
import { publishDueCrls } from './crls.ts';
import type { IssuingDeps } from './issue.ts';
import type { OcspResponder } from './ocsp/responder.ts';
import type { NoiseCounter } from './scep/noise.ts';
import { sweep } from './sweep.ts';

const KEEPER: Actor = { kind: 'system', name: 'housekeeping' };

/** The signer may be a month away: what waits for it lapses when its device has stopped asking. */
function waitsForCourier({ directory }: IssuingDeps, { authorityId, lastSeenAt }: EnrolmentRequest, now: Instant): boolean {
  const served = directory.courierLinks().some((link) => link.role === 'listener' && link.authorityId === authorityId);
  return served && lastSeenAt + directory.settings().waitingDays * DAY > now;
}

async function lapseRequests(deps: IssuingDeps): Promise<void> {
  const now = deps.clock.now();
  for (const request of await deps.store.read.lapsedRequests(now)) {
    if (waitsForCourier(deps, request, now)) continue;
    const lapsed: EnrolmentRequest = { ...request, state: 'expired', version: request.version + 1 };
    const committed = await deps.store.commit({
      actor: KEEPER,
      at: now,
      expect: [{ kind: 'version', table: 'request', id: request.id, version: request.version }],
      changes: [{ kind: 'put', table: 'request', value: lapsed }],
      audit: [{ action: 'request.lapse', subject: `request:${request.id}`, outcome: 'ok', code: 'lapsed', detail: { receivedAt: toIso(request.receivedAt) } }],
    });
    if (committed.ok) deps.events.publish('requests.changed', { id: request.id, state: 'expired' });
  }
}

export interface HousekeepingDeps extends IssuingDeps {
  readonly noise: NoiseCounter;
  readonly ocsp: Pick<OcspResponder, 'keep'>;
}

/** One round; the host calls it at start, on unlock and once a minute. A round that fails in one part still does the others. */
export async function runHousekeeping(deps: HousekeepingDeps): Promise<void> {
  const parts = { lapse: () => lapseRequests(deps), sweep: () => sweep(deps), crls: () => publishDueCrls(deps, KEEPER), ocsp: () => deps.ocsp.keep(), noise: () => deps.noise.flush() };
  for (const [part, run] of Object.entries(parts)) {
    try {
      await run();
    } catch (error) {
      deps.log('error', 'housekeeping.failed', { part, error: error instanceof Error ? error.message : 'unknown' });
    }
  }
}
