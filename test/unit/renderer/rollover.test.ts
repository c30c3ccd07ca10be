/** The rollover in the window: where it stands, dates in fields, what is sent, and what is announced when. */
import { describe, expect, it } from 'vitest';
import { fromField, sayUtc, toField } from '../../../src/renderer/src/features/authorities/rollover/dates.ts';
import { capabilityRows } from '../../../src/renderer/src/features/authorities/rollover/EndpointAnswers.tsx';
import { type Rollover, formerGeneration, nextGeneration, nextStep, stationsOf, unaware } from '../../../src/renderer/src/features/authorities/rollover/stages.ts';
import { wishOf } from '../../../src/renderer/src/features/authorities/rollover/StageStep.tsx';
import { asSentence, sayUnaware, wordsOf } from '../../../src/renderer/src/features/authorities/rollover/words.ts';
import { comingUp, isRolling, sayUnaware as sayUnawareShortly } from '../../../src/renderer/src/features/overview/comingUp.ts';

type Generation = Rollover['generations'][number];

const generation = (number: number, state: Generation['state'], more: Partial<Generation> = {}): Generation => ({
  number,
  state,
  certificatePem: null,
  fingerprints: null,
  subjectKeyId: '',
  notBefore: null,
  notAfter: null,
  scepCertificatePem: null,
  activateAt: null,
  stagedAt: null,
  publishedAt: null,
  activatedAt: null,
  retiredAt: null,
  certificates: 0,
  ...more,
});

const free = { possible: true, why: null };

const rollover = (stage: Rollover['stage'], generations: readonly Generation[], more: Partial<Rollover> = {}): Rollover => ({
  authorityId: 'ca',
  number: 1,
  commonName: 'Office CA',
  scepKey: 'combined',
  stage,
  generations: [...generations],
  proposal: null,
  adoption: null,
  devices: [],
  total: 0,
  steps: { stage: free, publish: free, withdraw: free, activate: free, retire: free, undo: free },
  findings: [],
  ...more,
});

const adoption = (knowing: number, total: number): NonNullable<Rollover['adoption']> => ({ generation: 2, total, knowing, renewed: 0, fetched: knowing, seen: 0, silent: total - knowing, text: '' });

describe('where a rollover stands', () => {
  it.each([
    ['none', 'Nothing staged', 'stage'],
    ['awaiting-certificate', 'Awaiting certificate', undefined],
    ['staged', 'Staged', 'publish'],
    ['published', 'Published', 'activate'],
    ['overlap', 'Overlap', 'retire'],
  ] as const)('%s is the station “%s”; the next step is %s', (stage, label, step) => {
    const stations = stationsOf(rollover(stage, [generation(1, 'current')]));
    expect(stations).toHaveLength(5);
    expect(stations.filter(({ state }) => state === 'here').map((station) => station.label)).toEqual([label]);
    expect(nextStep({ stage })).toBe(step);
  });

  it('tells since when, and what comes by itself', () => {
    const next = generation(2, 'next', { stagedAt: '2026-11-01T00:00:00Z', publishedAt: '2026-11-05T00:00:00Z', activateAt: '2027-02-01T00:00:00Z' });
    expect(stationsOf(rollover('published', [generation(1, 'current'), next])).map(({ state, at }) => [state, at])).toEqual([
      ['done', null],
      ['done', '2026-11-01T00:00:00Z'],
      ['here', '2026-11-05T00:00:00Z'],
      ['to-come', '2027-02-01T00:00:00Z'],
      ['to-come', null],
    ]);
  });

  it('retires the oldest of several first, and knows one that awaits its certificate as the next', () => {
    const generations = [generation(4, 'awaiting-certificate'), generation(3, 'current'), generation(2, 'previous'), generation(1, 'previous')];
    expect(formerGeneration({ generations })?.number).toBe(1);
    expect(nextGeneration({ generations })?.number).toBe(4);
  });
});

