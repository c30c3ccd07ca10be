/**
 * strongSwan's `pki --scep` (5.9.8 on Debian 12) against the running server: every digest, both ciphers, PENDING with CertPoll, both ways to renew,
 * with a CA certificate that does everything and with one that only signs.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { makeKey, showCertificate, spkiDigest, verify } from '../support/interopOpenssl.ts';
import { type ProgramAnswer, mustRun, runProgram, startProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';

const { available, describe, it } = needs('pki', 'openssl');

interface Enrolment {
  readonly url: string;
  readonly name: string;
  readonly key: string;
  readonly password?: string;
  readonly san?: string;
  /** What `pki --scepca` wrote: whom to encrypt to and whose signature to expect. */
  readonly signer: string;
  readonly root?: string;
  readonly cipher?: 'aes' | 'des3';
  readonly digest?: 'sha1' | 'sha256' | 'sha512';
  readonly more?: readonly string[];
}

const scepArguments = ({ url, name, key, password, san, signer, root, cipher = 'des3', digest = 'sha256', more = [] }: Enrolment): readonly string[] => [
  ...['--scep', '--url', url, '--in', key, '--dn', `O=Test, CN=${name}`],
  ...(san === undefined ? [] : ['--san', san]),
  ...(password === undefined ? [] : ['--password', password]),
  ...['--cacert-enc', signer, '--cacert-sig', signer],
  ...(root === undefined ? [] : ['--cacert', root]),
  ...['--cipher', cipher, '--digest', digest, '--outform', 'pem', ...more],
];

let lab: Lab;
let combined: LabAuthority;

/** Enrols and saves the certificate beside the key. */
async function enrol(enrolment: Enrolment, env: Readonly<Record<string, string>> = {}): Promise<ProgramAnswer & { readonly file: string }> {
  const answer = await runProgram('pki', scepArguments(enrolment), { env });
  const file = enrolment.key.replace(/\.key$/, '.pem');
  if (answer.code === 0) writeFileSync(file, answer.stdout);
  return { ...answer, file };
}

/** Fetches the CA certificates as a device does. */
async function fetchCa(url: string, prefix: string): Promise<{ readonly ca: string; readonly ra: string }> {
  const ca = lab.folder.at(`${prefix}-ca.pem`);
  const ra = lab.folder.at(`${prefix}-ra.pem`);
  await mustRun('pki', ['--scepca', '--url', url, '--caout', ca, '--raout', ra, '--outform', 'pem', '--force']);
  return { ca, ra };
}

beforeAll(async () => {
  if (!available) return;
  lab = await openLab();
  combined = await lab.createAuthority({ commonName: 'Office CA', organization: 'Test', key: 'rsa-2048' });
});

afterAll(async () => {
  await lab?.close();
});

