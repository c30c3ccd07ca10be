/**
 * The server on a desktop's keychain (gnome-keyring) through its life: first run, a restart after logging out and in again, a start where there is no
 * session. Built, as it is installed, because the keychain is a native module.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { type DesktopSession, logIn, withoutDesktop } from '../support/interopDesktop.ts';
import { verify, writeCertificate } from '../support/interopOpenssl.ts';
import { makeFolder } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';
import { NotStarted, type TestServer, startServer } from '../support/server.ts';

const { available, it } = needs('dbus', 'gnome-keyring', 'openssl');

let folder: ReturnType<typeof makeFolder>;
const open = new Set<{ stop(): Promise<unknown> }>();

beforeAll(() => {
  if (available) folder = makeFolder();
});

afterAll(async () => {
  for (const { stop } of [...open].reverse()) await stop();
  folder?.remove();
});

/** Ends with the file, also where a test fails in between. */
function tend<T>(value: T, stop: () => Promise<unknown>): { readonly value: T; readonly stop: () => Promise<void> } {
  const tended = {
    value,
    stop: async () => {
      open.delete(tended);
      await stop();
    },
  };
  open.add(tended);
  return tended;
}

async function session() {
  const desktop: DesktopSession = await logIn(folder.path, 'the login password');
  return tend(desktop, desktop.logOut);
}

async function serve(env: Readonly<Record<string, string | undefined>>, ...args: readonly string[]) {
  const server: TestServer = await startServer({ dataDir: folder.at('ca'), args: ['--rate-limit', 'off', ...args], env, built: true });
  return tend(server, server.stop);
}

async function enrol({ scepUrl, call }: TestServer, name: string): Promise<void> {
  const client = createScepClient(scepUrl);
  const [recipient = new Uint8Array(0)] = await client.caCertificates();
  const { password } = await call('challenges.create', {});
  const reply = await client.ask(pkcsReq({ key: rsaKey(0), recipient, subject: `CN=${name}`, transactionId: name, challenge: password }));
  expect(reply.pkiStatus).toBe('SUCCESS');
  const ca = writeCertificate(folder.at('ca.pem'), (await call('authorities.list')).items[0]?.certificatePem ?? '');
  expect((await verify(ca, writeCertificate(folder.at(`${name}.pem`), reply.certificates[0] ?? ''))).code).toBe(0);
}

it('sets the vault up in the keychain at first run, and opens it by itself after a new login', async () => {
  const first = await session();
  const server = await serve(first.value.env, '--vault', 'keychain');
  expect(await server.value.call('vault.status')).toMatchObject({ state: 'open', kind: 'keychain' });
  await server.value.call('authorities.create', { commonName: 'Desktop CA', key: 'rsa-2048' });
  await enrol(server.value, 'before');
  await server.stop();
  await first.stop();

  const second = await session();
  const again = await serve(second.value.env);
  expect(await again.value.call('status.get')).toMatchObject({ state: 'ready' });
  await enrol(again.value, 'after');
  // Locked and unlocked while it runs, as the admin page does.
  expect((await again.value.call('vault.lock')).state).toBe('locked');
  expect((await again.value.call('vault.unlock')).state).toBe('open');
  await enrol(again.value, 'unlocked');
  expect(await again.value.call('audit.verify')).toMatchObject({ ok: true });
  await again.stop();
  await second.stop();
});

it('without a session it serves what needs no key, tells devices to come back, and says why; asked for the keychain, it ends with that sentence', async () => {
  const env = withoutDesktop(folder.path);
  const server = await serve(env);
  const status = await server.value.call('vault.status');
  expect(status).toMatchObject({ state: 'locked', kind: 'keychain', keychain: { available: false } });
  expect(status.keychain.detail).toMatch(/^There is no D-Bus session, [^.]*\.$/);
  const client = createScepClient(server.value.scepUrl);
  const [recipient = new Uint8Array(0)] = await client.caCertificates();
  const answer = await client.send(pkcsReq({ key: rsaKey(0), recipient, subject: 'CN=waits', challenge: 'x' }).bytes);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  const health = await fetch(new URL('/api/v1/scep/health', server.value.scepUrl));
  expect(await health.json()).toMatchObject({ status: 'locked' });
  await server.stop();

  const refused = await serve(env, '--vault', 'keychain').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(NotStarted);
  const { finished } = refused as NotStarted;
  expect(finished.code).toBe(1);
  expect(finished.out).toBe('');
  const lines = finished.err.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: 'keychain-unavailable', message: status.keychain.detail });
});
