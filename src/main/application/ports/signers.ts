/** The authorities' private keys, as far as the application may use them: to sign. Only issue, revocation, rollover and authorities import this. */
import type { SignatureScheme } from '../../core/pki/crypto.ts';
import type { Result } from '../../core/lib/result.ts';
import type { KeyAlgorithm, StoredKey } from '../../core/ca/authority.ts';
import type { KeyFileProblem } from './keyFiles.ts';

export interface AdoptedKey {
  /** Wrapped for the change-set that stores it, and not yet open: `hold` opens it once its certificate has been found good. */
  readonly key: StoredKey & { readonly algorithm: KeyAlgorithm };
  /** DER of every certificate that lay beside it. */
  readonly certificates: readonly Uint8Array[];
}

export interface Signers {
  /** False while the vault is locked, or where the key lives on another machine. */
  has(keyId: string): boolean;
  /** Throws where `has` is false. */
  sign(keyId: string, scheme: SignatureScheme, bytes: Uint8Array): Promise<Uint8Array>;
  /** A new key: held open for signing at once, and wrapped for the change-set that stores it. */
  generate(purpose: 'authority' | 'scep' | 'ocsp', algorithm: KeyAlgorithm): Promise<StoredKey>;
  /** The one private key in these files (PKCS #12; PKCS #8, PKCS #1, SEC 1 as PEM or DER) as an authority's. The passphrase is the files'. */
  adopt(files: readonly Uint8Array[], passphrase: string | undefined): Promise<Result<AdoptedKey, KeyFileProblem>>;
  /** A stored key for another program: PKCS #8 encrypted under this passphrase (PBES2, AES-256), the only form in which a CA key leaves. Throws VaultLocked. */
  seal(key: StoredKey, passphrase: string): Promise<Uint8Array>;
  /** Opens an adopted key for signing. */
  hold(key: StoredKey): Promise<void>;
}
