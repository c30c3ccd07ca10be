/** Limits of a CA as an admin writes them, and how a SCEP key stands. */
import { describe, expect, it } from 'vitest';
import { NO_LIMITS, findLimitErrors, limitProblem, limitsWish, sayPathLength } from '../../../src/renderer/src/features/authorities/limitsDraft.ts';
import { sayOtherKey, sayScepAlarm, scepKeyLook, whyNotCombined } from '../../../src/renderer/src/features/authorities/scepKeys.ts';
import { roleOf, signsCas } from '../../../src/renderer/src/features/authorities/standing.ts';

describe('limits', () => {
  it('say nothing by themselves', () => {
    expect(limitsWish(NO_LIMITS)).toEqual({});
    expect(findLimitErrors(NO_LIMITS)).toEqual({});
  });

  it('are sent as they were written, a line each', () => {
    expect(limitsWish({ below: 'number', count: 1, permitted: 'DNS:office.lan\n\n  IP:192.0.2.0/24 ', excluded: '' })).toEqual({ pathLength: 1, nameConstraints: { permitted: ['DNS:office.lan', 'IP:192.0.2.0/24'], excluded: [] } });
    expect(limitsWish({ ...NO_LIMITS, below: 'none' })).toEqual({ pathLength: null });
  });

  it('are wrong at their own field', () => {
    expect(findLimitErrors({ below: 'number', count: undefined, permitted: 'office.lan', excluded: 'DNS:' })).toEqual({
      count: 'Between 0 and 10.',
      permitted: expect.stringContaining('“office.lan” says no kind'),
      excluded: expect.stringContaining('“DNS:” says no kind'),
    });
    expect(limitProblem({ code: 'invalid-input', message: 'nameConstraints.excluded.0: is no tree of names' })).toEqual({ excluded: 'Is no tree of names.' });
    expect(limitProblem({ code: 'invalid-input', message: 'pathLength: too long' })).toEqual({ count: 'Too long.' });
    expect(limitProblem({ code: 'locked', message: 'The vault is locked.' })).toBeUndefined();
  });

  it('are told in words', () => {
    expect([null, 0, 1, 2].map(sayPathLength)).toEqual(['As many as it likes', 'None: it signs devices only', 'One level', '2 levels, one under the other']);
  });
});

describe('the place of a CA', () => {
  const fingerprints = { md5: '', sha1: '', sha256: '', sha512: '' };
  it('is told in a word', () => {
    expect(roleOf({ parentId: null, chainPem: ['root'], fingerprints })).toBe('Root');
    expect(roleOf({ parentId: 'root', chainPem: ['own', 'root'], fingerprints })).toBe('Issuing CA');
    expect(roleOf({ parentId: null, chainPem: ['own', 'root'], fingerprints })).toBe('Under a CA elsewhere');
    expect(roleOf({ parentId: null, chainPem: [], fingerprints: null })).toBe('Under a CA elsewhere');
  });

  it('lets a root sign CAs where its own limit leaves room', () => {
    const link = { subject: '', serial: '', notAfter: '', sha256: '', pem: '', selfSigned: true };
    expect(signsCas({ chain: [link], pathLength: null })).toBe(true);
    expect(signsCas({ chain: [link], pathLength: 0 })).toBe(false);
    expect(signsCas({ chain: [{ ...link, selfSigned: false }, link], pathLength: 1 })).toBe(false);
  });
});

describe('a SCEP key', () => {
  const NOW = Date.parse('2026-11-26T00:00:00Z');
  const split = (notAfter: string, renewsAt: string | null) => ({ own: false, notAfter, renewsAt });

  it.each([
    ['2028-11-26T00:00:00Z', '2028-09-27T00:00:00Z', 'Valid', false],
    ['2027-01-10T00:00:00Z', '2026-11-11T00:00:00Z', 'Renewal overdue', true],
    ['2026-12-01T00:00:00Z', '2026-10-01T00:00:00Z', 'Ends soon', true],
    ['2026-11-25T00:00:00Z', '2026-09-25T00:00:00Z', 'Expired', true],
  ])('that ends %s and renews %s is “%s”', (notAfter, renewsAt, word, alarm) => {
    expect(scepKeyLook(split(notAfter, renewsAt), NOW).word).toBe(word);
    expect(sayScepAlarm(split(notAfter, renewsAt), NOW) !== undefined).toBe(alarm);
  });

  it('that is the authority’s own has no alarm of its own', () => {
    expect(sayScepAlarm({ own: true, notAfter: '2026-12-01T00:00:00Z', renewsAt: null }, NOW)).toBeUndefined();
  });

  it('stays split beside an EC key', () => {
    expect(whyNotCombined({ key: 'p256' })).toMatch(/EC key cannot open/);
    expect(whyNotCombined({ key: 'rsa-2048' })).toBeUndefined();
  });

  it('that is not given out is of the past or of the next generation', () => {
    expect(sayOtherKey({ own: true, generation: 1 }, 1)).toBe('The authority’s own key, generation 1');
    expect(sayOtherKey({ own: false, generation: 1 }, 2)).toBe('A former SCEP key of generation 1');
    expect(sayOtherKey({ own: false, generation: 2 }, 1)).toBe('The SCEP key of the next generation, 2');
  });
});
