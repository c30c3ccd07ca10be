/**
 * RC2 in CBC mode (RFC 2268), decryption only: Windows and OpenSSL wrote the certificates of PKCS #12 files with it for twenty years, and
 * neither OpenSSL 3 (without its legacy provider) nor BoringSSL reads it any more. Nothing is ever encrypted with it here.
 */

// RFC 2268 section 2: derived from the digits of pi.
const PITABLE = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);
const BLOCK = 8;

/** The 64 words of RFC 2268's key expansion. */
function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
  const l = new Uint8Array(128);
  l.set(key);
  const at = (i: number): number => l[i] ?? 0;
  const pi = (i: number): number => PITABLE[i & 0xff] ?? 0;
  for (let i = key.length; i < 128; i++) l[i] = pi(at(i - 1) + at(i - key.length));
  const t8 = (effectiveBits + 7) >> 3;
  l[128 - t8] = pi(at(128 - t8) & (0xff >> (8 * t8 - effectiveBits)));
  for (let i = 127 - t8; i >= 0; i--) l[i] = pi(at(i + 1) ^ at(i + t8));
  return Uint16Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8));
}

const ROTATIONS = [1, 2, 3, 5] as const;

function decryptBlock(k: Uint16Array, block: Uint8Array): Uint8Array {
  const r = Uint16Array.from({ length: 4 }, (_, i) => (block[2 * i] ?? 0) | ((block[2 * i + 1] ?? 0) << 8));
  const word = (i: number): number => r[i & 3] ?? 0;
  let j = 63;
  const unmix = (): void => {
    for (let i = 3; i >= 0; i--) {
      const s = ROTATIONS[i] ?? 0;
      const rotated = (word(i) >>> s) | (word(i) << (16 - s));
      r[i] = rotated - (k[j--] ?? 0) - (word(i + 3) & word(i + 2)) - (~word(i + 3) & word(i + 1));
    }
  };
  const unmash = (): void => {
    for (let i = 3; i >= 0; i--) r[i] = word(i) - (k[word(i + 3) & 63] ?? 0);
  };
  for (const [round, count] of [5, 6, 5].entries()) {
    if (round > 0) unmash();
    for (let n = 0; n < count; n++) unmix();
  }
  return Uint8Array.from({ length: BLOCK }, (_, i) => (i % 2 === 0 ? word(i >> 1) & 0xff : word(i >> 1) >> 8));
}

/** Plaintext with its padding still on; undefined where the ciphertext is not of whole blocks. */
export function decryptRc2Cbc(key: Uint8Array, effectiveBits: number, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  if (ciphertext.length % BLOCK !== 0 || iv.length !== BLOCK) return undefined;
  const k = expandKey(key, effectiveBits);
  const plaintext = new Uint8Array(ciphertext.length);
  let before = iv;
  for (let at = 0; at < ciphertext.length; at += BLOCK) {
    const block = ciphertext.subarray(at, at + BLOCK);
    const opened = decryptBlock(k, block);
    plaintext.set(opened.map((b, i) => b ^ (before[i] ?? 0)), at);
    before = block;
  }
  return plaintext;
}
