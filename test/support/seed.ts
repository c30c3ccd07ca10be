/**
 * A small office's CA with a past: filled through the real doors alone (devices enrol over SCEP, an admin decides over the admin contract),
 * by a server whose clock stands weeks back first and then comes nearer. What lies in the folder at the end is what the product wrote.
 */
import { DAY, HOUR } from '../../src/main/core/lib/instant.ts';
import type { Input, Output } from '../../src/preload/contract/contract.ts';
import { extension } from './certificates.ts';
import * as der from '../../src/main/core/pki/der.ts';
import { ecKey } from './keys.ts';
import { type SeedDevice, freshKey, must, openDevice } from './seedDevice.ts';
import { SERVER_PASSPHRASE, type TestServer, startServer } from './server.ts';

const CISCO = 'Mozilla/4.0 (compatible; MSIE 5.0; Cisco PKI)';
const STRONGSWAN = 'strongSwan/5.9.8';
const MIKROTIK = 'Mikrotik/7.x RouterOS';
const APPLE = 'mdmclient/1.0 CFNetwork/1410 Darwin/22.6.0';
const JAVA = 'Java/17.0.9';
const GO = 'Go-http-client/1.1';
const WINDOWS = 'Mozilla/4.0 (compatible; MS-WebServices) WinHTTP';

const CLOCK = new URL('shiftedClock.mjs', import.meta.url).href;

/** What later parts of the story need of the earlier ones. */
interface Cast {
  core: SeedDevice;
  gateways: readonly SeedDevice[];
}

/** Runs one part of the story on a server whose clock stands `ago` milliseconds back. */
async function then(dataDir: string, ago: number, part: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startServer({ dataDir, env: { COUNTERSIGN_PASSPHRASE: SERVER_PASSPHRASE, NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_SHIFT: String(-ago) } });
  try {
    await part(server);
  } finally {
    await server.stop();
  }
}

/** A gateway at the port of the server that runs now. */
const gatewayAgain = ({ scepUrl }: TestServer, { gateways }: Cast, i: number): Promise<SeedDevice> => {
  const gateway = gateways[i];
  if (gateway === undefined) throw new Error(`there is no gateway ${i}`);
  const { subject, key } = gateway;
  return openDevice(scepUrl, { subject, key, certificate: gateway.certificate(), path: '/scep/vpn', userAgent: STRONGSWAN, host: 40 + i, dnsNames: [`vpn-gw-0${i + 1}.example.lan`] });
};

const challengeOf = async ({ call }: TestServer, wish: Input<'challenges.create'> = {}): Promise<string> => (await call('challenges.create', wish)).password;

async function pendingOf({ call }: TestServer, subject: string): Promise<Output<'requests.list'>['items'][number]> {
  const found = (await call('requests.list', { state: 'pending', limit: 500 })).items.find((request) => request.subject.includes(subject));
  if (found === undefined) throw new Error(`nobody called ${subject} waits`);
  return found;
}

const waits = async (device: Promise<SeedDevice>): Promise<void> => void (await must('PENDING', (await device).enrol()));

const approve = async (server: TestServer, subject: string): Promise<void> => {
  const { id, version, spkiSha256 } = await pendingOf(server, subject);
  await server.call('requests.approve', { id, version, spkiSha256 });
};

const refuse = async (server: TestServer, subject: string, reason: string): Promise<void> => {
  const { id, version, spkiSha256 } = await pendingOf(server, subject);
  await server.call('requests.refuse', { id, version, spkiSha256, reason });
};

const certificateOf = async ({ call }: TestServer, query: string): Promise<Output<'certificates.list'>['items'][number]> => {
  const [found] = (await call('certificates.list', { query })).items;
  if (found === undefined) throw new Error(`no certificate of ${query}`);
  return found;
};

