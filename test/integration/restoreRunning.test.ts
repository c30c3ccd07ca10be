/** A first-run server that is given a backup: it goes on as the restored CA, a refusal leaves it as it was, and an exchange that was cut off is completed. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import { REPLACEMENT } from '../../src/main/adapters/sqlite/replacement.ts';
import { SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

const PASSPHRASE = 'four unrelated words';
const NEW_VAULT = { kind: 'passphrase', passphrase: 'the vault of another machine' } as const;

const place = mkdtempSync(join(tmpdir(), 'countersign-running-'));
const servers: TestServer[] = [];
let backup: Buffer;
let auditKey: string | null;

async function start(name: string, passphrase?: string): Promise<TestServer> {
  const args = ['--rate-limit', 'off', ...(passphrase === undefined ? [] : ['--vault', 'passphrase'])];
  const server = await startServer({ dataDir: join(place, name), args, env: { COUNTERSIGN_PASSPHRASE: passphrase } });
  servers.push(server);
  return server;
}

beforeAll(async () => {
  const server = await start('lost', SERVER_PASSPHRASE);
  await server.call('authorities.create', { commonName: 'Lost CA', key: 'rsa-2048', years: 10 });
  backup = readFileSync((await server.call('backups.create', { passphrase: PASSPHRASE })).path);
  auditKey = (await server.call('vault.status')).auditKeyFingerprint;
  const refused = await server.ask('backups.restore', { base64: backup.toString('base64'), passphrase: PASSPHRASE, vault: NEW_VAULT });
  expect(refused).toMatchObject({ ok: false, error: { code: 'not-empty' } });
  expect(await server.call('audit.list', { outcome: 'refused' })).toMatchObject({ items: [{ action: 'backup.restore', code: 'not-empty' }] });
  await server.stop();
});

afterAll(async () => {
  for (const server of servers) await server.kill().catch(() => undefined);
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
});

describe('a first-run server', () => {
  it('is as it was after every refusal, and then restores and goes on', { timeout: 180_000 }, async () => {
    const server = await start('new');
    const names = readdirSync(server.dataDir).sort();
    const ask = (bytes: Buffer, passphrase: string, vault: object = NEW_VAULT) => server.ask('backups.restore', { base64: bytes.toString('base64'), passphrase, vault });
    expect(await ask(backup, 'another passphrase')).toMatchObject({ ok: false, error: { code: 'wrong-backup-passphrase' } });
    expect(await ask(backup.subarray(0, backup.length - 100), PASSPHRASE)).toMatchObject({ ok: false, error: { code: 'backup-truncated' } });
    expect(await ask(Buffer.from('hello'), PASSPHRASE)).toMatchObject({ ok: false, error: { code: 'backup-foreign' } });
    expect(await ask(backup, PASSPHRASE, { kind: 'passphrase', passphrase: 'short' })).toMatchObject({ ok: false, error: { code: 'passphrase-too-short' } });
    expect(readdirSync(server.dataDir).sort()).toEqual(names);
    expect((await server.call('status.get')).state).toBe('empty');

    expect(await ask(backup, PASSPHRASE)).toMatchObject({ ok: true, value: { auditKey, counts: { authorities: 1 } } });
    expect(await server.call('status.get')).toMatchObject({ state: 'ready', counts: { authorities: 1 } });
    expect(await server.call('vault.status')).toMatchObject({ state: 'open', auditKeyFingerprint: auditKey });
    // The vault is open and its keys sign: a challenge is made, a CRL published, and the log signed.
    expect((await server.call('challenges.create', {})).password).toMatch(/-/);
    await server.call('crls.publish', { authorityId: (await server.call('authorities.list')).items[0]?.id ?? '' });
    expect(await server.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
    expect(await ask(backup, PASSPHRASE)).toMatchObject({ ok: false, error: { code: 'not-empty' } });
    expect((await server.stop()).code).toBe(0);
    const again = await start('new', NEW_VAULT.passphrase);
    expect(await again.call('status.get')).toMatchObject({ state: 'ready', counts: { authorities: 1 } });
    expect(await again.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
    await again.stop();
  });
});

describe('a server in which somebody else begins while a backup is proven', () => {
  it('keeps what they made, and refuses the restore', { timeout: 120_000 }, async () => {
    const server = await start('busy');
    const restore = () => server.ask('backups.restore', { base64: backup.toString('base64'), passphrase: PASSPHRASE, vault: NEW_VAULT });
    const answers = await Promise.all([restore(), restore()]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers).toContainEqual(expect.objectContaining({ ok: false, error: expect.objectContaining({ code: 'not-empty' }) as unknown }));
    expect(await server.call('status.get')).toMatchObject({ state: 'ready', counts: { authorities: 1 } });
    expect(readdirSync(server.dataDir).filter((name) => name.startsWith('.'))).toEqual([]);
    await server.stop();
  });
});

describe('an exchange that was cut off', () => {
  it.each([
    ['before anything was moved', false],
    ['after the head file was', true],
  ])('%s is completed by the next start', async (_when, headMoved) => {
    const restored = join(place, 'new');
    const dataDir = mkdtempSync(join(place, 'cut-'));
    await (await openSqliteStore({ dataDir })).close();
    mkdirSync(join(dataDir, REPLACEMENT));
    for (const name of ['countersign.db', 'audit-head.json']) cpSync(join(restored, name), join(dataDir, REPLACEMENT, name));
    if (headMoved) renameSync(join(dataDir, REPLACEMENT, 'audit-head.json'), join(dataDir, 'audit-head.json'));
    const store = await openSqliteStore({ dataDir });
    expect(await store.read.authorities()).toHaveLength(1);
    expect(await store.verifyAudit()).toMatchObject({ ok: true });
    expect(readdirSync(dataDir)).not.toContain(REPLACEMENT);
    await store.close();
  });
});
