/**
 * PasswordRecipientInfo (RFC 5652 section 6.2.4, RFC 3211): a content-encryption key wrapped under a password, for a client whose key can
 * only sign (RFC 8894 3.1). Written, never read: requests come enveloped to an RSA key.
 */
import { concat } from '../lib/bytes.ts';
import { CIPHERS } from './algorithms.ts';
import type { DigestName, PublicCrypto } from './crypto.ts';
import { contextTag, write, writeInteger, writeNull, writeOctetString, writeOid, writeSequence } from './der.ts';
import { OID } from './oids.ts';

// A challenge made here has 120 random bits, so that iterations add nothing to it; this count costs a few milliseconds and stays
// below the upper bound that embedded clients set against being kept busy (cryptlib's is 50 000).
const ITERATIONS = 10_000;
const SALT_LENGTH = 16;
// Every client that reads a password recipient has AES-128 (RFC 8894 2.9); cryptlib sends it itself (SCEP.md J.14).
const KEK_CIPHER = 'aes-128-cbc';

const VERSION_0 = writeInteger(0);

/** Wraps `key` under `password`. The PRF follows what the client has shown: HMAC-SHA-256 if it uses SHA-2, else PBKDF2's default HMAC-SHA-1. */
export function writePasswordRecipient(key: Uint8Array, password: Uint8Array, digest: DigestName, crypto: PublicCrypto): Uint8Array {
  const { oid, keyLength, blockLength } = CIPHERS[KEK_CIPHER];
  const sha2 = digest !== 'md5' && digest !== 'sha1';
  const salt = crypto.random(SALT_LENGTH);
  const iv = crypto.random(blockLength);
  const kek = crypto.pbkdf2(sha2 ? 'sha256' : 'sha1', password, salt, ITERATIONS, keyLength);
  const derivation = writeSequence(
    writeOctetString(salt),
    writeInteger(ITERATIONS),
    writeInteger(keyLength),
    ...(sha2 ? [writeSequence(writeOid(OID.hmacWithSha256), writeNull())] : []),
  );
  return write(
    contextTag(3, true),
    VERSION_0,
    write(contextTag(0, true), writeOid(OID.pbkdf2), derivation),
    writeSequence(writeOid(OID.pwriKek), writeSequence(writeOid(oid), writeOctetString(iv))),
    writeOctetString(wrapKey(key, kek, iv, crypto)),
  );
}

/** id-alg-PWRI-KEK (RFC 3211 2.3.1): length, three check bytes, key, random padding to at least two blocks; encrypted twice, chained. */
function wrapKey(key: Uint8Array, kek: Uint8Array, iv: Uint8Array, crypto: PublicCrypto): Uint8Array {
  const { blockLength } = CIPHERS[KEK_CIPHER];
  const length = Math.max(2, Math.ceil((key.length + 4) / blockLength)) * blockLength;
  const check = key.subarray(0, 3).map((b) => ~b);
  const formatted = concat([Uint8Array.of(key.length), check, key, crypto.random(length - key.length - 4)]);
  const once = crypto.encryptRaw(KEK_CIPHER, kek, iv, formatted);
  return crypto.encryptRaw(KEK_CIPHER, kek, once.subarray(length - blockLength), once);
}
