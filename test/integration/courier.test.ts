/**
 * The courier walk on two real servers with two data folders, driven by the command line over a stick: the listener's folder never holds the CA key,
 * which is known here and looked for byte by byte; devices poll and hear what the other machine decided; bad files are refused and good ones complete.
 */
import { createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as der from '../../src/main/core/pki/der.ts';
import type { Output } from '../../src/preload/contract/contract.ts';
import { certificate, extension, keyIdOf } from '../support/certificates.ts';
import { openCourierPair } from '../support/courierPair.ts';
import { type SentMessage, certPoll, pkcsReq, renewalReq, rsaKey, serialOf } from '../support/forge.ts';
import { PRIVATE_KEY_MARKS, findFactors, findNeedles, needlesOfBytes, readFolder } from '../support/interopSearch.ts';
import { certId, ocspRequest, readOcspResponse } from '../support/ocsp.ts';
import { needs } from '../support/optional.ts';
import { opensslWithFiles, pem } from '../support/oracle.ts';
import { type ScepClient, createScepClient } from '../support/scepClient.ts';
import { type Finished, type TestServer, startServer } from '../support/server.ts';

const caKey = rsaKey(77);
const caCertificate = certificate({
  subject: 'CN=Vault CA, O=Test',
  key: caKey,
  notAfter: Date.now() + 3650 * 86_400_000,
  extensions: [
    extension('2.5.29.19', der.writeSequence(der.writeTrue()), true),
    // keyCertSign, cRLSign: a key that opens no envelopes.
    extension('2.5.29.15', der.writeBitString(Uint8Array.of(0x06), 1), true),
    extension('2.5.29.14', der.writeOctetString(keyIdOf(caKey))),
  ],
});

const place = mkdtempSync(join(tmpdir(), 'courier-'));
const stick = join(place, 'stick');
const folders = { signer: join(place, 'signer'), listener: join(place, 'listener') };
/** Of either server while it takes a file in; more for a long campaign. */
const KILLS = Number(process.env['COURIER_KILLS'] ?? 4);

let signer: TestServer;
let listener: TestServer;
let client: ScepClient;
let recipient: Uint8Array;
const sent = new Map<string, SentMessage>();

afterAll(async () => {
  await Promise.all([signer?.stop(), listener?.stop()]);
  rmSync(place, { recursive: true, force: true });
});

const good = async (finished: Promise<Finished>): Promise<string> => {
  const { code, out, err } = await finished;
  if (code !== 0) throw new Error(`exit ${code}: ${err}`);
  return out.trim();
};
const refused = async (finished: Promise<Finished>): Promise<string> => {
  const { code, err } = await finished;
  expect(code).toBe(1);
  const said = JSON.parse(err) as { readonly code: string; readonly message: string; readonly hint?: string };
  expect(said.message.length).toBeGreaterThan(20);
  return said.code;
};
const courier = (server: TestServer, ...words: readonly string[]): Promise<Finished> => server.run(['courier', ...words]);
const fingerprintOf = async (server: TestServer): Promise<string> => (await server.call('courier.status')).links[0]!.own.fingerprint;
const newest = (what: string): string => {
  const numberOf = (name: string): number => Number(/-(\d+)\.courier$/.exec(name)?.[1] ?? 0);
  return join(stick, readdirSync(stick).filter((name) => name.includes(`-${what}-`)).sort((a, b) => numberOf(a) - numberOf(b)).at(-1)!);
};
const carryOut = async (...flags: readonly string[]) => {
  await good(courier(listener, 'export', '--out', stick));
  return JSON.parse(await good(courier(signer, 'import', newest('requests'), '--json', ...flags))) as Output<'courier.importRequests'>;
};
const carryBack = async () => {
  await good(courier(signer, 'export', '--out', stick));
  return JSON.parse(await good(courier(listener, 'import', newest('certificates'), '--json'))) as Output<'courier.importCertificates'>;
};
const poll = async (name: string) => client.ask(certPoll(sent.get(name)!, { recipient }));
const served = async (path: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(new URL(path, listener.scepUrl))).arrayBuffer());
const ocspStatus = async (serial: string): Promise<string> => {
  const response = await fetch(new URL('/ocsp', listener.scepUrl), { method: 'POST', headers: { 'Content-Type': 'application/ocsp-request' }, body: Buffer.from(ocspRequest([certId(caCertificate, serial)])) });
  const { status, answers } = readOcspResponse(new Uint8Array(await response.arrayBuffer()));
  return answers[0]?.status ?? status;
};
const start = (dataDir: string): Promise<TestServer> => startServer({ dataDir });

