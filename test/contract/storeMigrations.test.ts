// One test per migration, and what happens to a database that this program does not know.
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_FILE, migrate } from '../../src/main/adapters/sqlite/database.ts';
import { openHeadFile, readHeadFile } from '../../src/main/adapters/sqlite/headFile.ts';
import { courier } from '../../src/main/adapters/sqlite/migrations/0006-courier.ts';
import { revokedSerials } from '../../src/main/adapters/sqlite/migrations/0007-revoked-serials.ts';
import { MIGRATIONS } from '../../src/main/adapters/sqlite/migrations/index.ts';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';
import * as tables from '../../src/main/adapters/sqlite/tables.ts';
import { DAY } from '../../src/main/core/lib/instant.ts';
import { AT, aCertificate, aChangeSet, aCourierLink, aGeneration, anAuthority, anEvent, aRequest, aRevokedSerial, aTransaction } from '../support/memoryRecords.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'countersign-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));
const file = (): string => join(dataDir, DATABASE_FILE);

describe('migrations', () => {
  it('0001: an empty file gets every table that the store writes to', async () => {
    const database = new Database(file());
    migrate(database, 1);
    expect(database.pragma('user_version', { simple: true })).toBe(1);
    const tables = database.prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
    expect(tables.map(({ name }) => name)).toEqual(
      ['audit', 'authority', 'certificate', 'certificateText', 'challenge', 'crl', 'deviceTransaction', 'ending', 'endpoint', 'generation', 'intent', 'key', 'profile', 'request', 'requestText', 'scepIdentity', 'setting'],
    );
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
  });

  it('0002: what was stored before is found by its digests and its endpoint, and listed by what it is narrowed by', async () => {
    const database = new Database(file());
    migrate(database, 1);
    const certificate = aCertificate('old', { endpointId: 'aa11', subject: 'CN=Größe', subjectAltNames: ['DNS:a.test', 'DNS:b.test'], renews: 'older', serial: '0C0FFEE0' });
    const insert = (table: string, codec: { readonly columns: readonly string[] }, row: readonly unknown[]): void => {
      database.prepare(`INSERT INTO ${table} (${codec.columns.join(', ')}) VALUES (${codec.columns.map(() => '?').join(', ')})`).run(...row);
    };
    insert('certificate', tables.certificates, tables.certificates.toRow(certificate));
    const { spkiMd5: _md5, spkiSha512: _sha512, ...first } = aRequest('old').fingerprints;
    insert('request', tables.requests, tables.requests.toRow(aRequest('old', { fingerprints: first })));
    for (const table of ['certificate', 'request']) database.prepare(`INSERT INTO ${table}Text (seq, text) VALUES (1, 'as it was')`).run();
    insert('deviceTransaction', { columns: tables.transactions.columns.filter((column) => column !== 'client' && column !== 'subject') }, tables.transactions.toRow(aTransaction()).slice(0, -2));
    database.close();

    const store = await openSqliteStore({ dataDir });
    const sha1 = createHash('sha1').update(certificate.der).digest('hex');
    for (const query of [sha1, certificate.sha256, '0c:0f:fe:e0', 'GRÖSSE'.replace('SS', 'ß'), 'b.test', 'aa11']) expect((await store.read.certificates({ query, limit: 2 }, AT)).total, query).toBe(1);
    for (const query of [first.spkiSha256, first.md5, 'old.example', aRequest('old').transactionId, '192.0.2.10']) expect((await store.read.requests({ query, limit: 2 })).total, query).toBe(1);
    expect((await store.read.certificates({ kind: 'device', endpointId: 'aa11', expiringBy: AT + 400 * DAY, limit: 2 }, AT)).total).toBe(1);
    expect((await store.read.renewalsOf('older')).map(({ id }) => id)).toEqual(['old']);
    expect((await store.read.request('old'))?.fingerprints).toEqual(first);
    expect(await store.read.transaction(1)).toMatchObject({ client: null, subject: null });
    await store.close();
  });

  it('0003: a generation that was stored before is no next one, and one that is keeps what it is told by', async () => {
    const database = new Database(file());
    migrate(database, 2);
    const before = tables.generations.columns.filter((column) => !['activateAt', 'publishedAt', 'announcement'].includes(column));
    const cells = new Map(tables.generations.columns.map((column, i) => [column, tables.generations.toRow(aGeneration())[i]]));
    database.prepare(`INSERT INTO authority (${tables.authorities.columns.join(', ')}) VALUES (${tables.authorities.columns.map(() => '?').join(', ')})`).run(...tables.authorities.toRow(anAuthority()));
    database.prepare(`INSERT INTO generation (id, ${before.join(', ')}) VALUES ('a1/1', ${before.map(() => '?').join(', ')})`).run(...before.map((column) => cells.get(column)));
    database.close();

    const store = await openSqliteStore({ dataDir });
    expect(await store.read.generations()).toEqual([aGeneration()]);
    const next = aGeneration({ number: 2, state: 'next', keyId: 'k9', activateAt: AT + DAY, publishedAt: AT, announcement: new Uint8Array([1, 2, 3]) });
    await store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'generation', value: next }], audit: [anEvent()] }));
    expect(await store.read.generations()).toEqual([aGeneration(), next]);
    await store.close();
  });

  it('0006: a database from before the courier gets its tables, and is in no pairing', async () => {
    const database = new Database(file());
    migrate(database, MIGRATIONS.indexOf(courier));
    const names = (): readonly string[] => database.prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'courier%' ORDER BY name`).all().map(({ name }) => name);
    expect(names()).toEqual([]);
    migrate(database);
    expect(names()).toEqual(['courierItem', 'courierLink']);
    database.close();
    const store = await openSqliteStore({ dataDir });
    expect(await store.read.courierLinks()).toEqual([]);
    await store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'courierLink', value: aCourierLink() }], audit: [anEvent()] }));
    expect(await store.read.courierLinks()).toEqual([aCourierLink()]);
    await store.close();
  });

  it('0007: revocations without a certificate have a table, and stand on the CRL beside the others', async () => {
    const database = new Database(file());
    migrate(database, MIGRATIONS.indexOf(revokedSerials));
    expect(database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'revokedSerial'`).get()).toBeUndefined();
    database.close();
    const store = await openSqliteStore({ dataDir });
    await store.commit(aChangeSet({ changes: [{ kind: 'put', table: 'revokedSerial', value: aRevokedSerial('r1') }], audit: [anEvent()] }));
    expect(await store.read.revoked('a1', 1, AT)).toEqual([{ serial: aRevokedSerial('r1').serial, revokedAt: AT, reason: 'keyCompromise' }]);
    await store.close();
  });

  it('are not run twice: what was stored is there when the folder is opened again', async () => {
    const first = await openSqliteStore({ dataDir });
    await first.commit(aChangeSet({ changes: [{ kind: 'put', table: 'request', value: aRequest('r1') }], audit: [anEvent()] }));
    const head = await first.read.auditHead();
    await first.close();
    const second = await openSqliteStore({ dataDir });
    expect(await second.read.request('r1')).toEqual(aRequest('r1'));
    expect(await second.read.auditHead()).toEqual(head);
    await second.close();
  });

  it('a newer database is refused in one sentence, and left alone', async () => {
    const database = new Database(file());
    database.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    const before = readFileSync(file());
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(/^The data folder was written by a newer version of Countersign .*\.$/);
    expect(() => verifyFolder(dataDir)).toThrow(/newer version/);
    expect(new Database(file(), { readonly: true }).pragma('user_version', { simple: true })).toBe(before.readUInt32BE(60));
  });

  it('a file that is no database is refused in one sentence', async () => {
    writeFileSync(file(), 'not a database, whatever its name says'.repeat(100));
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(/is damaged or is not Countersign's/);
  });

  it('a folder without a database has nothing to verify', () => {
    expect(() => verifyFolder(dataDir)).toThrow(/There is no Countersign database/);
  });
});

