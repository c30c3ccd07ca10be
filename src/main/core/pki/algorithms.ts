/**
 * AlgorithmIdentifiers and SubjectPublicKeyInfo: which algorithm bytes name, and the bytes for one of ours.
 * Owns the tables of digests, ciphers and signature schemes; whether an algorithm is good enough is a policy's business.
 * RFC 4055 (RSA, PSS, OAEP), RFC 5480 and 5758 (EC), RFC 8410 (Ed25519), RFC 3370 and 5754 (CMS).
 */
import type { Result } from '../lib/result.ts';
import { assertNever } from '../lib/assertNever.ts';
import type { CipherName, CurveName, DigestName, KeyTransport, SignatureScheme } from './crypto.ts';
import {
  type Element,
  Malformed,
  TAG,
  childrenOf,
  contextTag,
  decoding,
  readBitString,
  readElement,
  readIntegerBytes,
  readOctetString,
  readOid,
  readSmallInteger,
  unwrapExplicit,
  writeExplicit,
  writeInteger,
  writeNull,
  writeOid,
  writeSequence,
} from './der.ts';
import { OID } from './oids.ts';

export type PublicKeyInfo =
  /** Both magnitudes, without a sign octet. */
  | { readonly kind: 'rsa'; readonly bits: number; readonly modulus: Uint8Array; readonly exponent: Uint8Array }
  | { readonly kind: 'ec'; readonly curve: CurveName; readonly point: Uint8Array }
  | { readonly kind: 'ed25519'; readonly point: Uint8Array }
  | { readonly kind: 'unsupported'; readonly oid: string };

/** An algorithm that this product does not know, by its OID (empty where it is known but not in this form). Test with `'unsupported' in x`. */
export interface Unsupported {
  readonly unsupported: string;
}

export interface CipherFacts {
  readonly oid: string;
  readonly keyLength: number;
  readonly blockLength: number;
}

export const CIPHERS: Readonly<Record<CipherName, CipherFacts>> = {
  'des-cbc': { oid: OID.desCbc, keyLength: 8, blockLength: 8 },
  'des-ede3-cbc': { oid: OID.desEde3Cbc, keyLength: 24, blockLength: 8 },
  'aes-128-cbc': { oid: OID.aes128Cbc, keyLength: 16, blockLength: 16 },
  'aes-192-cbc': { oid: OID.aes192Cbc, keyLength: 24, blockLength: 16 },
  'aes-256-cbc': { oid: OID.aes256Cbc, keyLength: 32, blockLength: 16 },
};

const DIGEST_OIDS: Readonly<Record<DigestName, string>> = {
  md5: OID.md5,
  sha1: OID.sha1,
  sha224: OID.sha224,
  sha256: OID.sha256,
  sha384: OID.sha384,
  sha512: OID.sha512,
};

const RSA_SIGNATURE_OIDS: Readonly<Record<DigestName, string>> = {
  md5: OID.md5WithRsa,
  sha1: OID.sha1WithRsa,
  sha224: OID.sha224WithRsa,
  sha256: OID.sha256WithRsa,
  sha384: OID.sha384WithRsa,
  sha512: OID.sha512WithRsa,
};

const ECDSA_SIGNATURE_OIDS: Readonly<Record<Exclude<DigestName, 'md5'>, string>> = {
  sha1: OID.ecdsaWithSha1,
  sha224: OID.ecdsaWithSha224,
  sha256: OID.ecdsaWithSha256,
  sha384: OID.ecdsaWithSha384,
  sha512: OID.ecdsaWithSha512,
};

const CURVES: ReadonlyMap<string, { readonly curve: CurveName; readonly fieldLength: number }> = new Map([
  [OID.p256, { curve: 'P-256', fieldLength: 32 }],
  [OID.p384, { curve: 'P-384', fieldLength: 48 }],
  [OID.p521, { curve: 'P-521', fieldLength: 66 }],
]);

const DIGEST_LENGTHS: Readonly<Record<DigestName, number>> = { md5: 16, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 };

function invert<K extends string>(table: Readonly<Record<K, string>>): ReadonlyMap<string, K> {
  return new Map((Object.keys(table) as K[]).map((name) => [table[name], name]));
}

