// What `audit verify` must find in a folder that someone worked on with SQLite's own tools, and in an exported file.
import Database from 'better-sqlite3';
import { generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../src/main/adapters/sqlite/exportLog.ts';
import { openSqliteStore, type SqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';
import type { AuditVerdict } from '../../src/main/application/ports/store.ts';
import { aChallenge, aChangeSet, aCertificate, aKey, anEnrolment, anEvent, issueEvent } from '../support/memoryRecords.ts';

interface AuditKey {
  readonly secret: KeyObject;
  readonly spki: Uint8Array;
  readonly fingerprint: string;
}

function makeKey(): AuditKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  return { secret: privateKey, spki, fingerprint: hash('sha256', spki, 'hex') };
}

const root = mkdtempSync(join(tmpdir(), 'countersign-'));
afterAll(() => rmSync(root, { recursive: true }));
const key = makeKey();
const whole = join(root, 'whole');
let exported: string;

const open = async (dataDir: string, auditKey: AuditKey | undefined): Promise<SqliteStore> => {
  const store = await openSqliteStore({ dataDir });
  if (auditKey !== undefined) expect(await store.setAuditKey(auditKey.secret, auditKey.spki)).toBeUndefined();
  return store;
};

async function enrol(store: SqliteStore, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'challenge', value: aChallenge(name) }], audit: [anEvent({ action: 'challenge.create' })] }));
    for (const set of anEnrolment(name, name)) await store.commit(set);
  }
}

const auditKeyRow = aChangeSet({ changes: [{ kind: 'put', table: 'key', value: aKey({ id: 'audit', purpose: 'audit', algorithm: 'ed25519', spki: key.spki }) }] });

beforeAll(async () => {
  const store = await open(whole, key);
  await store.commit(auditKeyRow);
  // Ten entries: five for each enrolment.
  await enrol(store, 'r1', 'r2');
  exported = await store.exportAudit();
  await store.close();
});

let copies = 0;
const copy = (): string => {
  const to = join(root, `copy-${(copies += 1)}`);
  cpSync(whole, to, { recursive: true });
  return to;
};

/** A copy of the folder on which someone ran these statements, the log's guards taken off first. */
function tampered(...statements: readonly string[]): string {
  const folder = copy();
  const database = new Database(join(folder, 'countersign.db'));
  database.exec('DROP TRIGGER auditUpdate; DROP TRIGGER auditDelete');
  for (const statement of statements) database.exec(statement);
  database.close();
  return folder;
}

const problemIn = (folder: string): AuditVerdict['firstBad'] => {
  const verdict = verifyFolder(folder);
  expect(verdict.ok).toBe(verdict.firstBad === undefined);
  return verdict.firstBad;
};

/** Rewrites an entry and makes its hash fit: the work of someone who knows the format. */
function rehash(database: Database.Database, seq: number): void {
  const row = database.prepare('SELECT * FROM audit WHERE seq = ?').get(seq) as Record<string, string | number | null>;
  const q = JSON.stringify;
  const certificate = row['certificate'] === null ? '' : `"certificate":${String(row['certificate'])},`;
  const text =
    `{"action":${q(row['action'])},"actor":${q(row['actor'])},"at":${q(row['at'])},${certificate}"code":${q(row['code'])},"detail":${String(row['detail'])},` +
    `"outcome":${q(row['outcome'])},"previous":${q(row['previous'])},"seq":${q(row['seq'])},"subject":${q(row['subject'])}}`;
  database.prepare('UPDATE audit SET hash = ? WHERE seq = ?').run(hash('sha256', text, 'hex'), seq);
}

