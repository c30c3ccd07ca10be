import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differingGroups, matchFingerprint, readPrintedDigests } from '../../../../src/main/core/ca/fingerprintMatch.ts';

const digest = (name: string, seed: string): string => createHash(name).update(seed).digest('hex');
const fingerprints = (seed: string) => ({
  md5: digest('md5', seed),
  sha1: digest('sha1', seed),
  sha256: digest('sha256', seed),
  sha512: digest('sha512', seed),
  spkiSha1: digest('sha1', `key ${seed}`),
  spkiSha256: digest('sha256', `key ${seed}`),
});
const router = { id: 'router', fingerprints: fingerprints('router') };
const printer = { id: 'printer', fingerprints: fingerprints('printer') };
const queue = [printer, router];
const blocks = (hex: string, size: number, separator: string): string => hex.match(new RegExp(`.{1,${size}}`, 'g'))?.join(separator) ?? '';

describe('what a device printed', () => {
  const { md5, sha1, sha256, sha512 } = router.fingerprints;
  it.each([
    ['plain hex', sha256],
    ['colons, upper case', blocks(sha256, 2, ':').toUpperCase()],
    ['IOS’ blocks of eight', `Certificate Request Fingerprint MD5: ${blocks(md5, 8, ' ').toUpperCase()}`],
    ['IOS’ second line', `Fingerprint SHA1: ${blocks(sha1, 8, ' ').toUpperCase()}`],
    ['OpenSSL’s line', `SHA2-256(stdin)= ${sha256}`],
    ['openssl x509 style', `sha256 Fingerprint=${blocks(sha256, 2, ':').toUpperCase()}`],
    ['broken over lines', blocks(sha512, 32, '\n')],
    ['dashes', blocks(sha1, 4, '-')],
    ['base64 behind a label', `SHA256:${Buffer.from(sha256, 'hex').toString('base64').replace(/=+$/, '')}`],
    ['the key’s digest', router.fingerprints.spkiSha1],
    ['both of IOS’ lines', `Fingerprint MD5: ${blocks(md5, 8, ' ')}\nFingerprint SHA1: ${blocks(sha1, 8, ' ')}`],
  ])('finds its request: %s', (_, text) => {
    expect(matchFingerprint(text, queue)).toMatchObject({ kind: 'match', id: 'router' });
  });

  it('names the groups that differ, by position', () => {
    const wrong = `${sha256.slice(0, 8)}${sha256[8] === '0' ? '1' : '0'}${sha256.slice(9)}`;
    expect(matchFingerprint(wrong, [router])).toEqual({ kind: 'mismatch', nearest: { id: 'router', digest: 'sha256', expected: sha256, given: wrong, groups: [3] } });
  });

  it('says so when nothing in the text is a digest', () => {
    expect(matchFingerprint('hello', queue)).toEqual({ kind: 'unreadable' });
    expect(matchFingerprint(md5.slice(0, 20), queue)).toEqual({ kind: 'unreadable' });
  });

  it('never matches another digest than its own: a match is equality of all digits', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 64, maxLength: 64, unit: fc.constantFrom(...'0123456789abcdef') }), (hex) => {
        fc.pre(hex !== sha256 && hex !== router.fingerprints.spkiSha256);
        return matchFingerprint(hex, [router]).kind === 'mismatch' && differingGroups(sha256, hex).length > 0;
      }),
    );
  });

  it('reads any text without failing, and finds a digest however it is spaced', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => Array.isArray(readPrintedDigests(text))));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(' ', ':', '-', '.', '\n', ''), { minLength: 63, maxLength: 63 }), (separators) => {
        const text = [...sha256].map((c, i) => c + (separators[i] ?? '')).join('');
        return readPrintedDigests(text).includes(sha256);
      }),
    );
  });
});
