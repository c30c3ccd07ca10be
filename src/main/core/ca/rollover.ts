/**
 * Rollover (RFC 8894 4.7, 5.1): which step an authority's generations allow now, which dates suit its devices, and what an admin is told of each device.
 * Pure; keys and stores are the use cases' matter.
 */
import { DAY, HOUR, type Instant, toIso } from '../lib/instant.ts';
import type { Generation } from './authority.ts';
import type { Follower, Standing, StandingCounts } from './adoption.ts';

export type RolloverStage = 'none' | 'awaiting-certificate' | 'staged' | 'published' | 'overlap';
export type RolloverStep = 'stage' | 'publish' | 'withdraw' | 'activate' | 'retire' | 'undo';

/** What became of each generation and when; the store keeps it beside them. */
export interface RolloverDates {
  readonly stagedAt?: Instant;
  readonly publishedAt?: Instant;
  readonly activateAt?: Instant;
  readonly activatedAt?: Instant;
  readonly retiredAt?: Instant;
}

export interface RolloverHistory {
  /** The highest number that was ever given: one that was withdrawn is not given again, for its CRL goes on under it. */
  readonly highest: number;
  readonly dates: Readonly<Record<number, RolloverDates>>;
}

export const NO_HISTORY: RolloverHistory = { highest: 0, dates: {} };

export interface Standings {
  /** A next one that has its certificate. */
  readonly next: Generation | undefined;
  /** Its signing request is out. */
  readonly awaiting: Generation | undefined;
  readonly current: Generation | undefined;
  /** The newest of them first. */
  readonly previous: readonly Generation[];
  readonly retired: readonly Generation[];
}

export function sortOut(generations: readonly Generation[]): Standings {
  const newestFirst = [...generations].sort((a, b) => b.number - a.number);
  const of = (state: Generation['state']): readonly Generation[] => newestFirst.filter((g) => g.state === state);
  return { next: of('next')[0], awaiting: of('awaiting-certificate').find(({ number }) => number > 1), current: of('current')[0], previous: of('previous'), retired: of('retired') };
}

export function stageOf({ next, awaiting, previous }: Standings): RolloverStage {
  if (next !== undefined) return next.publishedAt === null ? 'staged' : 'published';
  if (awaiting !== undefined) return 'awaiting-certificate';
  return previous.length > 0 ? 'overlap' : 'none';
}

export interface StepFacts {
  readonly history: RolloverHistory;
  readonly now: Instant;
  /** To devices by the current generation since it took over. */
  readonly issuedSinceActivation: number;
}

export interface StepRefusal {
  readonly code: 'rollover-not-now' | 'activation-date-needed' | 'certificates-issued';
  readonly text: string;
}

const no = (text: string, code: StepRefusal['code'] = 'rollover-not-now'): StepRefusal => ({ code, text });

/** Why a step cannot be taken; undefined where it can. */
export function stepProblem(step: RolloverStep, standings: Standings, facts: StepFacts): StepRefusal | undefined {
  const { next, awaiting, current, previous } = standings;
  switch (step) {
    case 'stage':
      if (current === undefined) return no('the authority has no certificate yet, so there is nothing to roll over');
      if (next !== undefined) return no('a next generation is there already; withdraw it first to make another one');
      return awaiting === undefined ? undefined : no('the next generation waits for its certificate; install it, or withdraw it first');
    case 'publish':
      if (next === undefined) return no(awaiting === undefined ? 'nothing is staged' : 'the next generation has no certificate yet');
      return undefined;
    case 'withdraw':
      return next === undefined && awaiting === undefined ? no('there is no next generation to withdraw') : undefined;
    case 'activate':
      if (next === undefined) return no(awaiting === undefined ? 'nothing is staged' : 'the next generation has no certificate yet');
      return next.notAfter <= facts.now ? no('the next certificate has expired') : undefined;
    case 'retire':
      return previous.length === 0 ? no('no former generation is left to retire') : undefined;
    case 'undo': {
      const undone = lastDone(standings, facts.history);
      if (undone === undefined) return no('no activation and no retirement is there to undo; what is staged or published is withdrawn');
      if (undone.kind === 'retirement') return undefined;
      if (next !== undefined || awaiting !== undefined) return no('a further generation is staged already; withdraw it first');
      if (facts.issuedSinceActivation > 0) {
        const many = facts.issuedSinceActivation;
        return no(`${many === 1 ? 'one certificate was' : `${many} certificates were`} issued by the new generation since its activation, and their devices would be left with a CA that is none any more`, 'certificates-issued');
      }
      return undone.former.notAfter <= facts.now ? no('the certificate of the former generation has expired') : undefined;
    }
  }
}