const DIGEST_BY_OID = invert(DIGEST_OIDS);
const RSA_DIGEST_BY_OID: ReadonlyMap<string, DigestName> = new Map([...invert(RSA_SIGNATURE_OIDS), [OID.sha1WithRsaOiw, 'sha1']]);
const ECDSA_DIGEST_BY_OID = invert(ECDSA_SIGNATURE_OIDS);
const CIPHER_BY_OID: ReadonlyMap<string, CipherName> = new Map((Object.keys(CIPHERS) as CipherName[]).map((name) => [CIPHERS[name].oid, name]));

// A longer key, or an exponent beyond 64 bits, only serves to make each check of a signature expensive: no device has one.
const MAX_RSA_BYTES = 1024;
const MAX_EXPONENT_BYTES = 8;

/** What kind of key a SubjectPublicKeyInfo holds. A key of an unknown kind is a value of its own; only a broken structure is an error. */
export function parsePublicKey(spki: Uint8Array): Result<PublicKeyInfo, string> {
  return decoding(() => readPublicKey(readElement(spki)));
}

/** The same, inside a parser: throws Malformed. */
export function readPublicKey(spki: Element): PublicKeyInfo {
  const [algorithm, key, extra] = childrenOf(spki, TAG.sequence, 'SubjectPublicKeyInfo');
  if (extra !== undefined) throw new Malformed('SubjectPublicKeyInfo has too many members');
  const [oidElement, parameters] = childrenOf(algorithm, TAG.sequence, 'public key algorithm');
  const oid = readOid(oidElement, 'public key algorithm');
  const { bytes, unusedBits } = readBitString(key, 'public key');
  if (unusedBits !== 0) throw new Malformed('public key does not end on an octet');
  switch (oid) {
    case OID.rsaEncryption:
      return readRsaKey(bytes);
    case OID.ecPublicKey: {
      // Curves written out by their parameters (no OID) are the door of CVE-2020-0601: never read.
      if (parameters?.tag !== TAG.oid) return { kind: 'unsupported', oid };
      const curveOid = readOid(parameters, 'curve');
      const known = CURVES.get(curveOid);
      if (known === undefined) return { kind: 'unsupported', oid: curveOid };
      if (bytes[0] !== 0x04) return { kind: 'unsupported', oid: curveOid };
      if (bytes.length !== 1 + 2 * known.fieldLength) throw new Malformed('EC point has the wrong length');
      return { kind: 'ec', curve: known.curve, point: bytes };
    }
    case OID.ed25519:
      if (bytes.length !== 32) throw new Malformed('Ed25519 key has the wrong length');
      return { kind: 'ed25519', point: bytes };
    default:
      return { kind: 'unsupported', oid };
  }
}

function readRsaKey(bytes: Uint8Array): PublicKeyInfo {
  const [n, e, extra] = childrenOf(readElement(bytes), TAG.sequence, 'RSA key');
  if (extra !== undefined) throw new Malformed('RSA key has too many members');
  const modulus = readMagnitude(n, 'RSA modulus');
  const exponent = readMagnitude(e, 'RSA exponent');
  if (modulus.length > MAX_RSA_BYTES) throw new Malformed(`RSA modulus is longer than ${MAX_RSA_BYTES * 8} bits`);
  if (exponent.length > MAX_EXPONENT_BYTES) throw new Malformed(`RSA exponent is longer than ${MAX_EXPONENT_BYTES * 8} bits`);
  return { kind: 'rsa', bits: modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24, modulus, exponent };
}

function readMagnitude(e: Element | undefined, what: string): Uint8Array {
  const content = readIntegerBytes(e, what);
  if (((content[0] ?? 0) & 0x80) !== 0) throw new Malformed(`${what} is negative`);
  let start = 0;
  while (start < content.length && content[start] === 0) start++;
  if (start === content.length) throw new Malformed(`${what} is zero`);
  return content.subarray(start);
}

/** 'RSA 2048', 'EC P-256', 'Ed25519': for admins. */
export function describePublicKey(info: PublicKeyInfo): string {
  switch (info.kind) {
    case 'rsa':
      return `RSA ${info.bits}`;
    case 'ec':
      return `EC ${info.curve}`;
    case 'ed25519':
      return 'Ed25519';
    case 'unsupported':
      return `unknown key type ${info.oid}`;
    default:
      return assertNever(info);
  }
}