describe('a whole folder', () => {
  it('verifies, and the head is the signed one', () => {
    const verdict = verifyFolder(whole, key.fingerprint);
    expect(verdict).toMatchObject({ ok: true, entries: 10, notes: [] });
    expect(verdict.signedHead).toEqual(verdict.head);
  });

  it('verifying changes nothing in it', () => {
    const folder = copy();
    const before = readFileSync(join(folder, 'countersign.db'));
    verifyFolder(folder);
    expect(readFileSync(join(folder, 'countersign.db')).equals(before)).toBe(true);
  });

  it('is readable by its owner only', () => {
    expect(statSync(whole).mode & 0o777).toBe(0o700);
    for (const file of ['countersign.db', 'audit-head.json']) expect(statSync(join(whole, file)).mode & 0o777, file).toBe(0o600);
  });

  it('refuses the fingerprint of another key', () => {
    expect(verifyFolder(whole, makeKey().fingerprint).firstBad).toEqual({ seq: null, problem: `the head was signed with another key (${key.fingerprint})` });
  });

  it('the log cannot be edited, deleted from or replaced through SQL', () => {
    const database = new Database(join(copy(), 'countersign.db'));
    database.pragma('recursive_triggers = ON');
    for (const statement of [`UPDATE audit SET code = 'x' WHERE seq = 1`, 'DELETE FROM audit WHERE seq = 10', 'INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 3']) {
      expect(() => database.exec(statement), statement).toThrow('the audit log is append-only');
    }
    database.close();
  });
});

