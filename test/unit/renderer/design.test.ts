/** Times, fingerprints and places as people read them. */
import { describe, expect, it } from 'vitest';
import { groupsOf, numbersOf } from '../../../src/renderer/src/design/hex.ts';
import { sayCountdown, sayRelative } from '../../../src/renderer/src/design/time.ts';
import { pathTo, readPlace } from '../../../src/renderer/src/routing/path.ts';

const now = Date.parse('2026-11-21T08:00:00Z');

describe('a time', () => {
  it.each([
    ['2026-11-21T07:59:58Z', 'just now'],
    ['2026-11-21T07:57:00Z', '3 minutes ago'],
    ['2026-11-21T06:00:00Z', '2 hours ago'],
    ['2026-11-20T08:00:00Z', 'yesterday'],
    ['2026-11-23T08:00:00Z', 'in 2 days'],
    ['2026-12-21T08:00:00Z', 'in 4 weeks'],
    ['2036-11-21T08:00:00Z', 'in 10 years'],
    ['2026-11-21T06:00:01Z', '1 hour ago'],
    ['2026-11-28T07:59:58Z', 'in 7 days'],
  ])('%s is said relative to now', (at, words) => {
    expect(sayRelative(at, now)).toBe(words);
  });

  it.each([
    ['2026-11-21T08:04:05Z', '4:05'],
    ['2026-11-21T10:10:00Z', '2 h 10 min'],
    ['2026-11-28T08:00:00Z', '7 days'],
    ['2026-11-21T08:00:00Z', undefined],
    ['2026-11-21T07:00:00Z', undefined],
  ])('until %s is counted down, and not beyond', (at, words) => {
    expect(sayCountdown(at, now)).toBe(words);
  });
});

describe('a fingerprint', () => {
  it('stands in groups of four digits', () => {
    expect(groupsOf('a1b2c3d4e5f60718')).toEqual(['a1b2', 'c3d4', 'e5f6', '0718']);
  });

  it('has the same groups as numbers of five digits, leading zeros kept', () => {
    expect(numbersOf('0000ffff00a5')).toEqual(['00000', '65535', '00165']);
    expect(numbersOf('ab'.repeat(32)).join('')).toHaveLength(80);
  });
});

describe('a place', () => {
  it('is written and read again, whatever stands in it', () => {
    const path = pathTo(['requests', 'a/b c%'], { query: 'CN=ü & co', state: undefined });
    expect(readPlace(`#${path}`)).toMatchObject({ segments: ['requests', 'a/b c%'] });
    expect(readPlace(`#${path}`).params.get('query')).toBe('CN=ü & co');
    expect(path).not.toContain('state');
  });

  it.each(['', '#', '#/'])('is nowhere in %j', (hash) => {
    expect(readPlace(hash).segments).toEqual([]);
  });

  it('takes a broken escape as it stands', () => {
    expect(readPlace('#/requests/%zz').segments).toEqual(['requests', '%zz']);
  });
});
