/** Making a backup, by hand or because it is due: it counts, and stands in the log, once a trial restore has proven it. */
import { utf8, fromUtf8, fromBase64 } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import type { Outcome, Refusal } from '../deps.ts';
import type { MadeBackup } from '../ports/backups.ts';
import type { Change } from '../ports/store.ts';
import { recoverySheet } from './recoverySheet.ts';
import { type BackupDeps, type BackupRecord, type BackupSchedule, RECORDS_SETTING, SCHEDULE_SETTING, folderOf, inTurn, readRecords, readSchedule, withRecord } from './records.ts';

/** As the vault's: less than that no scrypt can save. */
export const PASSPHRASE_LEAST = 8;

/** What the schedule's passphrase is sealed for. */
const SEAL_CONTEXT = 'backup schedule passphrase v1';

export interface NewBackup {
  readonly record: BackupRecord;
  /** For print: what is needed to restore it. No secret stands in it. */
  readonly recoverySheet: string;
  readonly bytes: Uint8Array | null;
}

/** A returned file travels as base64 in one answer. */
const RETURNED_MOST = 64 * 1024 * 1024;

/** Makes a backup now. Without a passphrase it takes the schedule's. */
export async function createBackup(deps: BackupDeps, input: { readonly passphrase?: string | undefined; readonly asFile: boolean }, actor: Actor): Outcome<NewBackup> {
  const passphrase = input.passphrase === undefined ? await scheduledPassphrase(deps) : checkPassphrase(input.passphrase);
  if (!passphrase.ok) return passphrase;
  const made = await makeBackup(deps, passphrase.value, false, actor);
  if (!made.ok) return made;
  const record = made.value;
  const sheet = recoverySheet(record, deps);
  if (!input.asFile) return ok({ record, recoverySheet: sheet, bytes: null });
  if (record.size > RETURNED_MOST) return err({ code: 'too-large', message: `The backup was made, but at ${Math.ceil(record.size / 1e6)} MB it is too large to be handed over.`, hint: `It lies at ${record.path}.` });
  return ok({ record, recoverySheet: sheet, bytes: (await deps.backups.read(record.path)) ?? null });
}

/** Writes, proves and records one. Its failure is in the log too. */
export async function makeBackup(deps: BackupDeps, passphrase: string, scheduled: boolean, actor: Actor): Outcome<BackupRecord> {
  const at = deps.clock.now();
  const made = await deps.backups.make({ folder: folderOf(deps), passphrase, at });
  if (!made.ok) {
    await note(deps, { action: 'backup.create', subject: 'backup', outcome: 'failed', code: made.error.code, detail: { scheduled, reason: made.error.message } }, actor);
    return err(made.error);
  }
  const record = toRecord(made.value, scheduled, deps.clock.now());
  const { head, sha256 } = record;
  await inTurn(deps, async () =>
    deps.store.commit({
      actor,
      at: deps.clock.now(),
      expect: [],
      changes: [{ kind: 'setting', key: RECORDS_SETTING, value: withRecord(await readRecords(deps), record) }, ...(await mended(deps, scheduled))],
      audit: [{ action: 'backup.create', subject: `backup:${record.name}`, outcome: 'ok', code: 'proven', detail: { scheduled, sha256, entries: head.seq, path: record.path } }],
    }),
  );
  deps.events.publish('status.changed');
  return ok(record);
}

/** The next scheduled one would succeed now, so the status has nothing to say any more; a passphrase that does not open is not mended by another one. */
async function mended(deps: BackupDeps, scheduled: boolean): Promise<readonly Change[]> {
  const schedule = await readSchedule(deps);
  if (schedule === null || schedule.failure === null || (!scheduled && schedule.failure.code === SEAL_BROKEN.code)) return [];
  return [{ kind: 'setting', key: SCHEDULE_SETTING, value: { ...schedule, failure: null } }];
}

const toRecord = ({ name, path, proof }: MadeBackup, scheduled: boolean, provenAt: number): BackupRecord => ({
  name,
  path,
  sha256: proof.sha256,
  size: proof.size,
  createdAt: proof.createdAt,
  provenAt,
  scheduled,
  head: proof.head,
  counts: proof.counts,
});

/** A passphrase that a backup may have. */
export function checkPassphrase(passphrase: string): Result<string, Refusal> {
  if ([...passphrase.normalize('NFKC')].length >= PASSPHRASE_LEAST) return ok(passphrase);
  return err({ code: 'passphrase-too-short', message: `A backup’s passphrase has at least ${PASSPHRASE_LEAST} characters.`, hint: 'Four or five unrelated words are easy to keep and hard to guess.' });
}

async function scheduledPassphrase(deps: BackupDeps): Outcome<string> {
  const schedule = await readSchedule(deps);
  if (schedule === null) return err({ code: 'backup-passphrase-needed', message: 'A backup needs a passphrase.', hint: 'Give one, or set a schedule, whose passphrase is then used.' });
  const passphrase = openPassphrase(deps, schedule);
  return passphrase === undefined ? err(SEAL_BROKEN) : ok(passphrase);
}

export const SEAL_BROKEN: Refusal = { code: 'schedule-damaged', message: 'The passphrase of scheduled backups does not open under the vault’s key.', hint: 'Set the schedule anew, with its passphrase.' };

export const sealPassphrase = ({ secrets }: BackupDeps, passphrase: string): Uint8Array => secrets.seal(SEAL_CONTEXT, utf8(passphrase));

export function openPassphrase({ secrets }: BackupDeps, { sealedPassphrase }: BackupSchedule): string | undefined {
  const opened = secrets.open(SEAL_CONTEXT, fromBase64(sealedPassphrase) ?? new Uint8Array(0));
  return opened === undefined ? undefined : fromUtf8(opened);
}

/** An entry of its own, for what changed nothing. */
export async function note(deps: BackupDeps, event: AuditEvent, actor: Actor): Promise<void> {
  const done = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [event] });
  if (!done.ok) throw new Error('a change-set without expectations came back as a conflict');
}

