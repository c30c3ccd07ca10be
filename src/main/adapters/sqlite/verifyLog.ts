/**
 * Verifying the audit log of a database: the chain, its end against the signed head, every certificate's row against the last entry about it, and every
 * revocation that came without its certificate.
 * Reads in slices and yields between them, so that a log of a million entries neither fills the memory nor keeps commits waiting.
 */
import { createHash } from 'node:crypto';
import type { AuditVerdict } from '../../application/ports/store.ts';
import { type AuditHead, type CertificateMark, type ChainFault, EMPTY_HEAD, followChain, isFault, judgeCertificate, judgeEnding } from '../../core/ca/audit.ts';
import { isDamaged, openForReading, type Sql } from './database.ts';
import { type ToldSerial, serialKey, toldSerial } from '../../core/ca/revokedSerial.ts';
import { type HeadFileContent, keyFingerprint, readHeadFile, type SignedHead, verifyHead } from './headFile.ts';
import { selectText } from './statements.ts';
import * as tables from './tables.ts';
import { compareSerials } from './verifySerials.ts';
import { digest, readHead } from './writes.ts';

const SLICE = 2_000;

export interface LogFacts {
  readonly headFile: HeadFileContent;
  /** No commit can be without its signature: closed in order, or open and signed since. */
  readonly clean: boolean;
  /** What the admin noted of the audit key, lower hex. */
  readonly fingerprint?: string | undefined;
}

interface Followed {
  readonly head: AuditHead;
  readonly hashAtSigned: string | undefined;
  /** The last entry about each revocation without a certificate: an imported CA has few of them. */
  readonly serials: ReadonlyMap<string, ToldSerial>;
  readonly fault?: ChainFault;
}

export function* verifyLog(sql: Sql, facts: LogFacts): Generator<void, AuditVerdict> {
  const signed = facts.headFile.slot ?? null;
  const chain = yield* follow(sql, signed?.seq ?? 0);
  const ending = chain.fault === undefined ? judgeSignature(sql, facts) : {};
  const judged = ending.fault === undefined && chain.fault === undefined ? judgeEnding({ ...readEnding(sql), ...chain, signed, clean: facts.clean }) : { notes: [] };
  const fault = chain.fault ?? ending.fault ?? judged.fault ?? (yield* compareCertificates(sql)) ?? (yield* compareSerials(sql, chain.serials, chain.head.seq));
  const notes = facts.headFile.torn && facts.clean === false ? [...judged.notes, 'the head file holds a write that was cut short; the head before it is whole'] : judged.notes;
  return {
    ok: fault === undefined,
    entries: chain.head.seq,
    head: chain.head,
    signedHead: signed === null ? null : { seq: signed.seq, hash: signed.hash },
    ...(fault === undefined ? {} : { firstBad: fault }),
    notes,
  };
}

/** Follows the chain to the entry that is the last now; later ones are whoever's next verification. */
function* follow(sql: Sql, signedSeq: number): Generator<void, Followed> {
  const last = readHead(sql).seq;
  const slice = sql.prepare(selectText('audit', tables.auditEntries, 'WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?'));
  let head = EMPTY_HEAD;
  let hashAtSigned: string | undefined;
  const serials = new Map<string, ToldSerial>();
  for (let from = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = slice.rows(from, last, SLICE);
    for (const row of rows) {
      const entry = tables.auditEntries.fromRow(row);
      const step = followChain(head, entry, digest);
      if (isFault(step)) return { head, hashAtSigned, serials, fault: step };
      head = step;
      const told = toldSerial(entry);
      if (told !== undefined) serials.set(serialKey(told), told);
      from = head.seq;
      if (head.seq === signedSeq) hashAtSigned = head.hash;
    }
    if (rows.length < SLICE) return { head, hashAtSigned, serials };
    yield;
  }
}

export interface StoredEnding {
  readonly locked: boolean;
  readonly unsignedFrom: number;
  readonly signatureDue: boolean;
}

export function readEnding(sql: Sql): StoredEnding {
  const row = sql.prepare('SELECT locked, unsignedFrom FROM ending WHERE one = 1').row();
  return { locked: row?.[0] === 1, unsignedFrom: Number(row?.[1] ?? 1), signatureDue: auditKeys(sql).length > 0 };
}

/** The public halves of the audit keys that the vault has made, base64. */
export const auditKeys = (sql: Sql): string[] =>
  sql
    .prepare(`SELECT spki FROM key WHERE purpose = 'audit'`)
    .rows()
    .map(([spki]) => Buffer.from(spki as Uint8Array).toString('base64'));

