/** Every channel of the admin contract, once with what it takes and once with what it does not, through the door and through JSON. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeviceListener, type DeviceListener } from '../../src/main/adapters/http/listener.ts';
import { type AdminDoor, type Caller, createAdminDoor } from '../../src/main/admin/door.ts';
import { openWindowSession } from '../../src/main/application/window.ts';
import { CHANNELS, type Channel } from '../../src/preload/contract/channels.ts';
import { contract } from '../../src/preload/contract/contract.ts';
import { certificate, csr, extension, keyIdOf, testCa } from '../support/certificates.ts';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import type { MemoryBackups } from '../support/memoryBackups.ts';
import type { TestKey } from '../support/keys.ts';
import { type CourierPair, openCourierPair } from '../support/courierPair.ts';
import { ADMIN, type Office, openOffice } from '../support/office.ts';
import { pem } from '../support/oracle.ts';
import { TEST_PASSPHRASE } from '../support/testKeys.ts';

interface Known {
  readonly authorityId: string;
  readonly pending: readonly { readonly id: string; readonly version: number; readonly spkiSha256: string; readonly md5: string }[];
  readonly certificateId: string;
  readonly challengeId: string;
}

let office: Office;
let listener: DeviceListener;
let door: AdminDoor;
let known: Known;
/** Two machines, each with a door of its own: no machine is both. */
let courier: CourierPair;
let doors: Readonly<Partial<Record<Channel, AdminDoor>>>;

const NEXT_PASSPHRASE = 'another correct horse';
/** A window, so that what only windows may ask is answered too. */
const CALLER: Caller = { ...ADMIN, window: openWindowSession() };

async function value<T>(channel: Channel, input: unknown = {}): Promise<T> {
  const reply = await door.call(channel, input, ADMIN);
  if (!reply.ok) throw new Error(`${channel}: ${reply.error.code}: ${reply.error.message}`);
  return reply.value as T;
}

beforeAll(async () => {
  office = await openOffice();
  listener = createDeviceListener({ door: office.door, log: () => undefined, trustProxy: false });
  await listener.listen('127.0.0.1', 0);
  door = createAdminDoor({ ...office.deps, listener: listener.control });
  courier = await openCourierPair();
  const [there, here] = [createAdminDoor(courier.signer.deps), createAdminDoor(courier.listener.deps)];
  doors = { 'courier.status': here, 'courier.pair': there, 'courier.exportRequests': here, 'courier.importRequests': there, 'courier.exportCertificates': there, 'courier.importCertificates': here };
  const recipient = office.scepCertificate;
  await office.ask(pkcsReq({ recipient, challenge: await office.challenge() }));
  for (const nth of [1, 2, 3, 4]) await office.ask(pkcsReq({ recipient, key: rsaKey(nth), subject: `CN=waiting-${nth}` }));
  const waiting = await office.requests('pending');
  known = {
    authorityId: office.endpoint.authorityId,
    pending: waiting.map(({ id, version, fingerprints: { spkiSha256, md5 } }) => ({ id, version, spkiSha256, md5 })),
    certificateId: (await office.certificates()).find(({ kind }) => kind === 'device')!.id,
    challengeId: (await value<{ readonly id: string }>('challenges.create', {})).id,
  };
});

afterAll(async () => {
  await listener.close();
  await office.close();
  await courier.close();
});

const waiting = (nth: number): Known['pending'][number] => known.pending[nth]!;
const decision = (nth: number): object => ({ id: waiting(nth).id, version: waiting(nth).version, spkiSha256: waiting(nth).spkiSha256 });

/** The authority that awaits its certificate, and what a CA elsewhere made of its request. */
function arrivedCertificate(): { readonly id: string; readonly files: readonly string[] } {
  const { directory } = office.deps;
  const awaiting = directory.authorities().find(({ id }) => directory.generations(id).some(({ state }) => state === 'awaiting-certificate'));
  const generation = directory.generations(awaiting?.id ?? '')[0];
  if (awaiting === undefined || generation === undefined) throw new Error('no authority awaits a certificate');
  const key = { spki: generation.spki } as TestKey;
  const extensions = [extension('2.5.29.19', Uint8Array.of(0x30, 3, 1, 1, 0xff), true), extension('2.5.29.15', Uint8Array.of(3, 2, 1, 0xa6), true), extension('2.5.29.14', Uint8Array.of(4, 20, ...keyIdOf(key)))];
  const own = certificate({ subject: awaiting.subject, key, issuer: testCa(0), extensions, notAfter: Date.now() + 1000 * 86_400_000 });
  return { id: awaiting.id, files: [own, testCa(0).certificate].map((der) => Buffer.from(der).toString('base64')) };
}

