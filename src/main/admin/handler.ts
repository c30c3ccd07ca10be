/** What a channel's handler is: given the dependencies, the parsed input and who asks, it answers in the contract's written form. */
import type { BackupDeps } from '../application/backups/records.ts';
import type { Outcome } from '../application/deps.ts';
import type { DesktopDeps } from '../application/desktop.ts';
import type { IssuingDeps } from '../application/issue.ts';
import type { RolloverDeps } from '../application/rollover/steps.ts';
import type { Contacts } from '../application/scep/contacts.ts';
import type { WindowSession } from '../application/window.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { Channel } from '../../preload/contract/channels.ts';
import type { Parsed } from '../../preload/contract/contract.ts';
import type { Shown } from './present.ts';

export type AdminDeps = IssuingDeps & DesktopDeps & BackupDeps & RolloverDeps & { readonly contacts: Contacts };

export interface Handler<C extends Channel> {
  /** Refused with `locked` or `empty` while no key is in memory. Reads go on, and so do decisions that sign nothing. */
  readonly needsKeys: boolean;
  readonly run: (deps: AdminDeps, input: Parsed<C>, actor: Actor, window: WindowSession | undefined) => Outcome<Shown<C>>;
}

