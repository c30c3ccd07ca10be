/**
 * Attack: a URL that leads out of the window's folder, or a file that is shown without its policy.
 * Impact: the page reads the data folder, or runs what it should not.
 * Defence: only known kinds of file below the folder are served, each under the same strict policy.
 */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAsset } from '../../../../src/main/hosts/electron/assets.ts';

const FOLDER = resolve('/opt/countersign/out/renderer');
const NONCE = 'bm9uY2Ugb2YgMTQ0IGJpdHMh';

const policyOf = (url: string) => findAsset(FOLDER, url, NONCE)?.headers['Content-Security-Policy'];

describe('what app://countersign serves', () => {
  it.each([
    ['app://countersign/', 'index.html', 'text/html; charset=utf-8'],
    ['app://countersign/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['app://countersign/assets/index-a1.js', join('assets', 'index-a1.js'), 'text/javascript; charset=utf-8'],
    ['app://countersign/assets/index-a1.css?v=1#x', join('assets', 'index-a1.css'), 'text/css; charset=utf-8'],
    ['app://countersign/assets/icon.svg', join('assets', 'icon.svg'), 'image/svg+xml'],
  ])('%s is %s', (url, path, type) => {
    const asset = findAsset(FOLDER, url, NONCE);
    expect(asset?.path).toBe(join(FOLDER, path));
    expect(asset?.headers['Content-Type']).toBe(type);
  });

  it.each([
    'app://countersign/%2e%2e%2f%2e%2e%2fsecret.html',
    'app://countersign/..%2f..%2fsecret.html',
    'app://countersign/assets/..%5c..%5c..%5csecret.html',
    'app://countersign//etc/passwd.html%00.js',
    'app://countersign/%E0%A4%A.html',
    'app://countersign/index.map',
    'app://countersign/countersign.db',
    'app://countersign/assets',
    'app://elsewhere/index.html',
    'https://countersign/index.html',
    'file:///etc/hosts.html',
    'not a url',
  ])('%s is refused', (url) => {
    expect(findAsset(FOLDER, url, NONCE)).toBeUndefined();
  });

  it('an encoded climb that stays inside is still inside', () => {
    expect(findAsset(FOLDER, 'app://countersign/assets/%2e%2e/index.html', NONCE)?.path).toBe(join(FOLDER, 'index.html'));
  });

  it('every file carries a policy that allows only the page’s own scripts and no connections', () => {
    const policy = policyOf('app://countersign/')?.split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy?.join()).not.toMatch(/unsafe|\*|data:|blob:/);
  });

  it('the page alone may add styles, with the nonce of its load', () => {
    expect(policyOf('app://countersign/')).toContain(`style-src 'self' 'nonce-${NONCE}'`);
    expect(policyOf('app://countersign/assets/index-a1.css')).toContain("style-src 'self';");
    expect([findAsset(FOLDER, 'app://countersign/', NONCE)?.isPage, findAsset(FOLDER, 'app://countersign/assets/a.js', NONCE)?.isPage]).toEqual([true, false]);
  });
});
