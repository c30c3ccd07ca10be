/** vault.*: first run, unlock, lock. A passphrase goes in and never comes out. */
import { z } from 'zod';
import { nothing, sha256 } from './values.ts';

const passphrase = z.string().min(1).max(1024);

export const vaultStatus = z.strictObject({
  state: z.enum(['empty', 'locked', 'open']),
  kind: z.enum(['keychain', 'passphrase']).nullable(),
  keychain: z.strictObject({ available: z.boolean(), detail: z.string() }),
  /** SHA-256 of the audit key's SubjectPublicKeyInfo: note it at first run, for `audit verify --key`. */
  auditKeyFingerprint: sha256.nullable(),
});

export const vaultChannels = {
  'vault.status': { input: nothing, output: vaultStatus },
  'vault.initialize': { input: z.strictObject({ kind: z.enum(['keychain', 'passphrase']), passphrase: passphrase.optional() }), output: vaultStatus },
  'vault.unlock': { input: z.strictObject({ passphrase: passphrase.optional() }).default({}), output: vaultStatus },
  'vault.lock': { input: nothing, output: vaultStatus },
  'vault.changePassphrase': { input: z.strictObject({ current: passphrase, next: passphrase }), output: vaultStatus },
} as const;
