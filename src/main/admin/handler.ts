/** What a channel's handler is, and the small parts that every file of handlers is made of. */
import { fromBase64, toBase64 } from '../core/lib/bytes.ts';
import { ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { BackupDeps } from '../application/backups/records.ts';
import type { ExportedFile } from '../application/certificates.ts';
import type { Outcome } from '../application/deps.ts';
import type { DesktopDeps } from '../application/desktop.ts';
import type { IssuingDeps } from '../application/issue.ts';
import type { RolloverDeps } from '../application/rollover/steps.ts';
import type { Contacts } from '../application/scep/contacts.ts';
import type { WindowSession } from '../application/window.ts';
import type { Channel } from '../../preload/contract/channels.ts';
import type { Parsed } from '../../preload/contract/contract.ts';
import type { Shown } from './present.ts';

export type AdminDeps = IssuingDeps & DesktopDeps & BackupDeps & RolloverDeps & { readonly contacts: Contacts };

export interface Handler<C extends Channel> {
  /** Refused with `locked` or `empty` while no key is in memory. Reads go on, and so do decisions that sign nothing. */
  readonly needsKeys: boolean;
  readonly run: (deps: AdminDeps, input: Parsed<C>, actor: Actor, window: WindowSession | undefined) => Outcome<Shown<C>>;
}

export const open = <C extends Channel>(run: Handler<C>['run']): Handler<C> => ({ needsKeys: false, run });
export const keyed = <C extends Channel>(run: Handler<C>['run']): Handler<C> => ({ needsKeys: true, run });

/** The outcome with its value shown. */
export async function shown<T, S>(outcome: Outcome<T>, present: (value: T) => S): Outcome<S> {
  const result = await outcome;
  return result.ok ? ok(present(result.value)) : result;
}

export const presentFile = ({ name, mediaType, bytes }: ExportedFile): Shown<'certificates.export'> => ({ name, mediaType, base64: toBase64(bytes) });

/** What is no base64 is an empty file to a use case, which says that it cannot be read. */
export const bytesOf = (base64: string): Uint8Array => fromBase64(base64) ?? new Uint8Array(0);
