/**
 * A backup becomes a data folder again, under a new key-encryption key: of this machine's keychain, or of a passphrase. All of it is made and proven
 * in a hidden folder within the target; the database moves to its place last, so that the target holds a whole CA or none at any moment.
 */
import { chmod, mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { existsSync, linkSync, renameSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSqliteStore } from '../../adapters/sqlite/openSqliteStore.ts';
import { forgetKeks } from '../../adapters/vault/backupKeks.ts';
import { type KekTools, type MadeKek, makeKek } from '../../adapters/vault/kek.ts';
import { zeroSecretKeys } from '../../adapters/vault/secrets.ts';
import { CRL_FLOOR_SETTING, crlNumberAt } from '../../application/crls.ts';
import type { Refusal } from '../../application/deps.ts';
import type { BackupSource } from '../../application/ports/backups.ts';
import type { Change } from '../../application/ports/store.ts';
import type { Clock } from '../../application/ports/system.ts';
import type { VaultKind } from '../../application/ports/vault.ts';
import { VAULT_SETTING, describeVaultRefusal } from '../../application/vault.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { StoredKey } from '../../core/ca/authority.ts';
import { toIso } from '../../core/lib/instant.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { openAll, rewrapAll } from '../keyring.ts';
import { syncFolder } from './files.ts';
import { FILES, type Manifest } from './manifest.ts';
import { damaged, refuseDataFolder } from './refusals.ts';
import { STAGING } from './staging.ts';
import { type Unpacked, proveUnpacked, unpackBackup } from './unpack.ts';

export interface RestoreOptions {
  readonly source: BackupSource;
  readonly passphrase: string;
  readonly dataDir: string;
  readonly vault: { readonly kind: VaultKind; readonly passphrase?: string | undefined };
  readonly kekTools: KekTools;
  readonly clock: Clock;
  readonly actor: Actor;
}

const [DATABASE, HEAD] = FILES;

/** Restores into a folder that is empty or not there. Whatever is refused, the folder is as it was. */
export async function restoreBackup(options: RestoreOptions): Promise<Result<Manifest, Refusal>> {
  const { dataDir } = options;
  let staging: string | undefined;
  let made: string | undefined;
  try {
    const taken = await findOccupant(dataDir);
    if (taken !== undefined) return err({ code: 'data-folder-not-empty', message: `The folder ${dataDir} is not empty (${taken} lies in it).`, hint: 'A backup is restored into an empty folder only: choose another one with --data.' });
    made = await mkdir(dataDir, { recursive: true, mode: 0o700 });
    staging = await mkdtemp(join(dataDir, STAGING));
    const staged = await stageBackup(options, staging);
    if (staged.ok) await moveIn(staging, dataDir);
    return staged;
  } catch (error) {
    return err(refuseDataFolder(dataDir, error));
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    if (made !== undefined) await removeEmpty(dataDir, made);
  }
}

/** The backup's content in a folder that is there and empty: proven, under the new vault, with the restore in its log. Throws what the disk throws. */
export async function stageBackup(options: Omit<RestoreOptions, 'dataDir'>, staging: string): Promise<Result<Manifest, Refusal>> {
  const unpacked = await unpackBackup(options.source, options.passphrase, staging);
  if (!unpacked.ok) return unpacked;
  try {
    const adopted = await adopt(options, unpacked.value, staging);
    return adopted.ok ? ok(unpacked.value.manifest) : adopted;
  } finally {
    forgetKeks(unpacked.value.keks);
  }
}

/** Folders that were made for nothing, the innermost first; one that holds something stays. */
async function removeEmpty(folder: string, outermost: string): Promise<void> {
  for (let path = folder; path.length >= outermost.length; path = dirname(path)) {
    const gone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}

/** What makes a folder not empty; what a restore that was killed left behind does not, for it can be told by its name and by what is missing. */
async function findOccupant(dataDir: string): Promise<string | undefined> {
  let names: readonly string[];
  try {
    names = await readdir(dataDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const left = names.filter((name) => name.startsWith(STAGING));
  // A head file without its database is where a restore was cut off between its last two steps.
  const ours = left.length > 0 && !names.includes(DATABASE) ? [...left, HEAD] : left;
  return names.find((name) => !ours.includes(name));
}

/** Proves what was unpacked, wraps its keys for this machine, and says so in its log: one commit of the restored store. */
async function adopt({ vault, kekTools, clock, actor }: Omit<RestoreOptions, 'dataDir'>, unpacked: Unpacked, staging: string): Promise<Result<void, Refusal>> {
  const { manifest, keks } = unpacked;
  const proven = await proveUnpacked(unpacked, staging);
  if (!proven.ok) return proven;
  const opened = openAll(proven.value, keks.kek, keks.previous);
  if (!opened.ok) return err(damaged(opened.error));
  zeroSecretKeys(opened.value.secrets);
  const { audit } = opened.value;
  const made = await makeKek(kekTools, vault.kind, vault.passphrase);
  if (!made.ok) return err(describeVaultRefusal(made.error, 'new'));
  const wrapped = rewrapAll(proven.value, keks, made.value);
  if (!wrapped.ok) return err(damaged('a key does not open'));
  const store = await openSqliteStore({ dataDir: staging });
  try {
    const fault = await store.setAuditKey(audit.key, audit.stored.spki);
    if (fault !== undefined) return err(damaged(fault.problem));
    const now = clock.now();
    const changes: Change[] = [
      { kind: 'setting', key: VAULT_SETTING, value: wrapped.value.record },
      // The lost machine may have published CRLs since the backup was made.
      { kind: 'setting', key: CRL_FLOOR_SETTING, value: crlNumberAt(now) },
      ...wrapped.value.keys.map((value: StoredKey): Change => ({ kind: 'put', table: 'key', value })),
    ];
    const detail = { sha256: unpacked.sha256, backupOf: toIso(manifest.createdAt), entries: manifest.head.seq, vault: vault.kind, madeBy: manifest.productVersion };
    await store.commit({ actor, at: now, expect: [], changes, audit: [{ action: 'backup.restore', subject: 'backup', outcome: 'ok', code: 'restored', detail }] });
    return ok(undefined);
  } finally {
    await store.close();
    forgetMade(made.value);
  }
}

const forgetMade = ({ kek }: MadeKek): void => void kek.fill(0);

/** The head file first: a database alone would look like one whose head was taken away. Nothing that appeared meanwhile is written over. */
async function moveIn(staging: string, dataDir: string): Promise<void> {
  for (const name of FILES) await chmod(join(staging, name), 0o600);
  syncFolder(staging);
  await rename(join(staging, HEAD), join(dataDir, HEAD));
  syncFolder(dataDir);
  place(join(staging, DATABASE), join(dataDir, DATABASE));
  syncFolder(dataDir);
  await rm(staging, { recursive: true });
  for (const name of await readdir(dataDir)) if (name.startsWith(STAGING)) await rm(join(dataDir, name), { recursive: true, force: true });
}

/** Refuses where the name is taken, which a rename would not. */
function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    // File systems without links.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(to)) throw error;
    return renameSync(from, to);
  }
  unlinkSync(from);
}
