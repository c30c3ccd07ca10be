/**
 * Taking the padding off what a raw RSA decryption gives, and off CBC, without telling anyone whether it was right (SCEP.md A8.18).
 * A content-encryption key's length is known from the cipher, so every byte has one place where it must be; each is looked at, and a
 * wrong padding gives the caller's random key instead (implicit rejection). Anyone can sign a captured envelope again: this stops Bleichenbacher and Manger.
 */
import { CIPHERS } from './algorithms.ts';
import type { CipherName, DigestName, KeyTransport, PublicCrypto, RawRsaDecrypt } from './crypto.ts';

/** The content-encryption key in a KeyTransRecipientInfo, or a random one of the same length: which of them is not to be learnt here. */
export function recoverContentKey(
  encryptedKey: Uint8Array,
  transport: KeyTransport,
  cipher: CipherName,
  decrypt: RawRsaDecrypt,
  crypto: PublicCrypto,
): Uint8Array {
  const { keyLength } = CIPHERS[cipher];
  const substitute = crypto.random(keyLength);
  const encoded = decrypt(encryptedKey);
  // Undefined depends on public facts alone (a ciphertext of a wrong length or not below the modulus).
  if (encoded === undefined) return substitute;
  return transport.kind === 'rsaes-pkcs1' ? unpadPkcs1(encoded, substitute) : unpadOaep(encoded, substitute, transport.digest, transport.mgf1Digest, crypto);
}

/** EME-PKCS1-v1_5 (RFC 8017 7.2.2): 00 02, at least eight non-zero bytes, 00, the key. */
export function unpadPkcs1(encoded: Uint8Array, substitute: Uint8Array): Uint8Array {
  const separator = encoded.length - substitute.length - 1;
  if (separator < 10) return substitute;
  let wrong = at(encoded, 0) | (at(encoded, 1) ^ 2) | at(encoded, separator);
  for (let i = 2; i < separator; i++) wrong |= isZero(at(encoded, i));
  return choose(wrong, encoded.subarray(separator + 1), substitute);
}

/** EME-OAEP (RFC 8017 7.1.2) with an empty label. */
export function unpadOaep(encoded: Uint8Array, substitute: Uint8Array, digest: DigestName, mgf1Digest: DigestName, crypto: PublicCrypto): Uint8Array {
  const labelHash = crypto.digest(digest, new Uint8Array(0));
  const h = labelHash.length;
  const message = encoded.length - substitute.length;
  if (message < 2 * h + 2) return substitute;
  const maskedBlock = encoded.subarray(1 + h);
  const seed = xor(encoded.subarray(1, 1 + h), mgf1(maskedBlock, h, mgf1Digest, crypto));
  const block = xor(maskedBlock, mgf1(seed, maskedBlock.length, mgf1Digest, crypto));
  const separator = block.length - substitute.length - 1;
  let wrong = at(encoded, 0) | (at(block, separator) ^ 1);
  for (let i = 0; i < h; i++) wrong |= at(block, i) ^ at(labelHash, i);
  for (let i = h; i < separator; i++) wrong |= at(block, i);
  return choose(wrong, block.subarray(separator + 1), substitute);
}

/**
 * Takes PKCS #7 padding (RFC 5652 6.3) off. Every byte that could be padding is looked at. Wrong padding takes nothing off and is said
 * in `valid`, so that the caller can first do what he would have done, and then refuse as he refuses everything else.
 */
export function unpadBlocks(plaintext: Uint8Array, blockLength: number): { readonly content: Uint8Array; readonly valid: boolean } {
  if (plaintext.length === 0 || plaintext.length % blockLength !== 0) return { content: plaintext, valid: false };
  const count = at(plaintext, plaintext.length - 1);
  let wrong = isZero(count) | isLess(blockLength, count);
  for (let i = 1; i <= blockLength; i++) wrong |= (at(plaintext, plaintext.length - i) ^ count) & mask(isLess(count, i) ^ 1);
  const valid = isZero(wrong);
  return { content: plaintext.subarray(0, plaintext.length - (count & mask(valid))), valid: valid === 1 };
}

function mgf1(seed: Uint8Array, length: number, digest: DigestName, crypto: PublicCrypto): Uint8Array {
  const out = new Uint8Array(length);
  const input = new Uint8Array(seed.length + 4);
  input.set(seed);
  for (let filled = 0, counter = 0; filled < length; counter++) {
    input.set([0, 0, counter >> 8, counter & 0xff], seed.length);
    const hash = crypto.digest(digest, input);
    out.set(hash.subarray(0, Math.min(hash.length, length - filled)), filled);
    filled += hash.length;
  }
  return out;
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((v, i) => v ^ at(b, i));

const at = (bytes: Uint8Array, i: number): number => bytes[i] ?? 0;
/** 1 for 0 and 0 for every other byte value, without a branch. */
const isZero = (value: number): number => ((value - 1) >>> 31) & 1;
/** 1 where a < b, for small non-negative numbers. */
const isLess = (a: number, b: number): number => ((a - b) >>> 31) & 1;
/** All bits set for 1, none for 0. */
const mask = (bit: number): number => -bit;

/** `right` where `wrong` is 0, else `substitute`: byte by byte, both read in full. */
function choose(wrong: number, right: Uint8Array, substitute: Uint8Array): Uint8Array {
  const keep = mask(isZero(wrong & 0xff));
  return substitute.map((other, i) => (at(right, i) & keep) | (other & ~keep));
}
