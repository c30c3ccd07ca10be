/** The keys of a pairing: one signs this machine's courier files, the other opens what the paired machine wrote. Only application/courier imports this. */
import type { KeyAlgorithm, StoredKey } from '../../core/ca/authority.ts';

export interface CourierKeys {
  /** A new pair (Ed25519 and P-256), open at once, and wrapped for the change-set that stores it. */
  generate(): Promise<{ readonly signing: StoredKey; readonly agreement: StoredKey }>;
  /** False while the vault is locked. */
  has(keyId: string): boolean;
  /** Ed25519. Throws VaultLocked. */
  sign(keyId: string, bytes: Uint8Array): Uint8Array;
  /** A box that only the holder of this P-256 key opens; `head` is authenticated with it. */
  seal(agreementSpki: Uint8Array, headOf: (boxLength: number) => Uint8Array, text: string): { readonly head: Uint8Array; readonly box: Uint8Array };
  /** Undefined where the box, the head or the key is another one, or what is in it is not UTF-8. Throws VaultLocked. */
  open(agreementKeyId: string, head: Uint8Array, box: Uint8Array): string | undefined;
  /** A new SCEP or OCSP key whose CA is elsewhere: open at once, with the PKCS#10 that asks for its certificate. */
  request(purpose: 'scep' | 'ocsp', algorithm: KeyAlgorithm, subject: Uint8Array): Promise<{ readonly key: StoredKey; readonly csr: Uint8Array }>;
  /** Forgets keys of a pairing that has ended. */
  forget(keyIds: readonly string[]): void;
}
