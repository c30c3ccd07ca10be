/** What the store remembers of backups: which were made here and when they were proven, and the schedule with its sealed passphrase. */
import type { Instant } from '../../core/lib/instant.ts';
import type { AuditHead } from '../../core/ca/audit.ts';
import type { Deps } from '../deps.ts';
import type { BackupFiles, Counts } from '../ports/backups.ts';

export interface BackupDeps extends Deps {
  readonly backups: BackupFiles;
}

export const RECORDS_SETTING = 'backups';
export const SCHEDULE_SETTING = 'backupSchedule';

/** A backup that was proven here. */
export interface BackupRecord {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly createdAt: Instant;
  readonly provenAt: Instant;
  readonly scheduled: boolean;
  readonly head: AuditHead;
  readonly counts: Counts;
}

export interface BackupSchedule {
  readonly everyDays: number;
  /** So many scheduled backups stay; the oldest go once a newer one is proven. */
  readonly keep: number;
  /** Base64, sealed by the vault: it is never shown. */
  readonly sealedPassphrase: string;
  readonly since: Instant;
  readonly failure: { readonly at: Instant; readonly code: string; readonly message: string } | null;
}

/** Of older ones only their files tell. */
const REMEMBERED = 200;

type Read = Pick<Deps, 'store'>;

/** Newest first. */
export const readRecords = async ({ store }: Read): Promise<readonly BackupRecord[]> => ((await store.read.setting(RECORDS_SETTING)) as readonly BackupRecord[] | undefined) ?? [];

export const readSchedule = async ({ store }: Read): Promise<BackupSchedule | null> => ((await store.read.setting(SCHEDULE_SETTING)) as BackupSchedule | null | undefined) ?? null;

/** With this one at its place by time; the one it replaces has the same path. */
export const withRecord = (records: readonly BackupRecord[], record: BackupRecord): readonly BackupRecord[] =>
  [record, ...records.filter(({ path }) => path !== record.path)].sort((a, b) => b.createdAt - a.createdAt).slice(0, REMEMBERED);

export const folderOf = ({ directory, backups }: BackupDeps): string => directory.settings().backupFolder ?? backups.defaultFolder;

const turns = new WeakMap<Deps['store'], Promise<unknown>>();

/** What reads the records and writes them again takes turns, or one of two backups would be forgotten. */
export function inTurn<T>({ store }: Read, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(store) ?? Promise.resolve()).then(work, work);
  turns.set(store, turn);
  return turn;
}
