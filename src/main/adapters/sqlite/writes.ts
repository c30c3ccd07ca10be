/**
 * Groups of change-sets in one transaction. Each set's expectations are all asked before any of its changes is made,
 * so a conflict leaves nothing to undo. Only where a statement throws (a bug, not an outcome) is the group done again with a
 * savepoint for each set, so that the one at fault fails alone.
 */
import { hash } from 'node:crypto';
import { type AuditHead, EMPTY_HEAD, entryText } from '../../core/ca/audit.ts';
import type { Row } from './codec.ts';
import type { Statement, Sql } from './database.ts';
import { isDiskTrouble } from './diskTrouble.ts';
import { findFailed } from './expectations.ts';
import type { ChangeMessage, ChangeSetMessage, EventMessage, NoteMessage, PutTable, SetOutcome } from './messages.ts';
import { SOURCES_KEPT } from '../../application/ports/store.ts';
import { insertText, putText } from './statements.ts';
import * as tables from './tables.ts';

export const digest = (text: string): string => hash('sha256', text, 'hex');

/** How a commit's end is to be noted, for judging it when its signature is missing. */
export interface CommitEnding {
  readonly locked: boolean;
  /** The commit before is not signed either: what may be unsigned begins where it did. */
  readonly continued: boolean;
}

export interface Writes {
  head(): AuditHead;
  /** Applies a group and commits it, with what is to be noted of its end. Throws where the disk fails. */
  commit(sets: readonly ChangeSetMessage[], notes: NoteMessage, ending: CommitEnding): readonly SetOutcome[];
}

/** Reads the chain's head and prepares what writes need. */
export function openWrites(sql: Sql, transactionsKept: number): Writes {
  const applyChange = prepareChanges(sql);
  const insertEntry = sql.prepare(insertText('audit', tables.auditEntries));
  const insertTransaction = sql.prepare(insertText('deviceTransaction', tables.transactions));
  const meetSource = sql.prepare(
    `WITH met (authority, number, address, at, fetched) AS (VALUES (?, ?, ?, ?, ?))
     INSERT INTO nextCaContact (authorityId, generation, source, firstAt, lastAt, fetchedAt) SELECT authority, number, address, at, at, fetched FROM met
     WHERE EXISTS (SELECT 1 FROM nextCaContact WHERE authorityId = authority AND generation = number AND source = address)
        OR (SELECT count(*) FROM nextCaContact WHERE authorityId = authority AND generation = number) < ${SOURCES_KEPT}
     ON CONFLICT DO UPDATE SET lastAt = max(lastAt, excluded.lastAt), fetchedAt = coalesce(fetchedAt, excluded.fetchedAt)`,
  );
  const meetDevice = sql.prepare(
    `INSERT INTO deviceContact (certificateId, source, at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET source = excluded.source, at = excluded.at WHERE excluded.at >= at`,
  );
  const trimTransactions = sql.prepare('DELETE FROM deviceTransaction WHERE id <= (SELECT max(id) FROM deviceTransaction) - ?');
  const setEnding = sql.prepare('UPDATE ending SET locked = ?, unsignedFrom = iif(?, unsignedFrom, ?) WHERE one = 1');
  let head = readHead(sql);
  // Rows that came since the last trim, and none known at the start: trimming takes many at once, for every time dirties pages at both ends.
  let untrimmed = Number.POSITIVE_INFINITY;

  const keepTransactions = (rows: readonly Row[]): void => {
    for (const row of rows) insertTransaction.run(...row);
    untrimmed += rows.length;
  };

  const trim = (): void => {
    if (untrimmed <= transactionsKept / 100) return;
    trimTransactions.run(transactionsKept);
    untrimmed = 0;
  };

  const append = (at: number, actor: string, [action, subject, outcome, code, detail, certificate]: EventMessage): void => {
    const previous = head.hash;
    const seq = head.seq + 1;
    const entryHash = digest(entryText({ seq, at, actor, action, subject, outcome, code, detail, certificate, previous }));
    insertEntry.run(seq, at, actor, action, subject, outcome, code, detail, certificate, previous, entryHash);
    head = { seq, hash: entryHash };
  };

  const applySet = (set: ChangeSetMessage): SetOutcome => {
    const failed = findFailed(sql, set.expect);
    if (failed >= 0) return { failed };
    for (const change of set.changes) applyChange(change);
    for (const event of set.audit) append(set.at, set.actor, event);
    keepTransactions(set.transactions);
    return head;
  };

  const applyNotes = (notes: NoteMessage): SetOutcome => {
    keepTransactions(notes.transactions);
    for (const [id, at] of notes.seen) applyChange({ seen: id, at });
    for (const { authorityId, generation, source, at, fetched } of notes.sources) meetSource.run(authorityId, generation, source, at, fetched ? at : null);
    for (const { certificateId, source, at } of notes.devices) meetDevice.run(certificateId, source, at);
    return head;
  };

  /** `work`, or its error with nothing of it done. */
  const alone = (work: () => SetOutcome): SetOutcome => {
    const before = head;
    sql.prepare('SAVEPOINT one').run();
    try {
      return work();
    } catch (error) {
      head = before;
      sql.prepare('ROLLBACK TO one').run();
      return { error: error instanceof Error ? error.message : String(error), outage: isDiskTrouble(error) };
    } finally {
      sql.prepare('RELEASE one').run();
    }
  };

  const inTransaction = <T>({ locked, continued }: CommitEnding, work: () => T): T => {
    const before = head;
    sql.prepare('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      if (head.seq > before.seq) setEnding.run(locked ? 1 : 0, continued ? 1 : 0, before.seq + 1);
      sql.prepare('COMMIT').run();
      return result;
    } catch (error) {
      head = before;
      if (sql.inTransaction()) sql.prepare('ROLLBACK').run();
      throw error;
    }
  };

  return {
    head: () => head,
    commit: (sets, notes, ending) => {
      const write = (each: (work: () => SetOutcome) => SetOutcome): readonly SetOutcome[] =>
        inTransaction(ending, () => {
          each(() => applyNotes(notes));
          const outcomes = sets.map((set) => each(() => applySet(set)));
          trim();
          return outcomes;
        });
      try {
        return write((work) => work());
      } catch {
        return write(alone);
      }
    },
  };
}

