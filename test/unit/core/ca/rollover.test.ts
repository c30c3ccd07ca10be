// What a rollover allows, proposes and says; no store, no keys.
import { describe, expect, it } from 'vitest';
import { type DeviceFacts, type SourceFacts, survey } from '../../../../src/main/core/ca/adoption.ts';
import { type Generation, NOT_NEXT } from '../../../../src/main/core/ca/authority.ts';
import { NO_HISTORY, type RolloverHistory, adoptionText, lastDone, propose, sortOut, stageOf, stepProblem, whyOf } from '../../../../src/main/core/ca/rollover.ts';
import { DAY, HOUR } from '../../../../src/main/core/lib/instant.ts';

const NOW = Date.UTC(2026, 10, 26);
const YEAR = 365.25 * DAY;

const generation = (number: number, state: Generation['state'], more: Partial<Generation> = {}): Generation => ({
  authorityId: 'a1',
  number,
  state,
  keyId: `k${number}`,
  spki: new Uint8Array([number]),
  certificate: state === 'awaiting-certificate' ? null : new Uint8Array([number]),
  chain: [],
  subjectKeyId: '00',
  notBefore: NOW - YEAR,
  notAfter: NOW + 5 * YEAR,
  ...NOT_NEXT,
  version: 1,
  ...more,
});

const facts = (issuedSinceActivation = 0, history: RolloverHistory = NO_HISTORY) => ({ history, now: NOW, issuedSinceActivation });
const possible = (generations: readonly Generation[], given = facts()): readonly string[] =>
  (['stage', 'publish', 'withdraw', 'activate', 'retire', 'undo'] as const).filter((step) => stepProblem(step, sortOut(generations), given) === undefined);

describe('which step comes next', () => {
  it.each([
    ['none', [generation(1, 'current')], ['stage']],
    ['awaiting-certificate', [generation(1, 'current'), generation(2, 'awaiting-certificate')], ['withdraw']],
    ['staged', [generation(1, 'current'), generation(2, 'next')], ['publish', 'withdraw', 'activate']],
    ['published', [generation(1, 'current'), generation(2, 'next', { publishedAt: NOW })], ['publish', 'withdraw', 'activate']],
    ['overlap', [generation(1, 'previous'), generation(2, 'current')], ['stage', 'retire', 'undo']],
    ['none', [generation(1, 'retired'), generation(2, 'current')], ['stage', 'undo']],
    ['staged', [generation(1, 'previous'), generation(2, 'current'), generation(3, 'next')], ['publish', 'withdraw', 'activate', 'retire']],
    ['none', [generation(1, 'awaiting-certificate')], []],
  ] as const)('%s', (stage, generations, steps) => {
    expect(stageOf(sortOut(generations))).toBe(stage);
    expect(possible(generations)).toEqual(steps);
  });

  it('an activation is undone only while nothing was issued since, and only back to a CA that still lives', () => {
    const generations = [generation(1, 'previous'), generation(2, 'current')];
    expect(stepProblem('undo', sortOut(generations), facts(3))).toMatchObject({ code: 'certificates-issued', text: expect.stringMatching(/^3 certificates were issued/) as string });
    expect(stepProblem('undo', sortOut([generation(1, 'previous', { notAfter: NOW - 1 }), generation(2, 'current')]), facts())).toMatchObject({ text: 'the certificate of the former generation has expired' });
    expect(stepProblem('activate', sortOut([generation(1, 'current'), generation(2, 'next', { notAfter: NOW - 1 })]), facts())).toMatchObject({ text: 'the next certificate has expired' });
  });

  it('the later of activation and retirement is what is undone', () => {
    const standings = sortOut([generation(1, 'retired'), generation(2, 'previous'), generation(3, 'current')]);
    const at = (retiredAt: number, activatedAt: number): RolloverHistory => ({ highest: 3, dates: { 1: { retiredAt }, 3: { activatedAt } } });
    expect(lastDone(standings, at(NOW, NOW - DAY))).toMatchObject({ kind: 'retirement', retired: { number: 1 } });
    expect(lastDone(standings, at(NOW - DAY, NOW))).toMatchObject({ kind: 'activation', former: { number: 2 } });
  });
});

