/** `countersign rehearse`: time moves in a copy, a whole rollover passes, and the original has not changed by a byte. From a stopped folder, and from a backup. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { createScepClient } from '../support/scepClient.ts';
import { SERVER_PASSPHRASE, runCommand, startServer } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-rehearse-'));
const dataDir = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE };
const digests = (): readonly string[] => readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => `${e.name} ${createHash('sha256').update(readFileSync(join(e.parentPath, e.name))).digest('hex')}`).sort();

interface Rehearsed {
  readonly from: string;
  readonly to: string;
  readonly crls: number;
  readonly events: readonly { readonly at: string; readonly kind: string; readonly text: string }[];
}

it('shows what happens on which day, and leaves the original as it was', async () => {
  const server = await startServer({ dataDir, env });
  await server.call('authorities.create', { commonName: 'Office CA', key: 'rsa-2048', years: 10 });
  const client = createScepClient(server.scepUrl);
  const { password } = await server.call('challenges.create', {});
  const [recipient = new Uint8Array()] = await client.caCertificates();
  expect((await client.ask(pkcsReq({ key: rsaKey(0), recipient, subject: 'CN=router', challenge: password }))).pkiStatus).toBe('SUCCESS');
  const backup = await server.call('backups.create', { passphrase: 'four unrelated words' });
  const running = await server.run(['rehearse', '--days', '10'], { env });
  expect(running.code).toBe(1);
  expect(JSON.parse(running.err)).toMatchObject({ code: 'data-folder-unusable' });
  await server.stop();

  const before = digests();
  const rehearsed = await runCommand(['rehearse', '--rollover', '--data', dataDir, '--json'], { env });
  expect(rehearsed, rehearsed.err).toMatchObject({ code: 0 });
  const { events, crls } = JSON.parse(rehearsed.out) as Rehearsed;
  const texts = events.map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining([expect.stringMatching(/^“Office CA”: the next generation is published, to take over at /), '“Office CA”: generation 2 is current now.', '“Office CA”: generation 1 is previous now.']));
  // By the proposed date the one device has had to renew, or its certificate has ended.
  expect(texts.find((text) => text.startsWith('One device certificate has ended'))).toBeDefined();
  const activated = events.find(({ text }) => text.includes('generation 2 is current'));
  const announced = events.find(({ kind, text }) => kind === 'step' && text.includes('published'));
  expect(announced?.text).toContain(activated?.at.slice(0, 13));
  expect(crls).toBeGreaterThan(50);
  expect(digests()).toEqual(before);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('countersign-rehearsal-'))).toEqual([]);

  const wrong = await runCommand(['rehearse', '--days', '3', '--data', dataDir], { env: { COUNTERSIGN_PASSPHRASE: 'not it at all' } });
  expect(wrong.code).toBe(1);
  expect(JSON.parse(wrong.err)).toMatchObject({ code: 'wrong-passphrase' });
  expect(await runCommand(['rehearse', '--data', dataDir], { env })).toMatchObject({ code: 2 });

  const restored = await runCommand(['rehearse', '--days', '400', '--backup', backup.path, '--json'], { env: { COUNTERSIGN_BACKUP_PASSPHRASE: 'four unrelated words' } });
  expect(restored, restored.err).toMatchObject({ code: 0 });
  expect((JSON.parse(restored.out) as Rehearsed).events.map(({ kind }) => kind)).toEqual(['start', 'expiry', 'end']);
  expect(digests()).toEqual(before);
});
