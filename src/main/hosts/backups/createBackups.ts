/**
 * Backups of a running CA: joins the store's snapshot, the boxed key-encryption keys and the sealed file. A backup gets its name only after a trial
 * restore of the very file; whatever a crash leaves is a work folder, cleared at the next start, or a hidden partial file, cleared at the next backup.
 */
import { mkdir, mkdtemp, readFile, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA } from '../../adapters/sqlite/database.ts';
import type { SqliteStore } from '../../adapters/sqlite/openSqliteStore.ts';
import type { KekTools } from '../../adapters/vault/kek.ts';
import { openKeychain } from '../../adapters/vault/keychain.ts';
import { forgetKeks } from '../../adapters/vault/backupKeks.ts';
import { SCRYPT_COST } from '../../adapters/vault/passphrase.ts';
import { beginSeal, forgetSeal, writeSealed } from '../../adapters/vault/sealedFile.ts';
import { VaultLocked } from '../../application/ports/outages.ts';
import type { BackupFiles, BackupProof, BackupRefusal, BackupSource, MadeBackup } from '../../application/ports/backups.ts';
import type { Clock } from '../../application/ports/system.ts';
import { type Instant, toIso } from '../../core/lib/instant.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Keyring } from '../keyring.ts';
import { readPieces, syncFolder, writeNew } from './files.ts';
import { FILES, type Manifest, writeManifest } from './manifest.ts';
import { refuseFolder } from './refusals.ts';
import { restoreRunning } from './restoreRunning.ts';
import { STAGING } from './staging.ts';
import { proveUnpacked, unpackBackup } from './unpack.ts';

export interface BackupsOptions {
  readonly dataDir: string;
  readonly store: Pick<SqliteStore, 'snapshot' | 'replace'>;
  readonly keyring: Pick<Keyring, 'vault' | 'boxKeks'>;
  readonly productVersion: string;
  readonly clock: Clock;
  /** For the vault of a restored folder; by default this machine's keychain. */
  readonly kekTools?: KekTools;
  /** scrypt's N; for tests in a hurry. */
  readonly scryptCost?: number;
}

