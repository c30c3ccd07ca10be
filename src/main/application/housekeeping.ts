/** What runs by itself: lapse of waiting requests, activations at their date, SCEP keys, CRLs and OCSP signers before they are due, superseded certificates, deadlines in the log, what a crash left, summaries of noise. */
import { DAY, type Instant, toIso } from '../core/lib/instant.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { EnrolmentRequest } from '../core/ca/enrolment.ts';
import { keepScepKeys } from './authorities/scepKeys.ts';
import { publishDueCrls } from './crls.ts';
import type { DeadlineLog } from './deadlines.ts';
import type { IssuingDeps } from './issue.ts';
import type { OcspResponder } from './ocsp/responder.ts';
import type { NoiseCounter } from './scep/noise.ts';
import { activateDue } from './rollover/activate.ts';
import { renewAnnouncements } from './rollover/announce.ts';
import type { RolloverDeps } from './rollover/steps.ts';
import type { Superseding } from './supersede.ts';
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

export interface HousekeepingDeps extends RolloverDeps {
  readonly noise: NoiseCounter;
  readonly ocsp: Pick<OcspResponder, 'keep'>;
  readonly superseding: Superseding;
  readonly deadlines: DeadlineLog;
}

/** One round; the host calls it at start, on unlock and once a minute. A round that fails in one part still does the others. */
export async function runHousekeeping(deps: HousekeepingDeps): Promise<void> {
  const parts = {
    lapse: () => lapseRequests(deps),
    sweep: () => sweep(deps),
    activate: () => activateDue(deps),
    scepKeys: () => keepScepKeys(deps),
    announce: () => renewAnnouncements(deps),
    // Before the CRLs, which then tell of it.
    supersede: () => deps.superseding.keep(),
    crls: () => publishDueCrls(deps, KEEPER),
    ocsp: () => deps.ocsp.keep(),
    // Last: what could be renewed has been.
    deadlines: () => deps.deadlines.keep(),
    noise: () => deps.noise.flush(),
  };
  for (const [part, run] of Object.entries(parts)) {
    try {
      await run();
    } catch (error) {
      deps.log('error', 'housekeeping.failed', { part, error: error instanceof Error ? error.message : 'unknown' });
    }
  }
}
