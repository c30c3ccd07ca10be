/** The audit log as an admin reads, checks and takes it away. Entries are written by the use cases that decide; nothing here changes one. */
import type { AuditEntry } from '../core/ca/audit.ts';
import type { Deps } from './deps.ts';
import type { AuditVerdict, ListQuery, Page } from './ports/store.ts';

/** Newest first. */
export const listAudit = ({ store }: Deps, query: ListQuery): Promise<Page<AuditEntry>> => store.read.audit(query);

/** The verdict, with the fingerprint of the key that signed: trust in it comes from comparing that with the one noted at first run. */
export async function verifyAudit({ store, vault }: Deps): Promise<AuditVerdict & { readonly keyFingerprint: string | null }> {
  return { ...(await store.verifyAudit()), keyFingerprint: vault.auditKeyFingerprint() ?? null };
}

/** The whole log as NDJSON with its signed head. */
export const exportAudit = ({ store }: Deps): Promise<string> => store.exportAudit();
