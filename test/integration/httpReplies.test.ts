/** What devices see of HTTP: every row of SCEP.md A2 and J that is decided before a message is opened, over real sockets. */
import { afterEach, describe, expect, it } from 'vitest';
import { decodeOperation } from '../../src/main/core/scep/operation.ts';
import { converse, rawRequest, type RawReply } from '../support/rawHttp.ts';
import { replyOf, stage, type Answers, type Stage } from '../support/recordingDoor.ts';
import { loadVectors } from '../support/vectors.ts';

let open: Stage | undefined;

async function begin(answers: Answers = {}, limits: Parameters<typeof stage>[1] = {}): Promise<Stage> {
  open = await stage(answers, limits);
  return open;
}

afterEach(async () => {
  await open?.listener.close();
  open = undefined;
});

async function ask(port: number, line: string, headers: Readonly<Record<string, string>> = {}, body: string | Uint8Array = ''): Promise<RawReply> {
  const { replies } = await converse(port, [rawRequest(line, headers, body)], { replies: 1, bodiless: line.startsWith('HEAD') });
  const [reply] = replies;
  if (reply === undefined) throw new Error(`no reply to ${line.slice(0, 80)}`);
  return reply;
}

const lengthOf = (body: string | Uint8Array): Record<string, string> => ({ 'Content-Length': String(body.length) });

