/**
 * A key of its own for every enrolment, without making thousands of RSA keys: n primes give n(n-1)/2 moduli. Such keys are worthless as
 * secrets (any two that share a prime give each other away) and as good as any for a server that must take each for a new device.
 */
import { type JsonWebKey, createPrivateKey, generatePrime } from 'node:crypto';
import { type TestKey, keyFromPem } from '../support/forge.ts';

const EXPONENT = 65537n;

const generate = (bits: number): Promise<bigint> =>
  new Promise((resolve, reject) => generatePrime(bits, { bigint: true }, (error, prime) => (error instanceof Error ? reject(error) : resolve(prime))));

/** As many primes as `keys` different keys need; the given ones first. */
export async function growPrimes(primes: readonly bigint[], keys: number): Promise<readonly bigint[]> {
  const needed = Math.ceil((1 + Math.sqrt(1 + 8 * keys)) / 2);
  const fresh = await Promise.all(Array.from({ length: Math.max(0, needed - primes.length) }, () => generate(1024)));
  const usable = fresh.filter((p) => (p - 1n) % EXPONENT !== 0n);
  const grown = [...primes, ...usable];
  return grown.length < needed ? growPrimes(grown, keys) : grown;
}

/** The key with this number: the same at each call with the same primes. */
export function deviceKey(primes: readonly bigint[], number: number): TestKey {
  // Numbers run along the rows of the triangle below the diagonal.
  const row = Math.floor((1 + Math.sqrt(1 + 8 * number)) / 2);
  const p = primes[row];
  const q = primes[number - (row * (row - 1)) / 2];
  if (p === undefined || q === undefined) throw new Error(`there are too few primes for key ${number}`);
  const jwk: JsonWebKey = {
    kty: 'RSA',
    n: encode(p * q),
    e: encode(EXPONENT),
    d: encode(invertExponent((p - 1n) * (q - 1n))),
    p: encode(p),
    q: encode(q),
    dp: encode(invertExponent(p - 1n)),
    dq: encode(invertExponent(q - 1n)),
    qi: encode(invert(q, p)),
  };
  return keyFromPem(createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }) as string);
}

function encode(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}

/** 1/e modulo m with one division of the long number: m has no inverse to be searched for, e is short. */
const invertExponent = (m: bigint): bigint => (1n + m * invert(EXPONENT - (m % EXPONENT), EXPONENT)) / EXPONENT;

function invert(value: bigint, modulus: bigint): bigint {
  let [a, b] = [value % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}
