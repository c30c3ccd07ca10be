/**
 * Looks for secrets in bytes: texts in the encodings in which they could have been written down, and private keys of which only the public half is known.
 * A key is found by its factors: whatever the container, whoever has a prime of the modulus has the key.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Haystack {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every file below a folder. */
export function readFolder(folder: string): readonly Haystack[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** base64 of bytes that stand anywhere inside something longer: the part of it that does not depend on the neighbours, for each of the three alignments. */
const base64Cores = (bytes: Buffer): readonly string[] => [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').slice(shift === 0 ? 0 : 4).replace(/=+$/, '').slice(0, -1));

/** A needle of bytes as it is, in hex and in base64. */
function encodingsOf(name: string, bytes: Buffer): readonly (readonly [name: string, needle: Buffer])[] {
  const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64Cores(bytes), ...base64Cores(bytes).map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))];
  return [[name, bytes], ...texts.map((text) => [`${name} in another encoding`, Buffer.from(text)] as const)];
}

/** A secret text: as shown, without its dashes, in either case, in one or two bytes a character, and each of these in hex and base64. */
export function needlesOfText(name: string, text: string): readonly (readonly [string, Buffer])[] {
  const spellings = new Set([text, text.replaceAll('-', '')].flatMap((spelling) => [spelling, spelling.toLowerCase()]));
  return [...spellings].flatMap((spelling) => [Buffer.from(spelling), Buffer.from(spelling, 'utf16le'), Buffer.from(spelling, 'utf16le').swap16()].flatMap((bytes) => encodingsOf(name, bytes)));
}

/** Bytes that must not be there. */
export const needlesOfBytes = (name: string, bytes: Uint8Array): readonly (readonly [string, Buffer])[] => encodingsOf(name, Buffer.from(bytes));

/** What announces a private key in clear, whosever it is. */
export const PRIVATE_KEY_MARKS: readonly (readonly [string, Buffer])[] = [
  ['a PEM private key', Buffer.from('PRIVATE KEY')],
  ['a JSON Web Key’s private part', Buffer.from('"d":"')],
  // PKCS #8: version 0, AlgorithmIdentifier of rsaEncryption.
  ['a PKCS #8 RSA key', Buffer.from('020100300d06092a864886f70d0101010500', 'hex')],
  ['a PKCS #8 EC key', Buffer.from('020100301306072a8648ce3d0201', 'hex')],
  ['a PKCS #8 P-384 key', Buffer.from('020100301006072a8648ce3d0201', 'hex')],
  ['a PKCS #8 Ed25519 key', Buffer.from('020100300506032b657004220420', 'hex')],
  // RFC 5915: ECPrivateKey, version 1, an OCTET STRING as long as the curve's order.
  ['a SEC 1 P-256 key', Buffer.from('0201010420', 'hex')],
  ['a SEC 1 P-384 key', Buffer.from('0201010430', 'hex')],
];

/** Which needles lie in which haystacks. */
export const findNeedles = (haystacks: readonly Haystack[], needles: readonly (readonly [string, Buffer])[]): readonly string[] =>
  haystacks.flatMap(({ name, bytes }) => needles.filter(([, needle]) => bytes.includes(needle)).map(([what]) => `${what} in ${name}`));

/** Where a prime factor of an RSA modulus lies: any window of half the modulus' length that divides it. Also inside long runs of base64. */
export function findFactors(haystacks: readonly Haystack[], modulus: Uint8Array): readonly string[] {
  const n = BigInt(`0x${Buffer.from(modulus).toString('hex')}`);
  const half = modulus.length / 2;
  return haystacks.flatMap(({ name, bytes }) => {
    const runs = [...bytes.toString('latin1').matchAll(/[A-Za-z0-9+/_-]{160,}/g)].flatMap(([run]) => [0, 1, 2, 3].map((shift) => Buffer.from(run.slice(shift), 'base64')));
    return [bytes, ...runs].some((b) => holdsFactor(b, n, half)) ? [`a factor of the modulus in ${name}`] : [];
  });
}

function holdsFactor(bytes: Buffer, n: bigint, length: number): boolean {
  for (let at = 0; at + length <= bytes.length; at++) {
    // The primes of a key are odd, and their upper half of the range: both are at least the square root of two times 2^(bits-1).
    if (bytes[at]! < 0xb5 || (bytes[at + length - 1]! & 1) === 0) continue;
    if (n % BigInt(`0x${bytes.toString('hex', at, at + length)}`) === 0n) return true;
  }
  return false;
}
