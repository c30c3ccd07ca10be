/**
 * The SCEP keys, as far as a rollover may use them: beside the CA key they sign the answer to GetNextCACert (core/scep/nextCa.ts says why).
 * One scheme, attributes only: nothing else that a device believes is signed that way. Only application/rollover imports this.
 */
export interface AnnouncementKeys {
  /** False while the vault is locked. */
  has(keyId: string): boolean;
  /** RSA with SHA-256 over signed attributes. Throws where `has` is false. */
  sign(keyId: string, attributes: Uint8Array): Promise<Uint8Array>;
}
