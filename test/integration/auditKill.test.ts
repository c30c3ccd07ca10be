// A process that is killed between two instructions must leave a log that holds, and every enrolment it had called durable.
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import { verifyFolder } from '../../src/main/adapters/sqlite/verifyLog.ts';

const LOOP = new URL('./auditCommitLoop.ts', import.meta.url).pathname;

let folder: string;
let keyFile: string;
let dataDir: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  keyFile = join(folder, 'audit.pem');
  dataDir = join(folder, 'data');
  writeFileSync(keyFile, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const start = (round: string): ChildProcess => spawn(process.execPath, [LOOP, dataDir, keyFile, round], { stdio: ['ignore', 'pipe', 'inherit'] });

/** Lets a process commit for a while and kills it; the enrolments that it had called durable. */
async function commitUntilKilled(round: string, milliseconds: number): Promise<readonly string[]> {
  const child = start(round);
  let output = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
      output += chunk.toString('utf8');
    });
    child.once('close', () => resolve());
  });
  // The last line may have been cut, and then says nothing.
  return output.split('\n').slice(0, -1);
}

describe('a process killed while it commits', () => {
  it.each([40, 130, 270, 410])('after %i ms: nothing durable is lost, the chain holds, the signed head lags one commit at most', async (milliseconds) => {
    const durable = await commitUntilKilled(`at${milliseconds}`, milliseconds);
    expect(durable.length).toBeGreaterThan(0);

    const offline = verifyFolder(dataDir);
    expect(offline).toMatchObject({ ok: true });
    expect(offline.notes.every((note) => /stopped hard|cut short/.test(note)), offline.notes.join()).toBe(true);

    const store = await openSqliteStore({ dataDir });
    const verdict = await store.verifyAudit();
    expect(verdict).toMatchObject({ ok: true, head: offline.head });
    for (const id of durable) {
      expect(await store.read.request(id), id).toMatchObject({ state: 'issued' });
      expect(await store.read.certificate(id), id).toBeDefined();
      expect(await store.read.challenge(id), id).toMatchObject({ usesLeft: 0 });
    }
    await store.close();
    // Closed in order without the key: the lag of the kill is still no tampering.
    expect(verifyFolder(dataDir)).toMatchObject({ ok: true });
  });

  it('holds the folder while it lives, with one clear sentence for the second, and leaves no lock behind', async () => {
    const child = start('lock');
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await expect(openSqliteStore({ dataDir })).rejects.toThrow(/^The data folder .* is in use by another running Countersign: .*\.$/);
    expect(() => verifyFolder(dataDir)).toThrow(/is in use by a running Countersign/);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    const store = await openSqliteStore({ dataDir });
    await store.close();
  });
});