function readAlgorithm(algId: Element | undefined, what: string): { readonly oid: string; readonly parameters: Element | undefined } {
  const [oid, parameters, extra] = childrenOf(algId, TAG.sequence, what);
  if (extra !== undefined) throw new Malformed(`${what} has too many members`);
  return { oid: readOid(oid, what), parameters };
}

/** The digest of a DigestAlgorithmIdentifier, its parameters NULL or absent (J.9); inside a parser: throws Malformed. */
export function parseDigestAlgorithm(algId: Element | undefined): DigestName | Unsupported {
  const { oid } = readAlgorithm(algId, 'digest algorithm');
  return DIGEST_BY_OID.get(oid) ?? { unsupported: oid };
}

/**
 * The scheme of a signature's AlgorithmIdentifier. CMS allows a bare `rsaEncryption` (and some send `id-ecPublicKey`) with the digest
 * beside it: that digest is the hint. Inside a parser: throws Malformed at a broken structure.
 */
export function parseSignatureAlgorithm(algId: Element | undefined, digestHint?: DigestName): SignatureScheme | Unsupported {
  const { oid, parameters } = readAlgorithm(algId, 'signature algorithm');
  const rsaDigest = RSA_DIGEST_BY_OID.get(oid);
  if (rsaDigest !== undefined) return { kind: 'rsa-pkcs1', digest: rsaDigest };
  const ecdsaDigest = ECDSA_DIGEST_BY_OID.get(oid);
  if (ecdsaDigest !== undefined) return { kind: 'ecdsa', digest: ecdsaDigest };
  switch (oid) {
    case OID.rsaEncryption:
      return digestHint === undefined ? { unsupported: oid } : { kind: 'rsa-pkcs1', digest: digestHint };
    case OID.ecPublicKey:
      return digestHint === undefined || digestHint === 'md5' ? { unsupported: oid } : { kind: 'ecdsa', digest: digestHint };
    case OID.rsassaPss:
      return readPssParameters(parameters);
    case OID.ed25519:
      return { kind: 'ed25519' };
    default:
      return { unsupported: oid };
  }
}

function readPssParameters(parameters: Element | undefined): SignatureScheme | Unsupported {
  // RFC 4055 3.1: in a signature's identifier the parameters must be there.
  if (parameters === undefined) return { unsupported: OID.rsassaPss };
  let digest: DigestName | Unsupported = 'sha1';
  let mgf1Digest: DigestName | Unsupported = 'sha1';
  let saltLength = 20;
  for (const field of childrenOf(parameters, TAG.sequence, 'PSS parameters')) {
    switch (field.tag) {
      case contextTag(0, true):
        digest = parseDigestAlgorithm(unwrapExplicit(field, 'PSS hash'));
        break;
      case contextTag(1, true):
        mgf1Digest = readMgf1(unwrapExplicit(field, 'PSS mask generation'));
        break;
      case contextTag(2, true):
        saltLength = readSmallInteger(unwrapExplicit(field, 'PSS salt length'), 'PSS salt length');
        break;
      case contextTag(3, true):
        if (readSmallInteger(unwrapExplicit(field, 'PSS trailer'), 'PSS trailer') !== 1) throw new Malformed('PSS trailer is not 1');
        break;
      default:
        throw new Malformed('PSS parameters have an unknown member');
    }
  }
  if (typeof digest !== 'string') return digest;
  if (typeof mgf1Digest !== 'string') return mgf1Digest;
  if (saltLength > MAX_RSA_BYTES) throw new Malformed('PSS salt is longer than any key');
  // RFC 4055 3.1 recommends one digest for both, every client does so, and node:crypto can check nothing else.
  if (mgf1Digest !== digest) return { unsupported: OID.rsassaPss };
  return { kind: 'rsa-pss', digest, mgf1Digest, saltLength };
}

function readMgf1(algId: Element): DigestName | Unsupported {
  const { oid, parameters } = readAlgorithm(algId, 'mask generation');
  return oid === OID.mgf1 ? parseDigestAlgorithm(parameters) : { unsupported: oid };
}

