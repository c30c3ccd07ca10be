/** A signature's algorithm as people write it: `SHA-256 with RSA`. */
import { assertNever } from '../lib/assertNever.ts';
import type { Unsupported } from './algorithms.ts';
import type { DigestName, SignatureScheme } from './crypto.ts';

const DIGESTS: Readonly<Record<DigestName, string>> = { md5: 'MD5', sha1: 'SHA-1', sha224: 'SHA-224', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };

/** The algorithm in words; by its OID where it has none here. */
export function describeSignature(scheme: SignatureScheme | Unsupported): string {
  if ('unsupported' in scheme) return `unknown signature algorithm ${scheme.unsupported}`.trimEnd();
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      return `${DIGESTS[scheme.digest]} with RSA`;
    case 'rsa-pss':
      return `${DIGESTS[scheme.digest]} with RSA-PSS`;
    case 'ecdsa':
      return `${DIGESTS[scheme.digest]} with ECDSA`;
    case 'ed25519':
      return 'Ed25519';
    default:
      return assertNever(scheme);
  }
}
