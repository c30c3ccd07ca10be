/**
 * The way from a certificate up to its root through a heap of others: by names, and by signatures that are verified one by one.
 * Whether the certificates on the way may issue is left to core/ca. RFC 5280 section 6.1.
 */
import { equalBytes } from '../lib/bytes.ts';
import { type Result, err, ok } from '../lib/result.ts';
import { type Certificate, verifySignedBy } from './certificate.ts';
import type { PublicCrypto } from './crypto.ts';
import { nameToText, namesEqual } from './names.ts';

export interface CertificateChain {
  /** Above the certificate, nearest first. */
  readonly above: readonly Certificate[];
  /** The last one (or the certificate itself) is self-signed. */
  readonly complete: boolean;
}

// Longer than any hierarchy, short enough that a heap of cross-certificates cannot keep the caller busy.
const LONGEST = 8;

export const isSelfIssued = (certificate: Certificate): boolean => namesEqual(certificate.issuer, certificate.subject);

/** Issued by itself, its signature verified. */
export const isSelfSigned = (certificate: Certificate, crypto: PublicCrypto): boolean => isSelfIssued(certificate) && verifySignedBy(certificate, certificate.spki, crypto);

/** The chain of `certificate` out of `heap`; ends early where the heap has no issuer of that name. An error where it has one, which did not sign. */
export function buildChain(certificate: Certificate, heap: readonly Certificate[], crypto: PublicCrypto): Result<CertificateChain, string> {
  const above: Certificate[] = [];
  let top = certificate;
  while (!isSelfSigned(top, crypto)) {
    if (above.length === LONGEST) return err(`there are more than ${LONGEST} certificates above it`);
    const used = [certificate, ...above];
    const named = heap.filter((c) => namesEqual(c.subject, top.issuer) && !used.some((u) => equalBytes(u.der, c.der)));
    if (named.length === 0) return claimsOwnSignature(top) ? err(brokenLink(top)) : ok({ above, complete: false });
    const signers = named.filter((c) => verifySignedBy(top, c.spki, crypto));
    // The same CA may be there twice, as a root and cross-certified by another: the root ends the way.
    const signer = signers.find((c) => isSelfSigned(c, crypto)) ?? signers[0];
    if (signer === undefined) return err(brokenLink(top));
    above.push(signer);
    top = signer;
  }
  return ok({ above, complete: true });
}

/** A CA that changed its key may issue to itself with the old one; that one's identifier then stands in the AKI. */
const claimsOwnSignature = (c: Certificate): boolean =>
  isSelfIssued(c) && (c.authorityKeyId === undefined || c.subjectKeyId === undefined || equalBytes(c.authorityKeyId, c.subjectKeyId));

function brokenLink(certificate: Certificate): string {
  const issuer = nameToText(certificate.issuer);
  if ('unsupported' in certificate.signatureAlgorithm) return `the signature by “${issuer}” is of a kind that is not supported (${certificate.signatureAlgorithm.unsupported})`;
  return `“${nameToText(certificate.subject)}” says that “${issuer}” signed it, but its signature does not verify with that certificate's key`;
}