describe('strongSwan enrols with a challenge', () => {
  for (const digest of ['sha1', 'sha256', 'sha512'] as const) {
    it(`A1.2 3DES and ${digest} on a standard endpoint`, async () => {
      const url = lab.server.scepUrl;
      const { ca } = await fetchCa(url, `des3-${digest}`);
      const name = `des3-${digest}`;
      const { code, stderr, file } = await enrol({ url, name, key: await makeKey(lab.folder.at(`${name}.key`)), san: 'gate.test', password: await lab.createChallenge(), signer: ca, digest });
      expect(stderr).toContain('Issued certificate is trusted');
      expect(code).toBe(0);
      expect((await verify(combined.caFile, file)).code).toBe(0);
      const shown = await showCertificate(file);
      expect(shown.subject).toBe(`O = Test, CN = ${name}`);
      expect(shown.extensions.get('X509v3 Subject Alternative Name')).toBe('DNS:gate.test');
      expect(shown.extensions.get('X509v3 Key Usage')).toBe('Digital Signature, Key Encipherment');
      expect(shown.extensions.get('X509v3 Extended Key Usage')).toBe('TLS Web Client Authentication');
      expect(shown.text).toContain('Signature Algorithm: sha256WithRSAEncryption');
    });
  }

  it('J.15 A1.1 AES where the endpoint lists SHA-384 for version 5.9.8', async () => {
    const url = await lab.saveEndpoint({ path: '/scep/aes', authorityId: combined.id, announceSha384: true });
    const { ca } = await fetchCa(url, 'aes');
    const { code, stderr, file } = await enrol({ url, name: 'aes', key: await makeKey(lab.folder.at('aes.key')), password: await lab.createChallenge(), signer: ca, cipher: 'aes' });
    expect(stderr).toContain('Issued certificate is trusted');
    expect(code).toBe(0);
    expect((await verify(combined.caFile, file)).code).toBe(0);
    const [transaction] = await lab.transactions(1, ({ path, outcome }) => path === '/scep/aes' && outcome === 'success');
    expect(transaction).toMatchObject({ operation: 'PKCSReq', algorithms: 'aes-128-cbc, sha256, POST' });
  });

  it('A1.1 with a self-signed RSA-3072 CA', async () => {
    const authority = await lab.createAuthority({ commonName: 'Strong CA', key: 'rsa-3072' });
    const url = await lab.saveEndpoint({ path: '/scep/strong', authorityId: authority.id });
    const { ca } = await fetchCa(url, 'strong');
    const { code, file } = await enrol({ url, name: 'strong', key: await makeKey(lab.folder.at('strong.key')), password: await lab.createChallenge(), signer: ca });
    expect(code).toBe(0);
    expect((await verify(authority.caFile, file)).code).toBe(0);
  });

  it('A4.5 A4.10 with an EC CA that only signs and an RSA certificate for SCEP', async () => {
    const authority = await lab.createAuthority({ commonName: 'Curve CA', key: 'p256' });
    const url = await lab.saveEndpoint({ path: '/scep/curve', authorityId: authority.id });
    const { ca, ra } = await fetchCa(url, 'curve');
    const { code, stderr, file } = await enrol({ url, name: 'curve', key: await makeKey(lab.folder.at('curve.key')), password: await lab.createChallenge(), signer: ra, root: ca });
    expect(stderr).toContain('Issued certificate is trusted');
    expect(code).toBe(0);
    expect((await verify(ca, file)).code).toBe(0);
    expect((await verify(authority.caFile, file)).code).toBe(0);
    expect((await showCertificate(file)).text).toContain('Signature Algorithm: ecdsa-with-SHA256');
  });

  it('A4.1 A4.8 A5.7 with an issuing CA under a root, whose chain GetCACert gives out, and PSS signatures', async () => {
    const root = await lab.createAuthority({ commonName: 'Root CA', key: 'rsa-3072' });
    const authority = await lab.createAuthority({ commonName: 'Issuing CA', key: 'rsa-2048', parentId: root.id });
    const url = await lab.saveEndpoint({ path: '/scep/chain', authorityId: authority.id, includeRoot: true });
    const { ca } = await fetchCa(url, 'chain');
    // It writes the root under the name it was given and the CAs below with a number behind it.
    const issuing = lab.folder.at('chain-ca-1.pem');
    expect((await showCertificate(ca)).subject).toBe('CN = Root CA');
    const { code, stderr, file } = await enrol({ url, name: 'chained', key: await makeKey(lab.folder.at('chained.key')), password: await lab.createChallenge(), signer: issuing, root: ca, more: ['--rsa-padding', 'pss'] });
    expect(stderr).toContain('Issued certificate is trusted');
    expect(code).toBe(0);
    expect((await verify(root.caFile, file, '-untrusted', issuing)).code).toBe(0);
  });

  it('A7.6 A7.7 not with a challenge that was used before, and says no more than that it is refused', async () => {
    const url = lab.server.scepUrl;
    const { ca } = await fetchCa(url, 'used');
    const password = await lab.createChallenge();
    expect((await enrol({ url, name: 'used-1', key: await makeKey(lab.folder.at('used-1.key')), password, signer: ca })).code).toBe(0);
    const second = await enrol({ url, name: 'used-2', key: await makeKey(lab.folder.at('used-2.key')), password, signer: ca });
    expect(second.code).toBe(1);
    expect(await lab.certificates('CN=used-2')).toEqual([]);
    const [transaction] = await lab.transactions(1, ({ outcome }) => outcome === 'failure');
    expect(transaction?.text).toBe('The challenge was used up already: was the password overheard?');
  });
});

