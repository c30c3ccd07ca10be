/** Writes a file that the admin chose a place for: whole or not at all, and for nobody else to read. Free of Electron. */
import { randomBytes } from 'node:crypto';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

const LONGEST = 120;
/** Windows takes these for devices, whatever stands behind the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** A suggested name that cannot lead into another folder, on any system, and that shows the ending that it has. */
export function safeName(name: string): string {
  const plain = name
    // Format characters can turn the ending round (`gpj.exe` for `exe.jpg`).
    .replace(/[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, '-')
    .replace(DEVICE, '$&-')
    .replace(/^[. ]+|[. ]+$/g, '');
  const short = plain.length <= LONGEST ? plain : plain.slice(0, LONGEST - extname(plain).slice(0, 20).length) + extname(plain).slice(0, 20);
  return short === '' ? 'countersign' : short;
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
