/** The loopback admin listener of a real server, over raw requests: tokens, Host, Origin, sizes, events, files. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminDoor } from '../../src/main/admin/door.ts';
import { createTokens } from '../../src/main/adapters/web/tokens.ts';
import { openWebDoor } from '../../src/main/adapters/web/webDoor.ts';
import { SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** node:http and not fetch, which would not let a test send a Host or an Origin of its own. */
function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(server.adminOrigin, { path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const bearer = (token = server.token) => ({ Authorization: `Bearer ${token}` });
const call = (channel: string, body: string, headers: Asked['headers'] = {}) => ask(`/api/call/${channel}`, { method: 'POST', headers: { ...JSON_TYPE, ...bearer(), ...headers }, body });
const codeOf = ({ body }: Answer): string => (JSON.parse(body) as { readonly error?: { readonly code: string } }).error?.code ?? 'none';

describe('tokens', () => {
  it('answers nothing under /api without one, whatever the path', async () => {
    for (const path of ['/api/call/status.get', '/api/events', '/api/open', '/api/v1/scep/configuration', '/api', '/api/none']) {
      const answer = await ask(path, { method: 'POST', headers: JSON_TYPE, body: '{}' });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 401, 'unauthorized']);
    }
  });

  it.each(['Bearer', 'Bearer ', 'Bearer wrongwrongwrongwrongwrong', 'Basic dXNlcjpwYXNz', 'bearer-token'])('refuses Authorization: %s', async (Authorization) => {
    expect(await ask('/api/call/status.get', { method: 'POST', headers: { ...JSON_TYPE, Authorization }, body: '{}' })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  });

  it('takes no token from a query, a cookie or a body', async () => {
    expect(await ask(`/api/call/status.get?token=${server.token}`, { method: 'POST', headers: { ...JSON_TYPE, Cookie: `token=${server.token}` }, body: JSON.stringify({ token: server.token }) })).toMatchObject({ status: 401 });
  });

  it('gives a session for the one-time token of the admin address, once', async () => {
    const token = new URL(server.adminUrl).hash.replace('#token=', '');
    const redeem = () => ask('/api/session', { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ token }) });
    const first = await redeem();
    expect(first.status).toBe(200);
    const session = (JSON.parse(first.body) as { readonly token: string }).token;
    expect(await call('status.get', '{}', bearer(session))).toMatchObject({ status: 200 });
    expect(first.headers['set-cookie']).toBeUndefined();
    const second = await redeem();
    expect([second.status, codeOf(second)]).toEqual([401, 'unauthorized']);
  });

  it('lets only the command line make an address for another window', async () => {
    const opened = await ask('/api/open', { method: 'POST', headers: bearer() });
    const { token } = (JSON.parse(opened.body) as { readonly value: { readonly token: string } }).value;
    const { body } = await ask('/api/session', { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ token }) });
    const session = (JSON.parse(body) as { readonly token: string }).token;
    expect(await ask('/api/open', { method: 'POST', headers: bearer(session) })).toMatchObject({ status: 403 });
  });

  it.each([undefined, 5, null, '', {}])('refuses the session of %j', async (token) => {
    expect(await ask('/api/session', { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ token }) })).toMatchObject({ status: 401 });
  });
});

