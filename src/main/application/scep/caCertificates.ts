/** What GetCACert gives out for an endpoint, and the same certificates by URL (SCEP.md A4). */
import type { Instant } from '../../core/lib/instant.ts';
import { equalBytes, toPem, utf8 } from '../../core/lib/bytes.ts';
import type { Generation, ScepIdentity } from '../../core/ca/authority.ts';
import type { Endpoint } from '../../core/ca/endpoint.ts';
import { parseCertificate } from '../../core/pki/certificate.ts';
import { writeCertsOnly } from '../../core/pki/signedData.ts';
import type { Directory } from '../directory.ts';
import type { DeviceReply } from '../deviceDoor.ts';

function isRoot(der: Uint8Array): boolean {
  const certificate = parseCertificate(der);
  return certificate.ok && equalBytes(certificate.value.issuer, certificate.value.subject);
}

/** Recipient first, then the issuing CA, then what is above it (SCEP.md A4.6); nothing that nobody should encrypt to (A4.7). */
export function servedCertificates(directory: Directory, endpoint: Endpoint): readonly Uint8Array[] {
  const generation = directory.currentGeneration(endpoint.authorityId);
  const identity = directory.activeScepIdentity(endpoint.authorityId);
  return generation?.certificate && identity !== undefined ? arrangeCertificates(endpoint, { ...generation, certificate: generation.certificate }, identity) : [];
}

/** What an endpoint gives out for one generation, as its settings want it. */
export function arrangeCertificates(endpoint: Endpoint, generation: Pick<Generation, 'keyId' | 'chain'> & { readonly certificate: Uint8Array }, identity: ScepIdentity): readonly Uint8Array[] {
  const own = identity.keyId === generation.keyId ? [generation.certificate] : [identity.certificate, generation.certificate];
  if (endpoint.caCertificates === 'single') return own.slice(0, 1);
  return [...own, ...generation.chain.filter((der) => endpoint.includeRoot || !isRoot(der))];
}

/** One certificate as x-x509-ca-cert, several as certs-only (RFC 8894 4.2.1). Undefined while there is none. */
export function caCertReply(directory: Directory, endpoint: Endpoint): Pick<DeviceReply, 'contentType' | 'body'> | undefined {
  const certificates = servedCertificates(directory, endpoint);
  const [first] = certificates;
  if (first === undefined) return undefined;
  if (certificates.length === 1 && endpoint.caCertificates !== 'chain') return { contentType: 'application/x-x509-ca-cert', body: first };
  return { contentType: 'application/x-x509-ca-ra-cert', body: writeCertsOnly(certificates) };
}

function beginOf(der: Uint8Array): Instant {
  const certificate = parseCertificate(der);
  return certificate.ok ? certificate.value.notBefore : 0;
}

/** A CA certificate by URL: AIA caIssuers points here. `p7c` carries the chain above it too. */
export function caCertificateFile(directory: Directory, authorityNumber: number, generation: number | null, form: 'cer' | 'pem' | 'p7c'): (Pick<DeviceReply, 'contentType' | 'body'> & { readonly since: Instant }) | undefined {
  const authority = directory.authorityByNumber(authorityNumber);
  const found = authority === undefined ? undefined : generation === null ? directory.currentGeneration(authority.id) : directory.generation(authority.id, generation);
  // A next generation that nobody was told of can still be withdrawn without anybody having it.
  if (!found?.certificate || (found.state === 'next' && found.publishedAt === null)) return undefined;
  // The youngest of those in the file: a chain that was completed later with an older certificate is told by its ETag.
  const since = Math.max(...[found.certificate, ...(form === 'cer' ? [] : found.chain)].map(beginOf));
  switch (form) {
    case 'cer':
      return { contentType: 'application/pkix-cert', body: found.certificate, since };
    case 'pem':
      return { contentType: 'application/x-pem-file', body: utf8([found.certificate, ...found.chain].map((der) => toPem('CERTIFICATE', der)).join('')), since };
    case 'p7c':
      return { contentType: 'application/pkcs7-mime', body: writeCertsOnly([found.certificate, ...found.chain]), since };
  }
}
