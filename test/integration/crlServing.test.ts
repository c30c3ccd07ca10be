/** CRLs and CA certificates by URL on the real server: asked for conditionally, new at once on a revocation, caught up at a start past half of a list's life and at an unlock. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DAY } from '../../src/main/core/lib/instant.ts';
import { parseCrl } from '../../src/main/core/pki/crl.ts';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { waitFor } from '../support/interopPrograms.ts';
import { createScepClient } from '../support/scepClient.ts';
import { SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

const CLOCK = new URL('../support/shiftedClock.mjs', import.meta.url).href;

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function then(days: number, locked: boolean, part: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startServer({ dataDir, env: { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_SHIFT: String(days * DAY), ...(locked ? {} : { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE }) } });
  try {
    await part(server);
  } finally {
    await server.stop();
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Not by fetch, which adds `Cache-Control: no-cache` to conditional requests and so asks for the whole again. */
const ask = ({ scepUrl }: TestServer, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(new URL(path, scepUrl), { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject);
    sent.end();
  });

async function listed(server: TestServer) {
  const crl = parseCrl(new Uint8Array((await ask(server, '/crl/1/1.crl')).body));
  if (!crl.ok) throw new Error(crl.error);
  return { number: Number(crl.value.number), reasons: crl.value.revoked.map(({ reason }) => reason) };
}

/** 200, then 304 by either validator and by HEAD. */
async function expectConditional(server: TestServer, path: string): Promise<{ readonly etag: string; readonly modified: string }> {
  const first = await ask(server, path);
  expect([path, first.status]).toEqual([path, 200]);
  const [etag, modified] = [first.headers.etag ?? '', first.headers['last-modified'] ?? ''];
  expect(etag).toMatch(/^"[^"]+"$/);
  expect(Date.parse(modified)).toBeGreaterThan(0);
  for (const headers of [{ 'If-None-Match': etag }, { 'If-None-Match': `"other", ${etag}` }, { 'If-Modified-Since': modified }]) {
    for (const method of ['GET', 'HEAD']) {
      const same = await ask(server, path, headers, method);
      expect([path, same.status, same.body.length]).toEqual([path, 304, 0]);
    }
  }
  const head = await ask(server, path, {}, 'HEAD');
  expect([head.status, head.headers['content-length'], head.headers.etag]).toEqual([200, String(first.body.length), etag]);
  expect((await ask(server, path, { 'If-None-Match': '"other"', 'If-Modified-Since': modified })).status).toBe(200);
  return { etag, modified };
}

describe('revocation lists by URL', () => {
  it('F4 are conditional, at once, at half-life, at the start and at the unlock', async () => {
    let first = '';
    let second = '';
    await then(0, false, async (server) => {
      await server.call('authorities.create', { commonName: 'Office CA', key: 'rsa-2048', years: 10 });
      for (const path of ['/ca/1.cer', '/ca/1/1.cer', '/ca/1/1.pem', '/ca/1/1.p7c']) await expectConditional(server, path);
      const client = createScepClient(server.scepUrl);
      const [recipient = new Uint8Array(0)] = await client.caCertificates();
      for (const i of [1, 2]) await client.ask(pkcsReq({ key: rsaKey(i), subject: `CN=dev-${i}`, recipient, challenge: (await server.call('challenges.create', {})).password }));
      const devices = (await server.call('certificates.list', { kind: 'device' })).items;
      [first = '', second = ''] = devices.map(({ id }) => id);

      const before = await expectConditional(server, '/crl/1/1.crl');
      await expectConditional(server, '/crl/1.crl');
      // Two changes within one second: whoever asks by either validator sees both.
      await server.call('certificates.revoke', { id: first, reason: 'certificateHold' });
      const between = await ask(server, '/crl/1/1.crl', { 'If-None-Match': before.etag });
      expect(between.status).toBe(200);
      await server.call('certificates.release', { id: first });
      expect((await ask(server, '/crl/1/1.crl', { 'If-Modified-Since': between.headers['last-modified'] ?? '' })).status).toBe(200);
      await server.call('certificates.revoke', { id: first, reason: 'keyCompromise' });
      expect(await listed(server)).toEqual({ number: 4, reasons: ['keyCompromise'] });
    });
    // Not yet half of seven days: the same list after a start.
    await then(3, false, async (server) => {
      await server.call('status.get');
      expect((await listed(server)).number).toBe(4);
    });
    await then(4, false, async (server) => {
      await waitFor('the list at half-life', async () => ((await listed(server)).number === 5 ? true : undefined));
    });
    await then(5, true, async (server) => {
      await server.call('certificates.revoke', { id: second, reason: 'superseded' });
      expect(await listed(server)).toEqual({ number: 5, reasons: ['keyCompromise'] });
      await server.call('vault.unlock', { passphrase: SERVER_PASSPHRASE });
      const caughtUp = await waitFor('the list after the unlock', async () => {
        const now = await listed(server);
        return now.number === 6 ? now : undefined;
      });
      expect([...caughtUp.reasons].sort()).toEqual(['keyCompromise', 'superseded']);
    });
  });
});
