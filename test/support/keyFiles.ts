/** Key files as OpenSSL writes them, for one key and its certificates, so that what is read here was written by somebody else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestKey } from './keys.ts';
import { pem } from './oracle.ts';

export const FILE_PASSPHRASE = 'the file’s own Passphräse';

export const pkcs8Pem = (key: TestKey): string => key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Runs openssl over files of these contents (`@name` stands for the path) and gives what it wrote to `@out`. */
export function opensslWrites(args: readonly string[], files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'key-files-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    execFileSync('openssl', args.map((a) => a.replace(/^@/, `${folder}/`)), { stdio: ['ignore', 'ignore', 'pipe'] });
    return new Uint8Array(readFileSync(join(folder, 'out')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `openssl pkcs12 -export` with these further arguments. */
export function pkcs12(key: TestKey, certificates: readonly Uint8Array[], more: readonly string[] = [], passphrase = FILE_PASSPHRASE): Uint8Array {
  const [own = new Uint8Array(0), ...above] = certificates;
  const chain = above.length === 0 ? [] : ['-certfile', '@chain'];
  return opensslWrites(['pkcs12', '-export', '-inkey', '@key', '-in', '@own', ...chain, '-passout', `pass:${passphrase}`, '-out', '@out', ...more], {
    key: pkcs8Pem(key),
    own: pem('CERTIFICATE', own),
    chain: above.map((der) => pem('CERTIFICATE', der)).join(''),
  });
}
