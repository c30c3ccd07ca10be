/** `countersign serve` as a process: vaults, ports, the ready line, restarts and the end. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotStarted, SERVER_PASSPHRASE, type ServerOptions, type TestServer, runCommand, startServer } from '../support/server.ts';

let folder: string;
let running: TestServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-serve-'));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const start = async (options: ServerOptions = {}): Promise<TestServer> => (running = await startServer({ dataDir: join(folder, 'data'), ...options }));

/** What a server that does not start says instead. */
async function refusal(options: ServerOptions): Promise<{ readonly code: number | null; readonly said: string; readonly err: string }> {
  try {
    await start(options);
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    const line = error.finished.err.split('\n').find((text) => text.startsWith('{"code"')) ?? '{}';
    return { code: error.finished.code, said: (JSON.parse(line) as { readonly code?: string }).code ?? '', err: error.finished.err };
  }
  throw new Error('the server started');
}

describe('the first start', () => {
  it('without anything said is empty: GetCACaps answers, and first run sets the vault', async () => {
    const server = await start({ args: [], env: {} });
    expect(await server.call('status.get')).toMatchObject({ state: 'empty' });
    const caps = await fetch(`${server.scepUrl}?operation=GetCACaps`);
    expect([caps.status, await caps.text()]).toEqual([200, expect.stringContaining('SCEPStandard')]);
    expect(await server.ask('authorities.create', { commonName: 'CA' })).toMatchObject({ ok: false, error: { code: 'empty' } });
    await server.call('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE });
    expect(await server.call('authorities.create', { commonName: 'CA', key: 'rsa-2048' })).toMatchObject({ number: 1, scepKey: 'combined' });
    expect((await server.call('endpoints.list')).items).toMatchObject([{ path: '/scep', profileId: 'device', authorization: 'challenge-or-hold', compatibility: 'standard', url: server.scepUrl }]);
  });

  it('with a passphrase initialises the vault, and keeps the folder to its user', async () => {
    const server = await start();
    expect(await server.call('status.get')).toMatchObject({ state: 'ready' });
    expect(await server.call('vault.status')).toMatchObject({ kind: 'passphrase', auditKeyFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
    if (process.platform !== 'win32') {
      expect((statSync(server.dataDir).mode & 0o777).toString(8)).toBe('700');
      for (const file of ['admin.json', 'countersign.db']) expect((statSync(join(server.dataDir, file)).mode & 0o777).toString(8)).toBe('600');
    }
  });

  it('does not make a vault from a passphrase alone', async () => {
    const server = await start({ args: [] });
    expect(await server.call('status.get')).toMatchObject({ state: 'empty' });
  });

  it('takes the passphrase from a file, without the line end of the editor', async () => {
    const file = join(folder, 'passphrase');
    writeFileSync(file, `${SERVER_PASSPHRASE}\n`);
    await (await start({ args: ['--vault', 'passphrase', '--passphrase-file', file], env: {} })).stop();
    expect(await (await start()).call('status.get')).toMatchObject({ state: 'ready' });
    const unreadable = await runCommand(['serve', '--data', join(folder, 'other'), '--vault', 'passphrase', '--passphrase-file', join(folder, 'none')]);
    expect([unreadable.code, unreadable.err]).toEqual([1, expect.stringContaining('passphrase-file-unreadable')]);
  });

  it('refuses a passphrase that is too short, and leaves no vault behind', async () => {
    expect(await refusal({ env: { COUNTERSIGN_PASSPHRASE: 'short' } })).toMatchObject({ code: 1, said: 'passphrase-too-short' });
    expect(await (await start({ args: [], env: {} })).call('status.get')).toMatchObject({ state: 'empty' });
  });
});

describe('a later start', () => {
  it('opens with the right passphrase, stays locked without, and exits 1 with a wrong one', async () => {
    const first = await start();
    const made = await first.call('authorities.create', { commonName: 'CA', key: 'rsa-2048' });
    await first.stop();
    expect(await refusal({ env: { COUNTERSIGN_PASSPHRASE: 'a wrong passphrase' } })).toMatchObject({ code: 1, said: 'wrong-passphrase' });
    const locked = await start({ env: {} });
    expect(await locked.call('status.get')).toMatchObject({ state: 'locked', counts: { authorities: 1 } });
    expect((await fetch(`${locked.scepUrl}?operation=GetCACert`)).status).toBe(200);
    expect(await locked.ask('challenges.create')).toMatchObject({ error: { code: 'locked' } });
    await locked.stop();
    const open = await start({ args: [] });
    expect(await open.call('authorities.get', { id: made.id })).toMatchObject({ certificatePem: made.certificatePem });
    expect(await open.call('audit.verify')).toMatchObject({ ok: true });
    const { items } = await open.call('audit.list', { query: 'vault.unlock' });
    expect(items.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual(['ok done', 'refused wrong-passphrase']);
  });

  it('says which vault the folder has when told of another', async () => {
    await (await start()).stop();
    expect(await refusal({ args: ['--vault', 'keychain'] })).toMatchObject({ code: 1, said: 'other-vault' });
  });

  it('is refused while another server has the folder, in one sentence', async () => {
    const server = await start();
    const second = await runCommand(['serve', '--data', server.dataDir, '--json', '--scep-port', '0', '--admin-port', '0'], { env: { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE } });
    expect([second.code, second.err]).toEqual([1, expect.stringContaining('data-folder-unusable')]);
    expect(second.err).not.toContain('    at ');
    expect(await server.call('status.get')).toMatchObject({ state: 'ready' });
  });

  it('listens again where an admin put it, and says so where it cannot, for devices know the address', async () => {
    const first = await start();
    const configured = await first.call('listener.configure', { host: '127.0.0.1', port: Number(new URL(first.scepUrl).port) + 1 });
    await first.stop();
    const again = await start({ keptAddress: true });
    expect(await again.call('listener.get')).toMatchObject({ port: configured.port, listening: true });
    await again.stop();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(configured.port, '127.0.0.1', resolve));
    const without = await start({ keptAddress: true });
    taken.close();
    expect(await without.call('status.get')).toMatchObject({ scepUrl: null, notices: expect.arrayContaining([expect.objectContaining({ code: 'listener-problem', severity: 'danger' })]) });
  });
});

describe('ports', () => {
  it('are an error in one sentence when they were asked for and are taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { readonly port: number }).port)));
    expect(await refusal({ args: ['--vault', 'passphrase', '--scep-port', String(port)] })).toMatchObject({ code: 1, said: 'listener-unavailable', err: expect.stringContaining(String(port)) });
    expect(await refusal({ args: ['--vault', 'passphrase', '--admin-port', String(port)] })).toMatchObject({ code: 1, said: 'admin-port-taken' });
    taken.close();
  });

  it('of the defaults give way, and it is said', async () => {
    const holders = [8080, 8081].map((port) => {
      const holder = createServer();
      holder.on('error', () => undefined);
      return new Promise<typeof holder>((resolve) => holder.once('error', () => resolve(holder)).listen(port, '127.0.0.1', () => resolve(holder)));
    });
    const held = await Promise.all(holders);
    const said = await new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [new URL('../../src/main/headless.ts', import.meta.url).pathname, 'serve', '--data', join(folder, 'plain')], { env: { ...process.env, COUNTERSIGN_PASSPHRASE: undefined } });
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        if (out.includes('Next')) child.kill('SIGTERM');
      });
      child.once('close', () => resolve(out));
    });
    for (const holder of held) holder.close();
    expect(said).toContain('Port 8080 is taken');
    expect(said).toContain('Port 8081 is taken');
    expect(said).toMatch(/Devices enrol at {3}http:\/\/127\.0\.0\.1:\d+\/scep/);
    expect(said).toMatch(/#token=[A-Za-z0-9_-]{43}/);
    expect(said).toContain('npx countersign call vault.initialize');
  });
});

