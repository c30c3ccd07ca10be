/** The queue as a value: rows change in place or leave, and never move. */
import { describe, expect, it } from 'vitest';
import { deviceName } from '../../../src/renderer/src/design/deviceName.ts';
import { renewalDiff } from '../../../src/renderer/src/features/requests/renewalDiff.ts';
import { type QueuePage, type QueueRequest, belongs, isProven, nextAfter, rowAt, sortFindings, withReturned, withRow, withoutRow } from '../../../src/renderer/src/features/requests/queue.ts';

/** The newest are first. */
const TIMES: Readonly<Record<string, string>> = { a: '2026-11-21T07:03:00Z', b: '2026-11-21T07:02:00Z', c: '2026-11-21T07:01:00Z' };
const row = (id: string, more: Partial<QueueRequest> = {}): QueueRequest => ({ id, version: 1, receivedAt: TIMES[id] ?? '2026-11-21T07:00:00Z', state: 'pending', subject: `CN=${id}`, subjectAltNames: [], matchedAt: null, proof: { kind: 'none' }, findings: [], ...more }) as QueueRequest;
const pages: readonly QueuePage[] = [
  { items: [row('a'), row('b')], total: 3, nextCursor: 'x' },
  { items: [row('c')], total: 3 },
];
const ids = (all: readonly QueuePage[]): readonly string[] => all.flatMap(({ items }) => items.map(({ id }) => id));

describe('a list of requests', () => {
  it('loses a decided row and nothing else', () => {
    const after = withoutRow(pages, 'b');
    expect(ids(after)).toEqual(['a', 'c']);
    expect(after.map(({ total }) => total)).toEqual([2, 2]);
  });

  it('stays the same object where it does not hold the row', () => {
    expect(withoutRow(pages, 'z')).toBe(pages);
  });

  it('shows a changed row in its old place', () => {
    const after = withRow(pages, row('a', { matchedAt: '2026-11-21T08:00:00Z' }));
    expect(ids(after)).toEqual(['a', 'b', 'c']);
    expect(after[0]?.items[0]?.matchedAt).toBe('2026-11-21T08:00:00Z');
    expect(after[1]).toBe(pages[1]);
  });

  it('does not go back to an answer that a later one overtook', () => {
    const matched = withRow(pages, row('a', { version: 2, matchedAt: '2026-11-21T08:00:00Z' }));
    expect(withRow(matched, row('a'))[0]?.items[0]?.matchedAt).toBe('2026-11-21T08:00:00Z');
  });

  it.each(['a', 'b', 'c'])('takes %s back to where it stood', (id) => {
    const after = withReturned(withoutRow(pages, id), row(id, { version: 3 }));
    expect(ids(after)).toEqual(['a', 'b', 'c']);
    expect(after.map(({ total }) => total)).toEqual([3, 3]);
    expect(ids(withReturned(after, row(id, { version: 4 })))).toEqual(['a', 'b', 'c']);
  });

  it('leaves a row that stood below all that was fetched to the page that comes next', () => {
    const [first] = pages;
    const fetched = first === undefined ? [] : [first];
    const after = withReturned(fetched, row('c'));
    expect([ids(after), after[0]?.total]).toEqual([['a', 'b'], 4]);
  });

  it('lists a state, or all', () => {
    expect([belongs('pending', 'pending'), belongs('pending', 'issued'), belongs('all', 'issued')]).toEqual([true, false, true]);
  });
});

describe('going through the rows', () => {
  const rows = [row('a'), row('b'), row('c')];

  it('lands on the one below a row that leaves, and on the one above at the end', () => {
    expect([nextAfter(rows, 'a'), nextAfter(rows, 'c'), nextAfter([row('a')], 'a'), nextAfter(rows, 'z')]).toEqual(['b', 'b', undefined, undefined]);
  });

  it('steps, stays within, and begins with the first', () => {
    expect([rowAt(rows, 'a', 1), rowAt(rows, 'c', 1), rowAt(rows, 'a', -1), rowAt(rows, undefined, 1), rowAt([], 'a', 1)]).toEqual(['b', 'c', 'a', 'a', undefined]);
  });
});

describe('what a row says', () => {
  it.each([
    ['CN=gate.lan,O=Office', [], 'gate.lan'],
    ['O=Office, CN=gate.lan', [], 'gate.lan'],
    ['CN=a\\,b,O=Office', [], 'a,b'],
    ['O=Office', [], 'O=Office'],
    ['', ['DNS:gate.lan'], 'gate.lan'],
    ['', [], 'A device without a name'],
  ])('is called by its common name, its subject or its first name: %s', (subject, subjectAltNames, name) => {
    expect(deviceName({ subject, subjectAltNames })).toBe(name);
  });

  it('is proven by a match or a challenge, and by nothing else', () => {
    expect(isProven(row('a', { matchedAt: '2026-11-21T08:00:00Z' }))).toBe(true);
    expect(isProven(row('a', { proof: { kind: 'challenge', challengeId: 'c', label: null } }))).toBe(true);
    expect(isProven(row('a', { proof: { kind: 'certificate', certificateId: 'c', serial: '01' } }))).toBe(false);
    expect(isProven(row('a'))).toBe(false);
  });

  it('tells the worst finding first and each only once', () => {
    const note = { code: 'n', severity: 'info', text: 'n' } as const;
    const bad = { code: 'b', severity: 'danger', text: 'b' } as const;
    expect(sortFindings([note], [bad, note])).toEqual([bad, note]);
  });
});

describe('a renewal beside its certificate', () => {
  const old = { subject: 'CN=a', subjectAltNames: ['DNS:b', 'DNS:a'], notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z', spkiSha256: 'aa'.repeat(32) };
  const next = { subject: 'CN=a', subjectAltNames: ['DNS:a', 'DNS:b'], notBefore: '2026-11-21T00:00:00Z', notAfter: '2027-11-21T00:00:00Z' };

  it('takes names in another order for the same, and dates and key for what every renewal changes', () => {
    const lines = renewalDiff(old, next, 'bb'.repeat(32));
    expect(lines.filter(({ same }) => !same).map(({ field, expected }) => [field, expected])).toEqual([
      ['Key', true],
      ['Valid from', true],
      ['Valid to', true],
    ]);
  });

  it('marks a name that is new', () => {
    const names = renewalDiff(old, { ...next, subjectAltNames: ['DNS:a'] }, old.spkiSha256).find(({ field }) => field === 'Names');
    expect(names).toMatchObject({ same: false, expected: false, before: 'DNS:a, DNS:b', after: 'DNS:a' });
  });
});
