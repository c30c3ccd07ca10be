/**
 * SIGKILL while a backup is made and while one is restored, at random moments. Afterwards the data folder opens and its log holds, every file that
 * bears a backup's name is whole, and a folder that was being restored holds a whole CA or none. BACKUP_KILLS makes it a campaign.
 * Then a device that enrolled before renews at the restored CA, which another vault keeps.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';
import { withCopy } from '../support/crashFolder.ts';
import { pkcsReq, renewalReq, rsaKey, selfSignedOf } from '../support/forge.ts';
import { openReply } from '../support/replies.ts';
import { createScepClient } from '../support/scepClient.ts';
import { SERVER_PASSPHRASE, type TestServer, runCommand, startServer } from '../support/server.ts';

const KILLS = Number(process.env['BACKUP_KILLS'] ?? 4);
const PASSPHRASE = 'four unrelated words';
const OTHER_VAULT = 'the vault of another machine';
const SOURCES = fileURLToPath(new URL('../../src/main/headless.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'countersign-backup-crash-'));
const dataDir = join(folder, 'data');
let running: TestServer | undefined;
afterAll(async () => {
  await running?.kill().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function start(): Promise<TestServer> {
  running = await startServer({ dataDir, env: { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE } });
  return running;
}

const pemBytes = (pem: string | null): Uint8Array => Buffer.from((pem ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64');

async function enrol(server: TestServer, recipient: Uint8Array): Promise<Uint8Array> {
  const { password } = await server.call('challenges.create', {});
  const key = rsaKey(0);
  const sent = pkcsReq({ key, subject: 'CN=router', recipient, signerCertificate: selfSignedOf(key), challenge: password });
  const { bytes } = await createScepClient(server.scepUrl).send(sent.bytes);
  const [certificate] = openReply(bytes, sent).certificates;
  if (certificate === undefined) throw new Error('the device was not enrolled');
  return certificate;
}

const backupsIn = (): readonly string[] => (existsSync(join(dataDir, 'backups')) ? readdirSync(join(dataDir, 'backups')).filter((name) => name.endsWith('.backup') && !name.startsWith('.')) : []);

const verifyFile = (path: string) => runCommand(['backup', 'verify', path], { env: { COUNTERSIGN_BACKUP_PASSPHRASE: PASSPHRASE } });

const restoreArgs = (path: string, target: string): readonly string[] => ['restore', path, '--vault', 'passphrase', '--data', target];
const restoreEnv = { COUNTERSIGN_BACKUP_PASSPHRASE: PASSPHRASE, COUNTERSIGN_PASSPHRASE: OTHER_VAULT };

function startRestore(path: string, target: string): { readonly child: ChildProcess; readonly ended: Promise<unknown> } {
  const child = spawn(process.execPath, [SOURCES, ...restoreArgs(path, target)], { env: { ...process.env, ...restoreEnv }, stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
}

it(`backups and restores live through ${2 * KILLS} kills, and the restored CA renews its devices`, { timeout: 120_000 + KILLS * 30_000 }, async () => {
  let server = await start();
  const authority = await server.call('authorities.create', { commonName: 'Crash CA', key: 'rsa-2048', years: 10, scepKey: 'combined' });
  const recipient = pemBytes(authority.certificatePem);
  const certificate = await enrol(server, recipient);
  const first = await server.call('backups.create', { passphrase: PASSPHRASE });

  let cutOff = 0;
  for (let turn = 0; turn < KILLS; turn++) {
    const making = server.call('backups.create', { passphrase: PASSPHRASE }).then(
      () => true,
      () => false,
    );
    await pause(Math.random() * 900);
    await server.kill();
    if (!(await making)) cutOff += 1;
    expect(withCopy(dataDir, (copy) => verifyFolder(copy))).toMatchObject({ ok: true });
    server = await start();
    expect(readdirSync(dataDir)).not.toContain('backup-work');
    expect(await server.call('audit.verify')).toMatchObject({ ok: true });
  }
  await server.call('backups.create', { passphrase: PASSPHRASE });
  expect(readdirSync(join(dataDir, 'backups')).filter((name) => name.endsWith('.partial'))).toEqual([]);
  const { items } = await server.call('backups.list');
  expect(items.filter(({ state }) => state !== 'proven' && state !== 'unproven')).toEqual([]);
  expect((await server.stop()).code).toBe(0);
  running = undefined;
  for (const name of backupsIn()) expect(await verifyFile(join(dataDir, 'backups', name)), name).toMatchObject({ code: 0 });

  const target = join(folder, 'restored');
  let whole = 0;
  for (let turn = 0; turn < KILLS; turn++) {
    const { child, ended } = startRestore(first.path, target);
    await pause(300 + Math.random() * 2_500);
    child.kill('SIGKILL');
    await ended;
    if (!existsSync(join(target, 'countersign.db'))) continue;
    whole += 1;
    expect(withCopy(target, (copy) => verifyFolder(copy))).toMatchObject({ ok: true });
    rmSync(target, { recursive: true });
  }
  console.log(`backup crash test: ${cutOff} of ${KILLS} backups were cut off, ${KILLS - whole} of ${KILLS} restores`);

  expect(await runCommand(restoreArgs(first.path, target), { env: restoreEnv })).toMatchObject({ code: 0 });
  expect(readdirSync(target).sort()).toEqual(['audit-head.json', 'countersign.db']);
  const restored = await startServer({ dataDir: target, env: { COUNTERSIGN_PASSPHRASE: OTHER_VAULT } });
  running = restored;
  expect(await restored.call('status.get')).toMatchObject({ state: 'ready' });
  expect(await restored.call('audit.verify')).toMatchObject({ ok: true, notes: [] });
  const renewal = renewalReq({ key: rsaKey(0), signerCertificate: certificate, subject: 'CN=router', recipient, csr: { key: rsaKey(1), subject: 'CN=router' }, transactionId: 'after-the-restore' });
  const { bytes } = await createScepClient(restored.scepUrl).send(renewal.bytes);
  const reply = openReply(bytes, renewal);
  expect(reply.pkiStatus).toBe('SUCCESS');
  expect(Buffer.compare(reply.certificates[0] ?? Buffer.alloc(0), certificate)).not.toBe(0);
  expect((await restored.stop()).code).toBe(0);
  running = undefined;
});
