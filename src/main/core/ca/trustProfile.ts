/**
 * Apple's configuration profile that makes an iPhone, iPad or Mac trust a CA: one payload for each certificate, the root first.
 * Its identifiers follow from what is in it, so that a newer export replaces the older one on the device and never lies beside it.
 */
import { toHex, utf8 } from '../lib/bytes.ts';
import type { PublicCrypto } from '../pki/crypto.ts';
import { writePlist } from './plist.ts';

export interface TrustedCertificate {
  readonly der: Uint8Array;
  readonly isRoot: boolean;
  readonly name: string;
  readonly fileName: string;
}

export interface TrustProfile {
  readonly authorityId: string;
  readonly name: string;
  readonly organization: string;
  /** The root first. */
  readonly certificates: readonly TrustedCertificate[];
}

/** This product's own name space for name-based UUIDs. */
const NAMESPACE = 'c40cd63172f84d6795ef5e45e0f3f6db';

/** RFC 9562 version 5: the same name gives the same UUID, here and on every other machine. */
export function nameUuid(crypto: PublicCrypto, name: string): string {
  const namespace = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(NAMESPACE.slice(2 * i, 2 * i + 2), 16));
  const octets = crypto.digest('sha1', new Uint8Array([...namespace, ...utf8(name)])).slice(0, 16);
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x50;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  return toHex(octets)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    .toUpperCase();
}

/** The `.mobileconfig`, unsigned. */
export function writeTrustProfile(crypto: PublicCrypto, { authorityId, name, organization, certificates }: TrustProfile): string {
  const identifier = `countersign.trust.${authorityId}`;
  const digests = certificates.map(({ der }) => toHex(crypto.digest('sha256', der)));
  return writePlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    // What a device replaces a profile by.
    PayloadIdentifier: identifier,
    // Of the contents too: a tool that looks only at this sees that there is something new to install.
    PayloadUUID: nameUuid(crypto, [authorityId, ...digests].join('/')),
    PayloadDisplayName: `Trust in ${name}`,
    PayloadDescription: `Makes this device trust certificates that ${name} has issued.`,
    PayloadOrganization: organization,
    PayloadScope: 'System',
    PayloadRemovalDisallowed: false,
    PayloadContent: certificates.map((certificate, i) => ({
      PayloadType: certificate.isRoot ? 'com.apple.security.root' : 'com.apple.security.pkcs1',
      PayloadVersion: 1,
      PayloadIdentifier: `${identifier}.${digests[i]?.slice(0, 16) ?? i}`,
      PayloadUUID: nameUuid(crypto, `${authorityId}/${digests[i] ?? ''}`),
      PayloadDisplayName: certificate.name,
      PayloadOrganization: organization,
      PayloadCertificateFileName: certificate.fileName,
      PayloadContent: certificate.der,
    })),
  });
}
