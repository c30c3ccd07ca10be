/** Whose private keys lie in files that somebody brings: their public halves, and what was sealed beside them. No key leaves this file. */
import { createPublicKey } from 'node:crypto';
import type { LookedAtFile } from '../../application/ports/migrationFiles.ts';
import { Malformed } from '../../core/pki/der.ts';
import { readKeyFile } from './keyFiles.ts';
import { KeyFileFault, createEffort } from './passwordEncryption.ts';

/** Looks into each file; what all of them may cost is bounded together. */
export async function lookIntoKeyFiles(files: readonly Uint8Array[], passphrase: string | undefined): Promise<readonly LookedAtFile[]> {
  const effort = createEffort();
  const looked: LookedAtFile[] = [];
  for (const file of files) {
    try {
      const { keys, certificates } = await readKeyFile(file, passphrase, effort);
      looked.push({ keys: keys.map((key) => new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }))), certificates, problem: null });
    } catch (error) {
      if (error instanceof KeyFileFault) looked.push({ keys: [], certificates: [], problem: error.problem });
      else if (error instanceof Malformed) looked.push({ keys: [], certificates: [], problem: { code: 'file-unreadable', text: `The file cannot be read: ${error.message}.` } });
      else throw error;
    }
  }
  return looked;
}
