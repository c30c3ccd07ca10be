/** Files of other products in which anything may stand: whoever brings them may have got them from anybody. Nothing throws, and nothing takes long. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { lookIntoKeyFiles } from '../../src/main/adapters/crypto/keyFileLook.ts';
import { readXcaDatabase } from '../../src/main/adapters/sqlite/xcaDatabase.ts';
import { collect } from '../../src/main/application/migration/collect.ts';
import { formerFiles } from '../support/formerFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-xca-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SCHEMA = `
CREATE TABLE settings (key_ CHAR(20) UNIQUE, value VARCHAR(8000));
CREATE TABLE items(id INTEGER PRIMARY KEY, name VARCHAR(128), type INTEGER, source INTEGER, date CHAR(15), comment VARCHAR(2048), stamp INTEGER NOT NULL DEFAULT 0, del SMALLINT NOT NULL DEFAULT 0);
CREATE TABLE private_keys (item INTEGER, ownPass INTEGER, private VARCHAR(8000));
CREATE TABLE x509super (item INTEGER, subj_hash INTEGER, pkey INTEGER, key_hash INTEGER);
CREATE TABLE requests (item INTEGER, hash INTEGER, signed INTEGER, request VARCHAR(8000));
CREATE TABLE authority (item INTEGER, template INTEGER, crlExpire CHAR(15), crlNo INTEGER, crlDays INTEGER, dnPolicy VARCHAR(1024));
CREATE TABLE crls (item INTEGER, hash INTEGER, num INTEGER, iss_hash INTEGER, issuer INTEGER, crl VARCHAR(8000));
CREATE TABLE revocations (caId INTEGER, serial VARCHAR(64), date CHAR(15), invaldate CHAR(15), crlNo INTEGER, reasonBit INTEGER);
CREATE TABLE templates (item INTEGER, version INTEGER, template VARCHAR(8000));
INSERT INTO settings VALUES ('schema', '7');`;

const CERTS = 'CREATE TABLE certs (item INTEGER, hash INTEGER, iss_hash INTEGER, serial VARCHAR(64), issuer INTEGER, ca INTEGER, cert VARCHAR(8000));';

let made = 0;
function database(sql: string): Uint8Array {
  const path = join(folder, `${made++}.xdb`);
  const file = new Database(path);
  file.exec(sql);
  file.close();
  return new Uint8Array(readFileSync(path));
}

const lookInto = (files: Parameters<typeof collect>[0]) => collect(files, { readXca: readXcaDatabase }, async () => undefined);

describe('an XCA database of somebody else’s making', () => {
  it('with every byte anywhere changed is read, or refused in words', async () => {
    const whole = database(`${SCHEMA}${CERTS}INSERT INTO items (id, name) VALUES (1, 'ca'); INSERT INTO certs VALUES (1, 0, 0, '01', 1, 1, 'AAEC'); INSERT INTO revocations VALUES (1, '02', '20260101000000Z', NULL, 0, 1);`);
    expect(readXcaDatabase(whole)).toMatchObject({ ok: true, value: { certificates: [{ name: 'ca' }], revocations: [{ serial: '02', reason: 1 }] } });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 20 }), async (changes) => {
        const damaged = Uint8Array.from(whole);
        for (const [at, value] of changes) damaged[at] = value;
        const read = readXcaDatabase(damaged);
        if (!read.ok) expect(read.error).toMatch(/\.$/);
        await lookInto([{ name: 'a.xdb', bytes: damaged }]);
      }),
      { numRuns: 400 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        await lookInto([{ name: 'a.xdb', bytes: whole.subarray(0, length) }]);
      }),
    );
  });

  it.each([
    ['a view that never ends', `${SCHEMA}CREATE VIEW certs AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS item, 0 AS ca, 'AAEC' AS cert FROM n;`],
    ['a column that is computed', `${SCHEMA}CREATE TABLE certs (item INTEGER, ca INTEGER, a TEXT, cert TEXT GENERATED ALWAYS AS (replace(a, 'a', a)) VIRTUAL);`],
    ['a virtual table', `${SCHEMA}CREATE VIRTUAL TABLE certs USING fts5(item, ca, cert);`],
    ['a schema from the future', `${SCHEMA.replace("'7'", "'9'")}${CERTS}`],
    ['no table of certificates', SCHEMA],
    ['rows that multiply with each other', `${SCHEMA}${CERTS}INSERT INTO items (id, name) VALUES (1, 'ca');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO certs SELECT 1, 0, 0, '01', 1, 1, 'AAEC' FROM n;
INSERT INTO x509super SELECT 1, 0, 1, 0 FROM certs; INSERT INTO private_keys SELECT 1, 0, 'AAEC' || rowid FROM certs;`],
    ['another program’s tables', 'CREATE TABLE notes (a);'],
  ])('%s is refused', (_what, sql) => {
    expect(readXcaDatabase(database(sql))).toMatchObject({ ok: false });
  });
});

describe('text in an XCA database that should be base64', () => {
  it('is looked at once, however many spaces it has', () => {
    const read = readXcaDatabase(database(`${SCHEMA}${CERTS}INSERT INTO items (id, name) VALUES (1, 'ca'); INSERT INTO certs VALUES (1, 0, 0, '01', 1, 1, printf('A%999990s!', ''));`));
    expect(read).toMatchObject({ ok: true, value: { certificates: [], unreadable: ['The certificate “ca” of the database is not base64.'] } });
  });
});

describe('any files', () => {
  it('are told apart without a throw', async () => {
    const real = formerFiles({ valid: 1, revoked: 1, lost: 1 }).files.map(({ base64 }) => new Uint8Array(Buffer.from(base64, 'base64')));
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(...real),
      fc.tuple(fc.constantFrom(...real), fc.nat(), fc.integer({ min: 0, max: 255 })).map(([bytes, at, value]) => bytes.map((b, i) => (i === at % bytes.length ? value : b))),
      fc.constantFrom('-----BEGIN CERTIFICATE-----', '\xff\xfe\0\0', '0A\n', '\x30\x82\xff\xff', 'SQLite format 3\0').map((text) => new Uint8Array(Buffer.from(text, 'latin1'))),
    );
    const name = fc.constantFrom('index.txt', 'crlnumber', 'serial', 'ca.pem', 'ca.key', 'a.p12', 'view.csv', 'root_ca.crt', 'db/MANIFEST', 'x');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ name, bytes: content }), { minLength: 1, maxLength: 8 }), async (files) => {
        const { recognised, left } = await lookInto(files);
        expect(recognised.length).toBeGreaterThan(0);
        for (const { text } of left) expect(text.length).toBeGreaterThan(0);
      }),
    );
  });

  it('with keys in them are looked at without a throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string().map((text) => new Uint8Array(Buffer.from(`-----BEGIN ENCRYPTED PRIVATE KEY-----\n${Buffer.from(text).toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`)))), { maxLength: 5 }), async (files) => {
        expect(await lookIntoKeyFiles(files, 'words')).toHaveLength(files.length);
      }),
    );
  });
});
