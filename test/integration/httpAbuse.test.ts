/**
 * What the device listener does when it is treated badly (SCEP.md A12.10): too much, too slow, too often, out of order, or no HTTP at all.
 * Every case also asks whether the next, well-behaved device is served.
 */
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { converse, rawRequest } from '../support/rawHttp.ts';
import { replyOf, stage, type Answers, type Stage } from '../support/recordingDoor.ts';

let open: Stage | undefined;
const sockets: Socket[] = [];

async function begin(answers: Answers = {}, limits: Parameters<typeof stage>[1] = {}): Promise<Stage> {
  open = await stage(answers, { lingerMs: 200, ...limits });
  return open;
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await open?.listener.close();
  open = undefined;
});

const caps = rawRequest('GET /scep?operation=GetCACaps HTTP/1.1');
const post = (length: number, body: string | Uint8Array = ''): Buffer => rawRequest('POST /scep?operation=PKIOperation HTTP/1.1', { 'Content-Length': String(length) }, body);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function expectServed(port: number): Promise<void> {
  const { replies } = await converse(port, [caps], { replies: 1 });
  expect(replies.map(({ status }) => status)).toEqual([200]);
}

function hold(port: number, octets: string | Uint8Array = ''): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      if (octets.length > 0) socket.write(octets);
      resolve(socket);
    });
    socket.on('error', reject);
    sockets.push(socket);
  });
}

describe('too much', () => {
  const twoMiB = Buffer.alloc(2 * 1024 * 1024);

  it('A2.35 answers 413 to a body of 2 MiB and closes', async () => {
    const { port, door } = await begin();
    const { replies, ending } = await converse(port, [post(twoMiB.length, twoMiB)]);
    expect(replies.map(({ status }) => status)).toEqual([413]);
    expect(replies[0]?.headers['connection']).toBe('close');
    expect(ending).toBe('end');
    expect(door.requests).toEqual([]);
    expect(door.noises).toEqual([{ source: '127.0.0.1', path: '/scep', status: 413, code: 'body-too-large' }]);
    await expectServed(port);
  });

  it('A2.35 does so from the announced length alone, without waiting for the octets', async () => {
    const { port } = await begin();
    const { replies, milliseconds } = await converse(port, [post(twoMiB.length, 'abc')], { replies: 1 });
    expect(replies.map(({ status }) => status)).toEqual([413]);
    expect(milliseconds).toBeLessThan(1_000);
  });

  it('A2.35 does so for chunks, which announce nothing', async () => {
    const { port, door } = await begin();
    const { replies } = await converse(port, ['POST /scep HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n', twoMiB, '\r\n0\r\n\r\n']);
    expect(replies.map(({ status }) => status)).toEqual([413]);
    expect(door.requests).toEqual([]);
  });

  it('A2.35 sends no 100 Continue for a body that it does not want', async () => {
    const { port } = await begin();
    const { replies } = await converse(port, [rawRequest('POST /scep HTTP/1.1', { 'Content-Length': '3000000', Expect: '100-continue' })]);
    expect(replies.map(({ status }) => status)).toEqual([413]);
  });

  it('takes a body of exactly 1 MiB', async () => {
    const { port, door } = await begin();
    const body = Buffer.alloc(1024 * 1024, 5);
    const { replies } = await converse(port, [post(body.length, body)], { replies: 1 });
    expect(replies.map(({ status }) => status)).toEqual([200]);
    expect(door.requests[0]?.body.length).toBe(body.length);
  });

  it('stops reading from a sender that pours on after the refusal', async () => {
    const { port } = await begin({}, { maxBodyBytes: 1_000 });
    const socket = await hold(port, post(1_000_000_000, 'x'));
    let sent = 0;
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.removeAllListeners('error').on('error', () => undefined);
    const pour = setInterval(() => {
      if (!socket.destroyed && socket.writableLength < 1_000_000) sent += socket.write(Buffer.alloc(65_536)) ? 65_536 : 0;
    }, 1);
    await closed;
    clearInterval(pour);
    expect(sent).toBeLessThan(100_000_000);
    await expectServed(port);
  });

  it('A12.10 holds only so many unfinished octets over all connections', async () => {
    const { port, door } = await begin({}, { maxHeldBytes: 100_000 });
    const sender = await hold(port, post(90_000, Buffer.alloc(80_000)));
    await pause(50);
    const { replies } = await converse(port, [post(90_000, Buffer.alloc(90_000))], { replies: 1 });
    expect([replies[0]?.status, replies[0]?.headers['retry-after']]).toEqual([503, '5']);
    sender.destroy();
    await pause(50);
    const after = await converse(port, [post(90_000, Buffer.alloc(90_000))], { replies: 1 });
    expect(after.replies.map(({ status }) => status)).toEqual([200]);
    expect(door.noises).toMatchObject([
      { status: 503, code: 'too-busy' },
      { status: 400, code: 'broken-off' },
    ]);
  });
});

