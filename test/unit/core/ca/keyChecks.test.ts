import { describe, expect, it } from 'vitest';
import { keyProblem } from '../../../../src/main/core/ca/keyChecks.ts';
import { parsePublicKey, type PublicKeyInfo } from '../../../../src/main/core/pki/algorithms.ts';
import { ecKey, ed25519Key, rsaKey } from '../../../support/forge.ts';

const info = (spki: Uint8Array): PublicKeyInfo => {
  const key = parsePublicKey(spki);
  if (!key.ok) throw new Error(key.error);
  return key.value;
};
const rsa = info(rsaKey(0).spki);
if (rsa.kind !== 'rsa') throw new Error('an RSA key is expected');
const withModulus = (change: (m: Uint8Array) => void): PublicKeyInfo => {
  const modulus = Uint8Array.from(rsa.modulus);
  change(modulus);
  return { ...rsa, modulus };
};

/** A modulus as Infineon's library made them: every small prime sees a power of 65537. */
function rocaModulus(): Uint8Array {
  const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167];
  const product = primes.reduce((p, q) => p * BigInt(q), 1n);
  let n = 1n;
  for (let i = 0; i < 12_345; i++) n = (n * 65537n) % product;
  n += product * ((1n << 1800n) + 12_345n);
  return new Uint8Array(Buffer.from(n.toString(16).padStart(512, '0'), 'hex'));
}

describe('keys that may be certified', () => {
  it('A7.23 RSA from 2048 bits, 1024 under legacy only', () => {
    const small = info(rsaKey(0, 1024).spki);
    expect(keyProblem(rsa, 'strict')).toBeUndefined();
    expect(keyProblem(small, 'standard')).toMatchObject({ code: 'key-too-small', text: expect.stringContaining('2048') as string });
    expect(keyProblem(small, 'legacy')).toBeUndefined();
  });

  it('A7.24 an even modulus, a small divisor, and exponents 1 and 2 are refused', () => {
    expect(keyProblem(withModulus((m) => m.set([0], m.length - 1)), 'standard')).toMatchObject({ code: 'key-weak' });
    expect(keyProblem({ ...rsa, exponent: Uint8Array.of(1) }, 'standard')).toMatchObject({ code: 'key-weak' });
    expect(keyProblem({ ...rsa, exponent: Uint8Array.of(2) }, 'standard')).toMatchObject({ code: 'key-weak' });
    const nines = new Uint8Array(256).fill(0x99);
    expect(keyProblem({ ...rsa, modulus: nines }, 'standard')).toMatchObject({ code: 'key-weak' });
  });

  it('A7.24 keys of the faulty Infineon library (ROCA) are refused, and no others for that reason', () => {
    expect(keyProblem({ ...rsa, modulus: rocaModulus() }, 'standard')).toMatchObject({ code: 'key-weak', text: expect.stringContaining('ROCA') as string });
  });

  it('EC and Ed25519 keys are taken, unknown kinds and giants are not', () => {
    expect(keyProblem(info(ecKey(0).spki), 'strict')).toBeUndefined();
    expect(keyProblem(info(ed25519Key(0).spki), 'strict')).toBeUndefined();
    expect(keyProblem({ kind: 'unsupported', oid: '1.2.840.10040.4.1' }, 'legacy')).toMatchObject({ code: 'key-unsupported' });
    expect(keyProblem({ ...rsa, bits: 16_384 }, 'legacy')).toMatchObject({ code: 'key-unsupported' });
  });
});
