/** Which generation of which authority a CertID means: by digests of its name and of its key (RFC 6960 4.1.1). */
import { toHex } from '../../core/lib/bytes.ts';
import type { Authority, Generation } from '../../core/ca/authority.ts';
import { publicKeyOctets } from '../../core/pki/algorithms.ts';
import type { CertId } from '../../core/pki/ocsp.ts';
import type { Deps } from '../deps.ts';

export interface Issuer {
  readonly authority: Authority;
  /** With its certificate. */
  readonly generation: Generation;
}

// SHA-1 is what nearly every client still sends (RFC 5019 made it the only one); it names here and protects nothing.
const DIGESTS = ['sha1', 'sha256', 'sha384', 'sha512'] as const;

const wordOf = (digest: string, nameHash: Uint8Array, keyHash: Uint8Array): string => `${digest} ${toHex(nameHash)} ${toHex(keyHash)}`;

/**
 * Gives a function that finds the one issuer of all certificates that a request asks about. Undefined where one of them is another CA's, and
 * where two are of two issuers: an answer has one signature, and each issuer's signer may speak for that issuer only.
 */
export function createIssuerFinder({ directory, crypto }: Pick<Deps, 'directory' | 'crypto'>): (certIds: readonly CertId[]) => Issuer | undefined {
  let known = new Map<string, Issuer>();
  let madeFrom = 0;

  function learn(): void {
    known = new Map();
    madeFrom = directory.revision();
    for (const authority of directory.authorities()) {
      for (const generation of directory.generations(authority.id)) {
        if (generation.certificate === null) continue;
        const key = publicKeyOctets(generation.spki);
        for (const digest of DIGESTS) known.set(wordOf(digest, crypto.digest(digest, authority.subject), crypto.digest(digest, key)), { authority, generation });
      }
    }
  }

  return (certIds) => {
    if (madeFrom !== directory.revision()) learn();
    const issuers = certIds.map(({ digest, issuerNameHash, issuerKeyHash }) => (typeof digest === 'string' ? known.get(wordOf(digest, issuerNameHash, issuerKeyHash)) : undefined));
    const [first] = issuers;
    return issuers.every((issuer) => issuer?.generation === first?.generation) ? first : undefined;
  };
}
