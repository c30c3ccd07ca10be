/** A SCEP URL: whose certificates it gives, by which profile, to whom, and how much old cryptography it takes. */
import type { Compatibility } from '../pki/compatibility.ts';

export type Authorization = 'challenge-or-hold' | 'hold' | 'challenge-only';
export type RenewalRule = 'grant' | 'hold' | 'refuse';

export interface Endpoint {
  readonly id: string;
  /** `/scep` or `/scep/<name>`. */
  readonly path: string;
  readonly authorityId: string;
  readonly profileId: string;
  readonly authorization: Authorization;
  readonly compatibility: Compatibility;
  readonly enabled: boolean;
  /** What a renewal without a challenge gets; `earlyRenewal` where the profile's renewal window has not opened yet. */
  readonly renewal: RenewalRule;
  readonly earlyRenewal: RenewalRule;
  /** GetCACert: the chain as certs-only, or only the first certificate. `auto`: a chain where there is more than one. */
  readonly caCertificates: 'auto' | 'single' | 'chain';
  readonly includeRoot: boolean;
  /** CA certificates behind the issued one in CertRep: Cisco's VPN client needs them, Juniper refuses them. */
  readonly caInCertRep: boolean;
  /** eContent of PENDING and FAILURE (SCEP.md J.1). */
  readonly emptyContent: 'auto' | 'empty' | 'absent';
  /** Lists the unregistered SHA-384, without which strongSwan 5.9.8 does not see AES (SCEP.md J.15). */
  readonly announceSha384: boolean;
  /** So many days after a device has got its renewed certificate the old one is revoked as superseded; null: it runs out by itself. */
  readonly supersedeAfterDays: number | null;
  readonly version: number;
}
