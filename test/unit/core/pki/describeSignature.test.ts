import { expect, it } from 'vitest';
import { describeSignature } from '../../../../src/main/core/pki/describeSignature.ts';

it.each([
  [{ kind: 'rsa-pkcs1', digest: 'sha256' }, 'SHA-256 with RSA'],
  [{ kind: 'rsa-pss', digest: 'sha384', mgf1Digest: 'sha384', saltLength: 48 }, 'SHA-384 with RSA-PSS'],
  [{ kind: 'ecdsa', digest: 'sha512' }, 'SHA-512 with ECDSA'],
  [{ kind: 'ed25519' }, 'Ed25519'],
  [{ unsupported: '1.2.3' }, 'unknown signature algorithm 1.2.3'],
  [{ unsupported: '' }, 'unknown signature algorithm'],
] as const)('%j is %s', (scheme, text) => {
  expect(describeSignature(scheme)).toBe(text);
});