/** Four weeks ago: the CA is made, and the first devices enrol with challenges. */
async function beginning(server: TestServer, cast: Partial<Cast>): Promise<void> {
  const { call, scepUrl } = server;
  const { id: authorityId } = await call('authorities.create', { commonName: 'Example Office CA', organization: 'Example Ltd', country: 'GB', key: 'rsa-2048' });
  await call('settings.update', { publicBaseUrl: 'http://ca.example.lan:8080', organization: 'Example Ltd', maxWaitingPerSource: 200 });
  const vpn = await call('profiles.save', { name: 'VPN gateway', validityDays: 30, renewalWindowDays: 5, allowedSans: ['dns', 'ip'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] });
  await call('endpoints.save', { path: '/scep/vpn', authorityId, profileId: vpn.id });
  await call('endpoints.save', { path: '/scep/old-printers', authorityId, profileId: 'device', compatibility: 'legacy' });
  await call('endpoints.save', { path: '/scep/laptops', authorityId, profileId: 'user', authorization: 'challenge-only' });
  cast.core = await openDevice(scepUrl, { subject: 'CN=sw-core-01.example.lan, O=Example Ltd', userAgent: CISCO, host: 11 });
  await must('SUCCESS', cast.core.enrol({ challenge: await challengeOf(server, { label: 'Core switch, rack 2' }) }));
  for (const [i, name] of ['sw-floor-1', 'sw-floor-2', 'ap-lobby', 'printer-hr', 'phone-204'].entries()) {
    const device = await openDevice(scepUrl, { subject: `CN=${name}.example.lan, O=Example Ltd`, host: 20 + i, ...(name.startsWith('sw') ? { userAgent: CISCO } : name === 'ap-lobby' ? { userAgent: MIKROTIK } : {}) });
    await must('SUCCESS', device.enrol({ challenge: await challengeOf(server, { label: name }) }));
  }
  cast.gateways = await Promise.all(
    ['vpn-gw-01', 'vpn-gw-02'].map((name, i) => openDevice(scepUrl, { subject: `CN=${name}.example.lan, O=Example Ltd`, path: '/scep/vpn', userAgent: STRONGSWAN, host: 40 + i, dnsNames: [`${name}.example.lan`] })),
  );
  for (const gateway of cast.gateways) await must('SUCCESS', gateway.enrol({ challenge: await challengeOf(server, { endpoint: '/scep/vpn' }) }));
}

/** Two weeks ago: some wait for the admin, one is refused, one is revoked, one held. */
async function middle(server: TestServer): Promise<void> {
  const { call, scepUrl } = server;
  const waiting = await Promise.all(
    ['printer-2nd', 'badge-reader', 'camera-07'].map((name, i) => openDevice(scepUrl, { subject: `CN=${name}.example.lan, O=Example Ltd`, host: 50 + i, userAgent: i === 2 ? GO : JAVA })),
  );
  for (const device of waiting) await must('PENDING', device.enrol());
  await approve(server, 'printer-2nd');
  await approve(server, 'camera-07');
  await refuse(server, 'badge-reader', 'Its serial number is not in the inventory.');
  for (const device of waiting) await device.poll();
  await call('certificates.revoke', { id: (await certificateOf(server, 'printer-hr')).id, reason: 'superseded' });
  await call('certificates.revoke', { id: (await certificateOf(server, 'phone-204')).id, reason: 'certificateHold' });
  const laptop = await openDevice(scepUrl, { subject: 'CN=Kim Marsh, O=Example Ltd', path: '/scep/laptops', userAgent: APPLE, host: 71 });
  await must('SUCCESS', laptop.enrol({ challenge: await challengeOf(server, { label: 'Kim’s laptop', endpoint: '/scep/laptops' }) }));
}

/** Two days ago: a gateway renews, a phone with an EC key enrols, challenges are made that nobody uses. */
async function lately(server: TestServer, cast: Cast): Promise<void> {
  const { call, scepUrl } = server;
  const gateway = await gatewayAgain(server, cast, 1);
  await must('SUCCESS', gateway.renew());
  const phone = await openDevice(scepUrl, { subject: 'CN=phone-118.example.lan, O=Example Ltd', key: ecKey(7), userAgent: APPLE, host: 60 });
  await must('SUCCESS', phone.enrol({ challenge: await challengeOf(server, { label: 'Phone 118' }) }));
  await challengeOf(server, { label: 'Meeting room display', minutes: 60 });
  const withdrawn = await call('challenges.create', { label: 'Printed by mistake' });
  await call('challenges.withdraw', { id: withdrawn.id });
  await branch(server);
}