describe('the end', () => {
  it('comes within five seconds of SIGTERM, with exit code 0 and no token left behind', async () => {
    const server = await start();
    // A window that watches must not hold the server up.
    const watching = fetch(`${server.adminOrigin}/api/events`, { headers: { Authorization: `Bearer ${server.token}` } }).then((response) => response.text());
    await server.call('status.get');
    const before = performance.now();
    const { code } = await server.stop();
    running = undefined;
    expect(code).toBe(0);
    expect(performance.now() - before).toBeLessThan(5_000);
    await watching.catch(() => undefined);
    expect(existsSync(join(server.dataDir, 'admin.json'))).toBe(false);
    expect(await runCommand(['audit', 'verify', '--data', server.dataDir])).toMatchObject({ code: 0 });
  });

  it('by SIGKILL leaves a folder that starts again', async () => {
    const server = await start();
    await server.call('authorities.create', { commonName: 'CA', key: 'rsa-2048' });
    await server.kill();
    const again = await start();
    expect(await again.call('status.get')).toMatchObject({ state: 'ready', counts: { authorities: 1 } });
    expect(await again.call('audit.verify')).toMatchObject({ ok: true });
  });
});

it('keeps the passphrase out of its output, its arguments and what its workers inherit', async () => {
  const server = await start();
  await server.ask('vault.unlock', { passphrase: 'a wrong passphrase' });
  if (process.platform === 'linux') {
    const { stdout } = spawnSync('cat', [`/proc/${server.pid}/cmdline`], { encoding: 'utf8' });
    expect(stdout).not.toContain(SERVER_PASSPHRASE);
  }
  const { out, err } = await server.stop();
  running = undefined;
  for (const secret of [SERVER_PASSPHRASE, 'a wrong passphrase', server.token]) expect(out + err).not.toContain(secret);
  const database = readFileSync(join(server.dataDir, 'countersign.db'));
  expect(database.includes(SERVER_PASSPHRASE)).toBe(false);
});
