/** The bridge parses what goes out and what comes in, and turns every failure of the way into an answer. */
import { describe, expect, it } from 'vitest';
import { bridgeOver, type Transport } from '../../../src/renderer/src/bridge/bridge.ts';

const answering = (send: Transport['send']): Transport => ({ send, subscribe: () => () => undefined });

describe('the bridge', () => {
  it('hands on a value that fits the contract', async () => {
    const listener = { host: '127.0.0.1', port: 8080, listening: true, baseUrl: 'http://127.0.0.1:8080', problem: null, lastContact: null };
    const bridge = bridgeOver(answering(() => Promise.resolve({ ok: true, value: listener })), false);
    expect(await bridge.call('listener.get', {})).toEqual({ ok: true, value: listener });
  });

  it('hands on a refusal with its hint', async () => {
    const error = { code: 'locked', message: 'The vault is locked.', hint: 'Unlock it.' };
    expect(await bridgeOver(answering(() => Promise.resolve({ ok: false, error })), false).call('status.get', {})).toEqual({ ok: false, error });
  });

  it('sends nothing that the contract refuses', async () => {
    let sent = 0;
    const bridge = bridgeOver(answering(() => Promise.resolve(sent++)), false);
    expect(await bridge.call('listener.configure', { host: '0.0.0.0', port: 70_000 })).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(sent).toBe(0);
  });

  it('sends what the schema made of the input, defaults included', async () => {
    const inputs: unknown[] = [];
    const bridge = bridgeOver(answering((_channel, input) => Promise.resolve(inputs.push(input))), false);
    await bridge.call('requests.list', {});
    expect(inputs).toEqual([expect.objectContaining({ limit: 50 })]);
  });

  it.each([
    ['no reply at all', undefined],
    ['a reply of another shape', { value: 1 }],
    ['a value that does not fit the channel', { ok: true, value: { host: 1 } }],
    ['a value with a field too many', { ok: true, value: { host: 'a', port: 1, listening: true, baseUrl: null, problem: null, extra: 1 } }],
  ])('says so when it gets %s', async (_what, raw) => {
    expect(await bridgeOver(answering(() => Promise.resolve(raw)), false).call('listener.get', {})).toMatchObject({ ok: false, error: { code: 'unexpected-reply' } });
  });

  it('says that nobody answers when the way is broken', async () => {
    expect(await bridgeOver(answering(() => Promise.reject(new TypeError('fetch failed'))), false).call('status.get', {})).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  });
});
