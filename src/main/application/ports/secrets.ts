/** The vault's symmetric keys: MACs for challenges, sealing for stored CSRs. Throws VaultLocked where the vault is locked. */
export interface Secrets {
  /** HMAC-SHA-256 with the key for this purpose, lower hex. */
  mac(purpose: 'challenge', text: string): string;
  /** AES-256-GCM; `context` is authenticated with it: what was sealed for one request opens for no other. */
  seal(context: string, plaintext: Uint8Array): Uint8Array;
  /** Undefined where the bytes or the context are not what was sealed. */
  open(context: string, sealed: Uint8Array): Uint8Array | undefined;
}