/** A root with a branch's CA beneath it, whose devices are being told of their next CA: some know it, some do not. */
async function branch({ call, scepUrl }: TestServer): Promise<void> {
  const root = await call('authorities.create', { commonName: 'Example Root', organization: 'Example Ltd', country: 'GB', key: 'p384', years: 20 });
  const { id: authorityId } = await call('authorities.create', { commonName: 'Example Branch CA', organization: 'Example Ltd', country: 'GB', key: 'rsa-2048', scepKey: 'split', years: 5, parentId: root.id, nameConstraints: { permitted: ['DNS:branch.example.lan'], excluded: [] } });
  await call('endpoints.save', { path: '/scep/branch', authorityId, profileId: 'device', supersedeAfterDays: 7 });
  const join = async (name: string, host: number, userAgent: string): Promise<SeedDevice> => {
    const device = await openDevice(scepUrl, { subject: `CN=${name}.branch.example.lan, O=Example Ltd`, path: '/scep/branch', host, userAgent });
    await must('SUCCESS', device.enrol({ challenge: (await call('challenges.create', { endpoint: '/scep/branch', label: name })).password }));
    return device;
  };
  const till = await join('till-1', 100, WINDOWS);
  const router = await join('router', 101, CISCO);
  await join('till-2', 102, WINDOWS);
  await join('printer', 103, JAVA);
  await call('rollover.stage', { authorityId });
  await call('rollover.publish', { authorityId });
  await router.client.query('GetNextCACert');
  const { scepCertificate } = await call('rollover.preview', { authorityId });
  await must('SUCCESS', till.renew({ recipient: Buffer.from((scepCertificate?.pem ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64') }));
}

/** Today: the queue, with everything odd that an admin may meet in it. */
async function today(server: TestServer, cast: Cast): Promise<void> {
  const { call, scepUrl } = server;
  const at = (name: string, traits: Omit<Parameters<typeof openDevice>[1], 'subject'> = {}): Promise<SeedDevice> => openDevice(scepUrl, { subject: `CN=${name}.example.lan, O=Example Ltd`, dnsNames: [`${name}.example.lan`], ...traits });
  for (const [i, name] of ['ap-floor-1', 'ap-floor-2', 'ap-floor-3', 'ap-warehouse'].entries()) await waits(at(name, { userAgent: MIKROTIK, host: 80 + i }));
  await waits(at('gate-router', { userAgent: CISCO, host: 12 }));
  const old = await at('printer-archive', { key: freshKey(1024), path: '/scep/old-printers', host: 90 });
  await must('PENDING', old.enrol({ digest: 'sha1', cipher: 'des-cbc', csr: { digest: 'sha1', dnsNames: ['printer-archive.example.lan'] } }));
  await waits(openDevice(scepUrl, { subject: 'CN=sw-core-99.example.lan, O=Example Ltd', key: cast.core.key, userAgent: CISCO, host: 66 }));
  const claiming = await at('nas-basement', { userAgent: JAVA, host: 67 });
  await must('PENDING', claiming.enrol({ messageType: 17 }));
  const asking = await at('camera-08-loading-bay-north-side-second-column-left', { userAgent: GO, host: 68 });
  await must('PENDING', asking.enrol({ csr: { dnsNames: ['camera-08.example.lan'], extensions: [extension('1.3.6.1.4.1.311.20.2', der.write(der.TAG.bmpString, Buffer.from('Camera', 'utf16le').swap16()))] } }));
  await waits(at('pos-terminal-3', { userAgent: WINDOWS, host: 69 }));
  await waits(at('badge-reader-2', { host: 52 }));
  await refuse(server, 'badge-reader-2', 'Ask facilities for its inventory number first.');
  const display = await at('display-lobby', { userAgent: APPLE, host: 70 });
  await must('PENDING', display.enrol());
  await approve(server, 'display-lobby');
  const vpn = (await call('endpoints.list', { limit: 500 })).items.find(({ path }) => path === '/scep/vpn');
  if (vpn === undefined) throw new Error('the endpoint of the gateways is gone');
  await call('endpoints.save', { id: vpn.id, version: vpn.version, renewal: 'hold' });
  const renewing = await gatewayAgain(server, cast, 0);
  await must('PENDING', renewing.renew({ csr: { key: freshKey(), subject: renewing.subject } }));
  const { fingerprints } = await pendingOf(server, 'gate-router');
  await call('requests.match', { text: fingerprints.sha256 });
  await failing(server);
  await call('challenges.create', { label: 'Meeting room display', subject: 'CN=display-board.example.lan', minutes: 7 * 24 * 60 });
  await call('challenges.create', { label: 'Warehouse scanners', uses: 12, endpoint: '/scep' });
}

/** Messages that are turned away, for the log that explains them. */
async function failing(server: TestServer): Promise<void> {
  const { scepUrl } = server;
  const printer = await openDevice(scepUrl, { subject: 'CN=printer-front.example.lan', host: 91 });
  await printer.enrol({ challenge: 'NOT-THE-RIGHT-ONE' });
  await printer.enrol({ cipher: 'des-cbc', transactionId: 'single-des' });
  await printer.client.send(Buffer.from('this is no CMS message'));
  await (await openDevice(scepUrl, { subject: 'CN=probe.example.lan', path: '/scep/laptops', host: 92 })).enrol();
}

export interface OfficeStory {
  readonly dataDir: string;
  /** False: everything happens now; the folder has no past, and is made faster. */
  readonly past?: boolean;
}

/** Fills an empty data folder. The server for it is then started by whoever looks at it, with the passphrase SERVER_PASSPHRASE. */
export async function seedOffice({ dataDir, past = true }: OfficeStory): Promise<void> {
  const cast: Partial<Cast> = {};
  const parts: readonly (readonly [number, (server: TestServer) => Promise<void>])[] = [
    [27 * DAY, (server) => beginning(server, cast)],
    [13 * DAY, middle],
    [2 * DAY, (server) => lately(server, cast as Cast)],
    [0.4 * HOUR, (server) => today(server, cast as Cast)],
  ];
  if (past) for (const [ago, part] of parts) await then(dataDir, ago, part);
  else
    await then(dataDir, 0, async (server) => {
      for (const [, part] of parts) await part(server);
    });
}
