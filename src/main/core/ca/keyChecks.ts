/** Which public keys may be certified: sizes, exponents and known weaknesses (SCEP.md A7.23, A7.24). */
import type { Compatibility } from '../pki/compatibility.ts';
import { type PublicKeyInfo, describePublicKey } from '../pki/algorithms.ts';

export interface KeyProblem {
  readonly code: 'key-unsupported' | 'key-too-small' | 'key-weak';
  readonly text: string;
}

// Above this a verification costs more than a device's key is worth, and a hostile one could stall a worker.
const LARGEST_RSA_BITS = 8192;

function toBigInt(bytes: Uint8Array): bigint {
  let hex = '0';
  for (const b of bytes) hex += b.toString(16).padStart(2, '0');
  return BigInt(`0x${hex}`);
}

const SMALL_PRIMES = [3, 5, 7, 11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/** The powers of 65537 modulo each prime: Infineon's keys (ROCA, CVE-2017-15361) have moduli that lie in all of these subgroups. */
const ROCA_SUBGROUPS = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157].map((prime) => {
  const members = new Set<number>();
  for (let power = 1; !members.has(power); power = (power * 65537) % prime) members.add(power);
  return { prime, members };
});
const PRIME_PRODUCT = SMALL_PRIMES.reduce((product, p) => product * BigInt(p), 1n);

function weaknessOfRsa(modulus: Uint8Array, exponent: Uint8Array): string | undefined {
  if (((modulus[modulus.length - 1] ?? 0) & 1) === 0) return 'its modulus is even';
  const e = toBigInt(exponent);
  if (e < 3n || (e & 1n) === 0n) return `its public exponent is ${e > 9999n ? 'even' : String(e)}`;
  if (exponent.length > 8) return 'its public exponent is absurdly large';
  const rest = toBigInt(modulus) % PRIME_PRODUCT;
  const divisor = SMALL_PRIMES.find((p) => rest % BigInt(p) === 0n);
  if (divisor !== undefined) return `its modulus is divisible by ${divisor}`;
  if (ROCA_SUBGROUPS.every(({ prime, members }) => members.has(Number(rest % BigInt(prime))))) return 'it was made by the faulty Infineon library (ROCA, CVE-2017-15361)';
  return undefined;
}

/** Undefined where the key may be certified at this level of compatibility. */
export function keyProblem(key: PublicKeyInfo, compatibility: Compatibility): KeyProblem | undefined {
  switch (key.kind) {
    case 'unsupported':
      return { code: 'key-unsupported', text: `keys of type ${key.oid} are not supported; use RSA, EC P-256, P-384 or P-521, or Ed25519` };
    case 'rsa': {
      const least = compatibility === 'legacy' ? 1024 : 2048;
      if (key.bits < least) return { code: 'key-too-small', text: `${describePublicKey(key)} is too small; the device must make a key of at least ${least} bits` };
      if (key.bits > LARGEST_RSA_BITS) return { code: 'key-unsupported', text: `${describePublicKey(key)} is larger than the ${LARGEST_RSA_BITS} bits that are supported` };
      const weakness = weaknessOfRsa(key.modulus, key.exponent);
      return weakness === undefined ? undefined : { code: 'key-weak', text: `the key is weak: ${weakness}; the device must make a new one` };
    }
    case 'ec':
    case 'ed25519':
      return undefined;
  }
}
