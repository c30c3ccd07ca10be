/** Restoring into a server that holds nothing yet: what the first run is for somebody whose old machine is gone. The server goes on as the restored CA. */
import { err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import type { Outcome, Refusal } from '../deps.ts';
import type { BackupSource, RestoredBackup } from '../ports/backups.ts';
import type { VaultKind, VaultRecord } from '../ports/vault.ts';
import { VAULT_SETTING, unlockVault } from '../vault.ts';
import { note } from './make.ts';
import type { BackupDeps } from './records.ts';

export interface RestoreInput {
  readonly source: BackupSource;
  /** The backup's. */
  readonly passphrase: string;
  readonly vault: { readonly kind: VaultKind; readonly passphrase?: string | undefined };
}

const NOT_EMPTY: Refusal = {
  code: 'not-empty',
  message: 'This server has a vault already: a backup is restored on an empty one only, and nothing here was touched.',
  hint: 'Start a server on another, empty data folder and restore there.',
};

/** Refused: not-empty, and what the backup, its passphrase or the new vault do not give. */
export async function restoreHere(deps: BackupDeps, input: RestoreInput, actor: Actor): Outcome<RestoredBackup> {
  const refused = await refuseOccupied(deps);
  const restored = refused === undefined ? await deps.backups.restore({ ...input, actor, refuseNow: () => refuseOccupied(deps) }) : err(refused);
  if (!restored.ok) {
    await note(deps, { action: 'backup.restore', subject: 'backup', outcome: 'refused', code: restored.error.code, detail: {} }, actor);
    return restored;
  }
  await deps.directory.refresh();
  deps.vault.load((await deps.store.read.setting(VAULT_SETTING)) as VaultRecord | undefined, await deps.store.read.keys());
  // Restored it is in any case; a vault that does not open now (a keychain that asks) is unlocked like any other.
  const unlocked = await unlockVault(deps, { passphrase: input.vault.kind === 'passphrase' ? input.vault.passphrase : undefined }, actor);
  if (!unlocked.ok) deps.log('warn', 'restore.locked', { code: unlocked.error.code });
  for (const name of ['authorities.changed', 'certificates.changed', 'requests.changed', 'challenges.changed', 'status.changed'] as const) deps.events.publish(name);
  return ok(restored.value);
}

/** A vault, an authority or a request: whatever somebody would miss. */
async function refuseOccupied({ vault, store, directory }: BackupDeps): Promise<Refusal | undefined> {
  if (vault.state() !== 'empty' || directory.authorities().length > 0) return NOT_EMPTY;
  const [keys, requests] = await Promise.all([store.read.keys(), store.read.requests({ limit: 1 })]);
  return keys.length === 0 && requests.total === 0 ? undefined : NOT_EMPTY;
}
