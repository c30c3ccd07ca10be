/**
 * What may be under way in a CA's life when the machine dies, one entry each: how it is begun, and how it is gone on with after the kill. The campaign
 * (test/crash/life.test.ts) kills the server in the middle, looks at the folder, starts it again, and calls `goOn`. A new verb is one more entry.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCrl } from '../../src/main/core/pki/crl.ts';
import type { Input } from '../../src/preload/contract/contract.ts';
import { type FormerFiles, formerFiles } from './formerFiles.ts';
import { renewalReq, rsaKey } from './forge.ts';
import { openReply } from './replies.ts';
import { createScepClient } from './scepClient.ts';
import { SERVER_PASSPHRASE, type TestServer } from './server.ts';

/** What all verbs may use. */
export interface LifeWorld {
  /** A CA that was made and backed up before the campaign. */
  readonly backupPath: string;
  /** Its only device certificate's serial. */
  readonly backedUpSerial: string;
  readonly former: FormerFiles;
}

export interface LifeVerb {
  readonly name: string;
  /** The state of the server's folder at the beginning: nothing, or an open vault with a CA and its device. */
  readonly begins: 'empty' | 'ready';
  /** Milliseconds in which the verb does its work: the kill comes within them. */
  readonly within: number;
  /** Does it. What the kill cuts off is no error. */
  readonly begin: (server: TestServer, world: LifeWorld) => Promise<unknown>;
  /** The folder belongs to another passphrase from some moment on: those that may open it. */
  readonly passphrases?: readonly string[];
  /** Brings it to its end on the server that was started again, and says in sentences what is wrong. */
  readonly goOn: (server: TestServer, world: LifeWorld) => Promise<readonly string[]>;
}

export const BACKUP_PASSPHRASE = 'four unrelated words';
export const OTHER_VAULT = 'the vault of another machine';

async function findWrong(...checks: readonly (readonly [what: string, holds: () => boolean | Promise<boolean>])[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [what, holds] of checks) if (!(await holds())) wrong.push(what);
  return wrong;
}

const backup: LifeVerb = {
  name: 'backup',
  begins: 'ready',
  within: 700,
  begin: (server) => server.call('backups.create', { passphrase: BACKUP_PASSPHRASE }),
  goOn: async (server) => {
    const leftover = readdirSync(server.dataDir).includes('backup-work');
    const made = await server.call('backups.create', { passphrase: BACKUP_PASSPHRASE });
    const { items } = await server.call('backups.list');
    const verified = await Promise.all(items.map(({ path }) => server.ask('backups.verify', { path, passphrase: BACKUP_PASSPHRASE })));
    return findWrong(
      ['the start left the work folder', () => !leftover],
      ['a file with a backup’s name is not whole', () => verified.every(({ ok }) => ok)],
      ['the new backup is not listed as proven', () => items.some(({ name, state }) => name === made.name && state === 'proven')],
      ['a partial file is left', () => !readdirSync(join(server.dataDir, 'backups')).some((name) => name.endsWith('.partial'))],
    );
  },
};

const restoreInput = ({ backupPath }: LifeWorld): Input<'backups.restore'> => ({ path: backupPath, passphrase: BACKUP_PASSPHRASE, vault: { kind: 'passphrase', passphrase: OTHER_VAULT } });

const restore: LifeVerb = {
  name: 'restore',
  begins: 'empty',
  within: 1_600,
  begin: (server, world) => server.call('backups.restore', restoreInput(world)),
  passphrases: [OTHER_VAULT],
  goOn: async (server, world) => {
    if ((await server.call('status.get')).state === 'empty') await server.call('backups.restore', restoreInput(world));
    const again = await server.ask('backups.restore', restoreInput(world));
    return findWrong(
      ['the restored CA is not ready', async () => (await server.call('status.get')).state === 'ready'],
      ['its device’s certificate is gone', async () => (await server.call('certificates.list', { query: world.backedUpSerial })).total === 1],
      ['a second restore was not refused', () => !again.ok && again.error.code === 'not-empty'],
      ['something of the restore is left', () => !readdirSync(server.dataDir).some((name) => name.startsWith('.'))],
    );
  },
};

const migration: LifeVerb = {
  name: 'migration',
  begins: 'empty',
  within: 1_400,
  begin: async (server, { former }) => {
    await server.ask('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE });
    return server.call('migration.import', { files: [...former.files] });
  },
  passphrases: [SERVER_PASSPHRASE],
  goOn: async (server, { former }) => {
    await server.ask('vault.initialize', { kind: 'passphrase', passphrase: SERVER_PASSPHRASE });
    const { valid, revoked, lost } = former.serials;
    const here = (await server.call('certificates.list', { kind: 'device', limit: 1 })).total;
    const early = here > 0 ? await listedSerials(server) : undefined;
    const { counts, authority } = await server.call('migration.import', { files: [...former.files] });
    const listed = await listedSerials(server);
    const all = [...revoked, ...lost].sort();
    return findWrong(
      ['a CA that was there had forgotten a revocation', () => early === undefined || JSON.stringify(early) === JSON.stringify(all)],
      ['the second import did not complete the first', () => counts.certificates + counts.serialsOnly + counts.alreadyHere === valid.length + all.length],
      ['a certificate is there twice or not at all', async () => (await server.call('certificates.list', { kind: 'device', limit: 1 })).total === valid.length + revoked.length],
      ['the CRL is not what the records say', () => JSON.stringify(listed) === JSON.stringify(all)],
      ['the CRL’s number does not go on above', async () => (await server.call('crls.get', { authorityId: authority.id })).number > 0x2a],
      ['a device that was enrolled before does not renew', () => renews(server, former)],
    );
  },
};

async function listedSerials(server: TestServer): Promise<readonly string[]> {
  const response = await fetch(`${new URL(server.scepUrl).origin}/crl/1.crl`);
  const crl = parseCrl(new Uint8Array(await response.arrayBuffer()));
  return crl.ok ? crl.value.revoked.map(({ serialHex }) => serialHex).sort() : [];
}

async function renews(server: TestServer, { certificate, device }: FormerFiles): Promise<boolean> {
  const { key, certificate: signerCertificate, subject } = device;
  const sent = renewalReq({ key, signerCertificate, subject, recipient: certificate, csr: { key: rsaKey(11), subject } });
  const { bytes } = await createScepClient(server.scepUrl).send(sent.bytes);
  return openReply(bytes, sent).pkiStatus === 'SUCCESS';
}

export const makeFormer = (): FormerFiles => formerFiles({ valid: 1_300, revoked: 150, lost: 40 });

/** Rollover and courier import stand here too, once they are made: one entry each. */
export const LIFE_VERBS: readonly LifeVerb[] = [backup, restore, migration];