describe('too slow', () => {
  it('A2.35 answers 408 to a body that does not come', async () => {
    const { port, door } = await begin({}, { bodyMs: 150 });
    const { replies, ending } = await converse(port, [post(100, 'abc')]);
    expect(replies.map(({ status }) => status)).toEqual([408]);
    expect(ending).toBe('end');
    expect(door.noises).toEqual([{ source: '127.0.0.1', path: '/scep', status: 408, code: 'body-too-slow' }]);
    await expectServed(port);
  });

  it('A2.35 counts the whole body, so that a drop now and then does not help', async () => {
    const { port, door } = await begin({}, { bodyMs: 200 });
    const drops = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 'a' : 40));
    const { replies } = await converse(port, [post(100), ...drops]);
    expect(replies.map(({ status }) => status)).toEqual([408]);
    expect(door.requests).toEqual([]);
  });

  it.each([
    ['half a header', ['GET /scep?operation=GetCACaps HTTP/1.1\r\nHos']],
    ['a header line now and then', ['GET /scep HTTP/1.1\r\n', 100, 'A: b\r\n', 100, 'C: d\r\n', 100, 'E: f\r\n', 100, 'G: h\r\n', 300]],
    ['nothing at all', []],
  ])('A12.10 ends a connection that brings %s', async (_, script) => {
    const { port, door } = await begin({}, { headersMs: 300 });
    const { replies, ending, milliseconds } = await converse(port, script, { quietMs: 3_000 });
    expect(replies.map(({ status }) => status)).toEqual([408]);
    expect(ending).not.toBe('open');
    expect(milliseconds).toBeLessThan(2_000);
    expect(door.noises).toMatchObject([{ status: 408, code: 'request-timeout' }]);
  });

  it('A12.10 ends a connection that rests too long after a request, without a word', async () => {
    const { port, door } = await begin({}, { idleMs: 100 });
    const { replies, ending } = await converse(port, [caps], { quietMs: 4_000 });
    expect(replies.map(({ status }) => status)).toEqual([200]);
    expect(ending).not.toBe('open');
    expect(door.noises).toEqual([]);
  });

  it('A12.10 lets go of a peer that asks and never reads', async () => {
    const whole = 30_000_000;
    const { port } = await begin({ crl: () => replyOf(Buffer.alloc(whole), 'application/pkix-crl') }, { stallMs: 300 });
    const socket = await hold(port, rawRequest('GET /crl/1.crl HTTP/1.1'));
    socket.removeAllListeners('error').on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    await pause(1_000);
    let read = 0;
    socket.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    await closed;
    expect(read).toBeLessThan(whole);
  });
});

