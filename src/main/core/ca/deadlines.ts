/**
 * What is about to end and was not renewed: said well before it hurts, with what stands in the way and the next step. Pure.
 * Warning from 30 days before, danger from 7: a certificate that nobody watched is how SCEP servers usually fail, all devices on one day.
 */
import { DAY, HOUR, MINUTE, type Instant, toIso } from '../lib/instant.ts';
import type { Finding, Severity } from './enrolment.ts';

export interface Deadline extends Finding {
  /** The authority's id, for whoever says it once a day only. */
  readonly about: string;
}

interface Life {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** Why nothing renews by itself now; null: nothing stands in the way. */
export type Obstacle = 'locked' | 'key-absent' | null;

export type Successor = 'none' | 'awaiting-certificate' | 'staged' | 'published';

export interface AuthorityLife {
  readonly id: string;
  readonly name: string;
  /** Of the current generation. */
  readonly certificate: Life;
  /** How far its next generation is. */
  readonly successor: Successor;
  /** The machine that has the CA key, where a courier brings what it makes; null: this one. */
  readonly signer: string | null;
  /** Of the split SCEP key that is given out; null in combined mode. */
  readonly scep: Life | null;
  /** The longest validity of the profiles that its endpoints issue by, in days; 0 without endpoints. */
  readonly longestValidityDays: number;
  /** Of each generation that is not over. */
  readonly generations: readonly GenerationLife[];
}

export interface GenerationLife {
  readonly number: number;
  readonly notAfter: Instant;
  readonly obstacle: Obstacle;
  readonly crl: { readonly thisUpdate: Instant; readonly nextUpdate: Instant } | null;
  /** The delegated OCSP signer; null where there never was one. */
  readonly ocsp: Life | null;
}

/** Before its end, in which a CA certificate should be rolled over, so that each device comes by at its leisure. */
export const PLAN_ROLLOVER_DAYS = 180;
const WARNING = 30 * DAY;
const DANGER = 7 * DAY;

/** A round of housekeeping comes every minute: what is overdue for longer did not go by itself. */
const CRL_GRACE = 15 * MINUTE;
const SIGNER_GRACE = HOUR;

const SCEP_STEP: Readonly<Record<'locked' | 'key-absent' | 'none', string>> = {
  locked: 'The vault is locked: unlock it, and a new one is made by itself',
  'key-absent': 'The CA key that must certify a new one is not on this machine: bring it here, or have the machine that has it make one',
  none: 'Making a new one failed: the log says why; try it by hand on the authority’s page',
};

const STEP: Readonly<Record<'locked' | 'key-absent' | 'none', string>> = {
  locked: 'The vault is locked: unlock it, and it goes on by itself',
  'key-absent': 'The CA key is not on this machine: bring what the machine with the key has made',
  none: 'Making it failed: the log says why',
};

/** `in 6 days`, `in 5 hours`, `since 2026-…`. */
function when(end: Instant, now: Instant): string {
  const left = end - now;
  if (left <= 0) return `expired at ${toIso(end)}`;
  const days = Math.floor(left / DAY);
  const hours = Math.max(1, Math.floor(left / HOUR));
  return days >= 2 ? `ends in ${days} days (${toIso(end)})` : `ends in ${hours} hour${hours === 1 ? '' : 's'} (${toIso(end)})`;
}

const severityOf = (end: Instant, now: Instant): Severity | undefined => (end - now <= DANGER ? 'danger' : end - now <= WARNING ? 'warning' : undefined);

/** Everything that is due for an authority, in no order. */
export function findDeadlines(authority: AuthorityLife, now: Instant): readonly Deadline[] {
  const found: Deadline[] = [];
  const say = (code: string, severity: Severity, text: string): void => void found.push({ code, severity, text, about: authority.id });
  sayCertificate(authority, now, say);
  sayScepKey(authority, now, say);
  for (const generation of authority.generations) {
    const of = `“${authority.name}”${authority.generations.length > 1 ? ` (generation ${generation.number})` : ''}`;
    sayCrl(of, generation, now, say);
    sayOcsp(of, generation, now, say);
  }
  return found;
}

type Say = (code: string, severity: Severity, text: string) => void;

const NEXT_STEP: Readonly<Record<Successor, string>> = {
  none: 'Stage its next generation, so that every device can renew in time',
  'awaiting-certificate': 'Its next generation waits for its certificate: have the signing request signed, and install what comes back',
  staged: 'Its next generation is staged, and no device is told of it yet: publish it',
  published: 'Its next generation is published: see that every device renews by then',
};

function sayCertificate({ name, certificate, longestValidityDays, successor, signer }: AuthorityLife, now: Instant, say: Say): void {
  const severity = severityOf(certificate.notAfter, now);
  const told = `The certificate of “${name}” ${when(certificate.notAfter, now)}`;
  const step = `${NEXT_STEP[successor]}${signer === null ? '' : ` (on “${signer}”, and then run the courier)`}`;
  // A rollover that is published has its date: nothing is left to plan.
  if (severity !== undefined) say('authority-ending', severity, `${told}. Everything below it ends with it. ${step}.`);
  else if (successor !== 'published') sayEndsSoon(told, certificate.notAfter - now, longestValidityDays, step, say);
}

function sayEndsSoon(told: string, left: number, longestValidityDays: number, step: string, say: Say): void {
  if (left < PLAN_ROLLOVER_DAYS * DAY) say('authority-ends-soon', 'warning', `${told}. ${step}.`);
  else if (left < longestValidityDays * DAY) say('authority-ends-soon', 'notice', `${told}, sooner than the certificates that it issues should: those are cut short. ${step}.`);
}

function sayScepKey({ name, certificate, scep, generations }: AuthorityLife, now: Instant, say: Say): void {
  const severity = scep === null ? undefined : severityOf(scep.notAfter, now);
  // One that ends with its authority is that authority's matter.
  if (scep === null || severity === undefined || scep.notAfter >= certificate.notAfter) return;
  const obstacle = generations.at(-1)?.obstacle ?? null;
  say('scep-key-ending', severity, `The SCEP certificate of “${name}” ${when(scep.notAfter, now)}, and no device can enrol or renew without it. ${SCEP_STEP[obstacle ?? 'none']}.`);
}

function sayCrl(of: string, { crl, obstacle }: GenerationLife, now: Instant, say: Say): void {
  if (crl === null) return;
  const life = crl.nextUpdate - crl.thisUpdate;
  if (now < crl.thisUpdate + life / 2 + CRL_GRACE) return;
  // The last quarter: a day and more of a week-long list.
  const severity = crl.nextUpdate - now <= life / 4 ? 'danger' : 'warning';
  say('crl-overdue', severity, `The revocation list of ${of} should have been renewed and ${when(crl.nextUpdate, now)}; after that, whoever checks it refuses every certificate. ${STEP[obstacle ?? 'none']}.`);
}

function sayOcsp(of: string, { ocsp, notAfter, obstacle }: GenerationLife, now: Instant, say: Say): void {
  if (ocsp === null || ocsp.notAfter >= notAfter) return;
  const due = ocsp.notBefore + ((ocsp.notAfter - ocsp.notBefore) * 2) / 3;
  if (now < due + SIGNER_GRACE) return;
  const severity = ocsp.notAfter - now <= 3 * DAY ? 'danger' : 'warning';
  say('ocsp-signer-overdue', severity, `The OCSP signer of ${of} should have been renewed and ${when(ocsp.notAfter, now)}; after that, questions about certificates get no answer. ${STEP[obstacle ?? 'none']}.`);
}
