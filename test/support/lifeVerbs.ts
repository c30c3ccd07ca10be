/**
 * What may be under way in a CA's life when the machine dies, one entry each: how it is begun, and how it is gone on with after the kill. The campaign
 * (test/crash/life.test.ts) kills the server in the middle, looks at the folder, starts it again, and calls `goOn`. A new verb is one more entry.
 */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCrl } from '../../src/main/core/pki/crl.ts';
import type { Input } from '../../src/preload/contract/contract.ts';
import { serialOf } from './forge.ts';
import { type FormerFiles, formerFiles } from './formerFiles.ts';
import { courier } from './lifeCourier.ts';
import { rollover } from './lifeRollover.ts';
import { type LifeVerb, type LifeWorld, enrolNew, findWrong, isGranted, renewOld, withServer } from './lifeWorld.ts';
import { createScepClient } from './scepClient.ts';
import { SERVER_PASSPHRASE, type TestServer } from './server.ts';

const BACKUP_PASSPHRASE = 'four unrelated words';
const OTHER_VAULT = 'the vault of another machine';

interface BackedUp {
  /** A copy of its backup, outside of its folder. */
  readonly path: string;
  /** Of `CN=router`, with rsaKey(0). */
  readonly device: Uint8Array;
}

/** A CA with a device and a backup. */
const backedUp = (world: LifeWorld) =>
  world.once('ready', (dataDir) =>
    withServer(dataDir, async (server): Promise<BackedUp> => {
      await server.call('authorities.create', { commonName: 'Life CA', key: 'rsa-2048', years: 10, scepKey: 'combined' });
      const [device] = (await enrolNew(server, { subject: 'CN=router' })).certificates;
      if (device === undefined) throw new Error('the device was not enrolled');
      const { path: made } = await server.call('backups.create', { passphrase: BACKUP_PASSPHRASE });
      const path = world.fresh();
      cpSync(made, path);
      return { path, device };
    }),
  );

const backup: LifeVerb = {
  name: 'backup',
  draw: async (_random, world) => {
    const { dataDir, made } = await backedUp(world);
    return {
      what: 'by hand',
      ready: dataDir,
      within: 700,
      commits: 2,
      begin: (server) => server.call('backups.create', { passphrase: BACKUP_PASSPHRASE }),
      goOn: (server) => backUpAgain(server, made),
    };
  },
};

async function backUpAgain(server: TestServer, { device }: BackedUp): Promise<readonly string[]> {
  const leftover = readdirSync(server.dataDir).includes('backup-work');
  const made = await server.call('backups.create', { passphrase: BACKUP_PASSPHRASE });
  const { items } = await server.call('backups.list');
  const verified = await Promise.all(items.map(({ path }) => server.ask('backups.verify', { path, passphrase: BACKUP_PASSPHRASE })));
  return findWrong(
    ['the start left the work folder', () => !leftover],
    ['a file with a backup’s name is not whole', () => verified.every(({ ok }) => ok)],
    ['the new backup is not listed as proven', () => items.some(({ name, state }) => name === made.name && state === 'proven')],
    ['a partial file is left', () => !readdirSync(join(server.dataDir, 'backups')).some((name) => name.endsWith('.partial'))],
    ['its device does not renew', () => renews(server, device)],
  );
}

const restore: LifeVerb = {
  name: 'restore',
  draw: async (_random, world) => {
    const { path, device } = (await backedUp(world)).made;
    const input: Input<'backups.restore'> = { path, passphrase: BACKUP_PASSPHRASE, vault: { kind: 'passphrase', passphrase: OTHER_VAULT } };
    return {
      what: 'under another vault',
      within: 1_600,
      commits: 3,
      begin: (server) => server.call('backups.restore', input),
      passphrases: [OTHER_VAULT],
      goOn: (server) => restoreAgain(server, input, device),
    };
  },
};

async function restoreAgain(server: TestServer, input: Input<'backups.restore'>, device: Uint8Array): Promise<readonly string[]> {
  if ((await server.call('status.get')).state === 'empty') await server.call('backups.restore', input);
  const again = await server.ask('backups.restore', input);
  return findWrong(
    ['the restored CA is not ready', async () => (await server.call('status.get')).state === 'ready'],
    ['its device’s certificate is gone', async () => (await server.call('certificates.list', { query: serialOf(device) })).total === 1],
    ['a second restore was not refused', () => !again.ok && again.error.code === 'not-empty'],
    ['something of the restore is left', () => !readdirSync(server.dataDir).some((name) => name.startsWith('.'))],
    ['its device does not renew', () => renews(server, device)],
  );
}

const migration: LifeVerb = {
  name: 'migration',
  draw: async (_random, world) => {
    const { made: former } = await world.once('former', async () => formerFiles({ valid: 1_300, revoked: 150, lost: 40 }));
    return {
      what: 'of 1 490 certificates',
      within: 1_400,
      commits: 6,
      begin: async (server) => {
        await server.ask('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE });
        return server.call('migration.import', { files: [...former.files] });
      },
      passphrases: [SERVER_PASSPHRASE],
      goOn: (server) => migrateAgain(server, former),
    };
  },
};

async function migrateAgain(server: TestServer, { files, serials, device }: FormerFiles): Promise<readonly string[]> {
  await server.ask('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE });
  const { valid, revoked, lost } = serials;
  const here = (await server.call('certificates.list', { kind: 'device', limit: 1 })).total;
  const early = here > 0 ? await listedSerials(server) : undefined;
  const { counts, authority } = await server.call('migration.import', { files: [...files] });
  const listed = await listedSerials(server);
  const all = [...revoked, ...lost].sort();
  return findWrong(
    ['a CA that was there had forgotten a revocation', () => early === undefined || JSON.stringify(early) === JSON.stringify(all)],
    ['the second import did not complete the first', () => counts.certificates + counts.serialsOnly + counts.alreadyHere === valid.length + all.length],
    ['a certificate is there twice or not at all', async () => (await server.call('certificates.list', { kind: 'device', limit: 1 })).total === valid.length + revoked.length],
    ['the CRL is not what the records say', () => JSON.stringify(listed) === JSON.stringify(all)],
    ['the CRL’s number does not go on above', async () => (await server.call('crls.get', { authorityId: authority.id })).number > 0x2a],
    ['a device that was enrolled before does not renew', () => renews(server, device.certificate, device.subject)],
  );
}

async function listedSerials(server: TestServer): Promise<readonly string[]> {
  const response = await fetch(`${new URL(server.scepUrl).origin}/crl/1.crl`);
  const crl = parseCrl(new Uint8Array(await response.arrayBuffer()));
  return crl.ok ? crl.value.revoked.map(({ serialHex }) => serialHex).sort() : [];
}

const renews = async (server: TestServer, certificate: Uint8Array, subject = 'CN=router'): Promise<boolean> => isGranted(createScepClient(server.scepUrl), await renewOld(server, subject, certificate));

export const LIFE_VERBS: readonly LifeVerb[] = [backup, restore, migration, rollover, courier];
