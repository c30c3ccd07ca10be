/**
 * What the log tells of a revocation that came without its certificate, and whether the row still says it. There are no bytes whose digest could be
 * compared, so the entry names everything that a CRL or an OCSP answer is made of.
 */
import { toIso } from '../lib/instant.ts';
import { type AuditEvent, type ChainFault, type StoredEntry, canonicalJson } from './audit.ts';
import type { RevokedSerial } from './certificateRecord.ts';

export const SERIAL_TAKEN_OVER = 'migration.revocation';

export const serialSubject = (serial: string): string => `serial:${serial}`;

export const revokedSerialEvent = (row: RevokedSerial): AuditEvent => ({
  action: SERIAL_TAKEN_OVER,
  subject: serialSubject(row.serial),
  outcome: 'ok',
  code: row.state,
  detail: {
    subject: row.subject,
    authority: row.authorityId,
    generation: row.generation,
    issuer: row.issuerHash,
    notAfter: row.notAfter === null ? null : toIso(row.notAfter),
    revokedAt: toIso(row.revokedAt),
    reason: row.reason,
  },
});

/** The signing machine of a pair released it, or forgot it: its row has gone. */
export const releasedSerialEvent = (row: RevokedSerial): AuditEvent => ({ ...revokedSerialEvent(row), code: 'released' });

/** One such entry; `said` is everything that the row must say too. */
export interface ToldSerial {
  readonly seq: number;
  readonly serial: string;
  readonly authorityId: string;
  readonly said: string;
  readonly released: boolean;
}

/** Under which a row and its entry find each other. */
export const serialKey = ({ serial, authorityId }: Pick<RevokedSerial, 'serial' | 'authorityId'>): string => `${authorityId} ${serial}`;

/** Of an entry whose chain holds; undefined where it tells of something else. */
export function toldSerial({ seq, action, outcome, subject, code, detail }: StoredEntry): ToldSerial | undefined {
  if (action !== SERIAL_TAKEN_OVER || outcome !== 'ok') return undefined;
  const { authority } = JSON.parse(detail) as { readonly authority?: unknown };
  return { seq, serial: subject.slice(serialSubject('').length), authorityId: String(authority), said: `${code} ${detail}`, released: code === 'released' };
}

/**
 * Compares a row with the last entry about it. A row goes when its certificate comes after all (`certified`), which then
 * has entries of its own, and when its release was told.
 * Undefined where all is well.
 */
export function judgeRevokedSerial(row: RevokedSerial | undefined, told: ToldSerial | undefined, certified: boolean): ChainFault | undefined {
  if (row === undefined) return told === undefined || told.released || certified ? undefined : { seq: told.seq, problem: `the revocation of serial ${told.serial} is gone: entry ${told.seq} tells of it` };
  if (told === undefined) return { seq: null, problem: `the revocation of serial ${row.serial} has no entry in the log` };
  const { code, detail } = revokedSerialEvent(row);
  return `${code} ${canonicalJson(detail)}` === told.said ? undefined : { seq: told.seq, problem: `the revocation of serial ${row.serial} differs from what entry ${told.seq} says` };
}
