/** Revoke, hold, release, and when a CRL is due. Pure: a decision is the row as it will be, or the reason why not. */
import { DAY, type Instant } from '../lib/instant.ts';
import { type Result, err, ok } from '../lib/result.ts';
import type { CertificateRecord, CrlRecord, RevocationReason } from './certificateRecord.ts';

export interface RevocationProblem {
  readonly code: 'already-revoked' | 'not-held' | 'not-revocable';
  readonly text: string;
}

/**
 * The row after a revocation. A held certificate may be revoked for good; a revoked one stays what it is (RFC 5280 5.3.1).
 * `selfIssued`: a CA's certificate under its own name; nobody could believe a CRL about it that its own key signed.
 */
export function revoke(record: CertificateRecord, reason: RevocationReason, now: Instant, selfIssued = false): Result<CertificateRecord, RevocationProblem> {
  if (selfIssued) return err({ code: 'not-revocable', text: 'a CA’s own certificate is retired, not revoked on its own CRL: take it out of the devices’ trust' });
  if (record.state === 'revoked') return err({ code: 'already-revoked', text: `the certificate was revoked already (${record.reason ?? 'unspecified'})` });
  if (record.state === 'held' && reason === 'certificateHold') return err({ code: 'already-revoked', text: 'the certificate is held already' });
  return ok({
    ...record,
    version: record.version + 1,
    state: reason === 'certificateHold' ? 'held' : 'revoked',
    // The date of a hold stays when it becomes final: relying parties saw the certificate as revoked from then on.
    revokedAt: record.revokedAt ?? now,
    reason,
  });
}

/** The row after a release; only a hold can be taken back. */
export function release(record: CertificateRecord): Result<CertificateRecord, RevocationProblem> {
  if (record.state !== 'held') return err({ code: 'not-held', text: 'only a held certificate can be released; a revocation is final' });
  return ok({ ...record, version: record.version + 1, state: 'valid', revokedAt: null, reason: null });
}

/** True when a generation's CRL should be made anew: there is none, or half of its life is over. */
export function crlDue(latest: CrlRecord | undefined, now: Instant): boolean {
  return latest === undefined || now >= latest.thisUpdate + (latest.nextUpdate - latest.thisUpdate) / 2;
}

// Clocks of relying parties lag; a thisUpdate a little in the past is valid for them at once.
const CRL_BACKDATE = 5 * 60 * 1000;

export function crlDates(now: Instant, crlDays: number): { thisUpdate: Instant; nextUpdate: Instant } {
  return { thisUpdate: now - CRL_BACKDATE, nextUpdate: now + crlDays * DAY };
}

/** When a CRL was made: what had expired by then is not on it. */
export const crlMadeAt = ({ thisUpdate }: Pick<CrlRecord, 'thisUpdate'>): Instant => thisUpdate + CRL_BACKDATE;
