/** Writes a file that the admin chose a place for: whole or not at all, and for nobody else to read. Free of Electron. */
import { randomBytes } from 'node:crypto';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A suggested name that cannot lead into another folder, on any system. */
export function safeName(name: string): string {
  // eslint-disable-next-line no-control-regex -- the control characters are exactly what has no place in a file's name
  const plain = name.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '-').replace(/^[. ]+|[. ]+$/g, '');
  return plain === '' ? 'countersign' : plain;
}

/** Replaces what lies at `path`; mode 0600 also where a file with another mode lay there. */
export async function writePrivateFile(path: string, bytes: Uint8Array): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
  try {
    await writeFile(beside, bytes, { mode: 0o600, flag: 'wx' });
    // The process's umask can only take away; a file system without modes ignores both.
    await chmod(beside, 0o600);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
