/**
 * OpenSSL is the root in the safe: it signs the request that an issuing CA was begun with, sends PKCS #7 or PEM back, and afterwards verifies what
 * that CA issues to strongSwan, with the chain that devices are served. And OpenSSL's CAs move in, as PKCS #12 and as PEM.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { type Lab, openLab } from '../support/interopLab.ts';
import { makeKey, showCertificate, verify, writeCertificate } from '../support/interopOpenssl.ts';
import { mustRun, runProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';

const { available, describe, it } = needs('openssl');
const withPki = needs('openssl', 'pki');
const withLegacy = needs('openssl', 'openssl-legacy');

// Written out, for the machine's openssl.cnf is none of ours; the CA section is that of a root which copies what was asked for.
const CONFIG = `
[req]
distinguished_name = none
[none]
[root]
basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[sub]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = CA:FALSE
[safe]
dir = .
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
default_days = 1000
policy = any
copy_extensions = copy
x509_extensions = copied
[copied]
authorityKeyIdentifier = keyid
[any]
countryName = optional
organizationName = optional
commonName = supplied
`;

let lab: Lab;
let rootFile: string;
const at = (name: string): string => lab.folder.at(name);
const openssl = (...args: readonly string[]): Promise<Buffer> => mustRun('openssl', args, { cwd: at('.') });
const base64 = (path: string): string => readFileSync(path).toString('base64');

beforeAll(async () => {
  if (!available) return;
  lab = await openLab();
  writeFileSync(at('openssl.cnf'), CONFIG);
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), '1000\n');
  rootFile = at('root.pem');
  await openssl('req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-keyout', 'root.key', '-out', 'root.pem', '-days', '3650', '-subj', '/O=Safe/CN=Offline Root', '-config', 'openssl.cnf', '-extensions', 'root');
});

afterAll(async () => {
  await lab?.close();
});

/** Begins an authority, writes its request and gives its id. */
async function begin(name: string, wish: object): Promise<string> {
  const { authority, csrPem, sha256 } = await lab.server.call('authorities.signingRequest', { commonName: name, ...wish });
  writeFileSync(at('request.csr'), csrPem);
  expect((await runProgram('openssl', ['req', '-in', at('request.csr'), '-noout', '-verify'])).stderr).toContain('verify OK');
  const digest = (await mustRun('openssl', ['dgst', '-sha256'], { input: await openssl('req', '-in', 'request.csr', '-outform', 'DER') })).toString();
  expect(digest).toContain(sha256);
  return authority.id;
}

const signAs = (extensions: string, ...more: readonly string[]): Promise<Buffer> =>
  openssl('x509', '-req', '-in', 'request.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-days', '1000', '-sha256', '-extfile', 'openssl.cnf', '-extensions', extensions, '-out', 'signed.pem', ...more);

