/**
 * Two years in the life of a split CA, on the real server with a moved clock: the alarm before its SCEP certificate ends, while the vault stays
 * locked; its renewal by itself when it is unlocked; and a device that knew the former one, before and after.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DAY } from '../../src/main/core/lib/instant.ts';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { waitFor } from '../support/interopPrograms.ts';
import { createScepClient } from '../support/scepClient.ts';
import { SERVER_PASSPHRASE, type TestServer, startServer } from '../support/server.ts';

const CLOCK = new URL('../support/shiftedClock.mjs', import.meta.url).href;

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** Runs a part of the story so many days from now; `locked`: nobody gives the passphrase. Gives back what the log said. */
async function then(days: number, locked: boolean, part: (server: TestServer) => Promise<void>): Promise<string> {
  const env = { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_SHIFT: String(days * DAY), ...(locked ? {} : { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE }) };
  const server = await startServer({ dataDir, env });
  try {
    await part(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return (await server.stop()).err;
}

const notice = async ({ call }: TestServer) => (await call('status.get')).notices.find(({ code }) => code === 'scep-key-ending');
const deadlineLines = (log: string): readonly string[] => log.split('\n').filter((line) => line.includes('deadline.scep-key-ending')).map((line) => (JSON.parse(line) as { readonly level: string }).level);

async function health({ scepUrl }: TestServer) {
  return (await (await fetch(new URL('/api/v1/scep/health', scepUrl))).json()) as { readonly status: string; readonly message: string; readonly warnings: readonly { readonly code: string; readonly severity: string; readonly message: string }[] };
}

describe('the SCEP certificate of a split CA', () => {
  it('is an alarm well before its end, renews by itself, and a device that knew the former one goes on', async () => {
    let known = new Uint8Array(0);
    let authorityId = '';
    const enrol = async (server: TestServer, recipient: Uint8Array, key: number) =>
      createScepClient(server.scepUrl).ask(pkcsReq({ key: rsaKey(key), subject: 'CN=router', recipient, challenge: (await server.call('challenges.create', {})).password }), { signerCertificate: recipient });

    await then(0, false, async (server) => {
      authorityId = (await server.call('authorities.create', { commonName: 'Split CA', key: 'p256', years: 20 })).id;
      [known = known] = (await createScepClient(server.scepUrl).caCertificates()) as Uint8Array<ArrayBuffer>[];
      expect((await enrol(server, known, 1)).pkiStatus).toBe('SUCCESS');
      expect(await health(server)).toMatchObject({ status: 'healthy', warnings: [] });
    });

    // A month before the end nobody has unlocked the vault for long.
    const warned = await then(705, true, async (server) => {
      expect(await notice(server)).toMatchObject({ severity: 'warning', text: expect.stringMatching(/ends in 2\d days .*unlock it, and a new one is made by itself/) as string });
      expect(await health(server)).toMatchObject({ status: 'locked', warnings: expect.arrayContaining([expect.objectContaining({ code: 'scep-key-ending', severity: 'warning' })]) as unknown });
    });
    expect(deadlineLines(warned)).toEqual(['warn']);

    const alarmed = await then(725, true, async (server) => {
      expect(await notice(server)).toMatchObject({ severity: 'danger' });
      await server.call('vault.unlock', { passphrase: SERVER_PASSPHRASE });
      await waitFor('the renewal', async () => ((await notice(server)) === undefined ? true : undefined));
      expect(await health(server)).toMatchObject({ status: 'healthy', warnings: [] });

      const { scepKeys } = await server.call('authorities.get', { id: authorityId });
      expect(scepKeys.map(({ active }) => active)).toEqual([true, false]);
      const [fresh = known] = await createScepClient(server.scepUrl).caCertificates();
      expect(Buffer.from(fresh).equals(Buffer.from(known))).toBe(false);
      // A late message, to the certificate that was fetched two years ago: opened, and answered by the key that the device knows.
      expect((await enrol(server, known, 2)).pkiStatus).toBe('SUCCESS');
      // The device from the first day asks for the CA certificates again and enrols anew.
      expect((await enrol(server, fresh, 1)).pkiStatus).toBe('SUCCESS');
      expect((await server.call('audit.list', { query: 'authority.renewScepKey', limit: 5 })).items).toMatchObject([{ actor: 'system:scep-keys', outcome: 'ok', code: 'renewed' }]);
      expect((await server.call('audit.verify')).ok).toBe(true);
    });
    expect(deadlineLines(alarmed)).toEqual(['error']);

    // Past its end by more than a month the former one is gone, key and all.
    await then(770, false, async (server) => {
      await waitFor('the end of the former key', async () => ((await server.call('authorities.get', { id: authorityId })).scepKeys.length === 1 ? true : undefined));
      await expect(enrol(server, known, 3)).rejects.toThrow();
    });
  });
});
