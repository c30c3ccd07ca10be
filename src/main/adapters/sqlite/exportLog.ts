/** The audit log as a file: one entry a line, the signed head last. It can be checked anywhere, without a database. */
import type { AuditVerdict } from '../../application/ports/store.ts';
import {
  type AuditEntry,
  type AuditHead,
  canonicalJson,
  type ChainFault,
  EMPTY_HEAD,
  followChain,
  fromStoredEntry,
  isFault,
  judgeEnding,
  type StoredEntry,
  toStoredEntry,
} from '../../core/ca/audit.ts';
import { keyFingerprint, type SignedHead } from './headFile.ts';
import { findWrongSignature } from './verifyLog.ts';
import { digest } from './writes.ts';

export const entryLine = (entry: StoredEntry): string => `${canonicalJson(fromStoredEntry(entry))}\n`;

/** The last line: where the log ended, and the newest signed head, which lies before that while the vault is locked. */
export const headLine = (head: AuditHead, signed: SignedHead | null): string => `${canonicalJson({ head, signed })}\n`;

interface LastLine {
  readonly head: AuditHead;
  readonly signed: SignedHead | null;
}

function parseLine<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}

/** Walks over a text's lines without making a second copy of all of it. */
function* lines(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    yield text.slice(from, to);
    from = to + 1;
  }
}

/** The entry of a line that is written exactly as entries are; anything that a reader could overlook makes it unreadable. */
function readEntry(line: string): StoredEntry | undefined {
  const value = parseLine<AuditEntry | null>(line);
  if (value === undefined || value === null) return undefined;
  const entry = toStoredEntry(value);
  return `${line}\n` === entryLine(entry) ? entry : undefined;
}

/** Verifies an exported log. Without the fingerprint that the admin noted of the audit key, the file proves only that it agrees with itself. */
export function verifyExport(text: string, fingerprint?: string): AuditVerdict {
  const start = text.trimEnd().lastIndexOf('\n') + 1;
  const last = parseLine<Partial<LastLine> | null>(text.slice(start));
  const signed = last?.signed ?? null;
  let head = EMPTY_HEAD;
  let hashAtSigned: string | undefined;
  const verdict = (fault: ChainFault | undefined, notes: readonly string[] = []): AuditVerdict => ({
    ok: fault === undefined,
    entries: head.seq,
    head,
    signedHead: signed === null ? null : { seq: signed.seq, hash: signed.hash },
    ...(fault === undefined ? {} : { firstBad: fault }),
    notes,
  });
  if (last?.head === undefined) return verdict({ seq: null, problem: 'the file does not end with a head: it was cut, or is no exported log' });

  for (const line of lines(text.slice(0, start))) {
    const entry = readEntry(line);
    if (entry === undefined) return verdict({ seq: head.seq + 1, problem: `entry ${head.seq + 1} was changed: it cannot be read` });
    const step = followChain(head, entry, digest);
    if (isFault(step)) return verdict(step);
    head = step;
    if (head.seq === signed?.seq) hashAtSigned = head.hash;
  }
  if (last.head.seq !== head.seq || last.head.hash !== head.hash) {
    return verdict({ seq: head.seq + 1, problem: `the log was cut: it ends at entry ${head.seq}, and was exported with ${last.head.seq}` });
  }
  const wrong = signed === null ? (fingerprint === undefined ? undefined : 'there is no signed head for this key') : findWrongSignature(signed, [], fingerprint);
  if (wrong !== undefined) return verdict({ seq: null, problem: wrong });
  const judged = judgeEnding({ head, signed, hashAtSigned, signatureDue: false, locked: true, clean: true, unsignedFrom: 1 });
  const whose = signed === null || fingerprint !== undefined ? [] : [`signed with key ${keyFingerprint(signed.key)}: compare it with the one that was noted`];
  return verdict(judged.fault, [...judged.notes, ...whose]);
}
