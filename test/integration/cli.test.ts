/** The command line against a real server, as a person and as a script use it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMinutes } from '../../src/main/hosts/headless/commands.ts';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { createScepClient } from '../support/scepClient.ts';
import { type Finished, type TestServer, runCommand, startServer } from '../support/server.ts';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
  server = await startServer();
  await server.call('authorities.create', { commonName: 'CLI CA', key: 'rsa-2048' });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const errorOf = ({ err }: Finished): { readonly code: string; readonly message: string } => JSON.parse(err) as { readonly code: string; readonly message: string };

/** Leaves a request in the queue and gives its id. */
async function wait(nth: number): Promise<string> {
  const client = createScepClient(server.scepUrl);
  const [recipient] = await client.caCertificates();
  const reply = await client.ask(pkcsReq({ recipient: recipient!, key: rsaKey(nth), subject: `O=Test, CN=device-${nth}` }));
  expect(reply.pkiStatus).toBe('PENDING');
  return (await server.call('requests.list', { state: 'pending', query: `device-${nth}` })).items[0]!.id;
}

describe('exit codes', () => {
  it('0 and JSON on standard output when it is done', async () => {
    const done = await server.run(['call', 'status.get']);
    expect([done.code, done.err]).toEqual([0, '']);
    expect(JSON.parse(done.out)).toMatchObject({ state: 'ready' });
  });

  it('1 and the error as JSON on standard error when it is refused', async () => {
    const refused = await server.run(['call', 'requests.get', '{"id":"none"}']);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(errorOf(refused)).toMatchObject({ code: 'not-found' });
  });

  it('2 for a wrong command, flag or input', async () => {
    const wrong = [['dance'], ['call'], ['call', 'status.get', '{'], ['call', 'status.get', '{}', 'more'], ['approve'], ['requests', '--all'], ['challenge', '--expires', 'soon'], ['audit', 'repair'], ['inspect'], ['serve', '--scep-port', 'x'], []];
    for (const words of wrong) expect([words, (await runCommand(words)).code]).toEqual([words, 2]);
  });

  it('3 when no server runs', async () => {
    const nobody = await runCommand(['call', 'status.get', '--data', join(folder, 'nowhere')]);
    expect([nobody.code, errorOf(nobody).code]).toEqual([3, 'no-server']);
    // A server that was killed leaves its address behind.
    writeFileSync(join(folder, 'admin.json'), JSON.stringify({ url: 'http://127.0.0.1:1', token: 'x'.repeat(43), pid: 1 }));
    expect(await runCommand(['requests', '--data', folder])).toMatchObject({ code: 3 });
  });

  it('--help and --version are done', async () => {
    const help = await runCommand(['--help']);
    expect([help.code, help.out]).toEqual([0, expect.stringContaining('countersign serve')]);
    expect((await runCommand(['approve', '--help'])).code).toBe(0);
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('commands', () => {
  it('call reads its input from standard input', async () => {
    const done = await server.run(['call', 'audit.list', '-'], { input: '{"limit":1}\n' });
    expect((JSON.parse(done.out) as { readonly items: readonly unknown[] }).items).toHaveLength(1);
  });

  it('requests shows what waits, approve takes a fingerprint and only the right one', async () => {
    const id = await wait(1);
    const listed = await server.run(['requests']);
    expect(listed.out).toContain(id);
    expect(listed.out).toContain('O=Test, CN=device-1');
    const [request] = (await server.call('requests.list', { state: 'pending' })).items;
    const wrong = await server.run(['approve', id, '--fingerprint', '00'.repeat(32)]);
    expect([wrong.code, errorOf(wrong).code]).toEqual([1, 'fingerprint-differs']);
    const printed = request!.fingerprints.sha256.toUpperCase().match(/../g)!.join(':');
    expect(await server.run(['approve', id, '--fingerprint', printed])).toMatchObject({ code: 0, out: 'O=Test, CN=device-1 is issued.\n' });
    expect(errorOf(await server.run(['approve', id]))).toMatchObject({ code: 'wrong-state' });
    const { items } = await server.call('audit.list', { query: 'request.approve' });
    expect(items).toMatchObject([{ actor: 'admin:command-line', detail: { matched: true } }]);
  });

  it('refuse keeps the reason', async () => {
    const id = await wait(2);
    expect(await server.run(['refuse', id, '--reason', 'not one of ours'])).toMatchObject({ code: 0, out: 'O=Test, CN=device-2 is refused.\n' });
    expect(await server.call('requests.get', { id })).toMatchObject({ state: 'refused', refusal: { reason: 'not one of ours' } });
    expect((await server.run(['requests'])).out).toBe('No such request.\n');
    expect((await server.run(['requests', '--state', 'refused'])).out).toContain(id);
  });

  it('challenge prints a password that enrols a device', async () => {
    const { out } = await server.run(['challenge', '--device', 'router-7', '--expires', '2h', '--uses', '1']);
    const client = createScepClient(server.scepUrl);
    const [recipient] = await client.caCertificates();
    const reply = await client.ask(pkcsReq({ recipient: recipient!, key: rsaKey(3), subject: 'CN=router-7', challenge: out.trim() }));
    expect(reply.pkiStatus).toBe('SUCCESS');
    expect(await server.call('challenges.list', { query: 'router-7' })).toMatchObject({ items: [{ state: 'spent' }] });
    expect(errorOf(await server.run(['challenge', '--endpoint', '/scep/none']))).toMatchObject({ code: 'not-found' });
    expect(errorOf(await server.run(['challenge', '--uses', 'many']))).toMatchObject({ code: 'invalid-input' });
  });

  it('open prints an address that opens a session', async () => {
    const { out } = await server.run(['open']);
    const address = new URL(out.trim());
    expect(address.origin).toBe(server.adminOrigin);
    const response = await fetch(`${address.origin}/api/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: address.hash.replace('#token=', '') }) });
    expect(response.status).toBe(200);
  });

  it('audit verify asks the running server, and checks an exported file by itself', async () => {
    const { auditKeyFingerprint } = await server.call('vault.status');
    expect(await server.run(['audit', 'verify', '--key', auditKeyFingerprint!])).toMatchObject({ code: 0, out: expect.stringContaining('holds') });
    expect(await server.run(['audit', 'verify', '--key', 'ab'.repeat(32)])).toMatchObject({ code: 1, out: expect.stringContaining('another key') });
    const file = join(folder, 'audit.ndjson');
    const { text } = await server.call('audit.export');
    writeFileSync(file, text);
    expect(await runCommand(['audit', 'verify', file, '--key', auditKeyFingerprint!])).toMatchObject({ code: 0 });
    writeFileSync(file, text.replace('CLI CA', 'CLI CB'));
    const tampered = await runCommand(['audit', 'verify', file, '--json']);
    expect([tampered.code, JSON.parse(tampered.out)]).toEqual([1, expect.objectContaining({ ok: false, firstBad: expect.objectContaining({ seq: expect.any(Number) }) })]);
    expect(errorOf(await runCommand(['audit', 'verify', join(folder, 'none')]))).toMatchObject({ code: 'unreadable-log' });
  });

  it('inspect explains a capture, with a key the CSR too, and never shows the challenge', async () => {
    const vector = (name: string) => new URL(`../vectors/${name}`, import.meta.url).pathname;
    const closed = await runCommand(['inspect', vector('strongswan6-pkcsreq-get.http')]);
    expect([closed.code, closed.out]).toEqual([0, expect.stringContaining('19 PKCSReq')]);
    expect(closed.out).not.toContain('CSR subject');
    const opened = await runCommand(['inspect', vector('strongswan6-pkcsreq-get.http'), '--key', vector('ca.key')]);
    expect(opened.out).toContain('CSR subject');
    expect(opened.out).toMatch(/challengePassword: (none|present)/);
    expect(await runCommand(['inspect', vector('README.md')])).toMatchObject({ code: 1 });
    const noKey = await runCommand(['inspect', vector('strongswan6-pkcsreq-get.http'), '--key', vector('ca.crt')]);
    expect([noKey.code, errorOf(noKey).message]).toEqual([1, expect.stringContaining('no unencrypted RSA private key')]);
  });

  it('doctor finds a healthy server well, and a folder that is open to others not', async () => {
    const well = await server.run(['doctor']);
    expect([well.code, well.out]).toEqual([0, expect.stringMatching(/ok {4}audit chain: holds/)]);
    expect(well.out).toContain('ok    cryptography');
    const other = mkdtempSync(join(tmpdir(), 'countersign-open-'));
    chmodSync(other, 0o755);
    const ill = await runCommand(['doctor', '--data', other]);
    rmSync(other, { recursive: true });
    if (process.platform !== 'win32') expect([ill.code, ill.out]).toEqual([1, expect.stringContaining('chmod 700')]);
  });
});

it('durations are a number and m, h or d', () => {
  expect(['90m', '24h', '7d', '0h', '24', 'h', '1.5h', '-1d'].map(readMinutes)).toEqual([90, 1440, 10_080, undefined, undefined, undefined, undefined, undefined]);
});

it('the standing token is not in the help, the database or the log', async () => {
  const { err } = await server.run(['call', 'status.get']);
  expect(err).not.toContain(server.token);
  expect(readFileSync(join(server.dataDir, 'countersign.db')).includes(server.token)).toBe(false);
});
