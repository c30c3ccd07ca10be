/** Backups as files: made by a real store, proven, and refused when a single octet is not as it was. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBackup } from '../../src/main/application/backups/make.ts';
import { listBackups, verifyBackup } from '../../src/main/application/backups/list.ts';
import { changePassphrase } from '../../src/main/application/vault.ts';
import { updateSettings } from '../../src/main/application/settings.ts';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';
import type { RestoreOptions } from '../../src/main/hosts/backups/restoreBackup.ts';
import { restoreBackup } from '../../src/main/hosts/backups/restoreBackup.ts';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { ADMIN, type Office, must, openOffice } from '../support/office.ts';
import { TEST_PASSPHRASE, memoryKeychain } from '../support/testKeys.ts';

const PASSPHRASE = 'four unrelated words';

let office: Office;
let path: string;
let sha256: string;
let place: string;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'backups-'));
  office = await openOffice({ store: 'sqlite' });
  for (const nth of [0, 1, 2]) await office.ask(pkcsReq({ recipient: office.scepCertificate, key: rsaKey(nth), subject: `CN=device-${nth}`, challenge: await office.challenge() }));
  ({ path, sha256 } = must(await createBackup(office.deps, { passphrase: PASSPHRASE, asFile: false }, ADMIN)).record);
});
afterAll(async () => {
  await office.close();
  rmSync(place, { recursive: true, force: true });
});

const prove = (bytes: Uint8Array, passphrase = PASSPHRASE) => office.deps.backups.prove({ bytes }, passphrase);

const restoreTo = (dataDir: string, options: Partial<RestoreOptions> = {}) =>
  restoreBackup({
    source: { path },
    passphrase: PASSPHRASE,
    dataDir,
    vault: { kind: 'passphrase', passphrase: 'a vault of its own' },
    kekTools: { keychain: memoryKeychain(), scryptCost: 2 ** 10 },
    clock: { now: Date.now },
    actor: ADMIN,
    ...options,
  });

describe('a backup', () => {
  it('holds everything, is the owner’s alone, and leaves nothing beside it', async () => {
    const proof = must(await prove(readFileSync(path)));
    expect(proof).toMatchObject({ sha256, counts: { authorities: 1, certificates: 4, requests: 3, challenges: 3 }, auditKey: office.deps.vault.auditKeyFingerprint() });
    expect(proof.head.seq).toBe(proof.counts.entries);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual([path.slice(dirname(path).length + 1)]);
    expect(readdirSync(dirname(dirname(path)))).not.toContain('backup-work');
  });

  it('shows nothing of what is in it', () => {
    const bytes = readFileSync(path);
    for (const text of ['SQLite format', 'Office CA', 'device-1', 'CREATE TABLE', 'passphrase']) expect(bytes.includes(text)).toBe(false);
  });

  it('is refused with another passphrase, and so is a file that is none', async () => {
    expect(await prove(readFileSync(path), 'four unrelated wordz')).toMatchObject({ ok: false, error: { code: 'wrong-backup-passphrase' } });
    expect(await prove(readFileSync(new URL(import.meta.url)))).toMatchObject({ ok: false, error: { code: 'backup-foreign' } });
    expect(await verifyBackup(office.deps, { source: { path: join(place, 'nowhere') }, passphrase: PASSPHRASE }, ADMIN)).toMatchObject({ ok: false, error: { code: 'backup-unreadable' } });
    expect(await verifyBackup(office.deps, { source: { path: place }, passphrase: PASSPHRASE }, ADMIN)).toMatchObject({ ok: false, error: { code: 'backup-unreadable' } });
  });

  it('is refused after each of 100 random truncations and flipped octets, and restores nothing', { timeout: 120_000 }, async () => {
    const whole = readFileSync(path);
    for (let i = 0; i < 100; i++) {
      const at = Math.floor(Math.random() * whole.length);
      const bytes = i % 2 === 0 ? whole.subarray(0, at) : Buffer.from(whole);
      if (i % 2 === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(Math.random() * 255));
      const dataDir = join(place, 'never');
      const restored = await restoreTo(dataDir, { source: { bytes } });
      expect(restored, `${i % 2 === 0 ? 'cut' : 'turned'} at ${at} of ${whole.length}`).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^backup-(truncated|damaged|foreign|newer)$/) } });
      expect(existsSync(dataDir)).toBe(false);
    }
  });

  it('is made while devices enrol, of one moment', async () => {
    let over = false;
    const enrolling = (async () => {
      for (let nth = 10; !over; nth++) await office.ask(pkcsReq({ recipient: office.scepCertificate, key: rsaKey(nth % 20), subject: `CN=busy-${nth}`, transactionId: `busy-${nth}` }));
    })();
    const made = await Promise.all([1, 2, 3].map(() => createBackup(office.deps, { passphrase: PASSPHRASE, asFile: true }, ADMIN)));
    over = true;
    await enrolling;
    for (const backup of made) {
      const { record, bytes } = must(backup);
      expect(must(await prove(bytes!))).toMatchObject({ sha256: record.sha256, head: record.head });
    }
    const { items } = await listBackups(office.deps);
    expect(items.map(({ state }) => state)).toEqual(['proven', 'proven', 'proven', 'proven']);
    expect(new Set(items.map(({ name }) => name)).size).toBe(4);
    expect((await office.store.verifyAudit()).ok).toBe(true);
  });

  it('opens the keys of a vault whose passphrase was changed', async () => {
    must(await changePassphrase(office.deps, { current: TEST_PASSPHRASE, next: 'another vault passphrase' }, ADMIN));
    const { bytes } = must(await createBackup(office.deps, { passphrase: PASSPHRASE, asFile: true }, ADMIN));
    must(await prove(bytes!));
  });

  it('is refused where its folder cannot be written to, and says why', async () => {
    for (const folder of [join(place, 'not', 'there'), join(place, 'a-file')]) {
      if (folder.endsWith('a-file')) writeFileSync(folder, '');
      must(await updateSettings(office.deps, { backupFolder: folder }, ADMIN));
      expect(await createBackup(office.deps, { passphrase: PASSPHRASE, asFile: false }, ADMIN)).toMatchObject({ ok: false, error: { code: 'backup-folder-unusable', message: expect.stringContaining(folder) } });
    }
    must(await updateSettings(office.deps, { backupFolder: null }, ADMIN));
  });

  it('that was cut off earlier is cleared before the next is made, and other files stay', async () => {
    const folder = dirname(path);
    const stem = readdirSync(folder)[0]!.slice(0, 'countersign-00000000'.length);
    writeFileSync(join(folder, `.${stem}-20260101T000000Z.backup.partial`), 'half');
    writeFileSync(join(folder, '.countersign-ffffffff-20260101T000000Z.backup.partial'), 'another’s');
    must(await createBackup(office.deps, { passphrase: PASSPHRASE, asFile: false }, ADMIN));
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual(['.countersign-ffffffff-20260101T000000Z.backup.partial']);
  });
});

describe('a restore', () => {
  it('makes a folder that verifies, with the restore as its last entry', async () => {
    const dataDir = join(place, 'deep', 'restored');
    const manifest = must(await restoreTo(dataDir));
    expect(readdirSync(dataDir).sort()).toEqual(['audit-head.json', 'countersign.db']);
    expect(statSync(join(dataDir, 'countersign.db')).mode & 0o777).toBe(0o600);
    const verdict = verifyFolder(dataDir, office.deps.vault.auditKeyFingerprint());
    expect(verdict).toMatchObject({ ok: true, notes: [], head: { seq: manifest.head.seq + 1 } });
  });

  it('goes into an empty folder only, and touches no other', async () => {
    const dataDir = mkdtempSync(join(place, 'taken-'));
    writeFileSync(join(dataDir, 'notes.txt'), 'mine');
    expect(await restoreTo(dataDir)).toMatchObject({ ok: false, error: { code: 'data-folder-not-empty' } });
    expect(readdirSync(dataDir)).toEqual(['notes.txt']);
    const again = join(place, 'deep', 'restored');
    expect(await restoreTo(again)).toMatchObject({ ok: false, error: { code: 'data-folder-not-empty' } });
  });

  it('with a wrong passphrase or a vault that cannot be made leaves no trace', async () => {
    const dataDir = join(place, 'refused', 'inner');
    expect(await restoreTo(dataDir, { passphrase: 'not the right one' })).toMatchObject({ ok: false, error: { code: 'wrong-backup-passphrase' } });
    expect(await restoreTo(dataDir, { vault: { kind: 'passphrase', passphrase: 'short' } })).toMatchObject({ ok: false, error: { code: 'passphrase-too-short' } });
    expect(existsSync(join(place, 'refused'))).toBe(false);
    const empty = mkdtempSync(join(place, 'empty-'));
    expect(await restoreTo(empty, { passphrase: 'not the right one' })).toMatchObject({ ok: false });
    expect(readdirSync(empty)).toEqual([]);
  });

  it('is refused where the folder cannot be made', async () => {
    // Below a file nobody can make one, root neither.
    writeFileSync(join(place, 'no-folder'), '');
    expect(await restoreTo(join(place, 'no-folder', 'data'))).toMatchObject({ ok: false, error: { code: 'data-folder-unusable' } });
  });
});

describe('a restore that was killed', () => {
  it('between its last two steps is taken up again, and what it left is gone', async () => {
    const whole = join(place, 'whole');
    must(await restoreTo(whole));
    const dataDir = mkdtempSync(join(place, 'half-'));
    mkdirSync(join(dataDir, '.restoring-abcdef'));
    copyFileSync(join(whole, 'countersign.db'), join(dataDir, '.restoring-abcdef', 'countersign.db'));
    copyFileSync(join(whole, 'audit-head.json'), join(dataDir, 'audit-head.json'));
    must(await restoreTo(dataDir));
    expect(readdirSync(dataDir).sort()).toEqual(['audit-head.json', 'countersign.db']);
    expect(verifyFolder(dataDir)).toMatchObject({ ok: true, notes: [] });
  });

  it('does not take a head file alone for its own', async () => {
    const dataDir = mkdtempSync(join(place, 'head-'));
    writeFileSync(join(dataDir, 'audit-head.json'), 'somebody’s');
    expect(await restoreTo(dataDir)).toMatchObject({ ok: false, error: { code: 'data-folder-not-empty' } });
  });

  it('writes over nothing that appeared meanwhile', async () => {
    const dataDir = mkdtempSync(join(place, 'race-'));
    const restoring = restoreTo(dataDir);
    writeFileSync(join(dataDir, 'countersign.db'), 'a server was quicker');
    expect(await restoring).toMatchObject({ ok: false });
    expect(readFileSync(join(dataDir, 'countersign.db'), 'utf8')).toBe('a server was quicker');
  });
});