describe('too often', () => {
  it('A12.2 refuses a source beyond its rate with 503 and Retry-After, and lets the cheap operations pass', async () => {
    const { port, door } = await begin({}, { rate: { perMinute: 3, burst: 2 } });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const { replies } = await converse(port, [post(3, 'abc')], { replies: 1 });
      statuses.push(replies[0]?.status ?? 0);
      if (replies[0]?.status === 503) expect(Number(replies[0].headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 503, 503, 503]);
    expect(door.requests).toHaveLength(5);
    expect(door.noises).toEqual(Array.from({ length: 3 }, () => ({ source: '127.0.0.1', path: '/scep', status: 503, code: 'rate-limited' })));
    for (let i = 0; i < 20; i++) await expectServed(port);
  });

  it('A12.2 counts GET and POST alike, and an escaped operation too', async () => {
    const { port, door } = await begin({}, { rate: { perMinute: 2, burst: 0 } });
    for (const query of ['operation=PKIOperation&message=AA', '%6Fperation=PKIOperation&operation=GetCACaps', 'operation=PKIOperatio%6E']) {
      await converse(port, [rawRequest(`GET /scep?${query} HTTP/1.1`)], { replies: 1 });
    }
    expect(door.requests).toHaveLength(2);
    expect(door.noises).toMatchObject([{ status: 503, code: 'rate-limited' }]);
  });

  it('A12.7 caps even the cheap requests of one source, generously', async () => {
    const { port } = await begin({}, { rate: { perMinute: 60, burst: 30 }, readsPerSecond: { perSource: 20, overall: 100 } });
    const { replies } = await converse(port, [Buffer.concat(Array.from({ length: 60 }, () => caps))], { replies: 60 });
    expect(replies).toHaveLength(60);
    expect(replies.filter(({ status }) => status === 200).length).toBeLessThan(60);
    expect(replies.filter(({ status }) => status === 503).every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
    await pause(1_100);
    await expectServed(port);
  });

  it('A12.10 answers 503 while as many messages are in flight as there may be, and goes on afterwards', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { port, door } = await begin(
      {
        scep: async ({ method }) => {
          if (method === 'POST') await gate;
          return replyOf('done');
        },
      },
      { maxMessagesInFlight: 2 },
    );
    const held = [converse(port, [post(3, 'abc')], { replies: 1 }), converse(port, [post(3, 'abc')], { replies: 1 })];
    await pause(100);
    const { replies } = await converse(port, [post(3, 'abc')], { replies: 1 });
    expect([replies[0]?.status, replies[0]?.headers['retry-after']]).toEqual([503, '5']);
    await expectServed(port);
    release();
    expect((await Promise.all(held)).map((each) => each.replies[0]?.status)).toEqual([200, 200]);
    expect((await converse(port, [post(3, 'abc')], { replies: 1 })).replies[0]?.status).toBe(200);
    expect(door.noises).toMatchObject([{ status: 503, code: 'too-busy' }]);
  });

  it('A12.10 gives a place back when the door throws', async () => {
    const { port } = await begin({ scep: () => Promise.reject(new Error('broken')) }, { maxMessagesInFlight: 1 });
    for (let i = 0; i < 3; i++) {
      const { replies } = await converse(port, [post(3, 'abc')], { replies: 1 });
      expect(replies[0]?.headers['retry-after']).toBe('30');
    }
  });

  it('A12.10 lets a source hold only so many connections', async () => {
    const { port, door } = await begin({}, { maxConnectionsPerSource: 3 });
    const held = [await hold(port), await hold(port), await hold(port)];
    const { replies, ending } = await converse(port, [caps]);
    expect(replies.map(({ status }) => status)).toEqual([503]);
    expect(ending).toBe('end');
    expect(door.requests).toEqual([]);
    expect(door.noises).toEqual([{ source: '127.0.0.1', path: '', status: 503, code: 'too-many-connections' }]);
    held[0]?.destroy();
    await pause(50);
    await expectServed(port);
  });

  it('A12.10 holds only so many connections altogether', async () => {
    const { port, door } = await begin({}, { maxConnections: 2 });
    const held = [await hold(port), await hold(port)];
    const { replies } = await converse(port, [caps], { quietMs: 500 });
    expect(replies).toEqual([]);
    expect(door.noises).toMatchObject([{ status: 503, code: 'too-many-connections' }]);
    held[0]?.destroy();
    await pause(50);
    await expectServed(port);
  });
});

