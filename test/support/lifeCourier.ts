/**
 * Taking in the courier's file, on either machine, as one verb of a CA's life (lifeVerbs.ts): a pair of machines in the middle of its work is made once;
 * the one gets killed, and what it has become must fit the other, whose folder no kill has met.
 */
import { cpSync, rmSync } from 'node:fs';
import { parseCrl } from '../../src/main/core/pki/crl.ts';
import { certPoll, pkcsReq, renewalReq, rsaKey, serialOf, type SentMessage } from './forge.ts';
import { type LifeCase, type LifeVerb, type LifeWorld, findWrong, isGranted, withServer } from './lifeWorld.ts';
import { type ScepClient, createScepClient } from './scepClient.ts';
import type { TestServer } from './server.ts';

/** What the devices of the pair have asked for, by their names. */
type Asked = ReadonlyMap<string, SentMessage>;

interface Pair {
  /** The signer before it took the requests in, and after it decided on them. */
  readonly signerBefore: string;
  readonly signerAfter: string;
  /** The listener after it wrote the requests, before it took the certificates in. */
  readonly listener: string;
  /** Files in base64. */
  readonly requests: string;
  readonly certificates: string;
  readonly asked: Asked;
  /** Revoked at the listener, which the requests carry; revoked at the signer, which the certificates carry. */
  readonly revokedThere: string;
  readonly revokedHere: string;
}

const OLD = ['old-0', 'old-1', 'old-2'] as const;
/** Granted at the listener by a challenge, and one renewal; the signer issues them at once. */
const GRANTED = ['granted-0', 'granted-1', 'granted-2', 'renewal'] as const;
const HELD = ['held-0', 'held-1', 'held-2', 'held-3'] as const;
const ALL = [...GRANTED, ...HELD];

const fileOf = ({ file }: { readonly file: { readonly base64: string } | null }): string => {
  if (file === null) throw new Error('no file was written');
  return file.base64;
};

async function writerOf(server: TestServer, file: string): Promise<string> {
  const { shown } = await server.call('courier.pair', { step: 'read', file });
  if (shown === null) throw new Error('the file shows nothing');
  return shown.from.fingerprint;
}

async function pairUp(signer: TestServer, listener: TestServer): Promise<void> {
  const { id } = await signer.call('authorities.create', { commonName: 'Vault CA', key: 'p256', years: 10, scepKey: 'split' });
  const invitation = fileOf(await signer.call('courier.pair', { step: 'invite', authorityId: id, name: 'Safe' }));
  const acceptance = fileOf(await listener.call('courier.pair', { step: 'accept', file: invitation, fingerprint: await writerOf(listener, invitation), name: 'Front desk' }));
  await signer.call('courier.pair', { step: 'confirm', file: acceptance, fingerprint: await writerOf(signer, acceptance) });
  await listener.call('courier.importCertificates', { file: fileOf(await signer.call('courier.exportCertificates')) });
}

async function recipientOf(client: ScepClient): Promise<Uint8Array> {
  const [recipient] = await client.caCertificates();
  if (recipient === undefined) throw new Error('the CA gives no certificate');
  return recipient;
}

async function ask(listener: TestServer, asked: Map<string, SentMessage>, name: string, granted: boolean): Promise<void> {
  const client = createScepClient(listener.scepUrl);
  const challenge = granted ? { challenge: (await listener.call('challenges.create', {})).password } : {};
  const sent = pkcsReq({ key: rsaKey(asked.size), recipient: await recipientOf(client), subject: `CN=${name}`, transactionId: name, ...challenge });
  asked.set(name, sent);
  const { pkiStatus } = await client.ask(sent);
  if (pkiStatus !== 'PENDING') throw new Error(`${name}: ${pkiStatus}`);
}

async function poll(listener: TestServer, asked: Asked, name: string) {
  const client = createScepClient(listener.scepUrl);
  const sent = asked.get(name);
  if (sent === undefined) throw new Error(`${name} asked for nothing`);
  return client.ask(certPoll(sent, { recipient: await recipientOf(client) }));
}

