/** Whether a change-set's expectations hold: questions only, asked inside the transaction that will carry its changes. */
import type { Expectation } from '../../application/ports/store.ts';
import { assertNever } from '../../core/lib/assertNever.ts';
import type { Cell } from './codec.ts';
import type { Sql } from './database.ts';

/** Index of the first expectation that does not hold, or -1. */
export function findFailed(sql: Sql, expectations: readonly Expectation[]): number {
  return expectations.findIndex((expectation) => !holds(sql, expectation));
}

function holds(sql: Sql, e: Expectation): boolean {
  switch (e.kind) {
    case 'version':
      return sql.prepare(`SELECT version FROM ${e.table} WHERE id = ?`).row(e.id)?.[0] === e.version;
    case 'absent':
      return sql.prepare(`SELECT 1 FROM ${e.table} WHERE id = ?`).row(e.id) === undefined;
    case 'challenge-usable':
      return sql.prepare('SELECT 1 FROM challenge WHERE id = ? AND usesLeft > 0 AND withdrawnAt IS NULL AND expiresAt > ?').row(e.id, e.at) !== undefined;
    case 'certificate-valid':
      return sql.prepare(`SELECT 1 FROM certificate WHERE id = ? AND state = 'valid' AND notAfter > ?`).row(e.id, e.at) !== undefined;
    case 'transaction-unknown':
      return sql
        .prepare(LIVE_OF_TRANSACTION)
        .rows(e.signerSpkiSha256, e.transactionId, e.endpointId, e.issuedSince)
        .every(([id]) => e.ignoring.includes(String(id)));
    case 'request-untold':
      return sql.prepare('SELECT 1 FROM request WHERE id = ? AND toldAt IS NULL').row(e.id) !== undefined;
    case 'waiting-below':
      return countWaiting(sql, '', [], e.total) < e.total && countWaiting(sql, 'AND source = ?', [e.source], e.perSource) < e.perSource;
    case 'serial-free':
      return (
        sql.prepare('SELECT 1 FROM certificate WHERE serial = ? AND issuerHash = ?').row(e.serial, e.issuerHash) === undefined &&
        sql.prepare('SELECT 1 FROM intent WHERE serial = ? AND issuerHash = ?').row(e.serial, e.issuerHash) === undefined &&
        sql.prepare('SELECT 1 FROM revokedSerial WHERE serial = ? AND issuerHash = ?').row(e.serial, e.issuerHash) === undefined
      );
    case 'path-free':
      return sql.prepare('SELECT 1 FROM endpoint WHERE path = ? AND id <> ?').row(e.path, e.endpointId) === undefined;
    default:
      return assertNever(e);
  }
}

/** A request counts as issued when its certificate was; one whose certificate is elsewhere, when it was decided. */
const LIVE_OF_TRANSACTION = `
SELECT id FROM request WHERE signerSpkiSha256 = ? AND transactionId = ? AND endpointId = ? AND (state IN ('pending', 'approved')
  OR (state = 'issued' AND coalesce((SELECT issuedAt FROM certificate WHERE certificate.id = request.certificateId), decidedAt, receivedAt) >= ?))`;

/** Counts no further than the limit it is compared with. */
function countWaiting(sql: Sql, which: string, values: readonly Cell[], limit: number): number {
  const text = `SELECT count(*) FROM (SELECT 1 FROM request INDEXED BY requestWaiting WHERE state = 'pending' ${which} LIMIT ?)`;
  return Number(sql.prepare(text).row(...values, limit)?.[0] ?? 0);
}