describe('strongSwan waits for the admin', () => {
  it('A7.5 A7.16 polls until the request, matched by its key, is approved', async () => {
    const url = lab.server.scepUrl;
    const { ca } = await fetchCa(url, 'wait');
    const key = await makeKey(lab.folder.at('wait.key'));
    const polling = startProgram('pki', scepArguments({ url, name: 'waits', key, signer: ca, more: ['--interval', '1', '--maxpolltime', '20'] }));
    const request = await lab.waitingRequest('waits');
    const printed = (await spkiDigest('pkey', key)).replace(/..(?=.)/g, '$&:').toUpperCase();
    const wrong = await lab.server.run(['approve', request.id, '--fingerprint', printed.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))]);
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(wrong.err)).toMatchObject({ code: 'fingerprint-differs' });
    expect(await lab.server.run(['approve', request.id, '--fingerprint', printed])).toMatchObject({ code: 0, out: 'O=Test, CN=waits is issued.\n' });
    const { code, stdout, stderr } = await polling.done;
    expect(stderr).toContain('Issued certificate is trusted');
    expect(code).toBe(0);
    writeFileSync(lab.folder.at('wait.pem'), stdout);
    expect((await verify(combined.caFile, lab.folder.at('wait.pem'))).code).toBe(0);
  });

  it('A10.10 is told FAILURE when the admin refuses', async () => {
    const url = lab.server.scepUrl;
    const { ca } = await fetchCa(url, 'refuse');
    const polling = startProgram('pki', scepArguments({ url, name: 'unwanted', key: await makeKey(lab.folder.at('refuse.key')), signer: ca, more: ['--interval', '1', '--maxpolltime', '20'] }));
    const { id } = await lab.waitingRequest('unwanted');
    expect((await lab.server.run(['refuse', id, '--reason', 'Nobody knows this device.'])).code).toBe(0);
    const { code, stderr } = await polling.done;
    expect(code).toBe(1);
    expect(stderr).toMatch(/badRequest|fail/i);
    expect(await lab.certificates('CN=unwanted')).toEqual([]);
  });
});

describe('strongSwan renews', () => {
  const renew = async (name: string, env: Readonly<Record<string, string>>): Promise<void> => {
    const url = lab.server.scepUrl;
    const { ca } = await fetchCa(url, name);
    const first = await enrol({ url, name, key: await makeKey(lab.folder.at(`${name}-1.key`)), san: `${name}.test`, password: await lab.createChallenge(), signer: ca });
    expect(first.code).toBe(0);
    const more = ['--cert', first.file, '--key', lab.folder.at(`${name}-1.key`)];
    const second = await enrol({ url, name, key: await makeKey(lab.folder.at(`${name}-2.key`)), san: `${name}.test`, signer: ca, more }, env);
    expect(second.stderr).toContain('Issued certificate is trusted');
    expect(second.code).toBe(0);
    expect((await verify(combined.caFile, second.file)).code).toBe(0);
    expect(await spkiDigest('x509', second.file)).toBe(await spkiDigest('pkey', lab.folder.at(`${name}-2.key`)));
    const [renewed, original] = await lab.certificates(`CN=${name}`);
    expect(renewed?.renews).toBe(original?.id);
    expect(renewed?.serial).not.toBe(original?.serial);
  };

  it('A7.10 A7.14 as RenewalReq (17), with a new key and no challenge', async () => {
    await renew('renews-17', {});
    expect((await lab.server.call('requests.list', { query: 'renews-17' })).items.map(({ messageType }) => messageType)).toEqual(['RenewalReq', 'PKCSReq']);
  });

  it('A7.12 as PKCSReq (19) signed with the old certificate', async () => {
    writeFileSync(lab.folder.at('strongswan.conf'), 'pki { scep { renewal_via_pkcs_req = yes } }\n');
    await renew('renews-19', { STRONGSWAN_CONF: lab.folder.at('strongswan.conf') });
    expect((await lab.server.call('requests.list', { query: 'renews-19' })).items.map(({ messageType }) => messageType)).toEqual(['PKCSReq', 'PKCSReq']);
  });
});

it('the audit log holds after all of this', async () => {
  const { code, out } = await lab.server.run(['audit', 'verify']);
  expect(code).toBe(0);
  expect(out).toMatch(/^The audit log holds: \d+ entries/);
});