export type Undoable = { readonly kind: 'activation'; readonly current: Generation; readonly former: Generation } | { readonly kind: 'retirement'; readonly retired: Generation };

/** The last activation or retirement, whichever came later. */
export function lastDone({ current, previous, retired }: Standings, { dates }: RolloverHistory): Undoable | undefined {
  const retiredAt = (g: Generation): Instant => dates[g.number]?.retiredAt ?? 0;
  const lastRetired = [...retired].sort((a, b) => retiredAt(b) - retiredAt(a))[0];
  const activatedAt = current === undefined ? 0 : (dates[current.number]?.activatedAt ?? 0);
  if (lastRetired !== undefined && retiredAt(lastRetired) >= activatedAt) return { kind: 'retirement', retired: lastRetired };
  const [former] = previous;
  return current === undefined || former === undefined ? undefined : { kind: 'activation', current, former };
}

export interface ProposalFacts {
  readonly current: Pick<Generation, 'notBefore' | 'notAfter'>;
  /** When the last valid device certificate ends; null where there is none. */
  readonly lastDeviceEnd: Instant | null;
  /** The longest of the profiles that the authority's endpoints use. */
  readonly renewalWindowDays: number;
  readonly now: Instant;
}

export interface Proposal {
  readonly notBefore: Instant;
  readonly activateAt: Instant;
  readonly years: number;
  readonly text: string;
}

const YEAR = 365.25 * DAY;
/** Whoever polls for a next CA does so within a week. */
const LEAST_NOTICE = 7 * DAY;
const day = (at: Instant): string => toIso(at).slice(0, 10);

/** Dates so that each device comes by once before the activation, and has its whole renewal window left before the current CA certificate ends. */
export function propose({ current, lastDeviceEnd, renewalWindowDays, now }: ProposalFacts): Proposal {
  const whole = (at: Instant): Instant => Math.ceil(at / HOUR) * HOUR;
  const years = Math.max(1, Math.round((current.notAfter - current.notBefore) / YEAR));
  const latest = current.notAfter - renewalWindowDays * DAY;
  const wanted = Math.max(lastDeviceEnd ?? 0, now + LEAST_NOTICE);
  // The next CA certificate is given out at once, so it is valid at once; a device's clock may be slow.
  const notBefore = Math.floor((now - DAY) / HOUR) * HOUR;
  if (latest <= now + HOUR) {
    const soon = Math.max(now + HOUR, Math.min(now + DAY, current.notAfter - HOUR));
    return { notBefore, activateAt: whole(soon), years, text: `The current CA certificate ends on ${day(current.notAfter)}, within the renewal window of ${renewalWindowDays} days: the next one should take over as soon as it is published, and devices that do not fetch it must be given it by hand.` };
  }
  if (wanted <= latest) {
    const why = lastDeviceEnd === null || lastDeviceEnd < wanted ? 'No device certificate runs longer than a week, so a week of notice suffices' : `By then every device has come by to renew once, for the last of today’s device certificates ends on ${day(lastDeviceEnd)}`;
    return { notBefore, activateAt: whole(wanted), years, text: `${why}; from then on ${Math.floor((current.notAfter - wanted) / DAY)} days are left of the current CA certificate.` };
  }
  return { notBefore, activateAt: Math.floor(latest / HOUR) * HOUR, years, text: `The current CA certificate ends on ${day(current.notAfter)}; activated ${renewalWindowDays} days before, each device has its whole renewal window left. Some device certificates run until the CA’s own end, so their devices may hear of the next CA only then.` };
}