describe('the head file', () => {
  const head = (seq: number) => ({ seq, hash: 'ab'.repeat(32), signature: 'c2ln', key: 'a2V5' });

  it('holds the newest head, and the one before it when a write is cut short', () => {
    const heads = openHeadFile(dataDir);
    expect(heads.content()).toEqual({ slot: undefined, torn: false });
    for (let seq = 1; seq <= 5; seq++) heads.write(head(seq));
    heads.close();
    expect(readHeadFile(dataDir)).toMatchObject({ slot: head(5), torn: false });

    const path = join(dataDir, 'audit-head.json');
    const bytes = readFileSync(path);
    const newest = bytes.indexOf('"seq":5') < 512 ? 0 : 512;
    bytes.fill(0x20, newest + 100, newest + 512);
    writeFileSync(path, bytes);
    expect(readHeadFile(dataDir)).toMatchObject({ slot: head(4), torn: true });

    const again = openHeadFile(dataDir);
    again.write(head(6));
    again.close();
    expect(readHeadFile(dataDir)).toMatchObject({ slot: head(6), torn: false });
  });
});

describe('the transaction log', () => {
  it('keeps the newest rows only', async () => {
    const store = await openSqliteStore({ dataDir, transactionsKept: 10 });
    for (let i = 0; i < 3; i++) await store.commit(aChangeSet({ transactions: Array.from({ length: 9 }, (_, k) => aTransaction({ text: `number ${9 * i + k}` })) }));
    const page = await store.read.transactions({ limit: 50 });
    expect(page.total).toBe(10);
    expect(page.items.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, i) => `number ${26 - i}`));
    await store.close();
  });
});

describe('a slow statement', () => {
  it('is logged with its text when SLOW_SQL_MS says so', async () => {
    process.env['SLOW_SQL_MS'] = '0';
    const events: string[] = [];
    try {
      const store = await openSqliteStore({ dataDir, log: (_level, event, fields) => events.push(`${event} ${String(fields?.['statement'])}`) });
      await store.commit(aChangeSet({ changes: [{ kind: 'setting', key: 'secret-name', value: 'secret-value' }] }));
      await store.close();
    } finally {
      delete process.env['SLOW_SQL_MS'];
    }
    expect(events.some((event) => event.startsWith('slow-sql INSERT INTO setting'))).toBe(true);
    expect(events.join()).not.toContain('secret');
  });
});
