/** Part of verifying the audit log: each revocation without a certificate against the entry about it, and none that no entry tells of. */
import type { ChainFault } from '../../core/ca/audit.ts';
import { SERIAL_TAKEN_OVER, type ToldSerial, judgeRevokedSerial, serialKey, serialSubject } from '../../core/ca/revokedSerial.ts';
import type { Sql } from './database.ts';
import { selectText } from './statements.ts';
import * as tables from './tables.ts';

const SLICE = 2_000;

/** `told` are all entries up to number `last`; what came after it is whoever's next verification. */
export function* compareSerials(sql: Sql, told: ReadonlyMap<string, ToldSerial>, last: number): Generator<void, ChainFault | undefined> {
  // A folder that an older version left has no such table; an entry that tells of a row shows that it had one.
  const isThere = sql.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'revokedSerial'`).row() !== undefined;
  const rowOf = isThere ? sql.prepare(selectText('revokedSerial', tables.revokedSerials, 'WHERE serial = ? AND authorityId = ?')) : undefined;
  const certificateOf = sql.prepare('SELECT 1 FROM certificate WHERE serial = ? AND authorityId = ?');
  let done = 0;
  for (const entry of told.values()) {
    const row = rowOf?.row(entry.serial, entry.authorityId);
    const stored = row === undefined ? undefined : tables.revokedSerials.fromRow(row);
    const fault = judgeRevokedSerial(stored, entry, stored === undefined && certificateOf.row(entry.serial, entry.authorityId) !== undefined);
    if (fault !== undefined) return fault;
    if ((done += 1) % SLICE === 0) yield;
  }
  return isThere ? yield* findUntold(sql, told, last) : undefined;
}

function* findUntold(sql: Sql, told: ReadonlyMap<string, ToldSerial>, last: number): Generator<void, ChainFault | undefined> {
  const slice = sql.prepare('SELECT seq, serial, authorityId FROM revokedSerial WHERE seq > ? ORDER BY seq LIMIT ?');
  const toldSince = sql.prepare('SELECT 1 FROM audit WHERE seq > ? AND action = ? AND subject = ?');
  for (let from = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = slice.rows(from, SLICE);
    for (const [seq, text, owner] of rows) {
      const serial = String(text);
      from = Number(seq);
      if (told.has(serialKey({ serial, authorityId: String(owner) })) || toldSince.row(last, SERIAL_TAKEN_OVER, serialSubject(serial)) !== undefined) continue;
      return { seq: null, problem: `the revocation of serial ${serial} has no entry in the log` };
    }
    if (rows.length < SLICE) return undefined;
    yield;
  }
}