export function readHead(sql: Sql): AuditHead {
  const row = sql.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').row();
  return row === undefined ? EMPTY_HEAD : { seq: Number(row[0]), hash: String(row[1]) };
}

function prepareChanges(sql: Sql): (change: ChangeMessage) => void {
  const puts = new Map<PutTable, Statement>();
  const putOf = (table: PutTable): Statement => {
    const statement = puts.get(table) ?? sql.prepare(putText(table));
    puts.set(table, statement);
    return statement;
  };
  const keepText = (table: 'request' | 'certificate'): Statement =>
    sql.prepare(
      `INSERT INTO ${table}Text (seq, text, digests) VALUES (?, ?, ?)
       ON CONFLICT (seq) DO UPDATE SET text = excluded.text, digests = excluded.digests WHERE text <> excluded.text OR digests <> excluded.digests`,
    );
  const keepRequestText = keepText('request');
  const keepCertificateText = keepText('certificate');
  const spend = sql.prepare('UPDATE challenge SET usesLeft = usesLeft - 1, lastUsedAt = ?, version = version + 1 WHERE id = ? AND usesLeft > 0');
  const seen = sql.prepare('UPDATE request SET polls = polls + 1, lastSeenAt = max(lastSeenAt, ?) WHERE id = ?');
  const told = sql.prepare('UPDATE request SET toldAt = ? WHERE id = ? AND toldAt IS NULL');
  const keepSetting = sql.prepare('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');

  return (change) => {
    if ('put' in change) {
      if (change.put === 'request' || change.put === 'certificate') {
        const seq = putOf(change.put).row(...change.row)?.[0];
        if (seq === undefined) throw new Error(`a ${change.put} was put with the id of another one`);
        (change.put === 'request' ? keepRequestText : keepCertificateText).run(seq, change.text?.names ?? '', change.text?.digests ?? '');
      } else putOf(change.put).run(...change.row);
    } else if ('remove' in change) sql.prepare(`DELETE FROM ${change.remove} WHERE id = ?`).run(change.id);
    else if ('spend' in change) {
      if (spend.run(change.at, change.spend) !== 1) throw new Error(`challenge ${change.spend} has no use left: expect challenge-usable beside spend-challenge`);
    } else if ('seen' in change) seen.run(change.at, change.seen);
    else if ('told' in change) told.run(change.at, change.told);
    else keepSetting.run(change.setting, change.value);
  };
}
