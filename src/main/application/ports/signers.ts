/** The authorities' private keys, as far as the application may use them: to sign. Only issue, revocation, rollover and authorities import this. */
import type { SignatureScheme } from '../../core/pki/crypto.ts';
import type { KeyAlgorithm, StoredKey } from '../../core/ca/authority.ts';

export interface Signers {
  /** False while the vault is locked, or where the key lives on another machine. */
  has(keyId: string): boolean;
  /** Throws where `has` is false. */
  sign(keyId: string, scheme: SignatureScheme, bytes: Uint8Array): Promise<Uint8Array>;
  /** A new key: held open for signing at once, and wrapped for the change-set that stores it. */
  generate(purpose: 'authority' | 'scep', algorithm: KeyAlgorithm): Promise<StoredKey>;
}