function judgeSignature(sql: Sql, { headFile, clean, fingerprint }: LogFacts): { readonly fault?: ChainFault } {
  if (headFile.torn && clean) return { fault: { seq: null, problem: 'the head file is damaged' } };
  const problem = headFile.slot === undefined ? missingHead(fingerprint) : findWrongSignature(headFile.slot, auditKeys(sql), fingerprint);
  return problem === undefined ? {} : { fault: { seq: null, problem } };
}

const missingHead = (fingerprint: string | undefined): string | undefined => (fingerprint === undefined ? undefined : 'there is no signed head for this key');

/** What is wrong with a head's signature; `known` are the keys that it may be of, none where that is not known. */
export function findWrongSignature(head: SignedHead, known: readonly string[], fingerprint: string | undefined): string | undefined {
  if (!verifyHead(head)) return `the signature of the head (entry ${head.seq}) is not valid`;
  if (known.length > 0 && !known.includes(head.key)) return 'the head was signed with a key that is not the audit key';
  const actual = keyFingerprint(head.key);
  if (fingerprint !== undefined && actual !== fingerprint.replace(/[\s:-]/g, '').toLowerCase()) return `the head was signed with another key (${actual})`;
  return undefined;
}

function* compareCertificates(sql: Sql): Generator<void, ChainFault | undefined> {
  const marked = sql.prepare(
    `SELECT certificate ->> 'id' AS id, max(seq) FROM audit INDEXED BY auditCertificate WHERE certificate IS NOT NULL AND certificate ->> 'id' > ? GROUP BY 1 ORDER BY 1 LIMIT ?`,
  );
  const markOf = sql.prepare('SELECT certificate FROM audit WHERE seq = ?');
  const rowOf = sql.prepare('SELECT serial, sha256, state, der FROM certificate WHERE id = ?');
  for (let after = ''; ; ) {
    const slice = marked.rows(after, SLICE);
    for (const [id, seq] of slice) {
      after = String(id);
      const mark = JSON.parse(String(markOf.row(seq ?? null)?.[0])) as CertificateMark;
      const row = rowOf.row(after);
      const stored = row === undefined ? undefined : toCertificateRow(after, row);
      const fault = judgeCertificate(stored, { seq: Number(seq), mark });
      if (fault !== undefined) return fault;
    }
    if (slice.length < SLICE) break;
    yield;
  }
  return yield* findUnmarked(sql);
}

const toCertificateRow = (id: string, [serial, sha256, state, der]: readonly unknown[]) => ({
  id,
  serial: String(serial),
  sha256: String(sha256),
  state: String(state),
  derSha256: createHash('sha256').update(der as Uint8Array).digest('hex'),
});

function* findUnmarked(sql: Sql): Generator<void, ChainFault | undefined> {
  const slice = sql.prepare(`SELECT seq, serial, EXISTS (SELECT 1 FROM audit INDEXED BY auditCertificate
    WHERE audit.certificate IS NOT NULL AND audit.certificate ->> 'id' = +certificate.id) FROM certificate WHERE seq > ? ORDER BY seq LIMIT ?`);
  for (let from = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = slice.rows(from, SLICE);
    for (const [seq, serial, told] of rows) {
      if (told !== 1) return { seq: null, problem: `certificate ${String(serial)} has no entry in the log` };
      from = Number(seq);
    }
    if (rows.length < SLICE) return undefined;
    yield;
  }
}

/** Runs a sliced task to its end at once: for callers that nothing waits for. */
function finish<T>(task: Generator<void, T>): T {
  for (;;) {
    const step = task.next();
    if (step.done === true) return step.value;
  }
}

/** Verifies a stopped server's folder, which is opened for reading only. `fingerprint` is what the admin noted of the audit key. */
export function verifyFolder(dataDir: string, fingerprint?: string): AuditVerdict {
  const sql = openForReading(dataDir);
  try {
    // An index that was bent could hide an entry from the comparison, so tables and indexes must agree first.
    const damage = sql.prepare('PRAGMA integrity_check(1)').row()?.[0];
    if (damage !== 'ok') return unreadable(String(damage));
    const clean = sql.prepare('SELECT clean FROM ending WHERE one = 1').row()?.[0] === 1;
    return finish(verifyLog(sql, { headFile: readHeadFile(dataDir), clean, fingerprint }));
  } catch (error) {
    if (isDamaged(error)) return unreadable(error instanceof Error ? error.message : '');
    throw error;
  } finally {
    sql.close();
  }
}

const unreadable = (detail: string): AuditVerdict => ({
  ok: false,
  entries: 0,
  head: EMPTY_HEAD,
  signedHead: null,
  firstBad: { seq: null, problem: `the database file is damaged: ${detail}` },
  notes: [],
});
