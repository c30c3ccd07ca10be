/**
 * A backup restored into the folder of a server that runs and holds nothing yet. Made and proven in a hidden folder, as every restore; then that
 * folder gets the name under which the store takes it for its own. Before that moment a refusal or a kill leaves the folder as it was.
 */
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { REPLACEMENT } from '../../adapters/sqlite/replacement.ts';
import type { SqliteStore } from '../../adapters/sqlite/openSqliteStore.ts';
import type { KekTools } from '../../adapters/vault/kek.ts';
import type { Refusal } from '../../application/deps.ts';
import type { BackupFiles, RestoredBackup } from '../../application/ports/backups.ts';
import type { Clock } from '../../application/ports/system.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import { syncFolder } from './files.ts';
import { FILES } from './manifest.ts';
import { refuseDataFolder } from './refusals.ts';
import { stageBackup } from './restoreBackup.ts';
import { STAGING } from './staging.ts';

export interface RunningFolder {
  readonly dataDir: string;
  readonly store: Pick<SqliteStore, 'replace'>;
  readonly kekTools: KekTools;
  readonly clock: Clock;
}

export async function restoreRunning({ dataDir, store, kekTools, clock }: RunningFolder, { refuseNow, ...input }: Parameters<BackupFiles['restore']>[0]): Promise<Result<RestoredBackup, Refusal>> {
  let staging: string | undefined;
  try {
    staging = await mkdtemp(join(dataDir, STAGING));
    const staged = await stageBackup({ ...input, kekTools, clock }, staging);
    if (!staged.ok) return staged;
    for (const name of FILES) await chmod(join(staging, name), 0o600);
    syncFolder(staging);
    const refused = await refuseNow();
    if (refused !== undefined) return err(refused);
    await rename(staging, join(dataDir, REPLACEMENT));
    syncFolder(dataDir);
    await store.replace();
    const { createdAt, counts, auditKey } = staged.value;
    return ok({ createdAt, counts, auditKey });
  } catch (error) {
    return err(refuseDataFolder(dataDir, error));
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}