export interface Backups extends BackupFiles {
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

const NAME = /^countersign-[0-9a-f]{8}-\d{8}T\d{6}Z(-\d+)?\.backup$/;
const WORK = 'backup-work';

/** The data folder is this process's own: what an earlier one left unfinished in it goes. */
export function createBackups({ dataDir, store, keyring, productVersion, clock, kekTools, scryptCost = SCRYPT_COST }: BackupsOptions): Backups {
  const work = join(dataDir, WORK);
  for (const name of readdirSync(dataDir)) if (name === WORK || name.startsWith(STAGING)) rmSync(join(dataDir, name), { recursive: true, force: true });
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time: each takes as much room as the database. */
  const inTurn = <T>(step: (folder: string) => Promise<T>): Promise<T> => {
    const turn = last.then(() => inWorkFolder(work, step));
    last = turn.catch(() => undefined);
    return turn;
  };

  async function make({ folder, passphrase, at }: Parameters<BackupFiles['make']>[0]): Promise<Result<MadeBackup, BackupRefusal>> {
    const auditKey = keyring.vault.auditKeyFingerprint();
    if (auditKey === undefined || keyring.vault.state() !== 'open') throw new VaultLocked();
    const mark = `countersign-${auditKey.slice(0, 8)}-`;
    return inTurn(async (place) => {
      let partial: string | undefined;
      try {
        await prepareFolder(folder, mark);
        const name = await freeName(folder, mark, at);
        partial = join(folder, `.${name}.partial`);
        const snapshot = join(place, 'snapshot');
        await mkdir(snapshot, { mode: 0o700 });
        const { head, counts } = await store.snapshot(snapshot);
        const seal = await beginSeal(passphrase, scryptCost);
        try {
          const sizes = await Promise.all(FILES.map(async (file) => (await stat(join(snapshot, file))).size));
          const manifest: Manifest = { format: 1, productVersion, schema: SCHEMA, createdAt: at, auditKey, head, counts, keks: keyring.boxKeks(seal.keys.inner), sizes: [sizes[0] ?? 0, sizes[1] ?? 0] };
          const first = writeManifest(manifest);
          await writeNew(partial, writeSealed(seal, first.length + manifest.sizes[0] + manifest.sizes[1], contentOf(first, snapshot)));
        } finally {
          forgetSeal(seal);
        }
        await rm(snapshot, { recursive: true });
        const proven = await proveIn(place, { path: partial }, passphrase);
        if (!proven.ok) {
          await rm(partial, { force: true });
          return proven;
        }
        const path = join(folder, name);
        await rename(partial, path);
        syncFolder(folder);
        return ok({ name, path, proof: proven.value });
      } catch (error) {
        if (partial !== undefined) await rm(partial, { force: true }).catch(() => undefined);
        if (error instanceof VaultLocked) throw error;
        return err(refuseFolder(folder, error));
      }
    });
  }

  return {
    defaultFolder: join(dataDir, 'backups'),
    make,
    prove: (source, passphrase) => inTurn((place) => proveIn(place, source, passphrase)),
    restore: (input) => inTurn(() => restoreRunning({ dataDir, store, kekTools: kekTools ?? { keychain: openKeychain() }, clock }, input)),
    find: findBackups,
    read: (path) => readFile(path).catch(() => undefined),
    remove: (path) => rm(path, { force: true }),
    idle: async () => void (await last),
  };
}

async function* contentOf(first: Buffer, snapshot: string): AsyncGenerator<Buffer> {
  yield first;
  for (const file of FILES) yield* readPieces(join(snapshot, file));
}

async function inWorkFolder<T>(work: string, step: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(work, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(work, 'at-'));
  try {
    return await step(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    await rmdir(work).catch(() => undefined);
  }
}

/** A trial restore into a folder within `place`. */
export async function proveIn(place: string, source: BackupSource, passphrase: string): Promise<Result<BackupProof, BackupRefusal>> {
  let unpacked: Awaited<ReturnType<typeof unpackBackup>>;
  try {
    const folder = await mkdtemp(join(place, 'trial-'));
    unpacked = await unpackBackup(source, passphrase, folder);
    if (!unpacked.ok) return unpacked;
    try {
      const proven = await proveUnpacked(unpacked.value, folder);
      if (!proven.ok) return proven;
    } finally {
      forgetKeks(unpacked.value.keks);
    }
  } catch (error) {
    return err(refuseFolder(place, error));
  }
  const { manifest, sha256, size } = unpacked.value;
  const { createdAt, productVersion, head, counts, auditKey } = manifest;
  return ok({ createdAt, productVersion, head, counts, auditKey, sha256, size });
}

/** Makes the folder where its parent is there (a share that is not mounted is not made up), and clears what was cut off in it. */
async function prepareFolder(folder: string, mark: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  for (const name of await readdir(folder)) {
    // Of this installation, that is: others may write to the same share.
    if (name.startsWith(`.${mark}`) && name.endsWith('.partial')) await rm(join(folder, name), { force: true });
  }
}

async function freeName(folder: string, mark: string, at: Instant): Promise<string> {
  const names = new Set(await readdir(folder));
  const stem = `${mark}${toIso(at).replace(/[-:]/g, '')}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}.backup` : `${stem}-${n}.backup`;
    if (!names.has(name)) return name;
  }
}

async function findBackups(folder: string): ReturnType<BackupFiles['find']> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => NAME.test(name))
      .map(async (name) => {
        const path = join(folder, name);
        const file = await stat(path).catch(() => undefined);
        return file === undefined ? [] : [{ name, path, size: file.size, modifiedAt: Math.trunc(file.mtimeMs) }];
      }),
  );
  return found.flat().sort((a, b) => b.modifiedAt - a.modifiedAt);
}