describe('Host and Origin', () => {
  it('refuses a stranger’s Host (DNS rebinding), even with the right token', async () => {
    expect(await call('status.get', '{}', { Host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await ask('/', { headers: { Host: `evil.example:${new URL(server.adminOrigin).port}` } })).toMatchObject({ status: 403 });
  });

  it('refuses another site’s Origin, and takes its own', async () => {
    expect(await call('status.get', '{}', { Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await call('status.get', '{}', { Origin: 'null' })).toMatchObject({ status: 403 });
    expect(await call('status.get', '{}', { Origin: server.adminOrigin })).toMatchObject({ status: 200 });
  });

  it('answers no preflight', async () => {
    const answer = await ask('/api/call/status.get', { method: 'OPTIONS', headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' } });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('listens on loopback only', async () => {
    const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []).find(({ internal, family }) => !internal && family === 'IPv4');
    const port = Number(new URL(server.adminOrigin).port);
    if (outside !== undefined) {
      const refused = new Promise<string>((resolve) => {
        connect(port, outside.address).once('connect', () => resolve('connected')).once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      });
      expect(await refused).not.toBe('connected');
    }
    const tokens = createTokens({ clock: { now: () => 0 }, standing: 'x' });
    await expect(openWebDoor({ door: {} as AdminDoor, tokens, rendererDir: '/', log: () => undefined }, '0.0.0.0', 0)).rejects.toThrow('loopback only');
  });
});

describe('calls', () => {
  it('answers a value with 200 and a refusal with its own status', async () => {
    expect(JSON.parse((await call('status.get', '{}')).body)).toMatchObject({ ok: true, value: { state: 'ready' } });
    const missing = await call('requests.get', '{"id":"none"}');
    expect([missing.status, codeOf(missing)]).toEqual([404, 'not-found']);
    const unknown = await call('authorities.delete', '{}');
    expect([unknown.status, codeOf(unknown)]).toEqual([404, 'unknown-channel']);
    const invalid = await call('requests.get', '{"id":"none","extra":1}');
    expect([invalid.status, codeOf(invalid)]).toEqual([400, 'invalid-input']);
  });

  it('takes JSON by POST and nothing else', async () => {
    const statuses = await Promise.all([
      ask('/api/call/status.get', { headers: bearer() }),
      call('status.get', '{}', { 'Content-Type': 'text/plain' }),
      call('status.get', 'a=1', { 'Content-Type': 'application/x-www-form-urlencoded' }),
      call('status.get', '{not json'),
      call('status.get', ''),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([405, 415, 415, 400, 200]);
  });

  it('takes 1 MiB and no more', async () => {
    const text = (size: number) => JSON.stringify({ text: 'x'.repeat(size) });
    expect(await call('requests.match', text(900_000))).toMatchObject({ status: 400 });
    const tooLarge = await call('requests.match', text(1_100_000)).catch(() => undefined);
    // The connection may be gone before so much was sent; what must not happen is an answer to it.
    if (tooLarge !== undefined) expect(tooLarge.status).toBe(413);
    expect(await call('status.get', '{}')).toMatchObject({ status: 200 });
  });

  it('describes the SCEP service at the path that the device listener never opens', async () => {
    const answer = await ask('/api/v1/scep/configuration', { headers: bearer() });
    expect(JSON.parse(answer.body)).toMatchObject({ operations: expect.arrayContaining(['PKIOperation']), max_message_size: 1_048_576 });
    const devices = await fetch(new URL('/api/v1/scep/configuration', server.scepUrl), { headers: bearer() });
    expect(devices.status).toBe(401);
  });

  it('serves no admin verb on the device listener', async () => {
    const answer = await fetch(new URL('/api/call/status.get', server.scepUrl), { method: 'POST', headers: { ...JSON_TYPE, ...bearer() }, body: '{}' });
    expect(answer.status).toBe(404);
  });
});

describe('the lock of a window', () => {
  const openSession = async (): Promise<string> => {
    const { token } = (JSON.parse((await ask('/api/open', { method: 'POST', headers: bearer() })).body) as { readonly value: { readonly token: string } }).value;
    return (JSON.parse((await ask('/api/session', { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ token }) })).body) as { readonly token: string }).token;
  };

  it('holds for its session, whatever page shows it, until the passphrase is right', async () => {
    const [own, other] = [await openSession(), await openSession()];
    expect(await call('window.lock', '{}', bearer(own))).toMatchObject({ status: 200 });
    const locked = await call('audit.list', '{}', bearer(own));
    expect([locked.status, codeOf(locked)]).toEqual([423, 'window-locked']);
    expect(await ask('/api/v1/scep/configuration', { headers: bearer(own) })).toMatchObject({ status: 423 });
    expect(await call('status.get', '{}', bearer(own))).toMatchObject({ status: 200 });
    expect(await call('audit.list', '{}', bearer(other))).toMatchObject({ status: 200 });
    expect(await call('audit.list', '{}')).toMatchObject({ status: 200 });
    const wrong = await call('window.unlock', JSON.stringify({ passphrase: 'not this one' }), bearer(own));
    expect([wrong.status, codeOf(wrong)]).toEqual([403, 'wrong-passphrase']);
    expect(await call('audit.list', '{}', bearer(own))).toMatchObject({ status: 423 });
    const unlocked = await call('window.unlock', JSON.stringify({ passphrase: SERVER_PASSPHRASE }), bearer(own));
    expect(JSON.parse(unlocked.body)).toMatchObject({ ok: true, value: { locked: false, opensBy: 'passphrase' } });
    expect(await call('audit.list', '{}', bearer(own))).toMatchObject({ status: 200 });
  });

  it('has no key for the command line, which is none', async () => {
    const answer = await call('window.lock', '{}');
    expect([answer.status, codeOf(answer)]).toEqual([409, 'no-window']);
  });
});

describe('events', () => {
  it('come as server-sent events to whoever has a token, until he goes', async () => {
    const stop = new AbortController();
    const response = await fetch(`${server.adminOrigin}/api/events`, { headers: bearer(), signal: stop.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = (await reader.read()).value ?? '';
    await server.call('settings.update', { crlDays: 5 });
    while (!seen.includes('event: status.changed')) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended: ${seen}`);
      seen += value;
    }
    expect(seen).toMatch(/^: open\n\n/);
    stop.abort();
  });
});

describe('every answer', () => {
  it.each([
    ['a call', '/api/call/status.get', { method: 'POST', body: '{}', headers: { ...JSON_TYPE } }, true],
    ['a refused call', '/api/call/requests.get', { method: 'POST', body: '{}', headers: { ...JSON_TYPE } }, true],
    ['no token', '/api/call/status.get', { method: 'POST', body: '{}', headers: { ...JSON_TYPE } }, false],
    ['a used link', '/api/session', { method: 'POST', body: '{"token":"x"}', headers: { ...JSON_TYPE } }, false],
    ['a foreign Host', '/', { headers: { Host: 'evil.example' } }, false],
    ['a foreign Origin', '/', { headers: { Origin: 'https://evil.example' } }, false],
    ['no such file', '/none.js', {}, false],
    ['a wrong method', '/index.html', { method: 'POST' }, false],
    ['the configuration', '/api/v1/scep/configuration', {}, true],
  ] as const)('to %s runs, loads and frames nothing', async (_, path, asked: Asked, signed) => {
    const { headers } = await ask(path, { ...asked, headers: { ...(signed ? bearer() : {}), ...asked.headers } });
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('of the stream of events too, which ends where nobody reads it', async () => {
    let tell: (name: 'status.changed', detail: { readonly id: string }) => void = () => undefined;
    let listening = 0;
    const door = {
      subscribe: (listener: typeof tell) => {
        tell = listener;
        listening++;
        return () => void listening--;
      },
    } as unknown as AdminDoor;
    const opened = await openWebDoor({ door, tokens: createTokens({ clock: { now: () => 0 }, standing: 'standing-token-of-the-test' }), rendererDir: tmpdir(), log: () => undefined }, '127.0.0.1', 0);
    try {
      const socket = connect(opened.port, '127.0.0.1');
      socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${opened.port}\r\nAuthorization: Bearer standing-token-of-the-test\r\n\r\n`);
      const [head] = (await once(socket, 'data')) as [Buffer];
      expect(head.toString()).toContain("Content-Security-Policy: default-src 'none'");
      socket.pause();
      expect(listening).toBe(1);
      for (let i = 0; i < 20_000 && listening > 0; i++) {
        tell('status.changed', { id: 'x'.repeat(1_000) });
        if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(listening).toBe(0);
      socket.destroy();
    } finally {
      await opened.close();
    }
  });
});

describe('files', () => {
  it('come under a policy that lets the page talk to nobody else', async () => {
    const { headers, status } = await ask('/');
    // Without a build there is no page; the policy of what is there is what counts.
    if (status === 200) {
      const policy = String(headers['content-security-policy']);
      for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]) expect(policy).toContain(rule);
      expect(policy).not.toMatch(/unsafe|\*/);
    }
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('gives the page a fresh nonce with each load, in the header and in the page alike', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-page-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><p>Grüße</p>');
    await writeFile(join(folder, 'a.js'), 'const x = "__CSP_NONCE__";');
    const opened = await openWebDoor({ door: {} as AdminDoor, tokens: createTokens({ clock: { now: () => 0 }, standing: 'x' }), rendererDir: folder, log: () => undefined }, '127.0.0.1', 0);
    try {
      const load = async () => {
        const response = await fetch(opened.url);
        const html = await response.text();
        return { html, policy: response.headers.get('content-security-policy') ?? '', nonce: /nonce="([^"]+)"/.exec(html)?.[1] ?? '' };
      };
      const [first, second] = [await load(), await load()];
      for (const { html, policy, nonce } of [first, second]) {
        expect(nonce).toMatch(/^[A-Za-z0-9+/]{24}$/);
        expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'; img-src 'self'`);
        expect(policy).toContain("script-src 'self'; ");
        expect(html).toContain('<p>Grüße</p>');
      }
      expect(first.nonce).not.toBe(second.nonce);
      const script = await fetch(`${opened.url}/a.js`);
      expect(script.headers.get('content-security-policy')).not.toContain('nonce');
      expect(await script.text()).toContain('__CSP_NONCE__');
    } finally {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each(['/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/..%5cpackage.json', '/%00', '/%ff', '//etc/passwd', '/index.html/../../headless.js', '/admin.json'])('never lead out of their folder: %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404 });
  });
});
