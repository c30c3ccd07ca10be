/** The audit log as an admin reads, checks and takes it away. Entries are written by the use cases that decide; nothing here changes one. */
import { fromIso } from '../core/lib/instant.ts';
import { err, ok } from '../core/lib/result.ts';
import type { AuditEntry, AuditOutcome } from '../core/ca/audit.ts';
import type { Deps, Outcome } from './deps.ts';
import type { AuditQuery, AuditVerdict, Page } from './ports/store.ts';

export interface AuditListQuery extends Omit<AuditQuery, 'state' | 'since' | 'until'> {
  readonly outcome?: AuditOutcome | undefined;
  /** ISO 8601 in UTC, as `toIso` writes it. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Newest first. Refused: invalid-input, where a time names no moment (31 February). */
export async function listAudit({ store }: Deps, { outcome, since, until, ...query }: AuditListQuery): Outcome<Page<AuditEntry>> {
  const [from, to] = [since, until].map((text) => (text === undefined ? undefined : fromIso(text)));
  if ((since !== undefined && from === undefined) || (until !== undefined && to === undefined)) {
    return err({ code: 'invalid-input', message: `${from === undefined && since !== undefined ? 'since' : 'until'}: there is no such moment` });
  }
  return ok(await store.read.audit({ ...query, state: outcome, since: from, until: to }));
}

/** The verdict, with the fingerprint of the key that signed: trust in it comes from comparing that with the one noted at first run. */
export async function verifyAudit({ store, vault }: Deps): Promise<AuditVerdict & { readonly keyFingerprint: string | null }> {
  return { ...(await store.verifyAudit()), keyFingerprint: vault.auditKeyFingerprint() ?? null };
}

/** The whole log as NDJSON with its signed head. */
export const exportAudit = ({ store }: Deps): Promise<string> => store.exportAudit();
