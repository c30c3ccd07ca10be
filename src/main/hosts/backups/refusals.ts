/** The sentences for a file that is no usable backup, and for a folder that takes none. */
import type { SealProblem } from '../../adapters/vault/sealedFile.ts';
import type { Refusal } from '../../application/deps.ts';
import { DiskTrouble } from '../../application/ports/outages.ts';
import type { BackupRefusal } from '../../application/ports/backups.ts';

const SEAL: Readonly<Record<SealProblem, BackupRefusal>> = {
  foreign: { code: 'backup-foreign', message: 'This file is no backup of Countersign.', hint: 'Backups are called countersign-….backup.' },
  newer: { code: 'backup-newer', message: 'This backup was made by a newer version of Countersign.', hint: 'Use that version, or a later one.' },
  truncated: { code: 'backup-truncated', message: 'This backup was cut short: its end is missing.', hint: 'Copy it again from where it was made, or take another one.' },
  damaged: { code: 'backup-damaged', message: 'This backup is damaged: what is in it is not what was written.', hint: 'Copy it again from where it was made, or take another one.' },
  'wrong-passphrase': { code: 'wrong-backup-passphrase', message: 'The passphrase does not open this backup.', hint: 'It is the one that the backup was made with, which need not be the vault’s.' },
};

export const refuseSeal = (problem: SealProblem): BackupRefusal => SEAL[problem];

export const NEWER = SEAL.newer;

/** Something in it does not fit together, in words. */
export const damaged = (what: string): BackupRefusal => ({ ...SEAL.damaged, message: `This backup is damaged: ${what}.` });

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'it cannot be written to',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EIO: 'the disk fails',
  EEXIST: 'somebody else wrote to it meanwhile',
  SQLITE_FULL: 'the disk is full',
};

/** Undefined for a bug. */
function wordsFor(error: unknown): string | undefined {
  if (error instanceof DiskTrouble) return 'the disk is full or fails';
  const code = codeOf(error);
  return WORDS[code] ?? (/^E[A-Z]+$/.test(code) || /^SQLITE_(IOERR|CANTOPEN|READONLY)/.test(code) ? code : undefined);
}

/** Why nothing could be written there; rethrows a bug. */
export function refuseFolder(folder: string, error: unknown): BackupRefusal {
  const words = wordsFor(error);
  if (words === undefined) throw error;
  return { code: 'backup-folder-unusable', message: `The backup could not be written to ${folder}: ${words}.`, hint: 'Mend it, or choose another folder for backups in the settings.' };
}

/** Why a file could not be read; rethrows a bug. */
export function refuseFile(path: string, error: unknown): BackupRefusal {
  const words = wordsFor(error);
  if (words === undefined) throw error;
  return { code: 'backup-unreadable', message: `${path} cannot be read: ${words}.` };
}

/** Why nothing could be restored into a data folder; rethrows a bug. */
export function refuseDataFolder(dataDir: string, error: unknown): Refusal {
  const words = wordsFor(error);
  if (words === undefined) throw error;
  return { code: 'data-folder-unusable', message: `The backup could not be restored into ${dataDir}: ${words}.`, hint: 'Choose another folder with --data.' };
}