/** What an issuing CA elsewhere brings to be signed. */
const caRequest = (): string => pem('CERTIFICATE REQUEST', csr({ key: rsaKey(3), subject: 'O=Elsewhere, CN=Elsewhere Issuing CA' }));

/** A CA's key and certificate as PEM. */
function keyFile(): string {
  const { key, certificate: own } = testCa(1);
  return Buffer.from(`${key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}${pem('CERTIFICATE', own)}`).toString('base64');
}

/** Another CA's. */
function movingCa(): string {
  const { key, certificate: own } = testCa(2);
  return Buffer.from(`${key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()}${pem('CERTIFICATE', own)}`).toString('base64');
}

/** In the order of the contract; a later channel finds what an earlier one did. `bad` must be refused, naming the field. */
const SAMPLES: Readonly<Record<Channel, { readonly good: () => unknown; readonly bad: unknown; readonly names: string }>> = {
  'status.get': { good: () => ({}), bad: { verbose: true }, names: 'verbose' },
  'status.history': { good: () => ({ days: 7 }), bad: { days: 0 }, names: 'days' },
  'vault.status': { good: () => undefined, bad: [], names: 'input' },
  'vault.initialize': { good: () => ({ kind: 'passphrase', passphrase: 'x' }), bad: { kind: 'paper' }, names: 'kind' },
  'vault.unlock': { good: () => ({ passphrase: TEST_PASSPHRASE }), bad: { passphrase: 5 }, names: 'passphrase' },
  'vault.lock': { good: () => ({}), bad: { force: true }, names: 'force' },
  'vault.changePassphrase': { good: () => ({ current: TEST_PASSPHRASE, next: NEXT_PASSPHRASE }), bad: { current: 'x' }, names: 'next' },
  'listener.get': { good: () => ({}), bad: { port: 1 }, names: 'port' },
  'listener.interfaces': { good: () => ({}), bad: { all: true }, names: 'all' },
  'listener.test': { good: () => ({ host: '127.0.0.1', port: listener.control.state().port }), bad: { host: '', port: 80 }, names: 'host' },
  'listener.configure': { good: () => ({ host: '127.0.0.1', port: 0 }), bad: { host: '127.0.0.1', port: 70_000 }, names: 'port' },
  'authorities.create': { good: () => ({ commonName: 'Second CA', key: 'p256', years: 5 }), bad: { commonName: 'x', key: 'rsa-1024' }, names: 'key' },
  'authorities.list': { good: () => ({ query: 'second' }), bad: { limit: 501 }, names: 'limit' },
  'authorities.get': { good: () => ({ id: known.authorityId }), bad: {}, names: 'id' },
  'authorities.signingRequest': { good: () => ({ commonName: 'Issuing CA', organization: 'Test' }), bad: { commonName: 'x', years: 5 }, names: 'years' },
  'authorities.installCertificate': { good: arrivedCertificate, bad: { id: 'x', files: [] }, names: 'files' },
  'authorities.import': { good: () => ({ files: [keyFile()] }), bad: { files: ['not base64!'] }, names: 'files.0' },
  'authorities.export': { good: () => ({ id: known.authorityId, format: 'p7b' }), bad: { id: 'x', format: 'pkcs12' }, names: 'format' },
  'authorities.signRequest': { good: () => ({ authorityId: known.authorityId, csr: caRequest(), preview: true }), bad: { authorityId: 'x', csr: 'x', years: 0 }, names: 'years' },
  'authorities.split': { good: () => ({ id: known.authorityId, version: office.deps.directory.authority(known.authorityId)?.version }), bad: { id: 'x' }, names: 'version' },
  'authorities.combine': { good: () => ({ id: known.authorityId, version: office.deps.directory.authority(known.authorityId)?.version }), bad: { id: 'x', version: 0 }, names: 'version' },
  'authorities.renewScepKey': { good: () => ({ id: office.deps.directory.authorities().find(({ scepKey }) => scepKey === 'split')?.id }), bad: {}, names: 'id' },
  'rollover.status': { good: () => ({ authorityId: known.authorityId, standing: 'silent' }), bad: { authorityId: 'x', standing: 'gone' }, names: 'standing' },
  'rollover.stage': { good: () => ({ authorityId: known.authorityId, years: 9, key: 'rsa-2048' }), bad: { authorityId: 'x', activateAt: 'soon' }, names: 'activateAt' },
  'rollover.preview': { good: () => ({ authorityId: known.authorityId }), bad: { authorityId: 'x', years: 99 }, names: 'years' },
  'rollover.publish': { good: () => ({ authorityId: known.authorityId }), bad: { id: 'x' }, names: 'authorityId' },
  'rollover.withdraw': { good: () => ({ authorityId: known.authorityId }), bad: { authorityId: 'x', force: true }, names: 'force' },
  'rollover.activate': { good: () => ({ authorityId: known.authorityId, unpublished: true }), bad: { authorityId: 'x', at: 'now' }, names: 'at' },
  'rollover.retire': { good: () => ({ authorityId: known.authorityId, generation: 1 }), bad: { authorityId: 'x', generation: 0 }, names: 'generation' },
  'rollover.undo': { good: () => ({ authorityId: known.authorityId }), bad: { authorityId: 7 }, names: 'authorityId' },
  'rollover.links': { good: () => ({ authorityId: known.authorityId }), bad: { authorityId: 'x', crossSigner: '' }, names: 'crossSigner' },
  'endpoints.list': { good: () => ({}), bad: { state: 'enabled' }, names: 'state' },
  'endpoints.save': { good: () => ({ path: '/scep/lab', authorityId: known.authorityId, profileId: 'device', compatibility: 'legacy' }), bad: { path: '/scep/x', authorization: 'none' }, names: 'authorization' },
  'endpoints.remove': { good: () => ({ id: office.deps.directory.endpointByPath('/scep/lab')?.id }), bad: { id: 7 }, names: 'id' },
  'profiles.list': { good: () => ({ limit: 2 }), bad: { limit: 0 }, names: 'limit' },
  'profiles.save': { good: () => ({ name: 'Phones', validityDays: 90, renewalWindowDays: 20 }), bad: { name: 'x', extendedKeyUsages: ['clientAuth'] }, names: 'extendedKeyUsages.0' },
  'profiles.preview': { good: () => ({ id: 'phones', fields: { validityDays: 30, renewalWindowDays: 5 }, authorityId: known.authorityId }), bad: { authorityId: 'x', fields: { id: 'mine' } }, names: 'fields.id' },
  'profiles.remove': { good: () => ({ id: 'phones' }), bad: { name: 'phones' }, names: 'id' },
  'requests.list': { good: () => ({ state: 'pending', limit: 3 }), bad: { state: 'open' }, names: 'state' },
  'requests.get': { good: () => ({ id: waiting(0).id }), bad: { id: '' }, names: 'id' },
  'requests.approve': { good: () => decision(0), bad: { id: 'x', version: 0 }, names: 'version' },
  'requests.approveMany': { good: () => ({ items: [decision(1)] }), bad: { items: [] }, names: 'items' },
  'requests.refuse': { good: () => ({ ...decision(2), reason: 'not ours' }), bad: { id: 'x', version: 1, reason: 'two\nlines' }, names: 'reason' },
  'requests.reopen': { good: () => ({ id: waiting(2).id, version: waiting(2).version + 1 }), bad: { id: 'x' }, names: 'version' },
  'requests.match': { good: () => ({ text: waiting(3).md5.toUpperCase() }), bad: { text: '' }, names: 'text' },
  'challenges.create': { good: () => ({ label: 'router', uses: 2, subjectAltNames: ['DNS:router.lan'], endpoint: '/scep' }), bad: { password: 'mine' }, names: 'password' },
  'challenges.list': { good: () => ({ state: 'live' }), bad: { state: 'valid' }, names: 'state' },
  'challenges.get': { good: () => ({ id: known.challengeId }), bad: {}, names: 'id' },
  'challenges.withdraw': { good: () => ({ id: known.challengeId }), bad: {}, names: 'id' },
  'certificates.list': { good: () => ({ state: 'valid' }), bad: { cursor: 5 }, names: 'cursor' },
  'certificates.get': { good: () => ({ id: known.certificateId }), bad: { serial: '01' }, names: 'serial' },
  'certificates.revoke': { good: () => ({ id: known.certificateId, reason: 'certificateHold' }), bad: { id: 'x', reason: 'stolen' }, names: 'reason' },
  'certificates.release': { good: () => ({ id: known.certificateId }), bad: { id: null }, names: 'id' },
  'certificates.export': { good: () => ({ id: known.certificateId, format: 'chain' }), bad: { id: 'x', format: 'key' }, names: 'format' },
  'crls.publish': { good: () => ({ authorityId: known.authorityId }), bad: { authorityId: 'x', generation: 0 }, names: 'generation' },
  'crls.get': { good: () => ({ authorityId: known.authorityId, generation: 1 }), bad: {}, names: 'authorityId' },
  'transactions.list': { good: () => ({ query: 'waiting' }), bad: { query: 5 }, names: 'query' },
  'transactions.get': { good: () => ({ id: 1 }), bad: { id: 'one' }, names: 'id' },
  'audit.list': { good: () => ({ limit: 5 }), bad: { from: 1 }, names: 'from' },
  'audit.verify': { good: () => ({}), bad: { fast: true }, names: 'fast' },
  'audit.export': { good: () => ({}), bad: { since: 1 }, names: 'since' },
  'backups.create': { good: () => ({ passphrase: 'four unrelated words', asFile: true }), bad: { passphrase: '' }, names: 'passphrase' },
  'backups.list': { good: () => ({}), bad: { limit: 5 }, names: 'limit' },
  'backups.verify': { good: () => ({ path: [...(office.deps.backups as MemoryBackups).files.keys()][0], passphrase: 'four unrelated words' }), bad: { passphrase: 'x' }, names: 'path' },
  'backups.schedule': { good: () => ({ everyDays: 7, passphrase: 'four unrelated words' }), bad: { everyDays: 7, keep: 0 }, names: 'keep' },
  'backups.restore': { good: () => ({ path: '/nowhere', passphrase: 'four unrelated words', vault: { kind: 'keychain' } }), bad: { path: '/nowhere', passphrase: 'x' }, names: 'vault' },
  'migration.preview': { good: () => ({ files: [{ name: 'ca.pem', base64: keyFile() }] }), bad: { files: [] }, names: 'files' },
  'migration.import': { good: () => ({ files: [{ name: 'ca.pem', base64: movingCa() }] }), bad: { files: [{ name: 'a', base64: '!' }] }, names: 'files.0.base64' },
  'migration.export': { good: () => ({ id: office.deps.directory.authorities()[0]?.id }), bad: { id: 'x', keyPassphrase: 'short' }, names: 'keyPassphrase' },
  'courier.status': { good: () => ({}), bad: { link: 'x' }, names: 'link' },
  'courier.pair': { good: () => ({ step: 'invite', authorityId: courier.authorityId, name: 'Safe' }), bad: { step: 'read', file: 'not base64!' }, names: 'file' },
  'courier.exportRequests': { good: () => ({}), bad: { link: '' }, names: 'link' },
  'courier.importRequests': { good: async () => ({ file: Buffer.from(await courier.requests()).toString('base64') }), bad: { file: 'AAAA', acceptGranted: 'yes' }, names: 'acceptGranted' },
  'courier.exportCertificates': { good: () => ({ everything: true }), bad: { everything: 1 }, names: 'everything' },
  'courier.importCertificates': { good: async () => ({ file: Buffer.from(await courier.certificates()).toString('base64') }), bad: {}, names: 'file' },
  'settings.get': { good: () => ({}), bad: { name: 'x' }, names: 'name' },
  'settings.update': { good: () => ({ publicBaseUrl: 'http://ca.office.lan:8080/', crlDays: 3 }), bad: { challengeLength: 8 }, names: 'challengeLength' },
  'diagnostics.inspect': { good: () => ({ base64: Buffer.from('0').toString('base64') }), bad: { base64: '!' }, names: 'base64' },
  'kits.targets': { good: () => ({}), bad: { target: 'trust-der' }, names: 'target' },
  'kits.build': { good: () => ({ target: 'apple-profile', authorityId: known.authorityId }), bad: { target: 'paper' }, names: 'target' },
  'window.status': { good: () => ({}), bad: { locked: true }, names: 'locked' },
  'window.lock': { good: () => ({}), bad: { passphrase: 'x' }, names: 'passphrase' },
  'window.unlock': { good: () => ({ passphrase: NEXT_PASSPHRASE }), bad: { passphrase: '' }, names: 'passphrase' },
  'desktop.get': { good: () => ({}), bad: { platform: 'linux' }, names: 'platform' },
  'desktop.configure': { good: () => ({ startAtLogin: true }), bad: {}, names: 'startAtLogin' },
  'desktop.saveFile': { good: () => ({ name: 'ca.cer', mediaType: 'application/pkix-cert', base64: '' }), bad: { name: 'a\nb', mediaType: 'text/plain', base64: '' }, names: 'name' },
};