describe('someone who takes the guards off is found out, with the place', () => {
  it.each([
    ['one byte of an entry', `UPDATE audit SET detail = replace(detail, '192.0.2.10', '192.0.2.11') WHERE seq = 2`, 2, /entry 2 was changed/],
    ['white space in an entry', `UPDATE audit SET detail = replace(detail, ':', ': ') WHERE seq = 2`, 2, /entry 2 was changed/],
    ['its time', 'UPDATE audit SET at = at + 1 WHERE seq = 4', 4, /entry 4 was changed/],
    ['its hash', `UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 4`, 4, /entry 4 was changed/],
    ['an entry in the middle deleted', 'DELETE FROM audit WHERE seq = 5', 5, /entry 5 is missing/],
    ['several deleted', 'DELETE FROM audit WHERE seq BETWEEN 3 AND 6', 3, /entries 3 to 6 are missing/],
    ['the first deleted', 'DELETE FROM audit WHERE seq = 1', 1, /entry 1 is missing/],
    ['the tail cut', 'DELETE FROM audit WHERE seq > 8', 9, /was cut: it ends at entry 8, and entry 10 was signed/],
    ['the log emptied', 'DELETE FROM audit', 1, /was cut: it ends at entry 0/],
  ])('%s', (_what, statement, seq, problem) => {
    expect(problemIn(tampered(statement))).toEqual({ seq, problem: expect.stringMatching(problem) as string });
  });

  it('an entry rewritten with a hash that fits', () => {
    const folder = tampered(`UPDATE audit SET subject = 'request:other' WHERE seq = 4`);
    const database = new Database(join(folder, 'countersign.db'));
    rehash(database, 4);
    database.close();
    expect(problemIn(folder)).toEqual({ seq: 4, problem: 'entry 4 was replaced: entry 5 was chained to another one' });
  });

  it('all the rest of the log chained anew', () => {
    const folder = tampered(`UPDATE audit SET subject = 'request:other' WHERE seq = 4`);
    const database = new Database(join(folder, 'countersign.db'));
    for (let seq = 4; seq <= 10; seq++) {
      database.exec(`UPDATE audit SET previous = (SELECT hash FROM audit WHERE seq = ${seq - 1}) WHERE seq = ${seq}`);
      rehash(database, seq);
    }
    database.close();
    expect(problemIn(folder)).toEqual({ seq: 10, problem: 'entry 10 is not the one that was signed: the log was rewritten' });
  });

  it('entries appended behind the signed head', () => {
    const folder = tampered(`INSERT INTO audit SELECT 11, at, actor, action, subject, outcome, code, detail, NULL, hash, '' FROM audit WHERE seq = 10`);
    const database = new Database(join(folder, 'countersign.db'));
    rehash(database, 11);
    database.close();
    expect(problemIn(folder)).toEqual({ seq: 11, problem: 'the last entry is not signed: added after the signed head' });
  });

  it.each([
    ['state', `UPDATE certificate SET state = 'revoked' WHERE id = 'r1'`, 4, 'its state differs from what entry 4 says'],
    ['serial', `UPDATE certificate SET serial = 'FF' WHERE id = 'r2'`, 9, 'its serial differs from what entry 9 says'],
    ['DER', `UPDATE certificate SET der = CAST(x'00' || substr(der, 2) AS BLOB) WHERE id = 'r1'`, 4, 'its content differs from what entry 4 says'],
    ['recorded hash', `UPDATE certificate SET sha256 = 'ff' WHERE id = 'r1'`, 4, 'its content differs from what entry 4 says'],
    ['row, deleted', `DELETE FROM certificate WHERE id = 'r1'`, 4, 'is gone: entry 4 tells of it'],
  ])("a certificate's %s", (_what, statement, seq, problem) => {
    expect(problemIn(tampered(statement))).toEqual({ seq, problem: expect.stringContaining(problem) as string });
  });

  it('a certificate slipped in without an entry', () => {
    const columns = 'version, kind, issuerHash, authorityId, generation, subject, subjectAltNames, sha256, spkiSha256, notBefore, notAfter, issuedAt, state, der';
    const folder = tampered(`INSERT INTO certificate (id, serial, ${columns}) SELECT 'r9', '0BAD', ${columns} FROM certificate WHERE id = 'r1'`);
    expect(problemIn(folder)).toEqual({ seq: null, problem: 'certificate 0BAD has no entry in the log' });
  });

  it.each([
    ['emptied', (): string => '', 'the signed head is missing'],
    ['overwritten', (): string => '{"seq":10}'.padEnd(1024), 'the head file is damaged'],
    ['given another signature', (text: string): string => text.replaceAll(/"signature":"..../g, '"signature":"AAAA'), 'the signature of the head (entry 10) is not valid'],
  ])('the head file %s', (_what, edit, problem) => {
    const folder = copy();
    const file = join(folder, 'audit-head.json');
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
    expect(problemIn(folder)).toEqual({ seq: null, problem });
  });

  it('a head signed with a key that is not the audit key', async () => {
    const folder = copy();
    const other = join(root, 'other');
    const stranger = makeKey();
    const store = await open(other, stranger);
    await enrol(store, 'r1', 'r2');
    await store.close();
    cpSync(join(other, 'audit-head.json'), join(folder, 'audit-head.json'));
    expect(problemIn(folder)).toEqual({ seq: null, problem: 'the head was signed with a key that is not the audit key' });
  });

  it('a database whose pages do not fit together', () => {
    const folder = copy();
    const file = join(folder, 'countersign.db');
    const bytes = readFileSync(file);
    bytes.fill(0xee, 8192, 8192 + 4096 * 20);
    writeFileSync(file, bytes);
    expect(problemIn(folder)).toEqual({ seq: null, problem: expect.stringContaining('damaged') as string });
  });

  it('a server that opens such a folder does not sign it over, and goes on', async () => {
    const folder = tampered('DELETE FROM audit WHERE seq > 8');
    const store = await openSqliteStore({ dataDir: folder });
    expect(await store.setAuditKey(key.secret, key.spki)).toMatchObject({ seq: 9 });
    await store.commit(aChangeSet({ audit: [anEvent()] }));
    expect(await store.verifyAudit()).toMatchObject({ ok: false, firstBad: { seq: 10 } });
    await store.close();
    expect(verifyFolder(folder)).toMatchObject({ ok: false });
  });
});

describe('while the vault is locked', () => {
  it('entries chain unsigned and are noted; unlocking signs them', async () => {
    const folder = copy();
    const store = await open(folder, key);
    await store.setAuditKey(undefined, key.spki);
    await enrol(store, 'r3');
    expect(await store.verifyAudit()).toMatchObject({ ok: true, entries: 15, signedHead: { seq: 10 }, notes: ['the last 5 entries are not signed yet: the vault was locked'] });
    await store.close();
    expect(verifyFolder(folder)).toMatchObject({ ok: true, notes: ['the last 5 entries are not signed yet: the vault was locked'] });
    const again = await open(folder, key);
    expect(await again.verifyAudit()).toMatchObject({ ok: true, signedHead: { seq: 15 }, notes: [] });
    await again.close();
    expect(verifyFolder(folder)).toMatchObject({ ok: true, signedHead: { seq: 15 }, notes: [] });
  });

  it('verifying a running store lets commits go on', async () => {
    const store = await open(copy(), key);
    const verifying = store.verifyAudit();
    const committing = enrol(store, 'r4', 'r5');
    const revoked = aCertificate('r1', { requestId: 'r1', state: 'revoked', version: 2 });
    await store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'certificate', value: revoked }], audit: [issueEvent(revoked, 'certificate.revoke')] }));
    expect(await verifying).toMatchObject({ ok: true });
    await committing;
    expect(await store.verifyAudit()).toMatchObject({ ok: true, entries: 21 });
    await store.close();
  });
});

