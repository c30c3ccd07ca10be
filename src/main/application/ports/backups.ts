/** Backup files: one encrypted file each that holds everything, keys included. Made, proven and looked for here; what is due and what is kept is the use cases' matter. */
import type { Result } from '../../core/lib/result.ts';
import type { Actor, AuditHead } from '../../core/ca/audit.ts';
import type { Instant } from '../../core/lib/instant.ts';
import type { Refusal } from '../deps.ts';
import type { VaultKind } from './vault.ts';

/** What an admin would miss. */
export interface Counts {
  readonly authorities: number;
  readonly certificates: number;
  readonly requests: number;
  readonly challenges: number;
  readonly keys: number;
  /** Of the audit log. */
  readonly entries: number;
}

/** What a trial restore found: the log's chain holds up to this head, so much is there, and all these keys opened and signed. */
export interface BackupProof {
  readonly createdAt: Instant;
  readonly productVersion: string;
  readonly head: AuditHead;
  readonly counts: Counts;
  /** SHA-256 of the audit key, lower hex: which installation this is of. */
  readonly auditKey: string;
  /** Of the file. */
  readonly sha256: string;
  readonly size: number;
}

export interface MadeBackup {
  readonly name: string;
  readonly path: string;
  readonly proof: BackupProof;
}

export type BackupRefusalCode =
  | 'backup-foreign'
  | 'backup-newer'
  | 'backup-truncated'
  | 'backup-damaged'
  | 'wrong-backup-passphrase'
  | 'backup-unreadable'
  | 'backup-folder-unusable';

/** Why there is no backup, or why this file is none; the message is one sentence. */
export interface BackupRefusal {
  readonly code: BackupRefusalCode;
  readonly message: string;
  readonly hint?: string;
}

export type BackupSource = { readonly path: string } | { readonly bytes: Uint8Array };

/** What was restored: as of when, how much, and whose audit log it is. */
export type RestoredBackup = Pick<BackupProof, 'createdAt' | 'counts' | 'auditKey'>;

export interface FoundBackup {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: Instant;
}

export interface BackupFiles {
  /** Where backups go while no folder is set. */
  readonly defaultFolder: string;
  /** Writes a backup and proves it by a trial restore; only a proven one gets its name. Throws VaultLocked. */
  make(input: { readonly folder: string; readonly passphrase: string; readonly at: Instant }): Promise<Result<MadeBackup, BackupRefusal>>;
  /** A trial restore into a place that is gone afterwards. */
  prove(source: BackupSource, passphrase: string): Promise<Result<BackupProof, BackupRefusal>>;
  /**
   * Restores into this server's own data folder, which holds nothing that anybody would miss, under a vault of this machine's own.
   * `refuseNow` is asked once more when all is ready: proving a backup takes seconds, in which somebody else may have begun here.
   */
  restore(input: {
    readonly source: BackupSource;
    readonly passphrase: string;
    readonly vault: { readonly kind: VaultKind; readonly passphrase?: string | undefined };
    readonly actor: Actor;
    readonly refuseNow: () => Promise<Refusal | undefined>;
  }): Promise<Result<RestoredBackup, Refusal>>;
  /** The files in a folder that bear a backup's name, newest first. None where the folder cannot be read. */
  find(folder: string): Promise<readonly FoundBackup[]>;
  /** The whole file; undefined where it is not there. */
  read(path: string): Promise<Uint8Array | undefined>;
  remove(path: string): Promise<void>;
}