async function approveWaiting(signer: TestServer, names: readonly string[]): Promise<void> {
  const { items } = await signer.call('requests.list', { state: 'pending' });
  for (const { id, version, spkiSha256, subject } of items) if (names.some((name) => subject === `CN=${name}`)) await signer.call('requests.approve', { id, version, spkiSha256 });
}

async function revoke(server: TestServer, serial: string): Promise<void> {
  const [item] = (await server.call('certificates.list', { query: serial })).items;
  if (item === undefined) throw new Error(`${serial} is not there`);
  await server.call('certificates.revoke', { id: item.id, reason: 'superseded' });
}

const makePair = (world: LifeWorld): Promise<Pair> =>
  world
    .once('courier-signer', (signerDir) =>
      world.once('courier-listener', (listenerDir) =>
        withServer(signerDir, (signer) =>
          withServer(listenerDir, async (listener) => {
            const asked = new Map<string, SentMessage>();
            await pairUp(signer, listener);
            for (const name of OLD) await ask(listener, asked, name, true);
            await signer.call('courier.importRequests', { file: fileOf(await listener.call('courier.exportRequests')), acceptGranted: true });
            await listener.call('courier.importCertificates', { file: fileOf(await signer.call('courier.exportCertificates')) });
            const got: Uint8Array[] = [];
            for (const name of OLD) got.push(...(await poll(listener, asked, name)).certificates.slice(0, 1));
            const [first, second, third] = got;
            if (first === undefined || second === undefined || third === undefined) throw new Error('the first devices got no certificates');
            await revoke(listener, serialOf(first));
            for (const name of GRANTED.slice(0, 3)) await ask(listener, asked, name, true);
            const client = createScepClient(listener.scepUrl);
            const renewal = renewalReq({ key: rsaKey(1), signerCertificate: second, recipient: await recipientOf(client), subject: 'CN=old-1', transactionId: 'renewal' });
            asked.set('renewal', renewal);
            if ((await client.ask(renewal)).pkiStatus !== 'PENDING') throw new Error('the renewal does not wait');
            for (const name of HELD) await ask(listener, asked, name, false);
            return { asked, requests: fileOf(await listener.call('courier.exportRequests')), revokedThere: serialOf(first), revokedHere: serialOf(third) };
          }),
        ),
      ),
    )
    .then(async ({ dataDir: signerBefore, made: { dataDir: listener, made } }) => {
      const after = await world.once('courier-signer-after', (dataDir) => {
        cpSync(signerBefore, dataDir, { recursive: true });
        return withServer(dataDir, async (signer) => {
          await signer.call('courier.importRequests', { file: made.requests, acceptGranted: true });
          await approveWaiting(signer, ['held-0', 'held-1']);
          const refused = (await signer.call('requests.list', { state: 'pending' })).items.find(({ subject }) => subject === 'CN=held-2');
          if (refused === undefined) throw new Error('held-2 did not come');
          await signer.call('requests.refuse', { id: refused.id, version: refused.version, reason: 'not ours' });
          await revoke(signer, made.revokedHere);
          return fileOf(await signer.call('courier.exportCertificates'));
        });
      });
      return { ...made, signerBefore, signerAfter: after.dataDir, listener, certificates: after.made };
    });

