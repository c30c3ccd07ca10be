/**
 * Another database for a data folder that is open: a restore lays it ready beside the old one, whole, under one name that appears at once.
 * From then on it is the folder's database; what a kill leaves of the exchange the next start completes.
 */
import { existsSync, fsyncSync, closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from './database.ts';
import { HEAD_FILE } from './headFile.ts';

/** The folder's name in the data folder; it holds the database and its head file. */
export const REPLACEMENT = '.replacement';

export const awaitsReplacement = (dataDir: string): boolean => existsSync(join(dataDir, REPLACEMENT));

/** Puts it in place. Nobody has the old database open; the head file goes first, as in every restore. */
export function takeReplacement(dataDir: string): void {
  const folder = join(dataDir, REPLACEMENT);
  const [head, database] = [join(folder, HEAD_FILE), join(folder, DATABASE_FILE)];
  if (existsSync(database)) {
    // The log of the database that goes must not be taken for the new one's.
    for (const ending of ['-wal', '-shm', '-journal']) rmSync(join(dataDir, `${DATABASE_FILE}${ending}`), { force: true });
    if (existsSync(head)) renameSync(head, join(dataDir, HEAD_FILE));
    sync(dataDir);
    renameSync(database, join(dataDir, DATABASE_FILE));
    sync(dataDir);
  }
  rmSync(folder, { recursive: true, force: true });
}

function sync(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
