import { describe, expect, it } from 'vitest';
import { createTokens, makeToken } from '../../../../src/main/adapters/web/tokens.ts';
import { HOUR, MINUTE } from '../../../../src/main/core/lib/instant.ts';

function setUp() {
  let now = 1_000_000;
  const standing = makeToken();
  return { standing, tokens: createTokens({ clock: { now: () => now }, standing }), advance: (milliseconds: number) => void (now += milliseconds) };
}

describe('tokens of the admin listener', () => {
  it('knows the command line by its standing token, however long it runs', () => {
    const { tokens, standing, advance } = setUp();
    advance(400 * 24 * HOUR);
    expect(tokens.whoHolds(standing)).toEqual({ kind: 'admin', name: 'command-line' });
  });

  it('gives one session for a one-time token, and none for the second use', () => {
    const { tokens } = setUp();
    const oneTime = tokens.issueOneTime();
    const session = tokens.redeem(oneTime);
    expect(tokens.whoHolds(session ?? '')).toMatchObject({ kind: 'admin', name: 'web', window: { locked: false } });
    expect(tokens.redeem(oneTime)).toBeUndefined();
  });

  it('takes a one-time token for ten minutes', () => {
    const { tokens, advance } = setUp();
    const early = tokens.issueOneTime();
    advance(10 * MINUTE - 1);
    expect(tokens.redeem(early)).toBeDefined();
    const late = tokens.issueOneTime();
    advance(10 * MINUTE);
    expect(tokens.redeem(late)).toBeUndefined();
  });

  it('does not take a one-time token as a bearer, nor the standing one as a one-time token', () => {
    const { tokens, standing } = setUp();
    expect(tokens.whoHolds(tokens.issueOneTime())).toBeUndefined();
    expect(tokens.redeem(standing)).toBeUndefined();
  });

  it('keeps a session that is used, and forgets one that rests for half a day', () => {
    const { tokens, advance } = setUp();
    const session = tokens.redeem(tokens.issueOneTime()) ?? '';
    for (let n = 0; n < 4; n++) {
      advance(11 * HOUR);
      expect(tokens.whoHolds(session)).toBeDefined();
    }
    advance(12 * HOUR);
    expect(tokens.whoHolds(session)).toBeUndefined();
  });

  it('keeps one lock for each session, and none for the command line', () => {
    const { tokens, standing } = setUp();
    const [one, other] = [tokens.redeem(tokens.issueOneTime()) ?? '', tokens.redeem(tokens.issueOneTime()) ?? ''];
    expect(tokens.whoHolds(one)?.window).toBe(tokens.whoHolds(one)?.window);
    expect(tokens.whoHolds(one)?.window).not.toBe(tokens.whoHolds(other)?.window);
    expect(tokens.whoHolds(standing)?.window).toBeUndefined();
  });

  it('makes tokens of 256 bits that a URL fragment carries as they are', () => {
    expect(makeToken()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(makeToken()).not.toBe(makeToken());
  });
});