describe('the admin contract', () => {
  // There is a vault already and no desktop here: both have tests of their own.
  const REFUSED: Readonly<Partial<Record<Channel, string>>> = { 'vault.initialize': 'already-initialised', 'backups.restore': 'not-empty', 'desktop.configure': 'only-on-desktop', 'desktop.saveFile': 'only-on-desktop' };

  it.each(CHANNELS)('%s takes what it should and answers in its own form', async (channel) => {
    const reply = await (doors[channel] ?? door).call(channel, await SAMPLES[channel].good(), CALLER);
    const refused = REFUSED[channel];
    if (refused !== undefined) {
      expect(reply).toMatchObject({ ok: false, error: { code: refused } });
      return;
    }
    if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
    // What a window receives went through JSON: it must still be in the form that the contract names.
    expect(contract[channel].output.parse(JSON.parse(JSON.stringify(reply.value)))).toEqual(reply.value);
    if (channel === 'vault.lock') await value('vault.unlock', { passphrase: TEST_PASSPHRASE });
  });

  it.each(CHANNELS)('%s refuses what it does not know, and names the field', async (channel) => {
    const { bad, names } = SAMPLES[channel];
    const reply = await door.call(channel, bad, ADMIN);
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(reply.ok ? '' : reply.error.message).toContain(`${names}:`);
  });

  it('says in plain words what is missing', async () => {
    const reply = await door.call('requests.approve', { id: 'x' }, ADMIN);
    expect(reply.ok ? '' : reply.error.message).toBe('version: is needed');
  });

  it('refuses a channel that is not there', async () => {
    for (const name of ['authorities.delete', 'toString', '__proto__', '']) {
      expect(await door.call(name, {}, ADMIN)).toMatchObject({ ok: false, error: { code: 'unknown-channel' } });
    }
  });

  it('lets no sealed CSR, challenge, MAC or wrapped key out of any channel', async () => {
    const password = (await value<{ readonly password: string }>('challenges.create', { label: 'secret' })).password;
    const recipient = office.scepCertificate;
    await office.ask(pkcsReq({ recipient, key: rsaKey(5), subject: 'CN=bearer', challenge: password }));
    const request = (await office.requests()).find(({ subject }) => subject === 'CN=bearer')!;
    const spent = await office.store.read.challengeByMac((await office.store.read.challenges({ limit: 1 }, office.now())).items[0]!.mac);
    const secrets = [password, password.replaceAll('-', ''), spent!.mac, Buffer.from(request.sealedCsr).toString('base64'), ...(await office.store.read.keys()).map(({ wrapped }) => Buffer.from(wrapped).toString('base64'))];
    const said = JSON.stringify([
      await value('requests.list', { limit: 500 }),
      await value('requests.get', { id: request.id }),
      await value('challenges.list', { limit: 500 }),
      await value('certificates.list', { limit: 500 }),
      await value('transactions.list', { limit: 500 }),
      await value('audit.export'),
      await value('authorities.list'),
      await value('vault.status'),
    ]);
    expect(said).toContain('CN=bearer');
    for (const secret of secrets) expect(said).not.toContain(secret);
  });
});
