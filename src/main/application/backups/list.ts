/** The backups that are there, with how far each can be trusted, and proving one again. */
import { err, ok } from '../../core/lib/result.ts';
import type { Instant } from '../../core/lib/instant.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { Outcome } from '../deps.ts';
import type { BackupProof, BackupSource } from '../ports/backups.ts';
import { note } from './make.ts';
import { type BackupDeps, type BackupRecord, RECORDS_SETTING, folderOf, inTurn, readRecords, readSchedule, withRecord } from './records.ts';
import { nextDue } from './schedule.ts';

export interface ListedBackup {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly createdAt: Instant;
  /** `proven` here; `unproven`: a file that this installation knows nothing of; `changed`: another length than it was proven with; `missing`: its file is gone. */
  readonly state: 'proven' | 'unproven' | 'changed' | 'missing';
  readonly provenAt: Instant | null;
  readonly scheduled: boolean;
  readonly sha256: string | null;
  readonly entries: number | null;
}

export interface BackupsOverview {
  readonly items: readonly ListedBackup[];
  readonly folder: string;
  readonly schedule: { readonly everyDays: number; readonly keep: number; readonly nextAt: Instant; readonly failure: string | null } | null;
}

/** Newest first. Those that were made into another folder stand here as long as they are remembered. */
export async function listBackups(deps: BackupDeps): Promise<BackupsOverview> {
  const folder = folderOf(deps);
  const records = await readRecords(deps);
  const schedule = await readSchedule(deps);
  const folders = new Set([folder, ...records.map(({ path, name }) => path.slice(0, -name.length - 1))]);
  const found = (await Promise.all([...folders].map((each) => deps.backups.find(each)))).flat();
  const known = records.map((record): ListedBackup => {
    const file = found.find(({ path }) => path === record.path);
    const state = file === undefined ? 'missing' : file.size === record.size ? 'proven' : 'changed';
    return { ...shown(record), state };
  });
  const unknown = found
    .filter(({ path }) => !records.some((record) => record.path === path))
    .map(({ name, path, size, modifiedAt }): ListedBackup => ({ name, path, size, createdAt: modifiedAt, state: 'unproven', provenAt: null, scheduled: false, sha256: null, entries: null }));
  return {
    items: [...known, ...unknown].sort((a, b) => b.createdAt - a.createdAt),
    folder,
    schedule: schedule === null ? null : { everyDays: schedule.everyDays, keep: schedule.keep, nextAt: nextDue(schedule, records), failure: schedule.failure?.message ?? null },
  };
}

const shown = ({ name, path, size, createdAt, provenAt, scheduled, sha256, head }: BackupRecord): Omit<ListedBackup, 'state'> => ({ name, path, size, createdAt, provenAt, scheduled, sha256, entries: head.seq });

/** A trial restore of any backup file. One that lies in a folder and is this installation's counts as proven from then on. */
export async function verifyBackup(deps: BackupDeps, { source, passphrase }: { readonly source: BackupSource; readonly passphrase: string }, actor: Actor): Outcome<BackupProof> {
  const proven = await deps.backups.prove(source, passphrase);
  const path = 'path' in source ? source.path : null;
  if (!proven.ok) {
    await note(deps, { action: 'backup.verify', subject: 'backup', outcome: 'refused', code: proven.error.code, detail: { path } }, actor);
    return err(proven.error);
  }
  const proof = proven.value;
  const own = proof.auditKey === deps.vault.auditKeyFingerprint();
  await inTurn(deps, () => recordProof(deps, proof, own, path, actor));
  deps.events.publish('status.changed');
  return ok(proof);
}

async function recordProof(deps: BackupDeps, proof: BackupProof, own: boolean, path: string | null, actor: Actor): Promise<void> {
  const records = await readRecords(deps);
  const kept = path === null || !own ? records : withRecord(records, toRecord(path, proof, records, deps.clock.now()));
  await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [],
    changes: kept === records ? [] : [{ kind: 'setting', key: RECORDS_SETTING, value: kept }],
    audit: [{ action: 'backup.verify', subject: 'backup', outcome: 'ok', code: own ? 'proven' : 'of-another-installation', detail: { path, sha256: proof.sha256, entries: proof.head.seq } }],
  });
}

function toRecord(path: string, { sha256, size, createdAt, head, counts }: BackupProof, records: readonly BackupRecord[], provenAt: Instant): BackupRecord {
  const before = records.find((record) => record.path === path);
  return { name: path.replace(/^.*[\\/]/, ''), path, sha256, size, createdAt, provenAt, scheduled: before?.scheduled ?? false, head, counts };
}
