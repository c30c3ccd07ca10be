/** What is decided around backups: passphrases, the schedule, what is kept, what the status and the log say. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listBackups, verifyBackup } from '../../../src/main/application/backups/list.ts';
import { createBackup } from '../../../src/main/application/backups/make.ts';
import { makeDueBackup, scheduleBackups } from '../../../src/main/application/backups/schedule.ts';
import { updateSettings } from '../../../src/main/application/settings.ts';
import { getStatus } from '../../../src/main/application/status.ts';
import { DAY, HOUR } from '../../../src/main/core/lib/instant.ts';
import type { MemoryBackups } from '../../support/memoryBackups.ts';
import { ADMIN, type Office, must, openOffice } from '../../support/office.ts';

const PASSPHRASE = 'four unrelated words';

let office: Office;
let files: MemoryBackups;
beforeEach(async () => {
  office = await openOffice();
  files = office.deps.backups as MemoryBackups;
});
afterEach(() => office.close());

const schedule = (wish: { readonly everyDays: number; readonly keep?: number; readonly passphrase?: string }) => scheduleBackups(office.deps, { keep: 3, ...wish }, ADMIN);
const make = (passphrase?: string) => createBackup(office.deps, { passphrase, asFile: false }, ADMIN);
const notices = async (): Promise<readonly string[]> => (await getStatus(office.deps)).notices.map(({ code }) => code).filter((code) => code.startsWith('backup'));
const actions = async (): Promise<readonly string[]> => (await office.audit()).map(({ action, outcome }) => `${action} ${outcome}`).filter((text) => text.startsWith('backup')).reverse();

describe('a backup by hand', () => {
  it('is recorded as proven and stands in the log', async () => {
    const { record, recoverySheet } = must(await make(PASSPHRASE));
    expect((await listBackups(office.deps)).items).toMatchObject([{ path: record.path, state: 'proven', scheduled: false }]);
    expect(await actions()).toEqual(['backup.create ok']);
    expect(recoverySheet).toContain(record.name);
    expect(recoverySheet).toContain('Office CA');
    expect(recoverySheet).not.toContain(PASSPHRASE);
  });

  it('goes into the folder of the settings', async () => {
    must(await updateSettings(office.deps, { backupFolder: '/srv/backups' }, ADMIN));
    expect(must(await make(PASSPHRASE)).record.path).toMatch(/^\/srv\/backups\//);
  });

  it('needs a passphrase of eight characters, or a schedule that has one', async () => {
    expect(await make()).toMatchObject({ ok: false, error: { code: 'backup-passphrase-needed' } });
    expect(await make('seven77')).toMatchObject({ ok: false, error: { code: 'passphrase-too-short' } });
    must(await schedule({ everyDays: 7, passphrase: PASSPHRASE }));
    must(await make());
    expect([...files.files.values()].map(({ passphrase }) => passphrase)).toEqual([PASSPHRASE]);
  });

  it('that could not be made is in the log and is nowhere else', async () => {
    files.fail({ code: 'backup-folder-unusable', message: 'The disk is full.' });
    expect(await make(PASSPHRASE)).toMatchObject({ ok: false, error: { code: 'backup-folder-unusable' } });
    expect((await listBackups(office.deps)).items).toEqual([]);
    expect(await actions()).toEqual(['backup.create failed']);
  });

  it('is told as missing when its file is gone, and a stranger’s as unproven until it is proven', async () => {
    const { record } = must(await make(PASSPHRASE));
    const file = files.files.get(record.path)!;
    files.files.set('/data/backups/found.backup', file);
    await files.remove(record.path);
    expect((await listBackups(office.deps)).items.map(({ path, state }) => [path, state])).toEqual(expect.arrayContaining([[record.path, 'missing'], ['/data/backups/found.backup', 'unproven']]));
    expect(await verifyBackup(office.deps, { source: { path: '/data/backups/found.backup' }, passphrase: 'wrong wrong' }, ADMIN)).toMatchObject({ ok: false, error: { code: 'wrong-backup-passphrase' } });
    must(await verifyBackup(office.deps, { source: { path: '/data/backups/found.backup' }, passphrase: PASSPHRASE }, ADMIN));
    expect((await listBackups(office.deps)).items.find(({ name }) => name === 'found.backup')?.state).toBe('proven');
    expect(await actions()).toEqual(['backup.create ok', 'backup.verify refused', 'backup.verify ok']);
  });
});

describe('a schedule', () => {
  it('needs its passphrase once, keeps it sealed, and forgets it at its end', async () => {
    expect(await schedule({ everyDays: 1 })).toMatchObject({ ok: false, error: { code: 'backup-passphrase-needed' } });
    must(await schedule({ everyDays: 1, passphrase: PASSPHRASE }));
    must(await schedule({ everyDays: 2, keep: 5 }));
    expect((await listBackups(office.deps)).schedule).toMatchObject({ everyDays: 2, keep: 5 });
    const stored = JSON.stringify(await office.store.read.setting('backupSchedule'));
    expect(stored).not.toContain(PASSPHRASE);
    expect(stored).not.toContain(Buffer.from(PASSPHRASE).toString('base64'));
    must(await schedule({ everyDays: 0 }));
    expect(await office.store.read.setting('backupSchedule')).toBeNull();
    expect(await schedule({ everyDays: 1 })).toMatchObject({ ok: false, error: { code: 'backup-passphrase-needed' } });
  });

  it('makes one at once and then when it is due, and keeps so many of its own', async () => {
    const byHand = must(await make(PASSPHRASE)).record.path;
    office.advance(2 * DAY);
    must(await schedule({ everyDays: 1, keep: 2, passphrase: PASSPHRASE }));
    const made: number[] = [];
    for (let hour = 0; hour < 4 * 24; hour++) {
      await makeDueBackup(office.deps);
      made.push(files.files.size);
      office.advance(HOUR);
    }
    expect([made[0], made[23], made[24], made.at(-1)]).toEqual([2, 2, 3, 3]);
    expect(files.files.has(byHand)).toBe(true);
    expect((await actions()).filter((action) => action === 'backup.remove ok')).toHaveLength(2);
    expect((await listBackups(office.deps)).items.map(({ scheduled }) => scheduled)).toEqual([true, true, false]);
  });

  it('says aloud that the last one failed, tries again after an hour, and is quiet once one is made', async () => {
    must(await schedule({ everyDays: 7, passphrase: PASSPHRASE }));
    files.fail({ code: 'backup-folder-unusable', message: 'The disk is full.' });
    await makeDueBackup(office.deps);
    expect(await notices()).toEqual(['backup-failed']);
    files.fail(undefined);
    office.advance(HOUR / 2);
    await makeDueBackup(office.deps);
    expect(files.files.size).toBe(0);
    office.advance(HOUR / 2);
    await makeDueBackup(office.deps);
    expect(files.files.size).toBe(1);
    expect(await notices()).toEqual([]);
  });

  it('is quiet again after one by hand, which shows that the trouble is over', async () => {
    must(await schedule({ everyDays: 7, passphrase: PASSPHRASE }));
    files.fail({ code: 'backup-folder-unusable', message: 'The disk is full.' });
    await makeDueBackup(office.deps);
    files.fail(undefined);
    must(await make());
    expect(await notices()).toEqual([]);
  });

  it('says aloud that a backup is overdue, as in a vault that stays locked', async () => {
    must(await schedule({ everyDays: 1, passphrase: PASSPHRASE }));
    await makeDueBackup(office.deps);
    await office.lock();
    office.advance(2 * DAY - HOUR);
    await makeDueBackup(office.deps);
    expect(await notices()).toEqual([]);
    office.advance(2 * HOUR);
    await makeDueBackup(office.deps);
    expect(await notices()).toEqual(['backup-overdue']);
    await office.unlock();
    await makeDueBackup(office.deps);
    expect(await notices()).toEqual([]);
  });
});
