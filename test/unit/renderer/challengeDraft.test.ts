import { describe, expect, it } from 'vitest';
import { contract } from '../../../src/preload/contract/contract.ts';
import { type ChallengeDraft, challengeWish, findErrors, lifetimeOf, minutesOf, sayBinding } from '../../../src/renderer/src/features/challenges/draft.ts';

const draft: ChallengeDraft = { label: ' Printer ', bound: false, subject: 'CN=x', names: ['DNS:x.lan'], endpoint: '', uses: 1, lifetime: { preset: 'day', amount: 1, unit: 'days' } };

describe('a challenge that is to be made', () => {
  it('asks for nothing that was not wished', () => {
    expect(challengeWish(draft)).toEqual({ label: 'Printer', uses: 1, minutes: 1_440 });
    expect(challengeWish({ ...draft, label: ' ', endpoint: '/scep/lab' })).toEqual({ endpoint: '/scep/lab', uses: 1, minutes: 1_440 });
  });

  it('is bound to subject and names only where one device was chosen', () => {
    const wish = challengeWish({ ...draft, bound: true });
    expect(wish).toMatchObject({ subject: 'CN=x', subjectAltNames: ['DNS:x.lan'] });
    expect(contract['challenges.create'].input.safeParse(wish).success).toBe(true);
    expect(challengeWish({ ...draft, bound: true, names: [] })).not.toHaveProperty('subjectAltNames');
  });

  it('wants to know which device, how often and how long', () => {
    expect(findErrors(draft)).toEqual({});
    expect(Object.keys(findErrors({ ...draft, bound: true, subject: ' ', names: [], uses: undefined, lifetime: { preset: 'custom', amount: undefined, unit: 'hours' } }))).toEqual(['subject', 'uses', 'minutes']);
    expect(findErrors({ ...draft, uses: 1_001 })).toHaveProperty('uses');
  });
});

describe('a lifetime', () => {
  it.each([
    [60, 'hour', 60],
    [1_440, 'day', 1_440],
    [10_080, 'week', 10_080],
    [2_880, 'custom', 2_880],
    [240, 'custom', 240],
  ])('of %i minutes shows as %s and comes back', (minutes, preset, back) => {
    const lifetime = lifetimeOf(minutes);
    expect(lifetime.preset).toBe(preset);
    expect(minutesOf(lifetime)).toBe(back);
  });

  it('ends at a year', () => {
    expect(minutesOf({ preset: 'custom', amount: 366, unit: 'days' })).toBe(527_040);
    expect(minutesOf({ preset: 'custom', amount: 367, unit: 'days' })).toBeUndefined();
    expect(minutesOf({ preset: 'custom', amount: 1.5, unit: 'days' })).toBeUndefined();
  });
});

it('says whom a challenge is for', () => {
  expect(sayBinding({ subject: null, subjectAltNames: null })).toBe('Any device');
  expect(sayBinding({ subject: 'CN=a', subjectAltNames: ['DNS:a.lan', 'IP:192.0.2.1'] })).toBe('CN=a, DNS:a.lan, IP:192.0.2.1');
});
