/**
 * Authorities: a CA by name, its generations (one key and certificate each), and the SCEP keys that open envelopes for it.
 * In combined mode the SCEP key is the authority's own; in split mode it is an RSA key of its own (RFC 8894 3.1: EC implies split).
 */
import type { Instant } from '../lib/instant.ts';
import type { PublicKeyInfo } from '../pki/algorithms.ts';

export type KeyAlgorithm = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'p256' | 'p384';
export type ScepKeyMode = 'combined' | 'split';

export interface Authority {
  readonly id: string;
  /** The integer that `ca_id` and the URLs of CRLs and CA certificates name. */
  readonly number: number;
  readonly commonName: string;
  readonly organization: string | null;
  /** DER Name: the subject of its certificates and the issuer of what it issues, byte for byte. */
  readonly subject: Uint8Array;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly scepKey: ScepKeyMode;
  readonly parentId: string | null;
  readonly createdAt: Instant;
  readonly version: number;
}

/** `awaiting-certificate`: an issuing CA whose signing request has gone to an offline root. */
export type GenerationState = 'awaiting-certificate' | 'next' | 'current' | 'previous' | 'retired';

export interface Generation {
  readonly authorityId: string;
  /** 1 for the first; CRL and CA certificate URLs carry it. */
  readonly number: number;
  readonly state: GenerationState;
  readonly keyId: string;
  readonly spki: Uint8Array;
  /** DER; null while awaiting it. */
  readonly certificate: Uint8Array | null;
  /** Certificates above it up to its root, nearest first. */
  readonly chain: readonly Uint8Array[];
  /** SubjectKeyIdentifier, lower hex. */
  readonly subjectKeyId: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** Of a next generation: when it is to become the current one; null: by hand, or it has become so. */
  readonly activateAt: Instant | null;
  /** Of a next generation: since when devices are told of it; null while it is staged only. */
  readonly publishedAt: Instant | null;
  /** Of a next generation that is published: the answer to GetNextCACert as the current key signed it (RFC 8894 4.7.1). */
  readonly announcement: Uint8Array | null;
  readonly version: number;
}

/** No rollover is under way: what the fields of a next generation are in every other state. */
export const NOT_NEXT = { activateAt: null, publishedAt: null, announcement: null } as const satisfies Partial<Generation>;

/** A key that opens envelopes and signs CertReps, with the certificate that GetCACert gives out for it. */
export interface ScepIdentity {
  readonly id: string;
  readonly authorityId: string;
  readonly generation: number;
  readonly keyId: string;
  readonly certificate: Uint8Array;
  /** The one that is given out; older ones still open late messages. */
  readonly active: boolean;
  readonly notAfter: Instant;
  readonly version: number;
}

/** What a key that lies wrapped in the store is for. The wrap is bound to it: a SCEP key can never be unwrapped as a CA key. */
export type KeyPurpose = 'authority' | 'scep' | 'ocsp' | 'audit' | 'secrets' | 'courier';

export interface StoredKey {
  readonly id: string;
  readonly purpose: KeyPurpose;
  readonly algorithm: KeyAlgorithm | 'ed25519' | 'aes-256';
  /** Wrapped under the vault's key; opaque to everything but the vault. */
  readonly wrapped: Uint8Array;
  /** SubjectPublicKeyInfo DER; empty for secret keys. */
  readonly spki: Uint8Array;
  readonly createdAt: Instant;
}

/** EC and Ed25519 keys cannot open envelopes, so an authority with such a key needs a SCEP key of its own. */
export const needsSplit = (algorithm: KeyAlgorithm): boolean => algorithm === 'p256' || algorithm === 'p384';

/** The algorithm of a key that was made elsewhere; undefined for one that no authority here has. */
export function keyAlgorithmOf(key: PublicKeyInfo): KeyAlgorithm | undefined {
  if (key.kind === 'rsa') return ([2048, 3072, 4096] as const).map((bits) => `rsa-${bits}` as const).find((name) => name === `rsa-${key.bits}`);
  if (key.kind !== 'ec') return undefined;
  return key.curve === 'P-256' ? 'p256' : key.curve === 'P-384' ? 'p384' : undefined;
}
