/** Signing the audit log's head: with the key while the vault is open, and never over an end that the last signature contradicts. */
import { type KeyObject, sign } from 'node:crypto';
import { type AuditHead, type ChainFault, headMessage, judgeEnding } from '../../core/ca/audit.ts';
import type { Sql } from './database.ts';
import type { HeadFile, SignedHead } from './headFile.ts';
import { findWrongSignature, readEnding } from './verifyLog.ts';

export interface Signing {
  /** Takes the key and signs the head as it is, or drops the key. A log whose end was tampered with is not signed: its fault is the answer. */
  setKey(key: KeyObject | undefined, publicSpki: Uint8Array, head: AuditHead): ChainFault | undefined;
  hasKey(): boolean;
  /** Returns when the signed head is on disk; does nothing without a key. */
  sign(head: AuditHead): void;
  /** The newest signed head. */
  signed(): SignedHead | null;
  /** Whether every commit that had a key has its signature. */
  complete(): boolean;
}

export function openSigning(sql: Sql, file: HeadFile, closedInOrder: boolean): Signing {
  let key: { readonly secret: KeyObject; readonly spki: string } | undefined;
  let complete = closedInOrder;

  const findFault = (head: AuditHead, spki: string): ChainFault | undefined => {
    const { slot, torn } = file.content();
    if (torn && complete) return { seq: null, problem: 'the head file is damaged' };
    const wrong = slot === undefined ? undefined : findWrongSignature(slot, [spki], undefined);
    if (wrong !== undefined) return { seq: null, problem: wrong };
    const at = slot === undefined ? undefined : sql.prepare('SELECT hash FROM audit WHERE seq = ?').row(slot.seq)?.[0];
    const hashAtSigned = at === undefined || at === null ? undefined : String(at);
    const { locked, lastCommitFrom } = readEnding(sql);
    // The first head of a log has none before it: there is nothing yet that it could contradict.
    return judgeEnding({ head, signed: slot ?? null, hashAtSigned, signatureDue: false, locked, clean: complete, lastCommitFrom }).fault;
  };

  const write = (head: AuditHead): void => {
    if (key === undefined) return;
    const { slot } = file.content();
    if (slot?.seq === head.seq && slot.hash === head.hash && slot.key === key.spki) return;
    file.write({ seq: head.seq, hash: head.hash, signature: sign(null, headMessage(head), key.secret).toString('base64'), key: key.spki });
  };

  return {
    setKey: (secret, publicSpki, head) => {
      key = undefined;
      if (secret === undefined) return undefined;
      const spki = Buffer.from(publicSpki).toString('base64');
      const fault = findFault(head, spki);
      if (fault !== undefined) return fault;
      key = { secret, spki };
      write(head);
      complete = true;
      return undefined;
    },
    hasKey: () => key !== undefined,
    sign: write,
    signed: () => file.content().slot ?? null,
    complete: () => complete,
  };
}