beforeAll(async () => {
  for (const folder of [stick, folders.signer, folders.listener]) mkdirSync(folder, { mode: 0o700 });
  [signer, listener] = await Promise.all([start(folders.signer), start(folders.listener)]);
  const keyFile = Buffer.from(`${caKey.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}${pem('CERTIFICATE', caCertificate)}`).toString('base64');
  expect(await signer.call('authorities.import', { files: [keyFile] })).toMatchObject({ scepKey: 'split' });
  await signer.call('settings.update', { crlDays: 30 });
});

// Each command is a process of its own.
describe('the courier walk', { timeout: 180_000 }, () => {
  it('pairs two machines by two files and two fingerprints', async () => {
    const invitation = await good(courier(signer, 'pair', '--authority', 'Vault CA', '--name', 'Safe', '--out', stick));
    expect(await good(courier(listener, 'pair', invitation))).toContain((await fingerprintOf(signer)).slice(0, 4));
    expect(await refused(courier(listener, 'pair', invitation, '--fingerprint', 'ab'.repeat(32), '--name', 'Front desk'))).toBe('courier-fingerprint-differs');
    const acceptance = await good(courier(listener, 'pair', invitation, '--fingerprint', await fingerprintOf(signer), '--name', 'Front desk', '--out', stick));
    await good(courier(signer, 'pair', acceptance, '--fingerprint', await fingerprintOf(listener)));
    expect(await carryBack()).toMatchObject({ certificates: 2, crls: [{ generation: 1 }], findings: [] });
    expect((await listener.call('courier.status')).links[0]).toMatchObject({ role: 'listener', state: 'paired', authority: 'Vault CA', peer: { name: 'Safe' } });
    client = createScepClient(listener.scepUrl);
    const [first, second] = await client.caCertificates();
    recipient = first!;
    expect(Buffer.from(second!).equals(Buffer.from(caCertificate))).toBe(true);
    const health = (await (await fetch(new URL('/api/v1/scep/health', listener.scepUrl))).json()) as { readonly status: string };
    expect(health.status).toBe('healthy');
  });

  it('carries ten requests out: three that a challenge granted, seven that are held', async () => {
    for (let i = 0; i < 10; i++) {
      const name = `device-${i}`;
      const challenge = i < 3 ? { challenge: (await listener.call('challenges.create', { label: `bay ${i}` })).password } : {};
      const message = pkcsReq({ key: rsaKey(i), recipient, subject: `CN=${name}, O=Test`, transactionId: name, ...challenge });
      sent.set(name, message);
      expect((await client.ask(message)).pkiStatus).toBe('PENDING');
    }
    expect(JSON.parse(await good(courier(listener, 'export', '--out', stick, '--json')))).toMatchObject({ requests: 10, granted: 3, sequence: 1 });
    const whole = readFileSync(newest('requests'));
    const bad = join(stick, 'bad.courier');
    const giving = async (bytes: Uint8Array): Promise<string> => {
      writeFileSync(bad, bytes);
      return refused(courier(signer, 'import', bad));
    };
    expect(await giving(whole.subarray(0, 2_000))).toBe('courier-truncated');
    expect(await giving(Buffer.from(whole).fill(0, whole.length - 900))).toBe('courier-damaged');
    expect(await giving(Buffer.from('not a courier file'))).toBe('courier-foreign');
    const stranger = await openCourierPair();
    expect(await giving(await stranger.requests())).toBe('courier-foreign');
    await stranger.close();
    expect(await refused(courier(listener, 'import', newest('requests')))).toBe('courier-wrong-direction');
    expect((await signer.call('requests.list', {})).total).toBe(0);
    expect((await signer.call('audit.list', { action: 'courier.import', outcome: 'refused' })).total).toBe(4);
    // The second try completes.
    expect(JSON.parse(await good(courier(signer, 'import', newest('requests'), '--json')))).toMatchObject({ arrived: 10, issued: 0, already: false });
    expect(JSON.parse(await good(courier(signer, 'import', newest('requests'), '--json')))).toMatchObject({ arrived: 0, already: true });
  });

  it('brings seven certificates and two refusals back, one stays undecided; polling devices get the right answers', async () => {
    const { items } = await signer.call('requests.list', { state: 'pending' });
    const of = (nth: number) => items.find(({ subject }) => subject.includes(`device-${nth},`))!;
    expect(of(0).findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['by-courier', 'challenge-there', 'granted-there']));
    await good(signer.run(['approve', of(0).id, '--fingerprint', of(0).fingerprints.sha256]));
    for (const nth of [1, 2, 3, 4, 5, 6]) await signer.call('requests.approve', { id: of(nth).id, version: of(nth).version, spkiSha256: of(nth).spkiSha256 });
    for (const nth of [7, 8]) await signer.call('requests.refuse', { id: of(nth).id, version: of(nth).version, reason: `not ours, number ${nth}` });
    await good(courier(signer, 'export', '--out', stick));
    const whole = readFileSync(newest('certificates'));
    const half = join(stick, 'half.courier');
    writeFileSync(half, whole.subarray(0, whole.length / 2));
    expect(await refused(courier(listener, 'import', half))).toBe('courier-truncated');
    writeFileSync(half, Buffer.from(whole).map((b, i) => (i === 700 ? b ^ 4 : b)));
    expect(await refused(courier(listener, 'import', half))).toBe('courier-damaged');
    expect((await poll('device-0')).pkiStatus).toBe('PENDING');
    const back = JSON.parse(await good(courier(listener, 'import', newest('certificates'), '--json'))) as Output<'courier.importCertificates'>;
    expect(back).toMatchObject({ issued: 7, refused: 2, undecided: 1, findings: [] });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => poll(`device-${i}`)));
    expect(answers.map(({ pkiStatus }) => pkiStatus)).toEqual([...Array<string>(7).fill('SUCCESS'), 'FAILURE', 'FAILURE', 'PENDING']);
    expect(answers[7]?.failInfoText).toContain('not ours, number 7');
    const replayed = join(stick, readdirSync(stick).find((name) => name.includes('certificates-1.'))!);
    expect(await refused(courier(listener, 'import', replayed))).toBe('courier-replayed');
  });

  needs('openssl').it('openssl accepts each certificate with the served chain, and the served CRL', async () => {
    const crl = await served('/crl/1/1.crl');
    const served_ = await client.caCertificates();
    const ca = served_.map((one) => pem('CERTIFICATE', one)).slice(1).join('');
    for (let i = 0; i < 7; i++) {
      const [issued] = (await poll(`device-${i}`)).certificates;
      const files = { leaf: pem('CERTIFICATE', issued!), ca, crl: pem('X509 CRL', crl) };
      expect(opensslWithFiles(['verify', '-x509_strict', '-crl_check', '-CAfile', '@ca', '-CRLfile', '@crl', '@leaf'], files)).toContain('OK');
    }
    expect(opensslWithFiles(['verify', '-CAfile', '@ca', '@leaf'], { leaf: pem('CERTIFICATE', recipient), ca })).toContain('OK');
  });

  it('carries a revocation: the listener’s list and OCSP show it after the next run', async () => {
    const serial = serialOf((await poll('device-1')).certificates[0]!);
    const [there] = (await signer.call('certificates.list', { query: serial })).items;
    await signer.call('certificates.revoke', { id: there!.id, reason: 'keyCompromise' });
    expect(await ocspStatus(serial)).toBe('good');
    await carryOut();
    await carryBack();
    expect(await ocspStatus(serial)).toBe('revoked');
    expect((await listener.call('certificates.get', { id: there!.id })).state).toBe('revoked');
    expect(opensslWithFiles(['crl', '-inform', 'DER', '-in', '@crl', '-noout', '-text'], { crl: await served('/crl/1/1.crl') })).toContain(serial);
  });

  it('renews a device at the listener; the signer lets it through with what was granted', async () => {
    const old = (await poll('device-2')).certificates[0]!;
    const renewal = renewalReq({ key: rsaKey(2), signerCertificate: old, recipient, subject: 'CN=device-2, O=Test', transactionId: 'renewal-2' });
    sent.set('renewal', renewal);
    expect((await client.ask(renewal)).pkiStatus).toBe('PENDING');
    expect(await carryOut('--accept-granted')).toMatchObject({ arrived: 1, issued: 1 });
    expect(await carryBack()).toMatchObject({ issued: 1, undecided: 1 });
    const renewed = await poll('renewal');
    expect(renewed.pkiStatus).toBe('SUCCESS');
    expect(serialOf(renewed.certificates[0]!)).not.toBe(serialOf(old));
  });

  it('loses nothing to a kill while a file is taken in, on either machine: the folder opens, and the same file completes it', { timeout: 180_000 + KILLS * 30_000 }, async () => {
    /** Kills the server somewhere within the call, and starts it on its folder again. */
    const interrupted = async (server: TestServer, dataDir: string, calling: Promise<unknown>): Promise<TestServer> => {
      const done = calling.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      await server.kill();
      await done;
      return start(dataDir);
    };
    for (let round = 0; round < KILLS; round++) {
      const name = `late-${round}`;
      const message = pkcsReq({ key: rsaKey(20 + (round % 4)), recipient, subject: `CN=${name}, O=Test`, transactionId: name });
      sent.set(name, message);
      await client.ask(message);
      const out = (await listener.call('courier.exportRequests')).file.base64;
      if (round % 2 === 1) signer = await interrupted(signer, folders.signer, signer.ask('courier.importRequests', { file: out }));
      await signer.call('courier.importRequests', { file: out });
      const waiting = (await signer.call('requests.list', { state: 'pending', query: `${name},` })).items;
      expect(waiting).toHaveLength(1);
      await signer.call('requests.approve', { id: waiting[0]!.id, version: waiting[0]!.version });
      const back = (await signer.call('courier.exportCertificates')).file.base64;
      if (round % 2 === 0) {
        listener = await interrupted(listener, folders.listener, listener.ask('courier.importCertificates', { file: back }));
        client = createScepClient(listener.scepUrl);
      }
      expect([0, 1]).toContain((await listener.call('courier.importCertificates', { file: back })).issued);
      expect((await poll(name)).pkiStatus).toBe('SUCCESS');
    }
    for (const server of [signer, listener]) expect((await server.call('audit.verify')).ok).toBe(true);
  });

  it('never had the CA key in the listener’s folder: no such row, no such bytes', async () => {
    const jwk = caKey.privateKey.export({ format: 'jwk' });
    const parameters = (['d', 'p', 'q', 'dp', 'dq', 'qi'] as const).flatMap((name) => needlesOfBytes(`the CA key's ${name}`, Buffer.from(String(jwk[name]), 'base64url')));
    const modulus = Buffer.from(String(createPublicKey({ key: Buffer.from(caKey.spki), format: 'der', type: 'spki' }).export({ format: 'jwk' }).n), 'base64url');
    const search = (): readonly string[] => {
      const haystacks = readFolder(folders.listener);
      // What is looked through holds what it should: the CA's certificate lies there.
      expect(findNeedles(haystacks, [['the CA certificate', Buffer.from(caCertificate)]])).not.toEqual([]);
      return [...findNeedles(haystacks, [...parameters, ...PRIVATE_KEY_MARKS]), ...findFactors(haystacks, modulus)];
    };
    expect(search()).toEqual([]);
    await listener.stop();
    expect(search()).toEqual([]);
    const database = new Database(join(folders.listener, 'countersign.db'), { readonly: true });
    const keys = database.prepare<[], { purpose: string; spki: Buffer }>('SELECT purpose, spki FROM key').all();
    database.close();
    expect(keys.map(({ purpose }) => purpose).sort()).toEqual(['audit', 'courier', 'courier', 'ocsp', 'scep', 'secrets', 'secrets']);
    expect(keys.some(({ spki }) => spki.equals(Buffer.from(caKey.spki)))).toBe(false);
    listener = await start(folders.listener);
    const doctor = await listener.run(['doctor']);
    expect(doctor.out + doctor.err).not.toMatch(/authority key|CA key/i);
  });

  it('keeps both logs whole', async () => {
    for (const server of [signer, listener]) expect(await server.call('audit.verify')).toMatchObject({ ok: true });
    expect(await good(courier(listener, 'status'))).toContain('listener (on the network), paired');
  });
});