/** A copy of the other machine, which this one's next file is for. */
async function withOther<T>(world: LifeWorld, ready: string, work: (server: TestServer) => Promise<T>): Promise<T> {
  const dataDir = world.fresh();
  cpSync(ready, dataDir, { recursive: true });
  try {
    return await withServer(dataDir, work);
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function lists(listener: TestServer, serial: string): Promise<boolean> {
  const crl = parseCrl(new Uint8Array(await (await fetch(new URL('/crl/1.crl', listener.scepUrl))).arrayBuffer()));
  return crl.ok && crl.value.revoked.some(({ serialHex }) => serialHex === serial);
}

async function allGranted(listener: TestServer, asked: Asked, names: readonly string[]): Promise<boolean> {
  for (const name of names) if (!(await isGranted(createScepClient(listener.scepUrl), await poll(listener, asked, name)))) return false;
  return true;
}

const devicesOf = async (server: TestServer): Promise<number> => (await server.call('certificates.list', { kind: 'device', limit: 1 })).total;

/** The signer takes the requests in, and issues what was granted at once. */
const atSigner = (pair: Pair, world: LifeWorld): LifeCase => ({
  what: 'requests, at the signer',
  ready: pair.signerBefore,
  within: 250,
  commits: 11,
  begin: (server) => server.call('courier.importRequests', { file: pair.requests, acceptGranted: true }),
  goOn: async (signer) => {
    await signer.call('courier.importRequests', { file: pair.requests, acceptGranted: true });
    const issuedByNow = await devicesOf(signer);
    const waiting = (await signer.call('requests.list', { state: 'pending' })).items.map(({ subject }) => subject).sort();
    await approveWaiting(signer, HELD);
    const certificates = fileOf(await signer.call('courier.exportCertificates'));
    const wrong = await findWrong(
      [`${issuedByNow} certificates, where ${OLD.length} were and ${GRANTED.length} were granted`, () => issuedByNow === OLD.length + GRANTED.length],
      [`what waits is not what is held: ${waiting.join(', ')}`, () => JSON.stringify(waiting) === JSON.stringify(HELD.map((name) => `CN=${name}`))],
      ['a certificate was issued twice or not at all', async () => (await devicesOf(signer)) === OLD.length + ALL.length],
      ['a revocation that the file carried is forgotten', async () => (await signer.call('certificates.list', { query: pair.revokedThere })).items[0]?.state === 'revoked'],
    );
    const there = await withOther(world, pair.listener, async (listener) => {
      const taken = await listener.call('courier.importCertificates', { file: certificates });
      return findWrong(
        ['the listener did not get every certificate', () => taken.issued === ALL.length && taken.undecided === 0 && taken.findings.length === 0],
        ['a device does not get its certificate', () => allGranted(listener, pair.asked, ALL)],
        ['the list does not have the revocation', () => lists(listener, pair.revokedThere)],
      );
    });
    return [...wrong, ...there];
  },
});

/** The listener takes the certificates in: five granted, two approved, one refused, one undecided, and a revocation. */
const atListener = (pair: Pair, world: LifeWorld): LifeCase => ({
  what: 'certificates, at the listener',
  ready: pair.listener,
  within: 80,
  commits: 1,
  begin: (server) => server.call('courier.importCertificates', { file: pair.certificates }),
  goOn: async (listener) => {
    const { findings } = await listener.call('courier.importCertificates', { file: pair.certificates });
    const asked = new Map(pair.asked);
    await ask(listener, asked, 'newcomer', true);
    const requests = fileOf(await listener.call('courier.exportRequests'));
    const wrong = await findWrong(
      [`the file has findings: ${findings.map(({ text }) => text).join(' ')}`, () => findings.length === 0],
      ['a device does not get its certificate', () => allGranted(listener, asked, [...GRANTED, 'held-0', 'held-1'])],
      ['the refused one does not hear it', async () => (await poll(listener, asked, 'held-2')).pkiStatus === 'FAILURE'],
      ['the undecided one does not wait', async () => (await poll(listener, asked, 'held-3')).pkiStatus === 'PENDING'],
      ['a certificate is there twice or not at all', async () => (await devicesOf(listener)) === OLD.length + GRANTED.length + 2],
      ['the list does not have both revocations', async () => (await lists(listener, pair.revokedThere)) && lists(listener, pair.revokedHere)],
    );
    const there = await withOther(world, pair.signerAfter, async (signer) => {
      const taken = await signer.call('courier.importRequests', { file: requests, acceptGranted: true });
      return findWrong(
        ['the signer did not get the next request', () => taken.arrived === 1 && taken.issued === 1],
        ['the next file has findings', () => taken.findings.length === 0],
      );
    });
    return [...wrong, ...there];
  },
});

export const courier: LifeVerb = {
  name: 'courier import',
  draw: async (random, world) => {
    const pair = await makePair(world);
    return random() < 0.5 ? atSigner(pair, world) : atListener(pair, world);
  },
};
