/** OCSP over real sockets: methods, paths, HTTP/1.0 without Host, caching, limits, and what hostile peers get. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CertificateRecord } from '../../src/main/core/ca/certificateRecord.ts';
import { pkcsReq } from '../support/forge.ts';
import { certId, ocspRequest, readOcspResponse } from '../support/ocsp.ts';
import { type Office, openOffice } from '../support/office.ts';
import { type RawReply, converse, rawRequest } from '../support/rawHttp.ts';
import { type Stage, stage } from '../support/recordingDoor.ts';
import { startServer } from '../support/server.ts';

async function ask(port: number, line: string, headers: Readonly<Record<string, string>> = {}, body: string | Uint8Array = ''): Promise<RawReply> {
  const { replies } = await converse(port, [rawRequest(line, headers, body)], { replies: 1, bodiless: line.startsWith('HEAD') });
  const [reply] = replies;
  if (reply === undefined) throw new Error(`no reply to ${line.slice(0, 80)}`);
  return reply;
}

const lengthOf = (body: Uint8Array): Record<string, string> => ({ 'Content-Length': String(body.length) });

describe('the listener', () => {
  let open: Stage | undefined;
  afterEach(async () => {
    await open?.listener.close();
    open = undefined;
  });

  it('hands on what came by POST and by GET, whatever its Content-Type', async () => {
    open = await stage();
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect((await ask(open.port, 'POST /ocsp HTTP/1.1', { ...lengthOf(bytes), 'Content-Type': 'text/html' }, bytes)).headers['content-type']).toBe('application/ocsp-response');
    await ask(open.port, `GET /ocsp/${Buffer.from(bytes).toString('base64')} HTTP/1.0`);
    await ask(open.port, `HEAD /ocsp/${encodeURIComponent(Buffer.from(bytes).toString('base64'))} HTTP/1.1`);
    expect(open.door.questions.map(({ request, byGet }) => [Buffer.from(request).equals(bytes), byGet])).toEqual([[true, false], [true, true], [true, true]]);
    expect(open.door.requests).toEqual([]);
  });

  it('refuses other methods, bodies beyond the limit, and more questions a second than one source may ask', async () => {
    open = await stage({}, { maxBodyBytes: 1000, rate: { perMinute: 60, burst: 30 }, readsPerSecond: { perSource: 5, overall: 100 } });
    expect(await ask(open.port, 'PUT /ocsp HTTP/1.1')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } });
    expect((await ask(open.port, 'POST /ocsp HTTP/1.1', lengthOf(new Uint8Array(1001)), new Uint8Array(1001))).status).toBe(413);
    const statuses = await Promise.all(Array.from({ length: 10 }, () => ask(open?.port ?? 0, 'GET /ocsp/MAA= HTTP/1.1')));
    expect(statuses.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(5);
  });

  it('answers as many as there are places, and asks the others to come back', async () => {
    open = await stage({}, { maxMessagesInFlight: 1 });
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const { ocsp } = open.door;
    open.door.ocsp = async (question) => {
      await gate;
      return ocsp(question);
    };
    const first = ask(open.port, 'GET /ocsp/MAA= HTTP/1.1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await ask(open.port, 'GET /ocsp/MAA= HTTP/1.1')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    go();
    expect((await first).status).toBe(200);
  });
});

describe('a server', () => {
  it('finds its signer again after a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ocsp-'));
    try {
      const shown: string[][] = [];
      for (const round of [1, 2]) {
        const server = await startServer({ dataDir });
        try {
          if (round === 1) await server.call('authorities.create', { commonName: 'Office CA', key: 'p256', years: 10, scepKey: 'split' });
          const ca = new Uint8Array(await (await fetch(`${new URL(server.scepUrl).origin}/ca/1.cer`)).arrayBuffer());
          const response = await fetch(`${new URL(server.scepUrl).origin}/ocsp`, { method: 'POST', body: Buffer.from(ocspRequest([certId(ca, '1')])) });
          const { status, certificates } = readOcspResponse(new Uint8Array(await response.arrayBuffer()));
          shown.push([status, ...certificates.map((der) => Buffer.from(der).toString('hex'))]);
        } finally {
          await server.stop();
        }
      }
      expect(shown[0]).toEqual(['successful', expect.any(String)]);
      expect(shown[1]).toEqual(shown[0]);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

describe('the responder', () => {
  let office: Office;
  let port: number;
  let device: CertificateRecord;
  beforeAll(async () => {
    office = await openOffice({ listener: true, store: 'sqlite' });
    port = Number(new URL(office.baseUrl).port);
    await office.ask(pkcsReq({ subject: 'O=Test, CN=device', recipient: office.scepCertificate, challenge: await office.challenge() }));
    const found = (await office.certificates()).find(({ kind }) => kind === 'device');
    if (found === undefined) throw new Error('nothing was issued');
    device = found;
  });
  afterAll(() => office.close());

  const about = (serial: string, digest: 'sha1' | 'sha256' = 'sha1'): Uint8Array => ocspRequest([certId(office.caCertificate, serial, digest)]);
  const path = (request: Uint8Array): string => `/ocsp/${Buffer.from(request).toString('base64')}`;

  it('SCEP.md F5 answers HTTP/1.0 without Host, by GET with bare slashes and by POST', async () => {
    // One of these has two slashes in a row in its base64: a path that is tidied would lose it.
    const nonces = Array.from({ length: 64 }, (_, i) => ocspRequest([certId(office.caCertificate, device.serial)], { nonce: Uint8Array.of(0xff, 0xff, 0xff, 0xff, i) }));
    const slashed = nonces.find((request) => path(request).slice(6).includes('//')) ?? about(device.serial);
    expect(path(slashed).slice(6)).toContain('//');
    for (const reply of [
      await ask(port, `GET ${path(about(device.serial))} HTTP/1.0`),
      await ask(port, `GET ${path(slashed)} HTTP/1.0`),
      await ask(port, `GET /ocsp/${encodeURIComponent(Buffer.from(about(device.serial, 'sha256')).toString('base64'))} HTTP/1.1`),
      await ask(port, 'POST /ocsp HTTP/1.0', lengthOf(about(device.serial)), about(device.serial)),
    ]) {
      expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/ocsp-response', 'content-length': String(reply.body.length) } });
      expect(readOcspResponse(reply.body)).toMatchObject({ status: 'successful', answers: [{ status: 'good', serial: device.serial }] });
    }
  });

  it('RFC 5019 6 an answer by GET can be kept and asked for again: 304', async () => {
    const first = await ask(port, `GET ${path(about(device.serial))} HTTP/1.1`);
    const again = await ask(port, `GET ${path(about(device.serial))} HTTP/1.1`, { 'If-None-Match': first.headers['etag'] ?? '' });
    expect(again).toMatchObject({ status: 304, headers: { etag: first.headers['etag'], 'cache-control': 'max-age=300, public, no-transform, must-revalidate' } });
    const posted = await ask(port, 'POST /ocsp HTTP/1.1', { ...lengthOf(about(device.serial)), 'If-None-Match': first.headers['etag'] ?? '' }, about(device.serial));
    expect(posted).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(posted.headers['etag']).toBeUndefined();
  });

  // Attack: anybody on the network sends what no client would. Impact: a crash, a hang, a "good" that nobody decided. Defence: each is malformed, and nothing is issued for it.
  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('GET / HTTP/1.1')],
    ['a megabyte of sequences', new Uint8Array(1_000_000).fill(0x30)],
    ['a thousand questions', ocspRequest(Array.from({ length: 1000 }, () => Uint8Array.of(0x30, 0)))],
    ['indefinite lengths to the end', new Uint8Array(60_000).map((_, i) => (i % 2 === 0 ? 0x30 : 0x80))],
  ])('SECURITY calls %s malformed', async (_, body) => {
    const before = (await office.certificates()).length;
    const reply = await ask(port, 'POST /ocsp HTTP/1.1', lengthOf(body), body);
    expect(reply).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(readOcspResponse(reply.body).status).toBe('malformedRequest');
    expect((await ask(port, `GET ${path(body.slice(0, 60_000))} HTTP/1.1`)).status).toBe(200);
    expect(await office.certificates()).toHaveLength(before);
  });

  it('SECURITY tells strangers nothing of other CAs, and paths that are no base64 are malformed', async () => {
    const stranger = ocspRequest([certId(device.der, device.serial)]);
    expect(readOcspResponse((await ask(port, 'POST /ocsp HTTP/1.1', lengthOf(stranger), stranger)).body).status).toBe('unauthorized');
    for (const line of ['GET /ocsp HTTP/1.1', 'GET /ocsp/%zz HTTP/1.1', 'GET /ocsp/../scep HTTP/1.1', 'GET /ocsp/MFE=?x=1 HTTP/1.1']) {
      expect(readOcspResponse((await ask(port, line)).body).status).toBe('malformedRequest');
    }
  });

  it('SECURITY a flood of questions at once gets answers or tryLater, one signer, and the CA goes on', async () => {
    const replies = await Promise.all(Array.from({ length: 150 }, (_, i) => {
      const request = ocspRequest([certId(office.caCertificate, device.serial)], { nonce: Uint8Array.of(i) });
      return ask(port, 'POST /ocsp HTTP/1.1', lengthOf(request), request);
    }));
    const statuses = new Set(replies.map(({ status, body }) => (status === 200 ? readOcspResponse(body).status : String(status))));
    expect([...statuses].every((status) => ['successful', 'tryLater', '503'].includes(status))).toBe(true);
    expect(statuses).toContain('successful');
    expect((await office.certificates()).filter(({ kind }) => kind === 'ocsp')).toHaveLength(1);
    expect((await office.ask(pkcsReq({ subject: 'O=Test, CN=after', recipient: office.scepCertificate, challenge: await office.challenge() }))).pkiStatus).toBe('SUCCESS');
  });

  it('is locked with the vault, and says so over the wire', async () => {
    await office.lock();
    expect(readOcspResponse((await ask(port, `GET ${path(about(device.serial))} HTTP/1.0`)).body).status).toBe('tryLater');
    await office.unlock();
    expect(readOcspResponse((await ask(port, `GET ${path(about(device.serial))} HTTP/1.0`)).body).status).toBe('successful');
  });
});