/** The AlgorithmIdentifier of a signature: RSA with NULL parameters (RFC 4055 5), ECDSA and Ed25519 with none (RFC 5758 3.2, RFC 8410 3). */
export function writeSignatureAlgorithm(scheme: SignatureScheme): Uint8Array {
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      return writeSequence(writeOid(RSA_SIGNATURE_OIDS[scheme.digest]), writeNull());
    case 'rsa-pss': {
      const mask = writeSequence(writeOid(OID.mgf1), writeDigestAlgorithm(scheme.mgf1Digest));
      const parameters = writeSequence(
        ...(scheme.digest === 'sha1' ? [] : [writeExplicit(0, writeDigestAlgorithm(scheme.digest))]),
        ...(scheme.mgf1Digest === 'sha1' ? [] : [writeExplicit(1, mask)]),
        ...(scheme.saltLength === 20 ? [] : [writeExplicit(2, writeInteger(scheme.saltLength))]),
      );
      return writeSequence(writeOid(OID.rsassaPss), parameters);
    }
    case 'ecdsa':
      if (scheme.digest === 'md5') throw new Error('ECDSA has no MD5');
      return writeSequence(writeOid(ECDSA_SIGNATURE_OIDS[scheme.digest]));
    case 'ed25519':
      return writeSequence(writeOid(OID.ed25519));
    default:
      return assertNever(scheme);
  }
}

/** A DigestAlgorithmIdentifier with NULL parameters: what every client here reads (older ones insist on the NULL). */
export function writeDigestAlgorithm(digest: DigestName): Uint8Array {
  return writeSequence(writeOid(DIGEST_OIDS[digest]), writeNull());
}

export const digestOfOid = (oid: string): DigestName | undefined => DIGEST_BY_OID.get(oid);

export const digestLength = (digest: DigestName): number => DIGEST_LENGTHS[digest];

export const cipherOfOid = (oid: string): CipherName | undefined => CIPHER_BY_OID.get(oid);

/** How a key was transported to an RSA key: PKCS #1 v1.5, or OAEP with an empty label (Windows). Inside a parser: throws Malformed. */
export function parseKeyTransport(algId: Element | undefined): KeyTransport | Unsupported {
  const { oid, parameters } = readAlgorithm(algId, 'key encryption algorithm');
  if (oid === OID.rsaEncryption) return { kind: 'rsaes-pkcs1' };
  if (oid !== OID.rsaesOaep) return { unsupported: oid };
  let digest: DigestName | Unsupported = 'sha1';
  let mgf1Digest: DigestName | Unsupported = 'sha1';
  // RFC 4055 4.1: absent and empty parameters both mean the defaults; some write NULL.
  const fields = parameters === undefined || parameters.tag === TAG.null ? [] : childrenOf(parameters, TAG.sequence, 'OAEP parameters');
  for (const field of fields) {
    switch (field.tag) {
      case contextTag(0, true):
        digest = parseDigestAlgorithm(unwrapExplicit(field, 'OAEP hash'));
        break;
      case contextTag(1, true):
        mgf1Digest = readMgf1(unwrapExplicit(field, 'OAEP mask generation'));
        break;
      case contextTag(2, true): {
        const source = readAlgorithm(unwrapExplicit(field, 'OAEP label'), 'OAEP label');
        if (source.oid !== OID.pSpecified || readOctetString(source.parameters, 'OAEP label').length !== 0) return { unsupported: OID.rsaesOaep };
        break;
      }
      default:
        throw new Malformed('OAEP parameters have an unknown member');
    }
  }
  if (typeof digest !== 'string') return digest;
  if (typeof mgf1Digest !== 'string') return mgf1Digest;
  return { kind: 'rsaes-oaep', digest, mgf1Digest };
}

export function writeKeyTransport(transport: KeyTransport): Uint8Array {
  if (transport.kind === 'rsaes-pkcs1') return writeSequence(writeOid(OID.rsaEncryption), writeNull());
  const mask = writeSequence(writeOid(OID.mgf1), writeDigestAlgorithm(transport.mgf1Digest));
  return writeSequence(
    writeOid(OID.rsaesOaep),
    writeSequence(
      ...(transport.digest === 'sha1' ? [] : [writeExplicit(0, writeDigestAlgorithm(transport.digest))]),
      ...(transport.mgf1Digest === 'sha1' ? [] : [writeExplicit(1, mask)]),
    ),
  );
}

/** The key's own octets within a SubjectPublicKeyInfo: what a key identifier is the digest of (RFC 5280 4.2.1.2). */
export function publicKeyOctets(spki: Uint8Array): Uint8Array {
  return readBitString(readElement(spki).children[1], 'public key').bytes;
}
