/** What is about to end: said before it hurts, with the reason and the next step, and not said where all goes by itself. */
import { afterEach, describe, expect, it } from 'vitest';
import { getStatus } from '../../../src/main/application/status.ts';
import { type AuthorityLife, findDeadlines } from '../../../src/main/core/ca/deadlines.ts';
import { DAY, HOUR } from '../../../src/main/core/lib/instant.ts';
import { type Office, openOffice } from '../../support/office.ts';

const NOW = Date.UTC(2026, 10, 26);
const life = (days: number, left: number) => ({ notBefore: NOW + (left - days) * DAY, notAfter: NOW + left * DAY });
const authority = (changes: Partial<AuthorityLife> = {}): AuthorityLife => ({
  id: 'a1',
  name: 'Office CA',
  certificate: life(3650, 3000),
  scep: null,
  successor: 'none',
  signer: null,
  longestValidityDays: 365,
  generations: [{ number: 1, notAfter: NOW + 3000 * DAY, obstacle: null, crl: { thisUpdate: NOW - DAY, nextUpdate: NOW + 6 * DAY }, ocsp: life(30, 25) }],
  ...changes,
});
const generation = (changes: Partial<AuthorityLife['generations'][number]>): AuthorityLife => authority({ generations: [{ ...authority().generations[0]!, ...changes }] });
const said = (a: AuthorityLife): readonly string[] => findDeadlines(a, NOW).map(({ code, severity }) => `${severity} ${code}`);

describe('deadlines', () => {
  it.each<[string, AuthorityLife, readonly string[]]>([
    ['nothing', authority(), []],
    ['a CA that ends within the life of what it issues', authority({ certificate: life(3650, 300) }), ['notice authority-ends-soon']],
    ['a CA that ends within half a year', authority({ certificate: life(3650, 170) }), ['warning authority-ends-soon']],
    ['a CA that ends within 30 days', authority({ certificate: life(3650, 30) }), ['warning authority-ending']],
    ['a CA that ends within a week', authority({ certificate: life(3650, 7) }), ['danger authority-ending']],
    ['a CA that has ended', authority({ certificate: life(3650, -1) }), ['danger authority-ending']],
    ['a SCEP certificate with 31 days', authority({ scep: life(730, 31) }), []],
    ['a SCEP certificate with 30 days', authority({ scep: life(730, 30) }), ['warning scep-key-ending']],
    ['a SCEP certificate with a week', authority({ scep: life(730, 7) }), ['danger scep-key-ending']],
    ['a SCEP certificate that ends with its CA', authority({ scep: life(730, 20), certificate: life(3650, 20) }), ['warning authority-ending']],
    ['a CRL just past its half', generation({ crl: { thisUpdate: NOW - 3.5 * DAY - HOUR, nextUpdate: NOW + 3.5 * DAY - HOUR } }), ['warning crl-overdue']],
    ['a CRL in the round that renews it', generation({ crl: { thisUpdate: NOW - 3.5 * DAY, nextUpdate: NOW + 3.5 * DAY } }), []],
    ['a CRL in its last quarter', generation({ crl: { thisUpdate: NOW - 6 * DAY, nextUpdate: NOW + DAY } }), ['danger crl-overdue']],
    ['an OCSP signer that should have been renewed', generation({ ocsp: life(30, 9) }), ['warning ocsp-signer-overdue']],
    ['an OCSP signer with three days', generation({ ocsp: life(30, 3) }), ['danger ocsp-signer-overdue']],
    ['an OCSP signer that ends with its CA', generation({ ocsp: life(30, 3), notAfter: NOW + 3 * DAY }), []],
  ])('%s', (_what, a, expected) => expect(said(a)).toEqual(expected));

  it('of a CA name the next step of its rollover, once, and where it is taken', () => {
    const ends = (changes: Partial<AuthorityLife>): readonly (readonly [string, string])[] => findDeadlines(authority({ certificate: life(3650, 170), ...changes }), NOW).map(({ code, text }) => [code, text] as const);
    expect(ends({})).toEqual([['authority-ends-soon', expect.stringContaining('Stage its next generation')]]);
    expect(ends({ successor: 'awaiting-certificate' })).toEqual([['authority-ends-soon', expect.stringContaining('install what comes back')]]);
    expect(ends({ successor: 'staged' })).toEqual([['authority-ends-soon', expect.stringContaining('publish it')]]);
    expect(ends({ successor: 'published' })).toEqual([]);
    expect(ends({ successor: 'published', certificate: life(3650, 20) })).toEqual([['authority-ending', expect.stringContaining('is published')]]);
    expect(ends({ signer: 'Safe' })).toEqual([['authority-ends-soon', expect.stringContaining('on “Safe”')]]);
  });

  it('say what stands in the way', () => {
    const text = (obstacle: 'locked' | 'key-absent' | null): string => findDeadlines(generation({ obstacle, ocsp: life(30, 3) }), NOW)[0]?.text ?? '';
    expect(text('locked')).toContain('unlock it');
    expect(text('key-absent')).toContain('not on this machine');
    expect(text(null)).toContain('the log says why');
  });
});

describe('in an office', () => {
  let office: Office;
  afterEach(() => office.close());

  it('each is told once, with the authority whose matter it is', async () => {
    office = await openOffice({ authority: { years: 1 } });
    office.advance(250 * DAY);
    await office.settle();
    const ends = (await getStatus(office.deps)).notices.filter(({ text }) => text.includes('ends in'));
    expect(ends).toEqual([{ code: 'authority-ends-soon', severity: 'warning', text: expect.stringContaining('Stage its next generation') as unknown, authorityId: office.endpoint.authorityId }]);
  });

  it('a vault that stays locked over a CRL and an OCSP signer is told of, and the unlock mends both', async () => {
    office = await openOffice({ settings: { publicBaseUrl: 'http://ca.office.lan' } });
    await office.settle();
    await office.lock();
    const codes = async (): Promise<readonly string[]> => (await getStatus(office.deps)).notices.filter(({ code }) => code.endsWith('-overdue')).map(({ code, severity }) => `${severity} ${code}`);
    office.advance(3 * DAY);
    expect(await codes()).toEqual([]);
    office.advance(DAY);
    expect(await codes()).toEqual(['warning crl-overdue']);
    office.advance(25 * DAY);
    expect(await codes()).toEqual(['danger crl-overdue', 'danger ocsp-signer-overdue']);
    await office.unlock();
    await office.settle();
    expect(await codes()).toEqual([]);
  });
});
