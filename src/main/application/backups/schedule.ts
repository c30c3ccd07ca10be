/** Backups that are made without anybody asking: set once, made when due while the vault is open, and loudly missed when they fail. */
import { toBase64 } from '../../core/lib/bytes.ts';
import { DAY, HOUR, type Instant } from '../../core/lib/instant.ts';
import { err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import type { Outcome } from '../deps.ts';
import { SEAL_BROKEN, checkPassphrase, makeBackup, openPassphrase, sealPassphrase } from './make.ts';
import { type BackupDeps, type BackupRecord, type BackupSchedule, RECORDS_SETTING, SCHEDULE_SETTING, inTurn, readRecords, readSchedule } from './records.ts';

const KEEPER: Actor = { kind: 'system', name: 'housekeeping' };

/** After a failure it is tried again, but not with every round. */
const RETRY = HOUR;

export interface ScheduleWish {
  /** 0: no backups by themselves, and the passphrase is forgotten. */
  readonly everyDays: number;
  readonly keep: number;
  /** May be left out where there is one already. */
  readonly passphrase?: string | undefined;
}

/** Sets, changes or ends the schedule. */
export async function scheduleBackups(deps: BackupDeps, wish: ScheduleWish, actor: Actor): Outcome<void> {
  const before = await readSchedule(deps);
  if (wish.everyDays === 0) {
    await store(deps, null, actor, { everyDays: 0 });
    return ok(undefined);
  }
  if (wish.passphrase === undefined && before === null) {
    return err({ code: 'backup-passphrase-needed', message: 'Scheduled backups need a passphrase.', hint: 'It is asked for once, sealed in the vault, and never shown: keep it where a restore will find it.' });
  }
  const given = wish.passphrase === undefined ? undefined : checkPassphrase(wish.passphrase);
  if (given?.ok === false) return given;
  const sealedPassphrase = given === undefined ? (before?.sealedPassphrase ?? '') : toBase64(sealPassphrase(deps, given.value));
  const schedule: BackupSchedule = { everyDays: wish.everyDays, keep: wish.keep, sealedPassphrase, since: before?.since ?? deps.clock.now(), failure: before?.failure ?? null };
  await store(deps, schedule, actor, { everyDays: wish.everyDays, keep: wish.keep, newPassphrase: given !== undefined });
  return ok(undefined);
}

async function store(deps: BackupDeps, schedule: BackupSchedule | null, actor: Actor, detail: Readonly<Record<string, number | boolean>>): Promise<void> {
  await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [],
    changes: [{ kind: 'setting', key: SCHEDULE_SETTING, value: schedule }],
    audit: [{ action: 'backup.schedule', subject: 'backups', outcome: 'ok', code: schedule === null ? 'off' : 'on', detail }],
  });
  deps.events.publish('status.changed');
}

/** When the next one is due; one made by hand counts as well. */
export function nextDue({ everyDays, since, failure }: BackupSchedule, records: readonly BackupRecord[]): Instant {
  const last = records[0]?.createdAt;
  const due = last === undefined ? since : Math.max(since, last + everyDays * DAY);
  return failure === null ? due : Math.max(due, failure.at + RETRY);
}

/** Makes the backup that is due, if one is and the vault is open. Called once a minute and whenever the vault opens. */
export async function makeDueBackup(deps: BackupDeps): Promise<void> {
  const schedule = await readSchedule(deps);
  if (schedule === null || deps.vault.state() !== 'open' || deps.clock.now() < nextDue(schedule, await readRecords(deps))) return;
  const passphrase = openPassphrase(deps, schedule);
  const made = passphrase === undefined ? err(SEAL_BROKEN) : await makeBackup(deps, passphrase, true, KEEPER);
  // It may have been changed or ended meanwhile.
  const present = await readSchedule(deps);
  if (present === null) return;
  if (made.ok) return inTurn(deps, () => forgetOldest(deps, present));
  const { code, message } = made.error;
  deps.log('error', 'housekeeping.backup-failed', { code, message });
  const failing: BackupSchedule = { ...present, failure: { at: deps.clock.now(), code, message } };
  await deps.store.commit({ actor: KEEPER, at: deps.clock.now(), expect: [], changes: [{ kind: 'setting', key: SCHEDULE_SETTING, value: failing }], audit: [] });
  deps.events.publish('status.changed');
}

/** Only what the schedule made itself, and only now that a newer one is proven. A file that was taken away meanwhile is no trouble. */
async function forgetOldest(deps: BackupDeps, schedule: BackupSchedule): Promise<void> {
  const records = await readRecords(deps);
  const old = records.filter(({ scheduled }) => scheduled).slice(schedule.keep);
  const failed = new Set<string>();
  for (const { path } of old) {
    try {
      await deps.backups.remove(path);
    } catch (error) {
      failed.add(path);
      deps.log('warn', 'backup.not-removed', { path, error: error instanceof Error ? error.message : 'unknown' });
    }
  }
  const gone = old.filter(({ path }) => !failed.has(path));
  if (gone.length === 0) return;
  await deps.store.commit({
    actor: KEEPER,
    at: deps.clock.now(),
    expect: [],
    changes: [{ kind: 'setting', key: RECORDS_SETTING, value: records.filter((record) => !gone.includes(record)) }],
    audit: gone.map(({ name, sha256 }) => ({ action: 'backup.remove', subject: `backup:${name}`, outcome: 'ok', code: 'replaced', detail: { sha256 } })),
  });
  deps.events.publish('status.changed');
}

/** What the status says of scheduled backups: the last one failed, or is older than it should be. */
export function judgeBackups(schedule: BackupSchedule | null, records: readonly BackupRecord[], now: Instant): readonly Finding[] {
  if (schedule === null) return [];
  const { failure, everyDays } = schedule;
  if (failure !== null) return [{ code: 'backup-failed', severity: 'danger', text: `The last scheduled backup failed: ${failure.message} It is tried again every hour.` }];
  const late = now - nextDue(schedule, records);
  if (late < Math.max(DAY, (everyDays * DAY) / 2)) return [];
  const days = Math.floor(late / DAY);
  return [{ code: 'backup-overdue', severity: 'danger', text: `A backup has been due for ${days === 1 ? 'a day' : `${days} days`}. Scheduled ones are made while the vault is open and the CA runs.` }];
}
