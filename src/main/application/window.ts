/**
 * The lock of an admin's window: for whoever finds it open on an empty chair. Only that window's verbs wait; the CA and its keys go on behind it.
 * When it is idle is the window's matter; that nothing is answered while it is locked, and what opens it, is decided here and at the admin door.
 */
import { err, ok } from '../core/lib/result.ts';
import { MINUTE, SECOND, type Instant } from '../core/lib/instant.ts';
import type { Actor, AuditEvent } from '../core/ca/audit.ts';
import type { Deps, Outcome, Refusal } from './deps.ts';
import type { VaultRecord } from './ports/vault.ts';
import { VAULT_SETTING, describeVaultRefusal } from './vault.ts';

/** One window, as long as it lives. Its transport keeps it beside what it knows the window by, and only this file writes to it. */
export interface WindowSession {
  locked: boolean;
  /** Counts locks, so that an unlock that was under way cannot undo a later one. */
  locks: number;
  wrongTries: number;
  /** A proof is under way: tries come one after the other, or the wait between them would be no wait. */
  proving: boolean;
  /** No passphrase is looked at before then. */
  waitUntil: Instant;
  /** When it last asked anything; undefined before its first question. */
  askedAt: Instant | undefined;
}

/** A window that has just been opened. */
export const openWindowSession = (): WindowSession => ({ locked: false, locks: 0, wrongTries: 0, proving: false, waitUntil: 0, askedAt: undefined });

export interface WindowStatus {
  readonly locked: boolean;
  readonly opensBy: 'passphrase' | 'keychain' | 'nothing';
  readonly idleMinutes: number;
}

/** After so many wrong tries each further one must wait, twice as long as the one before. */
const FREE_TRIES = 5;
const FIRST_WAIT = 2 * SECOND;
const LONGEST_WAIT = 5 * MINUTE;

const NO_WINDOW: Refusal = { code: 'no-window', message: 'Only a window has a lock.', hint: 'The command line proves itself by its token in the data folder.' };
const NOTHING_OPENS_IT: Refusal = { code: 'empty', message: 'There is no vault yet, so nothing could open the window again.', hint: 'Set the vault up first, with the keychain or with a passphrase.' };

const LOCKED_AGAIN: Refusal = { code: 'window-locked', message: 'The window was locked again meanwhile.' };

/** Whether it is locked, and what opens it. A caller without a window is never locked. */
export function windowStatus({ vault, directory }: Deps, window: WindowSession | undefined): WindowStatus {
  return { locked: window?.locked ?? false, opensBy: vault.kind() ?? 'nothing', idleMinutes: directory.settings().idleMinutes };
}

/**
 * Called for each question of a window, before it is answered. One that asked nothing for as long as an idle one stays open was closed or asleep,
 * and its page could not lock it: whoever brings it back (a browser reopens a tab with its session) proves who they are.
 */
export async function lockAfterAbsence(deps: Deps, window: WindowSession, actor: Actor): Promise<void> {
  const now = deps.clock.now();
  const { askedAt } = window;
  window.askedAt = now;
  const { idleMinutes } = deps.directory.settings();
  if (askedAt !== undefined && !window.locked && idleMinutes > 0 && now - askedAt >= idleMinutes * MINUTE) await lockWindow(deps, window, actor);
}

/** Locks at once; the audit entry follows. */
export async function lockWindow(deps: Deps, window: WindowSession | undefined, actor: Actor): Outcome<WindowStatus> {
  if (window === undefined) return err(NO_WINDOW);
  if (deps.vault.kind() === undefined) return err(NOTHING_OPENS_IT);
  const before = window.locked;
  window.locked = true;
  window.locks += 1;
  if (!before) {
    // Other pages of the same session look where they stand.
    deps.events.publish('status.changed');
    await note(deps, { action: 'window.lock', outcome: 'ok', code: 'done', detail: {} }, actor);
  }
  return ok(windowStatus(deps, window));
}

/** Opens it for the vault's passphrase, or for the keychain's key. A locked vault stays locked: the proof is made against its record. */
export async function unlockWindow(deps: Deps, window: WindowSession | undefined, input: { readonly passphrase?: string | undefined }, actor: Actor): Outcome<WindowStatus> {
  if (window === undefined) return err(NO_WINDOW);
  if (!window.locked) return ok(windowStatus(deps, window));
  const wait = window.waitUntil - deps.clock.now();
  // Not audited: nothing was tried, and a loop of these must not fill the log.
  if (wait > 0) return err(tooManyTries(wait));
  if (window.proving) return err({ code: 'busy', message: 'Another try to open this window is under way.' });
  window.proving = true;
  try {
    return await prove(deps, window, input.passphrase, actor);
  } finally {
    window.proving = false;
  }
}

async function prove(deps: Deps, window: WindowSession, passphrase: string | undefined, actor: Actor): Outcome<WindowStatus> {
  const lock = window.locks;
  const record = (await deps.store.read.setting(VAULT_SETTING)) as VaultRecord | undefined;
  if (record === undefined) throw new Error('a window is locked that no vault could open');
  const proven = await deps.vault.prove(record, passphrase);
  if (!proven.ok) {
    if (proven.error.code === 'wrong-passphrase') countWrongTry(window, deps.clock.now());
    await note(deps, { action: 'window.unlock', outcome: 'refused', code: proven.error.code, detail: { wrongTries: window.wrongTries } }, actor);
    return err(describeVaultRefusal(proven.error, 'existing'));
  }
  if (window.locks !== lock) return err(LOCKED_AGAIN);
  await note(deps, { action: 'window.unlock', outcome: 'ok', code: 'done', detail: { wrongTries: window.wrongTries } }, actor);
  if (window.locks !== lock) return err(LOCKED_AGAIN);
  window.wrongTries = 0;
  window.locked = false;
  deps.events.publish('status.changed');
  return ok(windowStatus(deps, window));
}

function countWrongTry(window: WindowSession, now: Instant): void {
  window.wrongTries += 1;
  if (window.wrongTries >= FREE_TRIES) window.waitUntil = now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (window.wrongTries - FREE_TRIES));
}

function tooManyTries(wait: number): Refusal {
  const seconds = Math.ceil(wait / SECOND);
  return { code: 'too-many-tries', message: 'The passphrase was wrong too often.', hint: `Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.` };
}

async function note(deps: Deps, event: Omit<AuditEvent, 'subject'>, actor: Actor): Promise<void> {
  const done = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [{ ...event, subject: 'window' }] });
  if (!done.ok) throw new Error('a change-set without expectations came back as a conflict');
}
