/** Signing the audit log's head: with the key while the vault is open, and never over an end that the last signature contradicts. */
import { type KeyObject, sign } from 'node:crypto';
import { type AuditHead, type ChainFault, headMessage, judgeEnding } from '../../core/ca/audit.ts';
import type { Sql } from './database.ts';
import type { HeadFile, SignedHead } from './headFile.ts';
import { auditKeys, findWrongSignature, readEnding } from './verifyLog.ts';
import type { CommitEnding } from './writes.ts';

export interface Signing {
  /** Takes the key and signs the head as it is, or drops the key. A log whose end was tampered with is not signed: its fault is the answer. */
  setKey(key: KeyObject | undefined, publicSpki: Uint8Array, head: AuditHead): ChainFault | undefined;
  /** Of the commit that follows this head. */
  endingAfter(head: AuditHead): CommitEnding;
  /** Returns when the signed head is on disk; does nothing without a key. */
  sign(head: AuditHead): void;
  /** The newest signed head. */
  signed(): SignedHead | null;
  /** Whether every commit that had a key has its signature. */
  complete(): boolean;
}

/** `head` is the log's as it was found. A fault that is there at the start stays: nothing that this process commits may cover it up. */
export function openSigning(sql: Sql, file: HeadFile, closedInOrder: boolean, head: AuditHead): Signing {
  let key: { readonly secret: KeyObject; readonly spki: string } | undefined;
  let complete = closedInOrder;

  const findFault = (end: AuditHead, keys: readonly string[]): ChainFault | undefined => {
    const { slot, torn } = file.content();
    const ending = readEnding(sql);
    // Before the vault has stored a key nothing is signed: a head that is there is of a first run that was cut off.
    if (!ending.signatureDue) return undefined;
    if (torn && complete) return { seq: null, problem: 'the head file is damaged' };
    const wrong = slot === undefined ? undefined : findWrongSignature(slot, keys, undefined);
    if (wrong !== undefined) return { seq: null, problem: wrong };
    const at = slot === undefined ? undefined : sql.prepare('SELECT hash FROM audit WHERE seq = ?').row(slot.seq)?.[0];
    const hashAtSigned = at === undefined || at === null ? undefined : String(at);
    return judgeEnding({ ...ending, head: end, signed: slot ?? null, hashAtSigned, clean: complete }).fault;
  };

  let fault = findFault(head, auditKeys(sql));

  const isSigned = ({ seq, hash }: AuditHead): boolean => {
    const { slot } = file.content();
    return slot?.seq === seq && slot.hash === hash;
  };

  const write = (end: AuditHead): void => {
    if (key === undefined || (complete && isSigned(end) && file.content().slot?.key === key.spki)) return;
    complete = false;
    file.write({ seq: end.seq, hash: end.hash, signature: sign(null, headMessage(end), key.secret).toString('base64'), key: key.spki });
    complete = true;
  };

  return {
    setKey: (secret, publicSpki, end) => {
      key = undefined;
      if (secret === undefined) return undefined;
      const spki = Buffer.from(publicSpki).toString('base64');
      fault ??= findFault(end, [spki]);
      if (fault !== undefined) return fault;
      key = { secret, spki };
      write(end);
      return undefined;
    },
    endingAfter: (end) => ({ locked: key === undefined && fault === undefined, continued: fault === undefined && !isSigned(end) }),
    sign: write,
    signed: () => file.content().slot ?? null,
    complete: () => complete,
  };
}
