/** The SCEP keys: they open envelopes and seal CertReps, on workers. Only scep/answer imports this. */
import type { MessageFrame, OpenOptions, OpenOutcome, Reply, SealOptions } from '../../core/scep/message.ts';

export interface ScepKeys {
  /** False while the vault is locked. */
  has(keyId: string): boolean;
  open(message: Uint8Array, options: OpenOptions): Promise<OpenOutcome>;
  /** Signs with `keyId`. */
  seal(reply: Reply, frame: MessageFrame, options: SealOptions, keyId: string): Promise<Uint8Array>;
}
