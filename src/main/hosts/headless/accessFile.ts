/**
 * `admin.json` in the data folder: where the running server's admin listener is, and the standing token for the command line and scripts.
 * Made anew at each start, mode 0600: whoever can read the data folder may administer the CA anyway.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Access {
  /** `http://127.0.0.1:8081` */
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

const pathIn = (dataDir: string): string => join(dataDir, 'admin.json');

/** Written aside and renamed, so that no reader meets half a file. */
export async function writeAccess(dataDir: string, access: Access): Promise<void> {
  const aside = `${pathIn(dataDir)}.new`;
  await rm(aside, { force: true });
  await writeFile(aside, `${JSON.stringify(access)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(aside, pathIn(dataDir));
}

/** Undefined where no server has been started on this folder, or it stopped cleanly. */
export async function readAccess(dataDir: string): Promise<Access | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(pathIn(dataDir), 'utf8'));
  } catch {
    return undefined;
  }
  const { url, token, pid } = (value ?? {}) as Partial<Record<keyof Access, unknown>>;
  return typeof url === 'string' && typeof token === 'string' && typeof pid === 'number' ? { url, token, pid } : undefined;
}

export const removeAccess = (dataDir: string): Promise<void> => rm(pathIn(dataDir), { force: true });
