/** How a rollover stands: its generations, which steps can be taken, and how far the devices follow. Devices come in pages; counts are the store's. */
import { DAY, type Instant, toIso } from '../../core/lib/instant.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { NewGeneration, Standing, StandingCounts } from '../../core/ca/adoption.ts';
import type { Authority, Generation, ScepIdentity } from '../../core/ca/authority.ts';
import { PLAN_ROLLOVER_DAYS } from '../../core/ca/deadlines.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import { type Proposal, type RolloverDates, type RolloverStage, type RolloverStep, type Standings, adoptionText, knowing, stageOf, stepProblem, whyOf } from '../../core/ca/rollover.ts';
import type { Deps, Outcome } from '../deps.ts';
import { listenerOf, signerOf, steppedThere } from '../pairings.ts';
import type { SurveyedDevice } from '../ports/store.ts';
import { canTakeOver } from './activate.ts';
import { identityOf, isCertified, recipientOf } from './announce.ts';
import { notReady } from './publish.ts';
import { proposeFor } from './stage.ts';
import { NO_AUTHORITY, type Situation, daysUntil, renewalWindowOf, situationOf } from './steps.ts';

export interface StatusQuery {
  readonly authorityId: string;
  readonly standing?: Standing | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface GenerationStatus {
  readonly generation: Generation;
  readonly scep: ScepIdentity | undefined;
  readonly dates: RolloverDates;
  /** Device certificates by it that are valid. */
  readonly certificates: number;
}

export interface FollowingDevice extends SurveyedDevice {
  readonly renewedAt: Instant | null;
  readonly why: string;
}

export interface Adoption {
  readonly generation: number;
  readonly counts: StandingCounts;
  readonly knowing: number;
  readonly total: number;
  readonly text: string;
}

export interface RolloverStatus {
  readonly authority: Authority;
  readonly stage: RolloverStage;
  readonly generations: readonly GenerationStatus[];
  readonly proposal: Proposal | null;
  readonly adoption: Adoption | null;
  readonly devices: readonly FollowingDevice[];
  readonly nextCursor?: string;
  readonly total: number;
  /** Why a step cannot be taken now; null where it can. */
  readonly steps: Readonly<Record<RolloverStep, string | null>>;
  readonly findings: readonly Finding[];
}

const STEPS: readonly RolloverStep[] = ['stage', 'publish', 'withdraw', 'activate', 'retire', 'undo'];

/** Whom devices follow: the next generation, or the current one while a former one is not retired. */
export function targetOf({ standings: { next, current }, history }: Situation, stage: RolloverStage): NewGeneration {
  if (next !== undefined) return next;
  if (current === undefined) return { number: 1, publishedAt: null };
  if (stage !== 'overlap') return { number: current.number + 1, publishedAt: null };
  const dates = history.dates[current.number];
  return { number: current.number, publishedAt: dates?.publishedAt || dates?.activatedAt || current.notBefore };
}

/** The status of one authority's rollover. */
export async function rolloverStatus(deps: Deps, query: StatusQuery): Outcome<RolloverStatus> {
  const authority = deps.directory.authority(query.authorityId);
  if (authority === undefined) return err(NO_AUTHORITY);
  const situation = await situationOf(deps, authority);
  const { standings, history, facts } = situation;
  const stage = stageOf(standings);
  const target = targetOf(situation, stage);
  const signer = signerOf(deps, authority.id);
  const there = signer === undefined ? undefined : steppedThere(signer).message;
  const following = stage === 'published' || stage === 'overlap';
  const [survey, proposal] = await Promise.all([
    deps.store.read.surveyDevices(authority.id, target, { standing: query.standing, limit: query.limit, cursor: query.cursor }, facts.now),
    there === undefined && (stage === 'none' || stage === 'overlap') ? proposeFor(deps, situation) : undefined,
  ]);
  const unready = there === undefined && isCertified(standings.next) && (await recipientOf(deps, standings.next)) === undefined ? notReady(listenerOf(deps, authority.id) ?? '').message : undefined;
  const whyNot = (step: RolloverStep): string | null => there ?? sentence(stepProblem(step, standings, facts)?.text) ?? (step === 'publish' ? (unready ?? null) : null);
  const total = survey.counts.renewed + survey.counts.fetched + survey.counts.seen + survey.counts.silent;
  const why = whyFacts(deps, situation, stage);
  return ok({
    authority,
    stage,
    generations: deps.directory.generations(authority.id).map((generation) => ({
      generation,
      scep: identityOf(deps, authority.id, generation.number),
      dates: history.dates[generation.number] ?? {},
      certificates: survey.byGeneration[generation.number] ?? 0,
    })),
    proposal: proposal ?? null,
    adoption: following ? { generation: target.number, counts: survey.counts, knowing: knowing(survey.counts), total, text: adoptionText(survey.counts) } : null,
    devices: following ? survey.page.map((device) => ({ ...device, renewedAt: device.standing === 'renewed' ? device.issuedAt : null, why: whyOf(device, { ...why, client: device.client }) })) : [],
    ...(following && survey.nextCursor !== undefined ? { nextCursor: survey.nextCursor } : {}),
    total: following ? survey.total : 0,
    steps: Object.fromEntries(STEPS.map((step) => [step, whyNot(step)])) as Record<RolloverStep, string | null>,
    findings: findingsOf(deps, situation, stage, survey.counts),
  });
}

const sentence = (text: string | undefined): string | null => (text === undefined ? null : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`);

function whyFacts(deps: Deps, { authority, standings: { next, current }, facts }: Situation, stage: RolloverStage) {
  return { renewalWindowDays: renewalWindowOf(deps, authority.id), currentEnds: current?.notAfter ?? facts.now, activateAt: next?.activateAt ?? null, activated: stage === 'overlap', now: facts.now };
}

const NEAR_DAYS = 14;

/** What an admin should know of an authority's rollover. The status of the whole product says the same (application/status.ts), without counts of devices. */
export function rolloverNotices(deps: Pick<Deps, 'directory'>, { authority, standings: { next, current, previous } }: { readonly authority: Authority; readonly standings: Standings }, now: Instant): readonly Finding[] {
  const name = `“${authority.commonName}”`;
  const findings: Finding[] = [];
  const say = (code: string, severity: Finding['severity'], text: string): void => void findings.push({ code, severity, text });
  const signer = signerOf(deps, authority.id);
  if (signer !== undefined) {
    if (next !== undefined && next.publishedAt !== null && next.activateAt !== null && !canTakeOver(deps, next, now)) {
      const late = next.activateAt <= now;
      say('next-key-missing', late ? 'danger' : 'warning', `The next generation of ${name} ${late ? 'was to take' : 'takes'} over at ${toIso(next.activateAt)}, and this machine has no SCEP certificate by it${late ? ', so that it did not' : ' yet'}: run the courier to “${signer}” and back.`);
    }
    return [...findings, ...nearNotice(name, next, now)];
  }
  const left = current === undefined ? undefined : daysUntil(current.notAfter, now);
  if (next !== undefined && next.publishedAt === null && next.activateAt !== null && next.activateAt <= now) {
    say('activation-missed', 'warning', `The next generation of ${name} was to take over at ${toIso(next.activateAt)}, and no device was told of it. Publish it with a new date.`);
  } else if (next !== undefined && next.publishedAt === null && left !== undefined && left < PLAN_ROLLOVER_DAYS) {
    say('next-not-published', 'warning', `The next generation of ${name} is staged, and no device is told of it yet: publish it.`);
  }
  findings.push(...nearNotice(name, next, now));
  for (const former of previous) {
    if (former.notAfter <= now) say('may-be-retired', 'info', `Generation ${former.number} of ${name} has expired, and with it all that it issued: it may be retired.`);
  }
  return findings;
}

function nearNotice(name: string, next: Generation | undefined, now: Instant): readonly Finding[] {
  if (next === undefined || next.publishedAt === null || next.activateAt === null || next.activateAt - now >= NEAR_DAYS * DAY) return [];
  return [{ code: 'activation-near', severity: 'notice', text: `The next generation of ${name} takes over at ${toIso(next.activateAt)}. Look which devices do not know it yet.` }];
}

function findingsOf(deps: Deps, situation: Situation, stage: RolloverStage, counts: StandingCounts): readonly Finding[] {
  const { standings, facts } = situation;
  const findings = [...rolloverNotices(deps, situation, facts.now)];
  const { next, previous } = standings;
  const unaware = counts.seen + counts.silent;
  const published = next !== undefined && next.publishedAt !== null ? next : undefined;
  if (published !== undefined && published.activateAt !== null && published.activateAt - facts.now < NEAR_DAYS * DAY && unaware > 0) {
    findings.push({ code: 'devices-unaware', severity: 'warning', text: `${unaware === 1 ? 'One device does' : `${unaware} devices do`} not know the next CA, which takes over at ${toIso(published.activateAt)}.` });
  }
  if (published !== undefined && published.announcement === null) {
    findings.push({ code: 'announcement-missing', severity: 'warning', text: 'There is no signed answer to GetNextCACert at the moment: it is made as soon as the key of the current CA is at hand.' });
  }
  if (stage === 'overlap' && unaware + counts.fetched === 0 && previous.some(({ notAfter }) => notAfter > facts.now)) {
    findings.push({ code: 'may-be-retired', severity: 'info', text: 'Every device has a certificate by the new generation: the former one may be retired.' });
  }
  const listener = listenerOf(deps, situation.authority.id);
  if (listener !== undefined && (published !== undefined || stage === 'overlap')) {
    findings.push({ code: 'devices-at-listener', severity: 'info', text: `Devices talk to “${listener}”: which of them asked for the next CA, and which were seen, is known there, and here as of the last run of the courier.` });
  }
  const scep = next === undefined ? undefined : identityOf(deps, next.authorityId, next.number);
  if (next !== undefined && scep !== undefined && next.activateAt !== null && scep.notAfter <= next.activateAt) {
    findings.push({ code: 'next-scep-certificate-ends', severity: 'danger', text: `The next generation’s SCEP certificate ends at ${toIso(scep.notAfter)}, before its activation.` });
  }
  return findings;
}
