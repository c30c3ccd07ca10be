/** A backup of a listener, which has a generation whose key is elsewhere: it is proven, restored under another vault, and keeps its pairing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/main/adapters/sqlite/openSqliteStore.ts';
import { createBackup } from '../../src/main/application/backups/make.ts';
import type { VaultRecord } from '../../src/main/application/ports/vault.ts';
import { VAULT_SETTING } from '../../src/main/application/vault.ts';
import { restoreBackup } from '../../src/main/hosts/backups/restoreBackup.ts';
import { openCourierPair } from '../support/courierPair.ts';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { ADMIN, must } from '../support/office.ts';
import { memoryKeychain, openTestKeys } from '../support/testKeys.ts';

const place = mkdtempSync(join(tmpdir(), 'courier-backup-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

it('keeps the pairing, and opens every key there is; the CA key is not missed', async () => {
  const pair = await openCourierPair({ store: 'sqlite' });
  await pair.listener.ask(pkcsReq({ key: rsaKey(0), subject: 'CN=device', recipient: pair.listener.scepCertificate }));
  const { record } = must(await createBackup(pair.listener.deps, { passphrase: 'four unrelated words', asFile: false }, ADMIN));
  expect(record.counts).toMatchObject({ authorities: 1, requests: 1, keys: 7 });
  const dataDir = join(place, 'restored');
  must(await restoreBackup({ source: { path: record.path }, passphrase: 'four unrelated words', dataDir, vault: { kind: 'passphrase', passphrase: 'a vault of its own' }, kekTools: { keychain: memoryKeychain(), scryptCost: 2 ** 10 }, clock: { now: Date.now }, actor: ADMIN }));

  const store = await openSqliteStore({ dataDir });
  const keys = await openTestKeys({ vault: 'empty' });
  const unlocked = await keys.vault.unlock((await store.read.setting(VAULT_SETTING)) as VaultRecord, await store.read.keys(), 'a vault of its own');
  expect(unlocked.ok).toBe(true);
  const [link] = await store.read.courierLinks();
  expect([link]).toEqual(await pair.listener.store.read.courierLinks());
  expect(keys.courierKeys.has(link!.signingKeyId) && keys.courierKeys.has(link!.agreementKeyId)).toBe(true);
  const [generation] = await store.read.generations();
  expect(keys.signers.has(generation!.keyId)).toBe(false);
  expect((await store.verifyAudit()).ok).toBe(true);
  await store.close();
  await keys.close();
  await pair.close();
});