describe('out of order', () => {
  it('answers pipelined requests in their order, however long each takes', async () => {
    const { port } = await begin({
      scep: async ({ rawQuery }) => {
        await pause(rawQuery.includes('slow') ? 100 : 0);
        return replyOf(rawQuery);
      },
    });
    const queries = ['operation=GetCACaps&message=slow', 'operation=GetCACert', 'operation=PKIOperation&message=slow', 'operation=GetCACaps'];
    const { replies } = await converse(port, [Buffer.concat(queries.map((query) => rawRequest(`GET /scep?${query} HTTP/1.1`)))], { replies: 4 });
    expect(replies.map(({ body }) => body.toString())).toEqual(queries);
  });

  it('lets the answers to good requests out before it refuses the garbage behind them', async () => {
    const { port } = await begin({
      scep: async () => {
        await pause(100);
        return replyOf('first');
      },
    });
    const { replies, ending } = await converse(port, [Buffer.concat([caps, Buffer.from('not http\r\n\r\n')])]);
    expect(replies.map(({ status }) => status)).toEqual([200, 400]);
    expect(ending).toBe('end');
  });

  it('survives peers that leave in the middle of a body, of a header and of a reply', async () => {
    const { port, logged } = await begin({
      scep: async () => {
        await pause(50);
        return replyOf(Buffer.alloc(500_000));
      },
    });
    for (const octets of [post(1_000, 'abc'), Buffer.from('GET /sc'), caps, post(3, 'abc')]) {
      const socket = await hold(port, octets);
      await pause(20);
      socket.resetAndDestroy();
    }
    await pause(150);
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
    await expectServed(port);
  });

  it('answers a body whose chunks are none with 400, and frees what it held', async () => {
    const { port, door } = await begin({}, { maxHeldBytes: 1_000 });
    for (let i = 0; i < 5; i++) {
      const broken = `POST /scep HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n258\r\n${'a'.repeat(600)}\r\nzz\r\n`;
      const { replies, ending } = await converse(port, [broken]);
      expect([replies.map(({ status }) => status), ending]).toEqual([[400], 'end']);
    }
    expect(door.requests).toEqual([]);
    expect((await converse(port, [post(900, Buffer.alloc(900))], { replies: 1 })).replies[0]?.status).toBe(200);
  });

  it('tells a device that closes its side in the middle that its request broke off', async () => {
    const { port, door } = await begin();
    const socket = await hold(port, post(100, 'abc'));
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.end();
    await new Promise<void>((resolve) => socket.on('close', () => resolve()));
    expect(Buffer.concat(received).toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect(door.noises).toMatchObject([{ status: 400, code: 'broken-off' }]);
    expect(door.requests).toEqual([]);
  });

  it('drops the rest of a request that it refused by its path, and the connection with it', async () => {
    const { port, door } = await begin();
    const { replies, ending } = await converse(port, [rawRequest('POST /nowhere HTTP/1.1', { 'Content-Length': '500000' }), 50, Buffer.alloc(400_000)]);
    expect(replies.map(({ status }) => status)).toEqual([404]);
    expect(ending).toBe('end');
    expect(door.noises).toHaveLength(1);
  });
});

describe('no HTTP at all', () => {
  it.each([
    ['octets', Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10]), 'malformed-request'],
    ['a ClientHello', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]), 'tls-on-plain-http'],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'malformed-request'],
    ['an HTTP/2 preface', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), 'malformed-request'],
    ['a bare CMS message', Buffer.from('308006092a864886f70d010702a080', 'hex'), 'malformed-request'],
    ['a space in the query', Buffer.from('GET /scep?operation=PKIOperation&message=a b HTTP/1.1\r\n\r\n'), 'malformed-request'],
    ['two lengths', Buffer.from('POST /scep HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'), 'malformed-request'],
    ['a length and chunks', Buffer.from('POST /scep HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), 'malformed-request'],
    ['a negative length', Buffer.from('POST /scep HTTP/1.1\r\nContent-Length: -1\r\n\r\n'), 'malformed-request'],
  ])('answers 400 to %s, once, and closes', async (_, octets, code) => {
    const { port, door } = await begin();
    const { replies, ending } = await converse(port, [octets, 20, octets]);
    expect(replies.map(({ status }) => status)).toEqual([400]);
    expect(replies[0]?.headers['content-length']).toBe(String(replies[0]?.body.length));
    expect(ending).toBe('end');
    expect(door.noises).toMatchObject([{ source: '127.0.0.1', status: 400, code }]);
    expect(door.requests).toEqual([]);
    await expectServed(port);
  });

  it('cuts and escapes what it reports', async () => {
    const { port, door } = await begin();
    await converse(port, [Buffer.from(`GET /${'x'.repeat(300)} HTTP/1.1\r\n\r\n`)], { replies: 1 });
    await converse(port, [Buffer.from('GET /\x80\xff\x9b HTTP/1.1\r\n\r\n', 'latin1')], { replies: 1 });
    expect(door.noises.map(({ path }) => path)).toEqual([`/${'x'.repeat(199)}`, '/\\x80\\xff\\x9b']);
  });
});

