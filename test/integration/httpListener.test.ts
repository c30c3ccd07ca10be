/** The listener's life: it starts, moves, fails to move, and closes without losing an answer. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createDeviceListener } from '../../src/main/adapters/http/listener.ts';
import { converse, rawRequest } from '../support/rawHttp.ts';
import { recordingDoor, replyOf, stage, type Answers, type Stage } from '../support/recordingDoor.ts';

let open: Stage | undefined;
let stranger: Server | undefined;

async function begin(answers: Answers = {}, limits: Parameters<typeof stage>[1] = {}): Promise<Stage> {
  open = await stage(answers, limits);
  return open;
}

afterEach(async () => {
  await open?.listener.close();
  open = undefined;
  stranger?.close();
  stranger = undefined;
});

const caps = rawRequest('GET /scep?operation=GetCACaps HTTP/1.1');
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function statusAt(port: number, host = '127.0.0.1'): Promise<number | undefined> {
  return (await converse(port, [caps], { replies: 1, host, quietMs: 500 })).replies[0]?.status;
}

async function takenPort(): Promise<number> {
  const server = createServer();
  stranger = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}

describe('whether it could listen elsewhere', () => {
  const free = { ok: true, value: undefined };

  it('is tried and given back: a free port stays free, and the listener stays where it is', async () => {
    const { listener, port } = await begin();
    const other = await takenPort();
    stranger?.close();
    stranger = undefined;
    const before = listener.control.state();
    expect(await listener.control.probe('127.0.0.1', other)).toEqual(free);
    expect(await listener.control.probe('127.0.0.1', other)).toEqual(free);
    expect(await listener.control.probe('127.0.0.1', 0)).toEqual(free);
    expect(listener.control.state()).toEqual(before);
    expect(await statusAt(port)).toBe(200);
    expect(await listener.control.configure('127.0.0.1', other)).toMatchObject({ ok: true });
  });

  it('is denied in the words of a move that fails', async () => {
    const { listener } = await begin();
    const port = await takenPort();
    expect(await listener.control.probe('127.0.0.1', port)).toEqual({ ok: false, error: `Port ${port} on 127.0.0.1 is in use by another program.` });
    expect(await listener.control.probe('192.0.2.77', 0)).toEqual({ ok: false, error: 'This computer has no address 192.0.2.77.' });
    expect(await listener.control.probe('no.such.host.invalid', 0)).toMatchObject({ ok: false, error: expect.stringContaining('no.such.host.invalid') });
  });

  it('counts what it holds itself as free, by whatever name', async () => {
    const { listener, port } = await begin();
    for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', '::']) expect([host, await listener.control.probe(host, port)]).toEqual([host, free]);
    await listener.control.configure('0.0.0.0', port);
    for (const host of ['127.0.0.1', '0.0.0.0']) expect([host, await listener.control.probe(host, port)]).toEqual([host, free]);
    expect(await statusAt(port)).toBe(200);
  });

  it('finds another program on one of all addresses, though one of them is its own', async ({ skip }) => {
    const { listener } = await begin();
    const other = listener.control.interfaces().find(({ loopback, family }) => !loopback && family === 'IPv4')?.address;
    if (other === undefined) return skip('this machine has loopback alone');
    const port = listener.control.state().port;
    const server = createServer();
    stranger = server;
    await new Promise<void>((resolve) => server.listen(port, other, () => resolve()));
    expect(await listener.control.probe('0.0.0.0', port)).toEqual({ ok: false, error: `Port ${port} on ${other} is in use by another program.` });
  });

  it('is known while it does not listen at all', async () => {
    const listener = createDeviceListener({ door: recordingDoor(), log: () => undefined, trustProxy: false });
    const port = await takenPort();
    expect(await listener.control.probe('127.0.0.1', port)).toMatchObject({ ok: false });
    expect(await listener.control.probe('127.0.0.1', 0)).toEqual(free);
    expect(listener.control.state()).toMatchObject({ listening: false, problem: null });
  });
});

describe('where it listens', () => {
  it('takes a free port for 0 and says where it is', async () => {
    const { listener, port } = await begin();
    expect(listener.control.state()).toEqual({ host: '127.0.0.1', port, listening: true, baseUrl: `http://127.0.0.1:${port}`, problem: null });
  });

  it('names an address that a device can use when it listens on all', async () => {
    const { listener } = await begin();
    await listener.control.configure('0.0.0.0', 0);
    const base = new URL(listener.control.state().baseUrl ?? '');
    const addresses = listener.control.interfaces().map(({ address }) => address);
    expect(addresses).toContain(base.hostname);
  });

  it('lists this computer\'s interfaces, loopback marked', async () => {
    const { listener } = await begin();
    expect(listener.control.interfaces()).toContainEqual(expect.objectContaining({ address: '127.0.0.1', family: 'IPv4', loopback: true }));
  });

  it('rejects with a sentence when it cannot start, and keeps it as the problem', async () => {
    const port = await takenPort();
    const listener = createDeviceListener({ door: recordingDoor(), log: () => undefined, trustProxy: false });
    await expect(listener.listen('127.0.0.1', port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use by another program.`);
    expect(listener.control.state()).toMatchObject({ port, listening: false, baseUrl: null, problem: expect.stringContaining('in use') as unknown });
    const moved = await listener.control.configure('127.0.0.1', 0);
    expect(moved.ok && moved.value.problem).toBeNull();
    await listener.close();
  });
});

describe('configure', () => {
  it('moves to another port: the new one answers, the old one is free', async () => {
    const { listener, port } = await begin();
    const moved = await listener.control.configure('127.0.0.1', 0);
    if (!moved.ok) throw new Error(moved.error);
    expect(moved.value.port).not.toBe(port);
    expect(await statusAt(moved.value.port)).toBe(200);
    expect(await statusAt(port)).toBeUndefined();
  });

  it('moves from loopback to all addresses on the same port, and back', async () => {
    const { listener, port } = await begin();
    expect(await listener.control.configure('0.0.0.0', port)).toMatchObject({ ok: true, value: { host: '0.0.0.0', port, listening: true } });
    expect(await statusAt(port)).toBe(200);
    expect(await listener.control.configure('127.0.0.1', port)).toMatchObject({ ok: true, value: { host: '127.0.0.1', port } });
    expect(await statusAt(port)).toBe(200);
  });

  it.each([
    ['an address of another computer', '203.0.113.1', 0, 'This computer has no address 203.0.113.1.'],
    ['no port', '127.0.0.1', 70_000, '70000 is not a port; ports go from 0 to 65535.'],
  ])('stays where it is and says why when it is given %s', async (_, host, wanted, sentence) => {
    const { listener, port } = await begin();
    expect(await listener.control.configure(host, wanted)).toEqual({ ok: false, error: sentence });
    expect(listener.control.state()).toMatchObject({ host: '127.0.0.1', port, listening: true, problem: null });
    expect(await statusAt(port)).toBe(200);
  });

  it('stays where it is when the port belongs to another program', async () => {
    const { listener, port } = await begin();
    const taken = await takenPort();
    expect(await listener.control.configure('127.0.0.1', taken)).toEqual({ ok: false, error: `Port ${taken} on 127.0.0.1 is in use by another program.` });
    expect(await statusAt(port)).toBe(200);
  });

  it('comes back when its own port cannot be had on the new address', async () => {
    const { listener, port } = await begin();
    // The stranger holds the same port on another loopback address: all addresses together cannot be had.
    const server = createServer();
    stranger = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.2', () => resolve()));
    expect(await listener.control.configure('0.0.0.0', port)).toMatchObject({ ok: false });
    expect(listener.control.state()).toMatchObject({ host: '127.0.0.1', port, listening: true, problem: null });
    expect(await statusAt(port)).toBe(200);
  });

  it('lets an answer out that was under way at the old place, and closes that connection', async () => {
    const { listener, port } = await begin({
      scep: async () => {
        await pause(200);
        return replyOf('late');
      },
    });
    const waiting = converse(port, [caps]);
    await pause(50);
    await listener.control.configure('127.0.0.1', 0);
    const { replies, ending } = await waiting;
    expect([replies[0]?.body.toString(), replies[0]?.headers['connection'], ending]).toEqual(['late', 'close', 'end']);
  });

  it('makes moves one after the other', async () => {
    const { listener } = await begin();
    const moves = await Promise.all([listener.control.configure('127.0.0.1', 0), listener.control.configure('127.0.0.1', 0), listener.control.configure('127.0.0.1', 0)]);
    const last = moves.at(-1);
    expect(last?.ok && last.value.port).toBe(listener.control.state().port);
    expect(await statusAt(listener.control.state().port)).toBe(200);
  });

  it('gives no source a fresh rate by moving', async () => {
    const { listener, port } = await begin({}, { rate: { perMinute: 1, burst: 0 } });
    const message = rawRequest('POST /scep HTTP/1.1', { 'Content-Length': '1' }, 'x');
    await converse(port, [message], { replies: 1 });
    await listener.control.configure('127.0.0.1', 0);
    const { replies } = await converse(listener.control.state().port, [message], { replies: 1 });
    expect(replies[0]?.status).toBe(503);
  });
});

describe('close', () => {
  it('waits for the answer that is under way, and takes nothing new', async () => {
    const { listener, port } = await begin({
      scep: async () => {
        await pause(200);
        return replyOf('late');
      },
    });
    const waiting = converse(port, [rawRequest('POST /scep HTTP/1.1', { 'Content-Length': '1' }, 'x')]);
    await pause(50);
    const closing = listener.close();
    expect(await statusAt(port)).toBeUndefined();
    await closing;
    const { replies, ending } = await waiting;
    expect([replies[0]?.body.toString(), ending]).toEqual(['late', 'end']);
    expect(listener.control.state()).toMatchObject({ listening: false, baseUrl: null });
  });

  it('does not wait for connections on which nothing is asked', async () => {
    const { listener, port } = await begin();
    const idle = converse(port, [caps], { quietMs: 5_000 });
    const silent = converse(port, [], { quietMs: 5_000 });
    await pause(50);
    const started = performance.now();
    await listener.close();
    expect(performance.now() - started).toBeLessThan(1_000);
    expect([(await idle).ending, (await silent).ending]).not.toContain('open');
  });

  it('gives up on an answer that never comes', async () => {
    const { listener, port } = await begin({ scep: () => new Promise(() => undefined) }, { drainMs: 200 });
    const waiting = converse(port, [caps]);
    await pause(50);
    const started = performance.now();
    await listener.close();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect((await waiting).replies).toEqual([]);
  });

  it('can be called when nothing was ever started, and twice', async () => {
    const listener = createDeviceListener({ door: recordingDoor(), log: () => undefined, trustProxy: false });
    await listener.close();
    await listener.close();
    expect(listener.control.state()).toMatchObject({ listening: false, problem: null });
  });
});
