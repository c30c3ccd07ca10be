import { describe, expect, it } from 'vitest';
import { selfTest } from '../../../../src/main/adapters/crypto/selfTest.ts';

describe('self-test', () => {
  it('passes on this host, in time for a start', () => {
    selfTest();
    const start = performance.now();
    const results = selfTest();
    expect(performance.now() - start).toBeLessThan(500);
    expect(results.filter((r) => !r.ok)).toEqual([]);
  });

  it('covers every algorithm that the product needs', () => {
    const names = selfTest().map((r) => r.name);
    const needed = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'des-cbc', 'des-ede3-cbc', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc'];
    const more = ['RSA-PSS', 'RSA-OAEP', 'RSA PKCS#1 v1.5 key transport', 'ECDSA P-256', 'ECDSA P-384', 'ECDSA P-521', 'Ed25519', 'HMAC-SHA-256', 'AES-256-GCM', 'PBKDF2', 'scrypt', 'HKDF'];
    expect(names).toEqual(expect.arrayContaining([...needed, ...more]));
    expect(new Set(names).size).toBe(names.length);
  });
});
