/** The keys that sign OCSP answers, on workers. Only application/ocsp imports this. */
import type { SignatureScheme } from '../../core/pki/crypto.ts';

export interface OcspKeys {
  /** False while the vault is locked. */
  has(keyId: string): boolean;
  /** Throws VaultLocked while it is locked. */
  sign(keyId: string, scheme: SignatureScheme, bytes: Uint8Array): Promise<Uint8Array>;
}