/** Our own client enrols; OpenSSL verifies with nothing but the root trusted and what GetCACert gave out. */
async function expectEnrolment(url: string, name: string, root = rootFile): Promise<string> {
  const client = createScepClient(url);
  const served = await client.caCertificates();
  const reply = await client.ask(pkcsReq({ key: rsaKey(0), recipient: served[0]!, subject: `CN=${name}`, challenge: await lab.createChallenge() }));
  expect(reply.pkiStatus).toBe('SUCCESS');
  const file = writeCertificate(at(`${name}.pem`), reply.certificates[0] ?? '');
  writeFileSync(at(`${name}-served.pem`), served.map((der) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`).join(''));
  expect(await verify(root, file, '-untrusted', at(`${name}-served.pem`))).toMatchObject({ code: 0 });
  return file;
}

describe('an issuing CA under OpenSSL’s offline root', () => {
  it('waits, is signed with openssl x509, and enrols devices under the root', async () => {
    const id = await begin('Issuing CA', { organization: 'Safe', key: 'rsa-2048' });
    const asked = (await openssl('req', '-in', 'request.csr', '-noout', '-text')).toString();
    expect(asked).toContain('CA:TRUE');
    expect(asked).toContain('Digital Signature, Key Encipherment, Certificate Sign, CRL Sign');
    expect((await fetch(`${lab.server.scepUrl}?operation=GetCACert`)).status).toBe(404);
    expect((await lab.server.call('status.get')).notices.map(({ code }) => code)).toContain('awaiting-certificate');
    const detail = (await lab.server.call('authorities.list')).items.find((a) => a.id === id);
    expect(detail).toMatchObject({ certificatePem: null, generations: [{ state: 'awaiting-certificate', certificatePem: null, notBefore: null, notAfter: null }] });

    await signAs('sub');
    await openssl('crl2pkcs7', '-nocrl', '-certfile', 'root.pem', '-certfile', 'signed.pem', '-out', 'signed.p7b');
    const installed = await lab.server.call('authorities.installCertificate', { id, files: [base64(at('signed.p7b'))] });
    expect(installed).toMatchObject({ scepKey: 'combined', findings: [], generations: [{ state: 'current' }] });
    expect(installed.chainPem).toHaveLength(2);
    const file = await expectEnrolment(lab.server.scepUrl, 'first');
    expect((await showCertificate(file)).text).toContain('Issuer: O = Safe, CN = Issuing CA');

    const crl = await fetch(`${lab.baseUrl}/crl/${installed.number}/1.crl`);
    writeFileSync(at('issuing.crl'), Buffer.from(await crl.arrayBuffer()));
    writeFileSync(at('issuing.pem'), installed.certificatePem ?? '');
    expect((await runProgram('openssl', ['crl', '-inform', 'DER', '-in', at('issuing.crl'), '-CAfile', at('issuing.pem'), '-noout'])).stderr).toContain('verify OK');
  });

  it('with an EC key, signed by openssl ca that copies what was asked for, serves an RSA certificate for SCEP', async () => {
    const id = await begin('Curve CA', { key: 'p384' });
    await openssl('ca', '-batch', '-config', 'openssl.cnf', '-name', 'safe', '-cert', 'root.pem', '-keyfile', 'root.key', '-in', 'request.csr', '-out', 'signed.pem', '-notext');
    // With the text that people leave above the armour.
    writeFileSync(at('both.pem'), `Certificate:\n  Data: …\n${readFileSync(at('signed.pem'), 'utf8')}\n${readFileSync(rootFile, 'utf8')}`);
    const installed = await lab.server.call('authorities.installCertificate', { id, files: [base64(at('both.pem'))] });
    expect(installed).toMatchObject({ scepKey: 'split', findings: [] });
    expect(installed.scepCertificate).not.toBeNull();
    await expectEnrolment(await lab.saveEndpoint({ path: '/scep/curve', authorityId: id }), 'curve');
  });

  it('refuses what the root signed as something else, or for somebody else', async () => {
    const id = await begin('Third CA', { key: 'rsa-2048' });
    const attempt = async (): Promise<string> => {
      const reply = await lab.server.ask('authorities.installCertificate', { id, files: [base64(at('signed.pem')), base64(rootFile)] });
      return reply.ok ? 'ok' : reply.error.code;
    };
    await signAs('leaf');
    expect(await attempt()).toBe('not-a-ca');
    await signAs('sub', '-sha1');
    expect(await attempt()).toBe('signature-weak');
    await signAs('sub');
    const good = readFileSync(at('signed.pem'));
    await begin('Fourth CA', { key: 'rsa-2048' });
    await signAs('sub');
    expect(await attempt()).toBe('certificate-key-differs');
    writeFileSync(at('signed.pem'), good);
    const { out, code } = await lab.server.run(['call', 'authorities.installCertificate', '-'], { input: JSON.stringify({ id, files: [base64(at('signed.pem'))] }) });
    expect([code, (JSON.parse(out) as { findings: { code: string }[] }).findings[0]?.code]).toEqual([0, 'issuer-missing']);
  });

  it('gives the command line the request again', async () => {
    const { items } = await lab.server.call('authorities.list', { query: 'Fourth' });
    const { code, out } = await lab.server.run(['call', 'authorities.export', JSON.stringify({ id: items[0]!.id, format: 'csr' })]);
    expect(code).toBe(0);
    const file = JSON.parse(out) as { readonly name: string; readonly base64: string };
    expect(file.name).toBe('Fourth-CA.csr');
    expect(Buffer.from(file.base64, 'base64').toString()).toBe(readFileSync(at('request.csr'), 'utf8'));
  });
});

withPki.describe('strongSwan', () => {
  withPki.it('enrols under the offline root and trusts what it gets', async () => {
    const url = await lab.saveEndpoint({ path: '/scep/swan', authorityId: (await lab.server.call('authorities.list', { query: 'Issuing' })).items[0]!.id, includeRoot: true });
    await mustRun('pki', ['--scepca', '--url', url, '--caout', at('swan.pem'), '--outform', 'pem'], { cwd: at('.') });
    const key = await makeKey(at('swan.key'));
    const args = ['--scep', '--url', url, '--in', key, '--dn', 'O=Test, CN=swan', '--san', 'swan.test', '--password', await lab.createChallenge(), '--cacert-enc', at('swan-1.pem'), '--cacert-sig', at('swan-1.pem'), '--cacert', at('swan.pem'), '--cipher', 'des3', '--digest', 'sha256', '--outform', 'pem'];
    const { code, stdout, stderr } = await runProgram('pki', args);
    expect(stderr).toContain('Issued certificate is trusted');
    expect(code).toBe(0);
    writeFileSync(at('swan-issued.pem'), stdout);
    expect(await verify(rootFile, at('swan-issued.pem'), '-untrusted', at('swan-1.pem'))).toMatchObject({ code: 0 });
  });
});

/** A CA as OpenSSL's users have them: key and certificate under the root, or self-signed. */
async function foreignCa(name: string, extensions: 'root' | 'sub'): Promise<void> {
  if (extensions === 'root') {
    await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '3650', '-subj', `/CN=${name}`, '-config', 'openssl.cnf', '-extensions', extensions);
    return;
  }
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', 'request.csr', '-subj', `/CN=${name}`, '-config', 'openssl.cnf');
  await signAs(extensions);
  await openssl('x509', '-in', 'signed.pem', '-out', `${name}.pem`);
}

describe('a CA of OpenSSL moves in', () => {
  it('as PKCS #12 with its chain, and goes on issuing with its key', async () => {
    await foreignCa('twelve', 'sub');
    await openssl('pkcs12', '-export', '-inkey', 'twelve.key', '-in', 'twelve.pem', '-certfile', 'root.pem', '-passout', 'pass:of the file', '-out', 'twelve.p12');
    const files = [base64(at('twelve.p12'))];
    expect(await lab.server.ask('authorities.import', { files, passphrase: 'another' })).toMatchObject({ ok: false, error: { code: 'wrong-file-passphrase' } });
    const imported = await lab.server.call('authorities.import', { files, passphrase: 'of the file' });
    expect(imported).toMatchObject({ commonName: 'twelve', scepKey: 'combined', findings: [{ code: 'earlier-revocations-unknown' }] });
    expect(imported.chainPem).toHaveLength(2);
    await expectEnrolment(await lab.saveEndpoint({ path: '/scep/twelve', authorityId: imported.id }), 'under-twelve');
  });

  it('as encrypted PEM and certificate by the command line; its key only signs, so it gets another for SCEP', async () => {
    await foreignCa('pem', 'root');
    await openssl('pkcs8', '-topk8', '-in', 'pem.key', '-passout', 'pass:of the file', '-out', 'pem.p8');
    const input = JSON.stringify({ files: [base64(at('pem.p8')), base64(at('pem.pem'))], passphrase: 'of the file' });
    const { code, out, err } = await lab.server.run(['call', 'authorities.import', '-'], { input });
    expect([code, err]).toEqual([0, '']);
    const imported = JSON.parse(out) as { readonly id: string; readonly scepKey: string };
    expect(imported.scepKey).toBe('split');
    await expectEnrolment(await lab.saveEndpoint({ path: '/scep/pem', authorityId: imported.id }), 'under-pem', at('pem.pem'));
  });
});

withLegacy.describe('a CA of an older OpenSSL, or of Windows, moves in', () => {
  withLegacy.it('as PKCS #12 with RC2 and 3DES', async () => {
    await foreignCa('legacy', 'sub');
    await openssl('pkcs12', '-export', '-legacy', '-inkey', 'legacy.key', '-in', 'legacy.pem', '-passout', 'pass:of the file', '-out', 'legacy.p12');
    const imported = await lab.server.call('authorities.import', { files: [base64(at('legacy.p12'))], passphrase: 'of the file' });
    expect(imported.findings.map(({ code }) => code)).toEqual(['earlier-revocations-unknown', 'issuer-missing']);
    await expectEnrolment(await lab.saveEndpoint({ path: '/scep/legacy', authorityId: imported.id }), 'under-legacy');
  });
});

it('the audit log holds after all of this', async () => {
  const { code, out } = await lab.server.run(['audit', 'verify']);
  expect([code, out]).toEqual([0, expect.stringMatching(/^The audit log holds: \d+ entries/)]);
});
