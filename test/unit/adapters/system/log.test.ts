import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../../../src/main/adapters/system/log.ts';
import type { LogLevel } from '../../../../src/main/application/ports/system.ts';

const SECRET = 'hunter2-hunter2';

function written(fields: Readonly<Record<string, unknown>>, level: LogLevel = 'info', least?: LogLevel): string {
  let text = '';
  const stream = { write: (line: string) => ((text += line), true), on: () => stream } as never;
  createLog({ stream, now: () => Date.UTC(2026, 10, 21, 8), ...(least === undefined ? {} : { level: least }) })(level, 'test.event', fields);
  return text;
}

const logged = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => JSON.parse(written(fields)) as Record<string, unknown>;

describe('a line of the log', () => {
  it('is one JSON object with time, level, event and fields', () => {
    expect(written({ requests: 3, text: 'two\nlines' })).toBe('{"at":"2026-11-21T08:00:00.000Z","level":"info","event":"test.event","requests":3,"text":"two\\nlines"}\n');
  });

  it('is not written below the level', () => {
    expect(written({}, 'debug')).toBe('');
    expect(written({}, 'debug', 'debug')).not.toBe('');
    expect(written({}, 'warn', 'error')).toBe('');
    expect(written({}, 'error', 'error')).not.toBe('');
  });

  it('cannot be given another event by its fields', () => {
    expect(logged({ event: 'vault.unlock', at: 'yesterday', level: 'debug' })).toMatchObject({ event: 'test.event', event_: 'vault.unlock', level: 'info' });
  });

  it('survives circles, depth, odd values and errors', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    let deep: unknown = 'bottom';
    for (let i = 0; i < 50; i++) deep = { deep };
    const line = logged({ circle, deep, big: 12n, when: new Date(0), never: new Date(Number.NaN), call: () => 1, map: new Map([['password', SECRET]]), error: new TypeError('odd', { cause: { password: SECRET } }) });
    expect(line).toMatchObject({ circle: { self: '[circular]' }, big: '12', when: '1970-01-01T00:00:00.000Z', never: '[no date]', call: '[function]', map: '[Map of 1]', error: { name: 'TypeError', message: 'odd' } });
    expect(JSON.stringify(line)).not.toContain(SECRET);
  });

  it('writes on when its reader is gone', () => {
    const failures: ((error: Error) => void)[] = [];
    const stream = { write: () => true, on: (_: string, listener: (error: Error) => void) => void failures.push(listener) } as never;
    createLog({ stream });
    expect(() => failures.forEach((tell) => tell(new Error('EPIPE')))).not.toThrow();
    expect(failures).toHaveLength(1);
  });
});

describe('redaction', () => {
  it.each([
    'passphrase', 'password', 'Password', 'challengePassword', 'challenge_password', 'challenge', 'token', 'accessToken', 'X-Api-Token', 'authorization', 'Authorization',
    'cookie', 'secret', 'clientSecret', 'privateKey', 'private_key', 'PRIVATE_KEY', 'keyMaterial', 'keyPem', 'apiKey', 'encryptionKey', 'pkcs8', 'wrapped', 'kek', 'newPassphrase',
  ])('hides a field named %s, at any depth', (name) => {
    for (const fields of [{ [name]: SECRET }, { a: { b: [{ [name]: SECRET }] } }, { [name]: { value: SECRET } }, { [name]: [SECRET] }]) {
      expect(written(fields), JSON.stringify(fields)).not.toContain(SECRET);
    }
    expect(logged({ [name]: SECRET })).toMatchObject({ [name]: '[redacted]' });
  });

  it.each([
    ['challengeId', 'c1'],
    ['challengeState', 'spent'],
    ['tokenExpiresAt', '2026-11-21T08:00:00Z'],
    ['challenges', 3],
    ['challenge', true],
    ['keyId', 'k1'],
    ['key', 'rsa-2048'],
    ['keys', 4],
    ['publicKeySha256', 'ab'],
    ['passphraseMinimum', 8],
    ['compass', 'north'],
    ['spinning', 'yes'],
  ])('shows %s', (name, value) => {
    expect(logged({ [name]: value })).toMatchObject({ [name]: value });
  });

  it('hides private keys in PEM inside any text', () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const body = pem.split('\n')[1] ?? '';
    for (const fields of [{ text: `read ${pem} ok` }, { text: pem.slice(0, -30) }, { error: new Error(pem) }, { list: [pem.replace(/PRIVATE/g, 'RSA PRIVATE')] }]) {
      expect(written(fields)).not.toContain(body);
    }
    expect(written({ text: `read ${pem} ok` })).toContain('read [redacted PRIVATE KEY]\\n ok');
  });

  it('leaves certificates in PEM alone', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
    expect(logged({ certificate: pem })).toMatchObject({ certificate: pem });
  });

  it('hides credentials in headers and URLs', () => {
    const line = written({ header: `Bearer ${SECRET}`, url: `http://127.0.0.1:8081/#token=${SECRET}`, query: `/x?password=${SECRET}&y=1` });
    expect(line).not.toContain(SECRET);
    expect(line).toContain('y=1');
  });

  it('tells of bytes only how many there are', () => {
    const bytes = Buffer.from(SECRET);
    expect(logged({ bytes, view: new Uint8Array(bytes), buffer: new ArrayBuffer(3) })).toMatchObject({ bytes: '[15 bytes]', view: '[15 bytes]', buffer: '[3 bytes]' });
  });
});