describe('proposed dates', () => {
  const current = { notBefore: NOW - 4 * YEAR, notAfter: NOW + 6 * YEAR };
  it('wait until each device has come by, where there is time', () => {
    const lastDeviceEnd = NOW + 364 * DAY + 5;
    const proposal = propose({ current, lastDeviceEnd, renewalWindowDays: 30, now: NOW });
    expect(proposal.activateAt).toBe(Math.ceil(lastDeviceEnd / HOUR) * HOUR);
    expect(proposal).toMatchObject({ years: 10, text: expect.stringContaining('every device has come by to renew once') as string });
    expect(proposal.notBefore).toBeLessThanOrEqual(NOW - DAY);
  });
  it('give a week of notice where there is no device', () => {
    expect(propose({ current, lastDeviceEnd: null, renewalWindowDays: 30, now: NOW }).activateAt).toBe(NOW + 7 * DAY);
  });
  it('leave each device its renewal window before the CA ends', () => {
    const ending = { notBefore: NOW - 9 * YEAR, notAfter: NOW + 200 * DAY };
    expect(propose({ current: ending, lastDeviceEnd: NOW + 200 * DAY, renewalWindowDays: 30, now: NOW }).activateAt).toBe(NOW + 170 * DAY);
  });
  it.each([20, 1, 0.01])('are as soon as can be where the CA ends in %d days', (days) => {
    const ending = { notBefore: NOW - 9 * YEAR, notAfter: NOW + days * DAY };
    const { activateAt, text } = propose({ current: ending, lastDeviceEnd: NOW + DAY, renewalWindowDays: 30, now: NOW });
    expect(activateAt).toBeGreaterThan(NOW);
    expect(activateAt).toBeLessThanOrEqual(NOW + DAY + HOUR);
    expect(text).toMatch(/as soon as it is published/);
  });
});

describe('adoption', () => {
  const device = (place: number, more: Partial<DeviceFacts> = {}): DeviceFacts => ({ certificateId: `c${place}`, place, generation: 1, notAfter: NOW + 90 * DAY, issuedAt: NOW, replaced: false, source: `10.0.0.${place}`, lastSeenAt: NOW - DAY, ...more });
  const asked = (fetchedAt: number | null): SourceFacts => ({ firstAt: NOW, lastAt: NOW + HOUR, fetchedAt });
  const target = { number: 2, publishedAt: NOW };

  it('says it in one sentence', () => {
    expect(adoptionText({ renewed: 30, fetched: 12, seen: 5, silent: 10 })).toBe('42 of 57 devices know the new CA; 15 do not: 5 were seen and did not ask for it, 10 were not seen since the publication.');
    expect(adoptionText({ renewed: 1, fetched: 0, seen: 0, silent: 1 })).toBe('1 of 2 devices know the new CA; one does not: 1 was not seen since the publication.');
    expect(adoptionText({ renewed: 2, fetched: 0, seen: 0, silent: 0 })).toBe('2 of 2 devices know the new CA.');
    expect(adoptionText({ renewed: 0, fetched: 0, seen: 0, silent: 0 })).toBe('No device has a valid certificate.');
  });

  it('takes no question for a device that shares its address, and knows no address of one that came from elsewhere', () => {
    const { counts, page } = survey([device(1, { source: '10.0.0.9' }), device(2, { source: '10.0.0.9' }), device(3, { source: null, lastSeenAt: null }), device(4)], new Map([['10.0.0.9', asked(NOW)], ['10.0.0.4', asked(null)]]), target, { limit: 9 });
    expect(counts).toEqual({ renewed: 0, fetched: 0, seen: 1, silent: 3 });
    expect(page.map(({ sharedBy, fetchedBySource }) => [sharedBy, fetchedBySource])).toEqual([[2, true], [2, true], [0, false], [1, false]]);
  });

  it('says why, by what is known of the kind of client', () => {
    const why = (standing: 'seen' | 'silent' | 'fetched' | 'renewed', client: string | null, more: object = {}): string =>
      whyOf({ standing, notAfter: NOW + 90 * DAY, sharedBy: 1, fetchedBySource: false, lastSeenAt: NOW, ...more }, { client, renewalWindowDays: 30, currentEnds: NOW + YEAR, activateAt: NOW + 30 * DAY, activated: false, now: NOW });
    expect(why('seen', 'strongSwan')).toBe('It was seen since, but strongSwan does not ask for a next CA certificate by itself: give it the certificate by hand or by its management; it can renew from 2027-01-25 on, and gets its certificate from the new CA then.');
    expect(why('seen', 'MikroTik RouterOS')).toMatch(/^It was seen since and did not ask/);
    expect(why('silent', null, { lastSeenAt: null })).toMatch(/^Nothing is known of when it was last here; /);
    expect(why('fetched', null, { notAfter: NOW + 40 * DAY })).toBe('It asked for the new CA certificate; it can renew from 2026-12-06 on, before the activation on 2026-12-26.');
    expect(why('renewed', null)).toBe('It has a certificate by the new CA, which begins on 2026-12-26.');
  });
});