describe('requests', () => {
  it.each(['GetCACaps', 'GetCACert', 'GetNextCACert', 'PKIOperation'])('A2.1 hands on operation=%s by GET', async (operation) => {
    const { port, door } = await begin();
    expect((await ask(port, `GET /scep?operation=${operation}&message=AA HTTP/1.1`, { Host: 'ca' })).status).toBe(200);
    expect(door.requests).toMatchObject([{ method: 'GET', rawQuery: `operation=${operation}&message=AA`, source: '127.0.0.1' }]);
  });

  it.each([
    '/cgi-bin/pkiclient.exe',
    '/scep',
    '/scep/',
    '/scep/lab/pkiclient.exe',
    '/certsrv/mscep/mscep.dll',
    '/certsrv/mscep/mscep.dll/pkiclient.exe',
    '//scep//pkiclient.exe',
    '/scep/lab/any/tail',
    '/api/v1/scep',
    '/api/v1/protocols/scep/lab/pkiclient.exe',
    '/api/v1/protocols/scep/raProfile/device/pkiclient.exe',
  ])('A2.2 asks the door for %s by GET and POST', async (path) => {
    const { port, door } = await begin();
    expect((await ask(port, `GET ${path}?operation=GetCACaps HTTP/1.1`)).status).toBe(200);
    expect((await ask(port, `POST ${path}?operation=PKIOperation HTTP/1.1`, lengthOf('abc'), 'abc')).status).toBe(200);
    expect(door.requests.map(({ method, path: logged }) => [method, logged])).toEqual([
      ['GET', path],
      ['POST', path],
    ]);
    expect(door.requests[0]?.target).toEqual(door.requests[1]?.target);
  });

  it('A2.4 hands on a POST without an operation', async () => {
    const { port, door } = await begin();
    expect((await ask(port, 'POST /scep HTTP/1.1', lengthOf('abc'), 'abc')).status).toBe(200);
    expect(door.requests[0]?.rawQuery).toBe('');
  });

  it.each([
    ['none', {}],
    ['an empty one', { 'Content-Type': '' }],
    ['octet-stream', { 'Content-Type': 'application/octet-stream' }],
    ['the right one', { 'Content-Type': 'application/x-pki-message' }],
    ['JSON', { 'Content-Type': 'application/json' }],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['multipart', { 'Content-Type': 'multipart/form-data; boundary=x' }],
    ['a claim of gzip', { 'Content-Type': 'text/plain; charset=utf-16', 'Content-Encoding': 'gzip' }],
  ])('A2.5 J.5 takes the raw octets of a body whatever its Content-Type: %s', async (_, headers) => {
    const { port, door } = await begin();
    const body = Uint8Array.from({ length: 256 }, (_octet, i) => i);
    await ask(port, 'POST /scep?operation=PKIOperation HTTP/1.1', { ...headers, ...lengthOf(body) }, body);
    expect(Buffer.from(door.requests[0]?.body ?? []).equals(body)).toBe(true);
  });

  it('A2.5 puts a chunked body together', async () => {
    const { port, door } = await begin();
    await converse(port, ['POST /scep HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 20, '2\r\nde\r\n0\r\n\r\n'], { replies: 1 });
    expect(Buffer.from(door.requests[0]?.body ?? []).toString()).toBe('abcde');
  });

  it('A2.5 puts a body that dribbles in together', async () => {
    const { port, door } = await begin();
    await converse(port, ['POST /scep HTTP/1.1\r\nContent-Le', 10, 'ngth: 4\r\n\r\n', 10, 'a', 10, 'b', 10, 'cd'], { replies: 1 });
    expect(Buffer.from(door.requests[0]?.body ?? []).toString()).toBe('abcd');
  });

  it.each([
    ['a raw plus and slash (macOS, jscep)', 'message=ab+/cd=='],
    ['escapes', 'message=ab%2B%2Fcd%3D%3D'],
    ['line ends (IOS, sscep, strongSwan)', 'message=abcd%0Aabcd%0A'],
    ['double escapes', 'message=ab%252Bcd'],
    ['the URL-safe alphabet (micromdm)', 'message=ab-_cd'],
    ['brackets, bars and quotes', 'message={a}|b^c"d\'e`f'],
  ])('A2.6 J.4 hands on the query untouched: %s', async (_, query) => {
    const { port, door } = await begin();
    await ask(port, `GET /scep?operation=PKIOperation&${query} HTTP/1.1`);
    expect(door.requests[0]?.rawQuery).toBe(`operation=PKIOperation&${query}`);
  });

  it.each([20, 64, 120])('A2.7 J.4 takes a request line of %i KiB', async (kib) => {
    const { port, door } = await begin();
    const query = `operation=PKIOperation&message=${'A'.repeat(kib * 1024)}`;
    expect((await ask(port, `GET /scep?${query} HTTP/1.0`)).status).toBe(200);
    expect(door.requests[0]?.rawQuery).toBe(query);
  });

  it.each([129, 200, 1024])('A2.7 answers 431 to a request line of %i KiB, never with a reset', async (kib) => {
    const { port, door } = await begin();
    const { replies, ending } = await converse(port, [rawRequest(`GET /scep?operation=PKIOperation&message=${'A'.repeat(kib * 1024)} HTTP/1.1`)]);
    expect(replies.map(({ status }) => status)).toEqual([431]);
    expect(ending).toBe('end');
    expect(door.requests).toEqual([]);
    expect(door.noises).toMatchObject([{ status: 431, code: 'header-too-large' }]);
  });

  it.each([
    ['HTTP/1.0 without Host (IOS)', 'HTTP/1.0', {}],
    ['HTTP/1.0 with Host', 'HTTP/1.0', { Host: 'ca' }],
    ['HTTP/1.1 without Host (strongSwan)', 'HTTP/1.1', {}],
    ['HTTP/1.1 with an empty Host', 'HTTP/1.1', { Host: '' }],
  ])('A2.9 answers %s', async (_, version, headers) => {
    const { port } = await begin();
    const reply = await ask(port, `GET /scep?operation=GetCACaps ${version}`, headers);
    expect([reply.status, reply.body.toString()]).toEqual([200, 'answered']);
  });

  it('A2.9 answers a POST over HTTP/1.0', async () => {
    const { port, door } = await begin();
    expect((await ask(port, 'POST /scep?operation=PKIOperation HTTP/1.0', lengthOf('abc'), 'abc')).status).toBe(200);
    expect(Buffer.from(door.requests[0]?.body ?? []).toString()).toBe('abc');
  });

  it('believes no forwarded header', async () => {
    const { port, door } = await begin();
    await ask(port, 'GET /scep?operation=GetCACaps HTTP/1.1', { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9', 'X-Real-IP': '203.0.113.9' });
    expect(door.requests[0]?.source).toBe('127.0.0.1');
  });

  it('passes the User-Agent on, and null where there is none', async () => {
    const { port, door } = await begin();
    await ask(port, 'GET /scep?operation=GetCACaps HTTP/1.1', { 'User-Agent': 'Mozilla/4.0 (compatible; MSIE 5.0; Cisco PKI)' });
    await ask(port, 'GET /scep?operation=GetCACaps HTTP/1.1');
    expect(door.requests.map(({ userAgent }) => userAgent)).toEqual(['Mozilla/4.0 (compatible; MSIE 5.0; Cisco PKI)', null]);
  });

  it('sends 100 Continue to a client that waits for it, once the body is wanted', async () => {
    const { port, door } = await begin();
    const { replies } = await converse(port, [rawRequest('POST /scep HTTP/1.1', { 'Content-Length': '3', Expect: '100-continue' }), 100, 'abc'], { replies: 2 });
    expect(replies.map(({ status }) => status)).toEqual([100, 200]);
    expect(door.requests).toHaveLength(1);
  });

  it.each(loadVectors().map((vector) => [vector.file, vector] as const))('A2.5 A2.6 J.4 J.5 brings %s to the door whole', async (_, vector) => {
    const { port, door } = await begin();
    await ask(port, `${vector.method} ${vector.target} HTTP/1.1`, Object.fromEntries(vector.headers), vector.body);
    const [request] = door.requests;
    expect(request).toBeDefined();
    const decoded = request === undefined ? undefined : decodeOperation(request);
    expect(decoded?.kind === 'pki-operation' && decoded.message.length).toBe(vector.bytes);
  });
});

describe('replies', () => {
  it.each([
    ['A2.20', 'text/plain'],
    ['A2.21', 'application/x-x509-ca-cert'],
    ['A2.22', 'application/x-x509-ca-ra-cert'],
    ['A2.23', 'application/x-pki-message'],
    ['A2.24', 'application/x-x509-next-ca-cert'],
  ])('%s J.6 writes Content-Type %s and nothing behind it', async (_, contentType) => {
    const { port } = await begin({ scep: () => replyOf('x', contentType) });
    expect((await ask(port, 'GET /scep?operation=GetCACert HTTP/1.1')).headers['content-type']).toBe(contentType);
  });

  it.each(['HTTP/1.0', 'HTTP/1.1'])('A2.11 states the length over %s: no chunks, no compression, no cookie, no server name', async (version) => {
    const body = Uint8Array.from({ length: 5_000 }, (_octet, i) => i & 255);
    const { port } = await begin({ scep: () => replyOf(body, 'application/x-pki-message') });
    const reply = await ask(port, `POST /scep?operation=PKIOperation ${version}`, { 'Accept-Encoding': 'gzip, br', ...lengthOf('abc') }, 'abc');
    expect(reply.body.equals(body)).toBe(true);
    expect(reply.headers['content-length']).toBe('5000');
    for (const name of ['transfer-encoding', 'content-encoding', 'set-cookie', 'server', 'x-powered-by', 'location', 'www-authenticate', 'vary']) {
      expect(reply.headers).not.toHaveProperty(name);
    }
  });

  it('A2.11 A2.36 states a length of 0 for an empty body', async () => {
    const { port } = await begin({ scep: () => replyOf('') });
    const reply = await ask(port, 'GET /scep?operation=GetCACaps HTTP/1.1');
    expect([reply.status, reply.headers['content-length']]).toEqual([200, '0']);
  });

  it('A2.12 forbids caches to keep a PKIOperation, by GET and POST', async () => {
    const { port } = await begin();
    expect((await ask(port, 'GET /scep?operation=PKIOperation&message=AA HTTP/1.1')).headers['cache-control']).toBe('no-store');
    expect((await ask(port, 'POST /scep HTTP/1.1', lengthOf('abc'), 'abc')).headers['cache-control']).toBe('no-store');
    expect((await ask(port, 'GET /scep?operation=GetCACaps HTTP/1.1')).headers).not.toHaveProperty('cache-control');
  });

  it.each(['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])('A2.13 answers %s with 405 and Allow', async (method) => {
    const { port, door } = await begin();
    const reply = await ask(port, `${method} /scep?operation=GetCACaps HTTP/1.1`);
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET, POST']);
    expect(door.requests).toEqual([]);
    expect(door.noises).toEqual([{ source: '127.0.0.1', path: '/scep', status: 405, code: 'method-not-allowed' }]);
  });

  it.each(['OPTIONS * HTTP/1.1', 'CONNECT ca:443 HTTP/1.1'])('A2.13 answers %s with 405 and Allow', async (line) => {
    const { port } = await begin();
    const reply = await ask(port, line);
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('A2.30 A2.31 passes the door\'s own refusals on as they are', async () => {
    for (const status of [400, 404]) {
      const { port, door, listener } = await begin({ scep: () => ({ ...replyOf('unknown operation\n'), status }) });
      const reply = await ask(port, 'GET /scep?operation=Nonsense HTTP/1.1');
      expect([reply.status, reply.headers['content-type'], reply.body.toString()]).toEqual([status, 'text/plain', 'unknown operation\n']);
      // It was the door that refused: it knows already.
      expect(door.noises).toEqual([]);
      await listener.close();
    }
  });

  it('A2.34 turns a throw behind the door into 503 with Retry-After, and tells the peer nothing of it', async () => {
    const { port, logged } = await begin({ scep: () => Promise.reject(new Error('SQLITE_BUSY: database is locked at /home/ca/countersign.db')) });
    const reply = await ask(port, 'POST /scep HTTP/1.1', lengthOf('abc'), 'abc');
    expect(reply.status).toBe(503);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(reply.body.toString()).not.toMatch(/SQLITE|home|Error/);
    expect(logged.join('\n')).toMatch(/error http\.request-failed .*SQLITE_BUSY/);
  });

  it('A2.34 holds for a reply that cannot be written, and goes on serving', async () => {
    let broken = true;
    const { port } = await begin({ scep: () => (broken ? replyOf('x', 'text/plain', { 'X-Bad': 'a\r\nSet-Cookie: b' }) : replyOf('fine')) });
    const reply = await ask(port, 'GET /scep?operation=GetCACaps HTTP/1.1');
    expect(reply.status).toBe(503);
    expect(Object.keys(reply.headers)).not.toContain('x-bad');
    broken = false;
    expect((await ask(port, 'GET /scep?operation=GetCACaps HTTP/1.1')).body.toString()).toBe('fine');
  });

  it('passes the door\'s 503 and its Retry-After on (a locked vault)', async () => {
    const { port } = await begin({ scep: () => ({ ...replyOf('locked\n', 'text/plain', { 'Retry-After': '60' }), status: 503 }) });
    const reply = await ask(port, 'POST /scep HTTP/1.1', lengthOf('abc'), 'abc');
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '60']);
  });

  it('J.18 closes when asked to (sscep reads until the end)', async () => {
    const { port } = await begin();
    const { replies, ending } = await converse(port, [rawRequest('GET /scep?operation=GetCACaps HTTP/1.1', { Host: 'ca', Connection: 'close' })]);
    expect([replies.length, ending]).toEqual([1, 'end']);
    expect(replies[0]?.headers['connection']).toBe('close');
  });

  it('J.18 closes after a POST that asks for it, with the reply whole', async () => {
    const body = Buffer.alloc(300_000, 7);
    const { port } = await begin({ scep: () => replyOf(body, 'application/x-pki-message') });
    const { replies, ending } = await converse(port, [rawRequest('POST /scep HTTP/1.1', { Connection: 'close', ...lengthOf('abc') }, 'abc')]);
    expect(ending).toBe('end');
    expect(replies[0]?.body.equals(body)).toBe(true);
  });

  it('J.18 closes after HTTP/1.0', async () => {
    const { port } = await begin();
    const { ending } = await converse(port, [rawRequest('GET /scep?operation=GetCACaps HTTP/1.0')]);
    expect(ending).toBe('end');
  });

  it('J.17 keeps the connection for the next request otherwise', async () => {
    const { port, door } = await begin();
    const one = rawRequest('GET /scep?operation=GetCACaps HTTP/1.1');
    const { replies } = await converse(port, [one, 50, rawRequest('POST /scep HTTP/1.1', lengthOf('abc'), 'abc'), 50, one], { replies: 3 });
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(door.requests).toHaveLength(3);
  });
});

describe('what is published beside SCEP', () => {
  it.each([
    ['/crl/1.crl', 'crl 1 current'],
    ['/crl/1/2.crl', 'crl 1 2'],
    ['/ca/1.cer', 'ca 1 current cer'],
    ['/ca/1/2.pem', 'ca 1 2 pem'],
    ['/ca/1/2.p7c', 'ca 1 2 p7c'],
    ['/api/v1/scep/health', 'health'],
    ['/api/v1/scep/info', 'info'],
    ['/api/v1/scep-info', 'info'],
  ])('gives %s by GET and HEAD and refuses POST', async (path, words) => {
    const { port, door } = await begin();
    const got = await ask(port, `GET ${path} HTTP/1.1`);
    const looked = await ask(port, `HEAD ${path} HTTP/1.0`);
    expect([got.status, looked.status]).toEqual([200, 200]);
    expect(looked.headers['content-length']).toBe(String(got.body.length));
    const posted = await ask(port, `POST ${path} HTTP/1.1`, lengthOf('abc'), 'abc');
    expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect(door.asked).toEqual([words, words]);
  });

  it('F4 answers a conditional request for a CRL with 304 while it is the same', async () => {
    const modified = 'Sat, 21 Nov 2026 00:00:00 GMT';
    const { port } = await begin({ crl: () => replyOf('crl', 'application/pkix-crl', { ETag: '"7"', 'Last-Modified': modified }) });
    const whole = await ask(port, 'GET /crl/1.crl HTTP/1.1');
    expect([whole.status, whole.headers['etag'], whole.headers['last-modified']]).toEqual([200, '"7"', modified]);
    const same = await ask(port, 'GET /crl/1.crl HTTP/1.1', { 'If-None-Match': '"7"' });
    expect([same.status, same.body.length, same.headers['etag']]).toEqual([304, 0, '"7"']);
    expect((await ask(port, 'GET /crl/1.crl HTTP/1.1', { 'If-Modified-Since': modified })).status).toBe(304);
    expect((await ask(port, 'GET /crl/1.crl HTTP/1.1', { 'If-None-Match': '"6"' })).status).toBe(200);
    expect((await ask(port, 'GET /crl/1.crl HTTP/1.1', { 'If-Modified-Since': 'Fri, 20 Nov 2026 00:00:00 GMT' })).status).toBe(200);
  });

  it.each(['GET', 'POST', 'PUT', 'HEAD'])('never answers the configuration here, whatever token %s brings', async (method) => {
    const { port, door } = await begin();
    const reply = await ask(port, `${method} /api/v1/scep/configuration HTTP/1.1`, { Authorization: 'Bearer the-right-one' });
    expect(reply.status).toBe(401);
    expect(door.requests).toEqual([]);
    expect(door.asked).toEqual([]);
  });

  it.each(['/', '/api/call/status.get', '/api/events', '/certsrv/mscep_admin/', '/index.html', '/scep-admin', '/crl/1.pem'])(
    'has nothing at %s',
    async (path) => {
      const { port, door } = await begin();
      const reply = await ask(port, `GET ${path} HTTP/1.1`);
      expect([reply.status, reply.headers['content-type']]).toEqual([404, 'text/plain']);
      expect(door.noises).toEqual([{ source: '127.0.0.1', path, status: 404, code: 'unknown-path' }]);
    },
  );
});
