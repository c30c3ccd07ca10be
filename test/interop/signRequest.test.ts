/**
 * A second Countersign in the safe is the root: it signs the issuing CA of another one by files, at the command line. And OpenSSL agrees with what
 * name constraints refuse: a CA that it runs itself under our constraints can sign anything, and what we would not have issued does not verify.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { showCertificate, verify, writeCertificate } from '../support/interopOpenssl.ts';
import { mustRun } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';
import * as der from '../../src/main/core/pki/der.ts';
import { subjectAltNameExtension, writeExtensions } from '../../src/main/core/pki/extensions.ts';
import { parseGeneralNameText } from '../../src/main/core/pki/generalNames.ts';

const { available, describe, it } = needs('openssl');

let safe: Lab;
let online: Lab;
let root: LabAuthority;

beforeAll(async () => {
  if (!available) return;
  [safe, online] = await Promise.all([openLab(), openLab()]);
  await safe.server.call('settings.update', { publicBaseUrl: safe.baseUrl });
  root = await safe.createAuthority({ commonName: 'Offline Root', organization: 'Safe', key: 'p384', years: 20 });
});

afterAll(async () => {
  await Promise.all([safe?.close(), online?.close()]);
});

const base64 = (path: string): string => readFileSync(path).toString('base64');

async function fetchCrl(): Promise<string> {
  const file = safe.folder.at('root.crl');
  writeFileSync(file, await mustRun('openssl', ['crl', '-inform', 'DER'], { input: Buffer.from(await (await fetch(`${safe.baseUrl}/crl/${root.number}/1.crl`)).arrayBuffer()) }));
  return file;
}

describe('an offline root that is a Countersign too', () => {
  it('shows, signs by file, and revokes; the issuing CA enrols devices that verify under the root', async () => {
    const { authority, csrPem, sha256 } = await online.server.call('authorities.signingRequest', { commonName: 'Issuing CA', organization: 'Office', key: 'p256' });
    const [request, carried] = [safe.folder.at('issuing.csr'), safe.folder.at('back.pem')];
    writeFileSync(request, csrPem);

    const shown = await safe.server.run(['sign-ca', request, '--authority', String(root.number), '--years', '5']);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('This would be signed.');
    expect(shown.out.replaceAll(' ', '')).toContain(sha256);
    expect((await safe.server.call('certificates.list', { kind: 'authority' })).total).toBe(1);

    const signed = await safe.server.run(['sign-ca', request, '--authority', String(root.number), '--years', '5', '--out', carried]);
    expect(signed).toMatchObject({ code: 0 });
    const twice = await safe.server.run(['sign-ca', request, '--authority', String(root.number), '--out', carried]);
    expect(JSON.parse(twice.err)).toMatchObject({ code: 'file-exists' });
    expect((await safe.server.call('certificates.list', { kind: 'authority' })).total).toBe(2);
    for (const [words, code] of [[['sign-ca'], 2], [['sign-ca', request], 2], [['sign-ca', request, '--authority', '9'], 1], [['sign-ca', carried, '--authority', '1'], 1]] as const) expect((await safe.server.run(words)).code, words.join(' ')).toBe(code);

    const certificate = await showCertificate(carried);
    expect(certificate.subject).toBe('O = Office, CN = Issuing CA');
    expect(certificate.extensions.get('X509v3 Basic Constraints')).toBe('CA:TRUE, pathlen:0');
    expect(certificate.extensions.get('X509v3 CRL Distribution Points')).toContain(`${safe.baseUrl}/crl/${root.number}/1.crl`);
    expect((await verify(root.caFile, carried)).code).toBe(0);

    await online.server.call('authorities.installCertificate', { id: authority.id, files: [base64(carried)] });
    const client = createScepClient(online.server.scepUrl);
    const served = await client.caCertificates();
    const reply = await client.ask(pkcsReq({ key: rsaKey(0), recipient: served[0]!, subject: 'CN=gate', challenge: await online.createChallenge() }));
    expect(reply.pkiStatus).toBe('SUCCESS');
    const device = writeCertificate(online.folder.at('gate.pem'), reply.certificates[0] ?? '');
    writeFileSync(online.folder.at('served.pem'), await mustRun('openssl', ['pkcs7', '-inform', 'DER', '-print_certs'], { input: Buffer.from(await (await fetch(`${online.server.scepUrl}?operation=GetCACert`)).arrayBuffer()) }));
    expect((await verify(root.caFile, device, '-untrusted', online.folder.at('served.pem'))).code).toBe(0);

    // On the root's CRL: the issuing CA is checked as a certificate of the root.
    const record = (await safe.server.call('certificates.list', { kind: 'authority' })).items.find(({ subject }) => subject.includes('Issuing CA'));
    expect((await verify(root.caFile, carried, '-crl_check', '-CRLfile', await fetchCrl())).code).toBe(0);
    await safe.server.call('certificates.revoke', { id: record?.id ?? '', reason: 'cACompromise' });
    const refused = await verify(root.caFile, carried, '-crl_check', '-CRLfile', await fetchCrl());
    expect(refused.stderr).toContain('certificate revoked');
    expect((await mustRun('openssl', ['crl', '-in', await fetchCrl(), '-noout', '-text'])).toString()).toContain('CA Compromise');
    expect((await safe.server.call('audit.verify')).ok).toBe(true);
  });
});

// What a device asks for; the common name counts where no DNS name stands beside it.
const CASES: readonly (readonly [names: readonly string[], subject: string, permitted: boolean])[] = [
  [['DNS:gate.office.lan'], 'CN=x', true],
  [['DNS:office.lan'], 'CN=x', true],
  [['DNS:notoffice.lan'], 'CN=x', false],
  [['DNS:evil.lan'], 'CN=x', false],
  [['DNS:a.office.lan', 'DNS:b.lan'], 'CN=x', false],
  [['DNS:a.secret.office.lan'], 'CN=x', false],
  [[], 'CN=www.evil.lan', false],
  [[], 'CN=www.office.lan', true],
  [['DNS:a.office.lan'], 'CN=www.evil.lan', true],
  [['IP:192.0.2.77'], 'CN=x', true],
  [['IP:192.0.3.1'], 'CN=x', false],
  [['IP:2001:db8::1'], 'CN=x', false],
  [['email:a@office.lan'], 'CN=x', true],
  [['email:a@mail.office.lan'], 'CN=x', false],
  [['URI:https://a.office.lan/x'], 'CN=x', true],
  [['URI:https://office.lan/x'], 'CN=x', false],
  [[], 'CN=x,O=Office', false],
  [[], 'O=Office,CN=x', true],
  [[], 'O=Other,CN=x', false],
];

describe('name constraints', () => {
  it('RFC 5280 4.2.1.10 what we refuse, OpenSSL refuses where somebody else signed it, and what we issue verifies', async () => {
    const at = (name: string): string => safe.folder.at(name);
    // A CA whose key lies open: our root signs it under constraints, and we run it as well.
    await mustRun('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('open.key'), '-out', at('open.csr'), '-subj', '/O=Office/CN=Open CA', '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign,cRLSign']);
    const limits = ['DNS:office.lan', 'IP:192.0.2.0/24', 'email:office.lan', 'URI:.office.lan', 'DirName:O=Office'].flatMap((name) => ['--permit', name]);
    expect(await safe.server.run(['sign-ca', at('open.csr'), '--authority', String(root.number), ...limits, '--exclude', 'DNS:secret.office.lan', '--out', at('open-chain.pem')])).toMatchObject({ code: 0 });
    const shown = (await showCertificate(at('open-chain.pem'))).text;
    expect(shown).toMatch(/X509v3 Name Constraints: critical/);
    for (const line of ['DNS:office.lan', 'IP:192.0.2.0/255.255.255.0', 'email:office.lan', 'URI:.office.lan', 'DirName:O = Office', 'DNS:secret.office.lan']) expect(shown).toContain(line);
    const imported = await online.server.call('authorities.import', { files: [base64(at('open.key')), base64(at('open-chain.pem'))] });
    expect(imported.nameConstraints).toEqual({ permitted: ['DNS:office.lan', 'IP:192.0.2.0/24', 'email:office.lan', 'URI:.office.lan', 'DirName:O=Office'], excluded: ['DNS:secret.office.lan'] });
    const client = createScepClient(await online.saveEndpoint({ path: '/scep/open', authorityId: imported.id }));
    const [recipient = new Uint8Array(0)] = await client.caCertificates();

    for (const [i, [names, asked, permitted]] of CASES.entries()) {
      // Only the last three are about the directory name.
      const subject = asked.includes('O=') ? asked : `O=Office,${asked}`;
      const label = `${subject} ${names.join(' ')}`;
      const sans = names.map((text) => {
        const name = parseGeneralNameText(text);
        if (!name.ok) throw new Error(name.error);
        return name.value;
      });
      const written = sans.length === 0 ? [] : [...der.childrenOf(der.readElement(writeExtensions([subjectAltNameExtension(sans, false)])), der.TAG.sequence, 'extensions')].map(({ raw }) => raw);
      const reply = await client.ask(pkcsReq({ key: rsaKey(i % 20), recipient, subject: subject.replaceAll(',', ', '), challenge: await online.createChallenge(), csr: { extensions: written } }));
      expect([label, reply.pkiStatus]).toEqual([label, permitted ? 'SUCCESS' : 'FAILURE']);

      // The same names by the same key, past us.
      writeFileSync(at('leaf.cnf'), `[req]\ndistinguished_name=dn\n[dn]\n[leaf]\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n${names.length === 0 ? '' : `subjectAltName=${names.join(',')}\n`}`);
      await mustRun('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('leaf.key'), '-out', at('leaf.csr'), '-subj', `/${subject.replaceAll(',', '/')}`, '-config', at('leaf.cnf')]);
      await mustRun('openssl', ['x509', '-req', '-in', at('leaf.csr'), '-CA', at('open-chain.pem'), '-CAkey', at('open.key'), '-set_serial', String(1000 + i), '-days', '30', '-extfile', at('leaf.cnf'), '-extensions', 'leaf', '-out', at('leaf.pem')]);
      const past = await verify(root.caFile, at('leaf.pem'), '-untrusted', at('open-chain.pem'));
      expect([label, past.code === 0 ? 'accepted' : /permitted subtree violation|excluded subtree violation/.test(past.stderr) ? 'refused' : past.stderr]).toEqual([label, permitted ? 'accepted' : 'refused']);
      if (permitted) {
        const ours = writeCertificate(at('ours.pem'), reply.certificates[0] ?? '');
        expect([label, (await verify(root.caFile, ours, '-untrusted', at('open-chain.pem'))).code]).toEqual([label, 0]);
      }
    }
  });
});
