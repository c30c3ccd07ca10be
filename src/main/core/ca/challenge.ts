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

/**
 * What is compared of a challenge: Crockford's base32 read as people type it. Case, spaces and dashes do not count,
 * O is 0, I and L are 1. Whatever else a device sends stays as it is, so that it can match nothing.
 */
export function normalizeChallenge(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}

/** Where a challenge stands at a moment; a withdrawn one stays withdrawn whatever else is true of it. */
export function challengeState(challenge: Pick<Challenge, 'withdrawnAt' | 'usesLeft' | 'expiresAt'>, now: Instant): ChallengeState {
  if (challenge.withdrawnAt !== null) return 'withdrawn';
  if (challenge.usesLeft === 0) return 'spent';
  return challenge.expiresAt <= now ? 'expired' : 'live';
}

/** Crockford's base32: no I, L, O and U, which are misread when a password is typed from a screen into a router. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A password from random octets, one character each, in groups of four. 32 divides 256, so five bits of an octet are unbiased. */
export function writeChallenge(random: Uint8Array): string {
  const characters = Array.from(random, (octet) => ALPHABET.charAt(octet & 31)).join('');
  return characters.match(/.{1,4}/g)?.join('-') ?? '';
}
