/** What is kept of a certificate that an authority issued, and of the intent to issue it. */
import type { Instant } from '../lib/instant.ts';

/** Stored states; `expired` is told by the clock. */
export type CertificateState = 'valid' | 'held' | 'revoked';

/** RFC 5280 5.3.1 names; certificateHold is the state `held`. */
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'cACompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'
  | 'certificateHold'
  | 'privilegeWithdrawn'
  | 'aACompromise';

/** What it is for: an end entity's, a CA's own, a SCEP key's, an OCSP responder's. */
export type CertificateKind = 'device' | 'authority' | 'scep' | 'ocsp';

export interface CertificateRecord {
  readonly id: string;
  readonly version: number;
  readonly kind: CertificateKind;
  /** Upper hex, as admins see it. */
  readonly serial: string;
  /** SHA-256 of the issuer's DER Name: serials are unique per issuer name, across generations. */
  readonly issuerHash: string;
  readonly authorityId: string;
  readonly generation: number;
  readonly profileId: string | null;
  readonly endpointId: string | null;
  readonly requestId: string | null;
  readonly subject: string;
  readonly subjectAltNames: readonly string[];
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly spkiSha256: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly issuedAt: Instant;
  readonly state: CertificateState;
  readonly revokedAt: Instant | null;
  readonly reason: RevocationReason | null;
  /** The certificate that this one renewed. */
  readonly renews: string | null;
}

/** The revocation of a certificate whose bytes are not here: an imported CA's records named its serial only. It stands on the CRL like any other. */
export interface RevokedSerial {
  readonly id: string;
  readonly authorityId: string;
  readonly generation: number;
  readonly serial: string;
  readonly issuerHash: string;
  /** As the former product wrote it down. */
  readonly subject: string | null;
  /** Null where nobody knows: it then stays on the CRL for as long as there is one. */
  readonly notAfter: Instant | null;
  readonly state: 'held' | 'revoked';
  readonly revokedAt: Instant;
  readonly reason: RevocationReason | null;
}

/** A serial and the bytes to be signed, stored before the signature: what a crash leaves is finished or failed with that very serial. */
export interface IssuanceIntent {
  readonly id: string;
  readonly serial: string;
  readonly issuerHash: string;
  readonly authorityId: string;
  readonly generation: number;
  readonly requestId: string | null;
  readonly tbs: Uint8Array;
  readonly createdAt: Instant;
  /** Everything of the certificate's row that is known before the signature. */
  readonly record: Omit<CertificateRecord, 'der' | 'sha256'>;
}

/** A CRL as it was published. */
export interface CrlRecord {
  readonly authorityId: string;
  readonly generation: number;
  readonly number: number;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly der: Uint8Array;
}
