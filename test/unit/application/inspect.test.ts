import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createNodeCrypto, rawRsaDecrypt } from '../../../src/main/adapters/crypto/nodeCrypto.ts';
import { inspectCapture } from '../../../src/main/application/inspect.ts';

const folder = new URL('../../vectors/', import.meta.url);
const index = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as unknown;
const capture = (name: string): Buffer => readFileSync(new URL(name, folder));
const crypto = createNodeCrypto();
const decrypt = rawRsaDecrypt(createPrivateKey(capture('ca.key')));

const facts = (bytes: Uint8Array, withKey: boolean): Readonly<Record<string, string>> => {
  const { kind, problem, lines } = inspectCapture(bytes, withKey ? { crypto, decrypt } : { crypto });
  return { kind, problem: problem ?? 'none', ...Object.fromEntries(lines.map(({ name, value }) => [name, value])) };
};

describe('a captured message in words', () => {
  it('names type, transaction, ciphers and signer without any key', () => {
    expect(facts(capture('jscep-pkcsreq-ber-post.http'), false)).toMatchObject({
      kind: 'scep-request',
      problem: 'none',
      messageType: '19 PKCSReq',
      'content cipher': 'aes-128-cbc',
      signer: 'CN=switch-1, O=Vector (self-signed)',
      signature: 'verifies',
    });
  });

  it('reads the CSR with the SCEP key, and counts the challenge without showing it', () => {
    const shown = facts(capture('jscep-pkcsreq-ber-post.http'), true);
    expect(shown).toMatchObject({ 'CSR subject': 'CN=switch-1, O=Vector', 'CSR SAN': 'DNS:switch.vector.test' });
    expect(shown.challengePassword).toMatch(/^present, \d+ characters$/);
    const known = JSON.stringify(index).match(/"challengePassword":\s*"([^"]+)"/g)?.map((pair) => pair.split('"')[3] ?? '') ?? [];
    expect(known.length).toBeGreaterThan(0);
    for (const challenge of known) expect(JSON.stringify(shown)).not.toContain(challenge);
  });

  it('takes the text of a GET, a bare message and a whole request alike', () => {
    const http = capture('strongswan6-pkcsreq-get.http').toString('latin1');
    const target = http.split(' ')[1] ?? '';
    const message = target.slice(target.indexOf('message=') + 'message='.length);
    const whole = facts(Buffer.from(http, 'latin1'), true);
    expect(whole.messageType).toBe('19 PKCSReq');
    expect(facts(Buffer.from(target), true)['CSR SHA-256']).toBe(whole['CSR SHA-256']);
    expect(facts(Buffer.from(message), true)['CSR SHA-256']).toBe(whole['CSR SHA-256']);
  });

  it('says what is wrong with a message that was tampered with', () => {
    const bytes = Uint8Array.from(capture('jscep-pkcsreq-ber-post.http'));
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    expect(facts(bytes, false).problem).toMatch(/^bad-signature/);
  });

  it.each([new Uint8Array(0), Uint8Array.from([0x30, 0x03, 0x02, 0x01]), Buffer.from('GET /scep?operation=PKIOperation&message=%%% HTTP/1.0\r\n\r\n'), Buffer.from('hello'), Uint8Array.from({ length: 500 }, (_, n) => n)])(
    'calls %j unreadable and goes on',
    (bytes) => {
      expect(facts(bytes, true)).toMatchObject({ kind: 'unreadable', problem: expect.stringMatching(/./) });
    },
  );
});
