/**
 * What both hosts do before anybody is served: open a vault that the keychain opens, and listen for devices where the listener was last put.
 * What fails is said in sentences; whether the host goes on without it is the host's decision.
 */
import type { Refusal } from '../application/deps.ts';
import { LISTENER_SETTING } from '../application/listener.ts';
import { unlockVault } from '../application/vault.ts';
import type { Actor } from '../core/ca/audit.ts';
import { type Result, err, ok } from '../core/lib/result.ts';
import type { Composition } from './compose.ts';
import { DEFAULT_SCEP_HOST, DEFAULT_SCEP_PORT } from './config.ts';

/** Who the audit log names for what a start does by itself. */
export const STARTER: Actor = { kind: 'admin', name: 'start-up' };

/** Opens a vault whose key the keychain keeps, and leaves every other one as it is. */
export async function openByKeychain({ deps }: Composition): Promise<Result<void, Refusal>> {
  if (deps.vault.state() !== 'locked' || deps.vault.kind() !== 'keychain') return ok(undefined);
  const unlocked = await unlockVault(deps, {}, STARTER);
  return unlocked.ok ? ok(undefined) : unlocked;
}

/** Where somebody said that devices are to be served; undefined where nobody did. */
export interface SaidAddress {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** Listens where it was said, else where an admin last put it, else at the default. Gives what turned out otherwise than usual, in sentences. */
export async function listenAsKept({ deps, listen }: Composition, said: SaidAddress = {}): Promise<Result<readonly string[], Refusal>> {
  const kept = (await deps.store.read.setting(LISTENER_SETTING)) as { readonly host: string; readonly port: number } | undefined;
  const first = await listen(said.host ?? kept?.host ?? DEFAULT_SCEP_HOST, said.port ?? kept?.port ?? DEFAULT_SCEP_PORT);
  if (first.ok) return ok([]);
  // Only a default port gives way to another program.
  if (said.port === undefined && kept === undefined) {
    const second = await listen(said.host ?? DEFAULT_SCEP_HOST, 0);
    if (second.ok) return ok([`Port ${DEFAULT_SCEP_PORT} is taken, so devices are served on port ${second.value.port}.`]);
    return err({ code: 'listener-unavailable', message: second.error });
  }
  // Devices know the address that an admin chose; another one would help nobody, and the admin's page still has to work.
  if (said.port === undefined && said.host === undefined) return ok([`Devices are not served: ${first.error}`]);
  return err({ code: 'listener-unavailable', message: first.error });
}