export const knowing = ({ renewed, fetched }: StandingCounts): number => renewed + fetched;

/** “42 of 57 devices know the new CA; these 15 do not: …” */
export function adoptionText(counts: StandingCounts): string {
  const total = counts.renewed + counts.fetched + counts.seen + counts.silent;
  if (total === 0) return 'No device has a valid certificate.';
  const know = `${knowing(counts)} of ${total} ${total === 1 ? 'device knows' : 'devices know'} the new CA`;
  const rest = counts.seen + counts.silent;
  if (rest === 0) return `${know}.`;
  const parts = [
    ...(counts.seen === 0 ? [] : [`${counts.seen} ${counts.seen === 1 ? 'was' : 'were'} seen and did not ask for it`]),
    ...(counts.silent === 0 ? [] : [`${counts.silent} ${counts.silent === 1 ? 'was' : 'were'} not seen since the publication`]),
  ];
  return `${know}; ${rest === 1 ? 'one does' : `${rest} do`} not: ${parts.join(', ')}.`;
}

/** Clients that are known to ask for the next CA certificate by themselves (SCEP.md A11.6, C); of the others it is known that they do not. */
const ASKS: Readonly<Record<string, boolean>> = {
  'Cisco IOS': true,
  'MikroTik RouterOS': true,
  'Apple device': false,
  strongSwan: false,
  certmonger: false,
  'Go client (micromdm, step)': false,
  Windows: false,
};

export interface WhyFacts {
  readonly client: string | null;
  readonly renewalWindowDays: number;
  readonly currentEnds: Instant;
  readonly activateAt: Instant | null;
  readonly activated: boolean;
  readonly now: Instant;
}

/** Why a device does not know the new CA, or what will happen to it, in a sentence. */
export function whyOf(follower: Pick<Follower, 'standing' | 'notAfter' | 'sharedBy' | 'fetchedBySource' | 'lastSeenAt'>, facts: WhyFacts): string {
  const { client, activated, activateAt, now } = facts;
  const opens = follower.notAfter - facts.renewalWindowDays * DAY;
  const after = activated || (activateAt !== null && opens >= activateAt);
  const renews = opens <= now ? `it can renew now, until ${day(follower.notAfter)}` : `it can renew from ${day(opens)} on`;
  const then = after ? `${renews}, and gets its certificate from the new CA then` : `${renews}${activateAt === null ? '' : `, before the activation on ${day(activateAt)}`}`;
  const asks = client === null ? undefined : ASKS[client];
  const words: Readonly<Record<Standing, string>> = {
    renewed: activated || activateAt === null ? 'It has a certificate by the new CA.' : `It has a certificate by the new CA, which begins on ${day(activateAt)}.`,
    fetched: `It asked for the new CA certificate; ${then}.`,
    seen: asks === false ? `It was seen since, but ${client ?? ''} does not ask for a next CA certificate by itself: give it the certificate by hand or by its management; ${then}.` : `It was seen since and did not ask for the new CA certificate; ${then}.`,
    silent: follower.lastSeenAt === null ? `Nothing is known of when it was last here; ${then}.` : `It was not seen since the publication, the last time on ${day(follower.lastSeenAt)}; ${then}.`,
  };
  const shared = follower.fetchedBySource ? ` Somebody at its address asked for the new CA certificate, but ${follower.sharedBy} devices have that address, so it cannot be told which.` : '';
  return `${words[follower.standing]}${follower.standing === 'renewed' ? '' : shared}`;
}