describe('the words of a step', () => {
  it('tell who does not know the new CA', () => {
    expect(unaware({ adoption: adoption(42, 57) })).toBe(15);
    expect(sayUnaware(15)).toMatch(/^15 devices do not know the new CA yet/);
    expect(sayUnaware(1)).toMatch(/^1 device does not know the new CA yet .* its trust/);
    expect(sayUnaware(0)).toBe('Every device knows the new CA already.');
    expect(wordsOf('activate', rollover('published', [generation(1, 'current'), generation(2, 'next')], { adoption: adoption(42, 57) })).costs).toMatch(/^15 devices/);
  });

  it('tell what a retirement leaves behind', () => {
    expect(wordsOf('retire', rollover('overlap', [generation(1, 'previous', { certificates: 1 }), generation(2, 'current')])).costs).toMatch(/^1 valid certificate is still by it/);
    expect(wordsOf('retire', rollover('overlap', [generation(1, 'previous'), generation(2, 'current')])).costs).toMatch(/^Nothing/);
  });

  it('make a sentence of a reason, once', () => {
    expect(asSentence('nothing is staged')).toBe('Nothing is staged.');
    expect(asSentence('Nothing is staged.')).toBe('Nothing is staged.');
  });
});

describe('dates in fields', () => {
  it('are the admin’s time there, and UTC where they are sent', () => {
    const at = '2027-03-01T08:30:00Z';
    expect(fromField(toField(at))).toBe(at);
    expect(sayUtc(at)).toBe('2027-03-01 08:30 UTC');
  });

  it('are none while they are half typed', () => {
    for (const text of ['', '2027-03-01', '2027-13-01T08:30', 'soon']) expect(fromField(text)).toBeUndefined();
  });

  it('are sent only where they differ from the proposal', () => {
    const proposal = { notBefore: '2026-11-25T00:00:00Z', activateAt: '2027-02-01T00:00:00Z', years: 10, key: 'rsa-3072', text: '' } as const;
    expect(wishOf(proposal, proposal)).toEqual({});
    expect(wishOf({ ...proposal, years: 5, activateAt: '2027-03-01T00:00:00Z' }, proposal)).toEqual({ years: 5, activateAt: '2027-03-01T00:00:00Z' });
  });
});

it('capabilities stand in a row each, told at three moments', () => {
  const capabilities = { now: ['AES'], published: ['GetNextCACert', 'AES'], activated: ['AES'] };
  expect(capabilityRows({ capabilities })).toEqual([
    ['AES', [true, true, true]],
    ['GetNextCACert', [false, true, false]],
  ]);
});

describe('what comes up', () => {
  const NOW = Date.parse('2026-11-26T00:00:00Z');
  const published = (activateAt: string, knowing: number) => rollover('published', [generation(1, 'current'), generation(2, 'next', { activateAt })], { adoption: adoption(knowing, 57) });

  it('is a warning only where a takeover is near and devices do not know of it', () => {
    expect(comingUp(published('2026-12-10T00:00:00Z', 42), NOW)).toMatchObject({ tone: 'warning', at: '2026-12-10T00:00:00Z', text: 'Office CA: generation 2 takes over; 15 of 57 devices do not know it yet' });
    expect(comingUp(published('2027-12-10T00:00:00Z', 42), NOW)?.tone).toBe('notice');
    expect(comingUp(published('2026-12-10T00:00:00Z', 57), NOW)?.tone).toBe('notice');
  });

  it('is nothing without a rollover', () => {
    expect(comingUp(rollover('none', [generation(1, 'current')]), NOW)).toBeUndefined();
    expect(sayUnawareShortly({ adoption: adoption(0, 0) })).toBe('no device depends on it');
  });

  it('asks only about authorities that are in one', () => {
    const of = (...states: readonly Generation['state'][]): boolean => isRolling({ generations: states.map((state, i) => ({ number: i + 1, state, certificatePem: null, fingerprints: null, subjectKeyId: '', notBefore: null, notAfter: null })) });
    expect(of('current')).toBe(false);
    expect(of('awaiting-certificate')).toBe(false);
    expect(of('retired', 'current')).toBe(false);
    expect(of('current', 'next')).toBe(true);
    expect(of('current', 'awaiting-certificate')).toBe(true);
    expect(of('previous', 'current')).toBe(true);
  });
});
