/** One-time challenges: a password that lets a device enrol without waiting, bound to what the admin wished. */
import type { Instant } from '../lib/instant.ts';

export type ChallengeState = 'live' | 'spent' | 'expired' | 'withdrawn';

export interface Challenge {
  readonly id: string;
  readonly version: number;
  /** HMAC-SHA-256 of the normalised password under a vault key, lower hex: the password itself is nowhere. */
  readonly mac: string;
  readonly label: string | null;
  /** Bindings; null: free. */
  readonly endpointPath: string | null;
  readonly profileId: string | null;
  /** Subject as text (`CN=dev, O=Test`), compared as names are (RFC 5280 7.1). */
  readonly subject: string | null;
  /** Every SAN of the CSR must be among these (`DNS:x`, `IP:y`). */
  readonly subjectAltNames: readonly string[] | null;
  readonly uses: number;
  readonly usesLeft: number;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly expiresAt: Instant;
  readonly withdrawnAt: Instant | null;
  readonly lastUsedAt: Instant | null;
}
