/** A challenge as an admin wishes it, before it is made. */
import type { Input } from '../../../../preload/contract/contract.ts';

export interface ChallengeDraft {
  /** Whose it is: a note for people, and the heading of the ticket. */
  readonly label: string;
  /** Free: whoever has it may use it. Bound: only a request with this subject and these names. */
  readonly bound: boolean;
  readonly subject: string;
  readonly names: readonly string[];
  /** A path; empty: any endpoint. */
  readonly endpoint: string;
  readonly uses: number | undefined;
  readonly lifetime: Lifetime;
}

/** One that was made, while its password is shown. */
export interface MadeChallenge {
  readonly password: string;
  readonly expiresAt: string;
  readonly label: string;
  /** A path; empty: any endpoint. */
  readonly endpoint: string;
  readonly uses: number;
}

export interface Lifetime {
  readonly preset: 'hour' | 'day' | 'week' | 'custom';
  readonly amount: number | undefined;
  readonly unit: 'hours' | 'days';
}

export const PRESETS = [
  { value: 'hour', label: '1 hour' },
  { value: 'day', label: '24 hours' },
  { value: 'week', label: '7 days' },
  { value: 'custom', label: 'Other' },
] as const;

const MINUTES = { hour: 60, day: 1_440, week: 10_080 } as const;
const MOST_MINUTES = 366 * 1_440;

/** The lifetime that the settings propose, as this form shows it. */
export function lifetimeOf(minutes: number): Lifetime {
  const preset = (['hour', 'day', 'week'] as const).find((name) => MINUTES[name] === minutes);
  const whole = minutes % 1_440 === 0;
  return { preset: preset ?? 'custom', amount: whole ? minutes / 1_440 : Math.max(1, Math.round(minutes / 60)), unit: whole ? 'days' : 'hours' };
}

/** Undefined where nothing sensible was typed. */
export function minutesOf({ preset, amount, unit }: Lifetime): number | undefined {
  if (preset !== 'custom') return MINUTES[preset];
  if (amount === undefined || !Number.isInteger(amount) || amount < 1) return undefined;
  const minutes = amount * (unit === 'days' ? 1_440 : 60);
  return minutes <= MOST_MINUTES ? minutes : undefined;
}

export type ChallengeErrors = { readonly [Name in 'subject' | 'subjectAltNames' | 'uses' | 'minutes']?: string };

/** What cannot be sent as it stands; empty when all can. */
export function findErrors(draft: ChallengeDraft): ChallengeErrors {
  return {
    ...(draft.bound && draft.subject.trim() === '' && draft.names.length === 0 ? { subject: 'Say which device: its subject, its names, or both.' } : {}),
    ...(draft.uses === undefined || !Number.isInteger(draft.uses) || draft.uses < 1 || draft.uses > 1_000 ? { uses: 'Between 1 and 1 000.' } : {}),
    ...(minutesOf(draft.lifetime) === undefined ? { minutes: 'At least an hour, at most a year.' } : {}),
  };
}

export function challengeWish(draft: ChallengeDraft): Input<'challenges.create'> {
  const minutes = minutesOf(draft.lifetime);
  const subject = draft.bound ? draft.subject.trim() : '';
  return {
    ...(draft.label.trim() === '' ? {} : { label: draft.label.trim() }),
    ...(subject === '' ? {} : { subject }),
    ...(draft.bound && draft.names.length > 0 ? { subjectAltNames: [...draft.names] } : {}),
    ...(draft.endpoint === '' ? {} : { endpoint: draft.endpoint }),
    ...(draft.uses === undefined ? {} : { uses: draft.uses }),
    ...(minutes === undefined ? {} : { minutes }),
  };
}

/** Whom a challenge is for, in a few words. */
export function sayBinding({ subject, subjectAltNames }: { readonly subject: string | null; readonly subjectAltNames: readonly string[] | null }): string {
  const parts = [...(subject === null ? [] : [subject]), ...(subjectAltNames ?? [])];
  return parts.length === 0 ? 'Any device' : parts.join(', ');
}