describe('anything', () => {
  const inputs = Number(process.env['FUZZ_INPUTS'] ?? 400);

  it('gets an answer that is no 500, soon, for whatever path, query, method and body', async () => {
    const { port, door } = await begin({}, { bodyMs: 300, headersMs: 300 });
    const word = fc.constantFrom('scep', 'SCEP', 'api', 'v1', 'protocols', 'raProfile', 'crl', 'ca', 'cgi-bin', 'pkiclient.exe', 'certsrv', 'mscep', 'mscep.dll');
    const segment = fc.oneof(word, fc.constantFrom('1', '2.crl', '3.cer', '..', '.', '%00', '%', '%zz', '%2e%2e', 'health', '*', ''), fc.webSegment());
    const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`);
    const value = fc.oneof(fc.base64String({ maxLength: 200 }), fc.webQueryParameters(), fc.constantFrom('GetCACaps', 'PKIOperation', 'ca_id=1', '%', '&&&', '=', '+'));
    const query = fc.array(fc.tuple(fc.constantFrom('operation', 'message', 'ca_id', '', '%6Fperation'), value), { maxLength: 4 });
    const method = fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'get', 'BREW');
    const body = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(method, path, query, fc.constantFrom('HTTP/1.0', 'HTTP/1.1', 'HTTP/9.9', ''), body, async (verb, target, pairs, version, octets) => {
        const line = `${verb} ${target}?${pairs.map(([name, text]) => `${name}=${text}`).join('&')} ${version}`;
        const { replies, ending } = await converse(port, [rawRequest(line, { Connection: 'close', 'Content-Length': String(octets.length) }, octets)], {
          bodiless: verb === 'HEAD',
          quietMs: 3_000,
        });
        expect(ending, line).toBe('end');
        expect([200, 400, 401, 404, 405], line).toContain(replies[0]?.status);
      }),
      { numRuns: inputs },
    );
    for (const { path: told } of door.noises) expect(told).toMatch(/^[\x20-\x7e]{0,200}$/);
    await expectServed(port);
  });

  it('ends every connection on which octets at random came in', async () => {
    const { port } = await begin({}, { bodyMs: 200, headersMs: 200, idleMs: 100, lingerMs: 100 });
    const good = fc.constantFrom(caps, post(3, 'abc'), Buffer.from('GET /scep?'), Buffer.from('Content-Length: 5\r\n'), Buffer.from('\r\n\r\n'));
    const octets = fc.array(fc.oneof(good, fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))), { minLength: 1, maxLength: 5 });
    const conversations: Promise<void>[] = [];
    await fc.assert(
      fc.asyncProperty(octets, async (pieces) => {
        conversations.push(
          converse(port, pieces, { quietMs: 5_000 }).then(({ ending, replies }) => {
            expect(ending).not.toBe('open');
            for (const { status } of replies) expect(status).not.toBe(500);
          }),
        );
        // Many at once, or waiting for each to time out would take all day.
        if (conversations.length % 200 === 0) await Promise.all(conversations);
      }),
      { numRuns: Math.min(inputs, 5_000) },
    );
    await Promise.all(conversations);
    await expectServed(port);
  });
});
