import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, withNonce } from '../../../../src/main/adapters/web/page.ts';

const NONCE = 'bm9uY2Ugb2YgMTQ0IGJpdHMh';

describe('the policy of the page', () => {
  it('lets scripts come from its own origin only, and never inline', () => {
    for (const nonce of [{}, { nonce: NONCE }]) {
      const policy = contentSecurityPolicy({ connect: 'self', ...nonce }).split('; ');
      expect(policy).toContain("script-src 'self'");
      expect(policy[0]).toBe("default-src 'none'");
      expect(policy.join()).not.toMatch(/unsafe|\*|data:|blob:|https?:/);
    }
  });

  it('names the nonce for styles alone', () => {
    const policy = contentSecurityPolicy({ nonce: NONCE, connect: 'none' }).split('; ');
    expect(policy.filter((rule) => rule.includes('nonce'))).toEqual([`style-src 'self' 'nonce-${NONCE}'`]);
    expect(policy).toContain("connect-src 'none'");
  });

  it.each(['', 'short', "x' 'unsafe-inline", `${NONCE}; script-src *`, `${NONCE}" onload="x`])('takes no nonce like %j', (nonce) => {
    expect(() => contentSecurityPolicy({ nonce, connect: 'self' })).toThrow('128 bits');
    expect(() => withNonce('<p></p>', nonce)).toThrow('128 bits');
  });
});

describe('a page with its nonce', () => {
  it('carries it wherever the build left room', () => {
    const html = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><link rel="stylesheet" nonce="__CSP_NONCE__" href="a.css"><p>$&</p>';
    expect(withNonce(html, NONCE)).toBe(`<meta property="csp-nonce" nonce="${NONCE}"><link rel="stylesheet" nonce="${NONCE}" href="a.css"><p>$&</p>`);
  });
});
