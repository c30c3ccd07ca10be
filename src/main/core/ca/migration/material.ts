/** What another product's files say, in one form whatever product it was: certificates, revocations, how far the CRLs had counted, and what was not understood. */
import type { Instant } from '../../lib/instant.ts';
import type { RevocationReason } from '../certificateRecord.ts';

export type MigrationKind = 'pkcs12' | 'pem' | 'openssl' | 'xca' | 'step-ca' | 'micromdm' | 'ad-cs';

/** A place in the files. */
export interface Place {
  readonly file: string;
  /** From 1; null where the file has no lines. */
  readonly line: number | null;
}

/** What stays out, or is taken otherwise than the files say. */
export interface LeftOut extends Place {
  readonly code: string;
  readonly text: string;
}

export interface FoundCertificate extends Place {
  readonly der: Uint8Array;
}

export interface Revocation {
  readonly state: 'held' | 'revoked';
  readonly revokedAt: Instant;
  readonly reason: RevocationReason | null;
}

/** What a CA's own records say of one serial. */
export interface RecordEntry extends Place {
  /** Upper hex, an even number of digits. */
  readonly serial: string;
  readonly subject: string | null;
  readonly notAfter: Instant | null;
  /** Null: valid, or expired. */
  readonly revocation: Revocation | null;
}

export interface Parsed<T> {
  readonly items: readonly T[];
  readonly left: readonly LeftOut[];
}

/** The number as certificates of ours write theirs: no leading zeros but the one that makes the digits even. Undefined for what is no hex number of at most 64 octets. */
export function serialOf(text: string): string | undefined {
  const digits = text.replace(/[\s:]/g, '').replace(/^0x/i, '');
  if (!/^[0-9a-fA-F]{1,128}$/.test(digits)) return undefined;
  const bare = digits.replace(/^0+(?=.)/, '').toUpperCase();
  return bare.length % 2 === 0 ? bare : `0${bare}`;
}

const REASONS: ReadonlyMap<string, RevocationReason> = new Map(
  (['unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', 'privilegeWithdrawn', 'aACompromise'] as const).map((reason) => [reason.toLowerCase(), reason]),
);

/** A reason by its name in RFC 5280, however it is written (`CACompromise`, `Key Compromise`). */
export const reasonOf = (name: string): RevocationReason | undefined => REASONS.get(name.replace(/[\s_-]/g, '').toLowerCase());

const BY_CODE: ReadonlyMap<number, RevocationReason> = new Map([
  [0, 'unspecified'],
  [1, 'keyCompromise'],
  [2, 'cACompromise'],
  [3, 'affiliationChanged'],
  [4, 'superseded'],
  [5, 'cessationOfOperation'],
  [6, 'certificateHold'],
  [9, 'privilegeWithdrawn'],
  [10, 'aACompromise'],
]);

/** A reason by its number in RFC 5280 5.3.1; none for removeFromCRL and what does not exist. */
export const reasonOfCode = (code: number): RevocationReason | undefined => BY_CODE.get(code);

/** Stands for the time of a revocation that cannot be read: what is revoked comes in as revoked, and from the beginning. */
export const TIME_UNKNOWN: Instant = 0;

export const revocationFor = (revokedAt: Instant, reason: RevocationReason | null): Revocation => ({ state: reason === 'certificateHold' ? 'held' : 'revoked', revokedAt, reason });
