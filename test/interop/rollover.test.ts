/**
 * A rollover walked at the command line, with twenty enrolled devices of which five fetch the next CA and three renew under it; each step is taken back
 * once, and the activation comes at its date on a server whose clock is moved. OpenSSL is the second opinion on every certificate, list and answer.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { Output } from '../../src/preload/contract/contract.ts';
import { type TestKey, pkcsReq, renewalReq, rsaKey } from '../support/forge.ts';
import { verify, writeCertificate } from '../support/interopOpenssl.ts';
import { type ProgramAnswer, mustRun, runProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { type ScepClient, createScepClient } from '../support/scepClient.ts';
import { SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

const { describe, it } = needs('openssl');

const DAY = 86_400_000;
const CLOCK = new URL('../support/shiftedClock.mjs', import.meta.url).href;
const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

let server: TestServer | undefined;
let folder: string | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

interface Device {
  readonly name: string;
  readonly key: TestKey;
  readonly address: string;
  certificate: Uint8Array;
}

for (const mode of ['combined', 'split'] as const) {
  describe(`a rollover with ${mode} keys`, () => {
    it('is walked by command line with 20 devices, every step undone once', () => walk(mode), 240_000);
  });
}

async function walk(mode: 'combined' | 'split'): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'countersign-rollover-'));
  const at = (name: string): string => join(folder ?? '', name);
  const start = async (shift: number): Promise<TestServer> =>
    (server = await startServer({ dataDir: at('data'), env: { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE, ...(shift === 0 ? {} : { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_SHIFT: String(shift) }) } }));
  let running = await start(0);
  const authority = await running.call('authorities.create', { commonName: 'Office CA', organization: 'Test', years: 10, ...(mode === 'split' ? { key: 'p256', scepKey: 'split' } : { key: 'rsa-2048', scepKey: 'combined' }) });
  const client = (address: string): ScepClient => createScepClient(running.scepUrl, { address });
  const rollover = async (...words: readonly string[]): Promise<Output<'rollover.status'>> => {
    const done = await running.run(['rollover', ...words, '--json']);
    if (done.code !== 0) throw new Error(`rollover ${words.join(' ')}: ${done.err}`);
    return JSON.parse(done.out) as Output<'rollover.status'>;
  };
  const stateOf = (status: Output<'rollover.status'>): string => status.generations.map(({ number, state }) => `${number} ${state}`).join(', ');

  // Twenty devices, each at an address of its own.
  const [first = new Uint8Array()] = await client('127.0.0.1').caCertificates();
  const devices: Device[] = [];
  for (let n = 0; n < 20; n++) {
    const { password } = await running.call('challenges.create', {});
    const device = { name: `CN=device ${n},O=Test`, key: rsaKey(n), address: `127.0.0.${20 + n}` };
    const reply = await client(device.address).ask(pkcsReq({ key: device.key, recipient: first, subject: device.name, challenge: password }));
    devices.push({ ...device, certificate: reply.certificates[0] ?? new Uint8Array() });
  }
  const oldCa = writeCertificate(at('old.pem'), authority.certificatePem ?? '');
  const verifies = async (caFile: string, certificate: Uint8Array, when?: number): Promise<void> => {
    const answer = await verify(caFile, writeCertificate(at('leaf.pem'), certificate), ...(when === undefined ? [] : ['-attime', String(Math.floor(when / 1000))]));
    expect(answer.stderr + answer.stdout.toString()).toContain(': OK');
  };
  for (const { certificate } of devices) await verifies(oldCa, certificate);

  // Stage, and back; publish, and back.
  const activateAt = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 40 * DAY;
  expect(stateOf(await rollover('stage', '--activate-at', iso(activateAt)))).toBe('1 current, 2 next');
  expect(stateOf(await rollover('withdraw'))).toBe('1 current');
  // The number of what was withdrawn is not given again.
  expect(stateOf(await rollover('stage', '--activate-at', iso(activateAt)))).toBe('1 current, 3 next');
  expect(await client('127.0.0.1').capabilities()).not.toContain('GetNextCACert');
  expect((await rollover('publish')).stage).toBe('published');
  expect(await client('127.0.0.1').capabilities()).toContain('GetNextCACert');
  expect((await rollover('withdraw')).stage).toBe('staged');
  expect(await client('127.0.0.1').capabilities()).not.toContain('GetNextCACert');
  const published = await rollover('publish');
  const next = published.generations.find(({ state }) => state === 'next');
  const newCa = writeCertificate(at('new.pem'), next?.certificatePem ?? '');
  const recipient = Buffer.from((next?.scepCertificatePem ?? next?.certificatePem ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64');

  // A client that speaks GetNextCACert verifies the answer by the current CA, and finds the next one within and beside the signatures.
  const answer = await fetchNext(running.scepUrl, devices[0]?.address ?? '');
  expect(answer.contentType).toBe('application/x-x509-next-ca-cert');
  writeFileSync(at('next.der'), answer.bytes);
  // In split mode neither signer is there to sign mail, which is what openssl takes for granted.
  const purpose = mode === 'split' ? ['-purpose', 'any'] : [];
  await mustRun('openssl', ['cms', '-verify', '-inform', 'DER', '-in', at('next.der'), '-CAfile', oldCa, ...purpose, '-certsout', at('outer.pem'), '-signer', at('signers.pem'), '-out', at('inner.p7')]);
  const inner = (await mustRun('openssl', ['pkcs7', '-inform', 'DER', '-in', at('inner.p7'), '-print_certs'])).toString();
  const body = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');
  const pems = (text: string): readonly string[] => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.map(body) ?? [];
  const expected = [...(typeof next?.scepCertificatePem === 'string' ? [next.scepCertificatePem] : []), next?.certificatePem ?? ''].map(body);
  expect(pems(inner)).toEqual(expected);
  expect(pems(readFileSync(at('outer.pem'), 'utf8'))).toEqual(expect.arrayContaining([...expected, body(authority.certificatePem ?? '')]));
  expect(pems(readFileSync(at('signers.pem'), 'utf8'))).toHaveLength(mode === 'split' ? 2 : 1);
  const tampered = Buffer.from(answer.bytes);
  tampered[tampered.indexOf(Buffer.from('Office CA')) + 1] = 0x58;
  writeFileSync(at('tampered.der'), tampered);
  expect((await runProgram('openssl', ['cms', '-verify', '-inform', 'DER', '-in', at('tampered.der'), '-CAfile', oldCa, ...purpose, '-out', at('never')])).code).not.toBe(0);

  // Five in all fetch it, three of them renew under it.
  for (const { address } of devices.slice(1, 5)) await fetchNext(running.scepUrl, address);
  const renew = async (device: Device, to: Uint8Array, key: TestKey): Promise<Uint8Array> => {
    const sent = renewalReq({ key: device.key, signerCertificate: device.certificate, subject: device.name, recipient: to, csr: { key, subject: device.name }, transactionId: `renewal of ${device.name}` });
    const reply = await client(device.address).ask(sent, { signerCertificate: to });
    if (reply.certificates[0] === undefined) throw new Error(reply.failInfoText ?? reply.pkiStatus);
    return reply.certificates[0];
  };
  const shadows: Uint8Array[] = [];
  for (const [n, device] of devices.slice(0, 3).entries()) shadows.push(await renew(device, recipient, rsaKey(100 + n)));
  for (const shadow of shadows) {
    await verifies(newCa, shadow, activateAt + DAY);
    const early = await verify(newCa, writeCertificate(at('leaf.pem'), shadow));
    expect(early.stderr + early.stdout.toString()).toContain('certificate is not yet valid');
  }
  await settled(async () => (await rollover('status')).adoption?.fetched === 2);
  const { adoption, devices: following } = await rollover('status');
  expect(adoption).toMatchObject({ generation: 3, total: 20, knowing: 5, renewed: 3, fetched: 2, silent: 15 });
  expect(adoption?.text).toMatch(/^5 of 20 devices know the new CA; 15 do not: /);
  expect(following.filter(({ fetchedAt }) => fetchedAt !== undefined)).toHaveLength(5);
  expect(following.filter(({ renewedAt }) => renewedAt !== undefined)).toHaveLength(3);
  expect((await running.run(['rollover', 'status'])).out).toMatch(/5 of 20 devices know the new CA[^]*device 7[^]*Possible now: publish, withdraw, activate\./);

  // By hand, and back: nothing was issued since, and the date stands.
  expect(stateOf(await rollover('activate'))).toBe('1 previous, 3 current');
  const undone = await rollover('undo');
  expect(stateOf(undone)).toBe('1 current, 3 next');
  expect(undone.stage).toBe('published');
  await verifies(oldCa, await renew(devices[10] as Device, first, rsaKey(110)));

  // At its date, by itself.
  await running.stop();
  const shift = activateAt - Date.now() + 3_600_000;
  running = await start(shift);
  await settled(async () => (await rollover('status')).stage === 'overlap');
  expect(stateOf(await rollover('status'))).toBe('1 previous, 3 current');
  const now = Date.now() + shift;
  expect(Buffer.compare((await client('127.0.0.1').caCertificates())[0] ?? Buffer.alloc(0), recipient)).toBe(0);
  // Addressed to the former key or to the new one, with the former certificate: issued by the new CA.
  await verifies(newCa, await renew(devices[11] as Device, first, rsaKey(111)), now);
  await verifies(newCa, await renew(devices[12] as Device, recipient, rsaKey(112)), now);
  for (const shadow of shadows) await verifies(newCa, shadow, now);
  await verifies(oldCa, (devices[15] as Device).certificate, now);
  const refused = await running.run(['rollover', 'undo']);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.err)).toMatchObject({ code: 'certificates-issued' });

  // One certificate of each generation is revoked; each list verifies with its own CA, and names its own.
  const revoke = async (name: string): Promise<string> => {
    const { items } = await running.call('certificates.list', { query: name, limit: 10 });
    const record = items.find(({ subject }) => subject.includes(name));
    if (record === undefined) throw new Error(`no certificate of ${name}`);
    await running.call('certificates.revoke', { id: record.id, reason: 'keyCompromise' });
    return record.serial;
  };
  const serials: Readonly<Record<number, string>> = { 1: await revoke('device 15'), 3: await revoke('device 12') };
  const base = new URL(running.scepUrl).origin;
  for (const [n, caFile] of [[1, oldCa], [3, newCa]] as const) {
    writeFileSync(at('list.crl'), Buffer.from(await (await fetch(`${base}/crl/1/${n}.crl`)).arrayBuffer()));
    const shown = await runProgram('openssl', ['crl', '-inform', 'DER', '-in', at('list.crl'), '-CAfile', caFile, '-noout', '-text', '-verify']);
    expect(said(shown)).toContain('verify OK');
    expect(said(shown)).toContain(serials[n]);
    expect(said(shown)).not.toContain(serials[4 - n]);
    const file = Buffer.from(await (await fetch(`${base}/ca/1/${n}.cer`)).arrayBuffer());
    expect(file.toString('base64')).toBe(body(readFileSync(caFile, 'utf8')));
  }
  expect(Buffer.from(await (await fetch(`${base}/ca/1.cer`)).arrayBuffer()).toString('base64')).toBe(body(readFileSync(newCa, 'utf8')));

  // Retired, and back, and retired.
  expect(stateOf(await rollover('retire'))).toBe('1 retired, 3 current');
  expect(stateOf(await rollover('undo'))).toBe('1 previous, 3 current');
  expect(stateOf(await rollover('retire'))).toBe('1 retired, 3 current');
  await verifies(newCa, await renew(devices[13] as Device, first, rsaKey(113)), now);

  // The links lead from either trust store to the other CA's certificates.
  expect((await running.run(['rollover', 'links', '--out', folder])).code).toBe(1);
  await rollover('undo');
  const links = await running.run(['rollover', 'links', '--out', folder]);
  expect(links).toMatchObject({ code: 0 });
  const time = ['-attime', String(Math.floor(now / 1000))];
  expect(said(await runProgram('openssl', ['verify', '-CAfile', oldCa, '-untrusted', at('Office-CA-new-with-old.pem'), ...time, writeCertificate(at('leaf.pem'), shadows[0] ?? '')]))).toContain(': OK');
  expect(said(await runProgram('openssl', ['verify', '-CAfile', newCa, '-untrusted', at('Office-CA-old-with-new.pem'), ...time, writeCertificate(at('leaf.pem'), devices[16]?.certificate ?? '')]))).toContain(': OK');
  expect(await running.call('audit.verify')).toMatchObject({ ok: true });
}

const said = (answer: ProgramAnswer): string => answer.stdout.toString() + answer.stderr;

/** From one of this machine's own addresses, as a device would ask. */
async function fetchNext(url: string, address: string): Promise<{ readonly contentType: string | null; readonly bytes: Uint8Array }> {
  const answer = await createScepClient(url, { address }).query('GetNextCACert');
  if (answer.status !== 200) throw new Error(`GetNextCACert: HTTP ${answer.status}`);
  return answer;
}

/** Who was seen is written a moment later, and housekeeping comes after the start. */
async function settled(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not come to pass');
}
