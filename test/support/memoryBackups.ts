/** Backups that are only remembered: for what the use cases decide around them. That files are what they should be is tested on real ones. */
import type { BackupFiles, BackupProof, BackupRefusal } from '../../src/main/application/ports/backups.ts';
import type { Store } from '../../src/main/application/ports/store.ts';
import type { Vault } from '../../src/main/application/ports/vault.ts';
import { err, ok } from '../../src/main/core/lib/result.ts';

export interface MemoryBackups extends BackupFiles {
  /** Path to passphrase and proof. */
  readonly files: Map<string, { readonly passphrase: string; readonly proof: BackupProof }>;
  /** The next backups are refused so; undefined: they are made. */
  fail(refusal: BackupRefusal | undefined): void;
}

export function memoryBackups({ read }: Store, vault: Vault): MemoryBackups {
  const files: MemoryBackups['files'] = new Map();
  let refusal: BackupRefusal | undefined;
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  return {
    files,
    fail: (next) => void (refusal = next),
    defaultFolder: '/data/backups',
    make: async ({ folder, passphrase, at }) => {
      if (refusal !== undefined) return err(refusal);
      const name = `countersign-00000000-${at}.backup`;
      const head = await read.auditHead();
      const counts = { authorities: (await read.authorities()).length, certificates: 0, requests: 0, challenges: 0, keys: (await read.keys()).length, entries: head.seq };
      const proof: BackupProof = { createdAt: at, productVersion: 'test', head, counts, auditKey: vault.auditKeyFingerprint() ?? '', sha256: at.toString(16).padStart(64, '0'), size: 1000 };
      files.set(`${folder}/${name}`, { passphrase, proof });
      return ok({ name, path: `${folder}/${name}`, proof });
    },
    prove: async (source, passphrase) => {
      const file = 'path' in source ? files.get(source.path) : undefined;
      if (file === undefined) return err({ code: 'backup-foreign', message: 'no backup' });
      return file.passphrase === passphrase ? ok(file.proof) : err({ code: 'wrong-backup-passphrase', message: 'wrong' });
    },
    restore: () => Promise.reject(new Error('nothing is restored into a store in memory')),
    find: async (folder) => [...files].filter(([path]) => path.startsWith(`${folder}/`)).map(([path, { proof }]) => ({ name: nameOf(path), path, size: proof.size, modifiedAt: proof.createdAt })),
    read: async (path) => (files.has(path) ? new Uint8Array([1, 2, 3]) : undefined),
    remove: async (path) => void files.delete(path),
  };
}
