/** What the file system and SQLite say of a data folder that cannot be used: in sentences at the start, and told apart from bugs later on. */

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

const FULL_OR_FAILING = /^(SQLITE_(FULL|IOERR.*)|ENOSPC|EDQUOT|EFBIG|EIO)$/;
const NOT_WRITABLE = /^(SQLITE_(READONLY|CANTOPEN|PERM).*|EACCES|EPERM|EROFS)$/;
const NO_FOLDER = /^(EEXIST|ENOTDIR|ENOENT|ENAMETOOLONG)$/;

/** True where the machine is to blame, not the program. */
export const isDiskTrouble = (error: unknown): boolean => FULL_OR_FAILING.test(codeOf(error)) || NOT_WRITABLE.test(codeOf(error));

/** Why the folder could not be opened, for an admin who can mend it; undefined for a bug. */
export function describeUnusable(dataDir: string, error: unknown): string | undefined {
  const code = codeOf(error);
  if (FULL_OR_FAILING.test(code)) return `The disk that holds the data folder ${dataDir} is full or fails (${code}): make room or mend it, then start again.`;
  if (NOT_WRITABLE.test(code)) return `The data folder ${dataDir} cannot be written by this user (${code}): give this user the right, or choose another folder.`;
  if (NO_FOLDER.test(code)) return `The data folder ${dataDir} cannot be made: part of the path is no folder (${code}). Choose another one.`;
  return undefined;
}
