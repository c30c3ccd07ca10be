import { describe, expect, it } from 'vitest';
import { fingerprintsOf, groupFingerprint } from '../../../../src/main/core/pki/fingerprints.ts';
import { createNodeCrypto } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { csr } from '../../../support/certificates.ts';
import { openssl } from '../../../support/oracle.ts';

describe('fingerprints', () => {
  it.each(['md5', 'sha1', 'sha256', 'sha512'] as const)('A4.4 %s of a request is what openssl dgst prints', (name) => {
    const der = csr();
    expect(fingerprintsOf(createNodeCrypto(), der)[name]).toBe(openssl(['dgst', `-${name}`, '-r'], der).split(' ')[0]);
  });

  it('SHA-256 has sixteen groups of four, MD5 eight', () => {
    expect(groupFingerprint('0123456789abcdef'.repeat(4))).toHaveLength(16);
    expect(groupFingerprint('0123456789abcdef'.repeat(2))).toEqual(['0123', '4567', '89ab', 'cdef', '0123', '4567', '89ab', 'cdef']);
    expect(groupFingerprint('')).toEqual([]);
  });
});