describe('an exported log', () => {
  it('verifies by itself with the noted fingerprint, however it was written', () => {
    expect(verifyExport(exported, key.fingerprint)).toMatchObject({ ok: true, entries: 10, signedHead: { seq: 10 }, notes: [] });
    expect(verifyExport(exported, key.fingerprint.toUpperCase().replace(/..(?!$)/g, '$&:'))).toMatchObject({ ok: true });
  });

  it('without a fingerprint says which key to compare', () => {
    expect(verifyExport(exported)).toMatchObject({ ok: true, notes: [`signed with key ${key.fingerprint}: compare it with the one that was noted`] });
  });

  const lines = (): string[] => exported.trimEnd().split('\n');
  it.each([
    ['an edited byte', (text: string) => text.replace('r1.example', 'r9.example'), 2, /entry 2 was changed/],
    ['a field that entries do not have', (text: string) => text.replace('"seq":3', '"note":"x","seq":3'), 3, /entry 3 was changed/],
    ['a deleted line', () => [...lines().slice(0, 4), ...lines().slice(5)].join('\n'), 5, /entry 5 is missing/],
    ['a cut tail', () => [...lines().slice(0, 8), ...lines().slice(10)].join('\n'), 9, /was cut: it ends at entry 8/],
    ['no head', () => lines().slice(0, 10).join('\n'), null, /does not end with a head/],
    ['a head of fewer entries', () => [...lines().slice(0, 8), lines()[10]?.replace('"seq":10', '"seq":8')].join('\n'), 9, /was cut/],
    ['another signature', (text: string) => text.replace(/"signature":"..../, '"signature":"AAAA'), null, /signature of the head \(entry 10\) is not valid/],
    ['nothing', () => '', null, /does not end with a head/],
    ['something else', () => 'hello\nworld\n', null, /does not end with a head/],
  ])('is refused with %s', (_what, edit, seq, problem) => {
    expect(verifyExport(edit(exported), key.fingerprint).firstBad).toEqual({ seq, problem: expect.stringMatching(problem) as string });
  });

  it('is refused when the signature was taken away but the fingerprint is known', () => {
    const unsigned = [...lines().slice(0, 10), (lines()[10] ?? '').replace(/"signed":\{.*\}\}/, '"signed":null}')].join('\n');
    expect(verifyExport(unsigned)).toMatchObject({ ok: true, signedHead: null });
    expect(verifyExport(unsigned, key.fingerprint).firstBad).toEqual({ seq: null, problem: 'there is no signed head for this key' });
  });
});
