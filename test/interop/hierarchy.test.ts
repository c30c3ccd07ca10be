/**
 * A root (P-384) over two issuing CAs, one RSA-3072 that does everything and one P-256 with a SCEP key beside it: strongSwan and certmonger enrol at both,
 * OpenSSL verifies with nothing but the root and what GetCACert gave out, and CRL, OCSP and the product's own word agree after each change.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { type Certmonger, startCertmonger } from '../support/interopCertmonger.ts';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { makeKey, showCertificate, verify, writeCertificate } from '../support/interopOpenssl.ts';
import { mustRun, runProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';

const base = needs('openssl');
const withPki = needs('openssl', 'pki');
const withCertmonger = needs('openssl', 'certmonger');

interface Issuing {
  readonly authority: LabAuthority;
  readonly url: string;
  /** The chain as GetCACert gave it out, in PEM. */
  readonly served: string;
}

let lab: Lab;
let root: LabAuthority;
const cas: Record<string, Issuing> = {};
const NAMES = ['combined', 'split'] as const;

const caOf = (name: string): Issuing => {
  const found = cas[name];
  if (found === undefined) throw new Error(`no CA ${name}`);
  return found;
};

/** GetCACert's bytes as OpenSSL reads them. */
async function fetchChain(url: string, name: string): Promise<string> {
  const response = await fetch(`${url}?operation=GetCACert`);
  expect(response.headers.get('content-type')).toBe('application/x-x509-ca-ra-cert');
  const file = lab.folder.at(`${name}-served.pem`);
  writeFileSync(file, await mustRun('openssl', ['pkcs7', '-inform', 'DER', '-print_certs'], { input: Buffer.from(await response.arrayBuffer()) }));
  return file;
}

/** Subjects of a PEM file, in order. */
const subjectsIn = async (file: string): Promise<readonly string[]> => [...(await mustRun('openssl', ['storeutl', '-noout', '-text', '-certs', file])).toString().matchAll(/Subject: (.*)$/gm)].map(([, subject = '']) => subject);

beforeAll(async () => {
  if (!base.available) return;
  lab = await openLab();
  await lab.server.call('settings.update', { publicBaseUrl: lab.baseUrl });
  root = await lab.createAuthority({ commonName: 'Root CA', organization: 'Walk', key: 'p384', years: 20, pathLength: 1 });
  const make = async (name: string, wish: { readonly key: 'rsa-3072' | 'p256' }): Promise<void> => {
    const authority = await lab.createAuthority({ commonName: `Issuing ${name}`, organization: 'Walk', parentId: root.id, ...wish });
    const url = await lab.saveEndpoint({ path: `/scep/${name}`, authorityId: authority.id, caCertificates: 'chain' });
    cas[name] = { authority, url, served: await fetchChain(url, name) };
  };
  await make('combined', { key: 'rsa-3072' });
  await make('split', { key: 'p256' });
});

afterAll(async () => {
  await lab?.close();
});

base.describe('what GetCACert gives out', () => {
  base.it('A4.5 A4.6 the recipient first, then the issuing CA, the root where it is wanted; a single certificate where that is', async () => {
    expect(await subjectsIn(caOf('combined').served)).toEqual(['O=Walk, CN=Issuing combined']);
    expect(await subjectsIn(caOf('split').served)).toEqual(['O=Walk, CN=Issuing split SCEP', 'O=Walk, CN=Issuing split']);
    for (const name of NAMES) {
      const { authority, url, served } = caOf(name);
      await lab.saveEndpoint({ path: `/scep/${name}`, includeRoot: true });
      expect((await subjectsIn(await fetchChain(url, `${name}-root`))).at(-1)).toBe('O=Walk, CN=Root CA');
      await lab.saveEndpoint({ path: `/scep/${name}`, includeRoot: false, caCertificates: 'single' });
      const single = await fetch(`${url}?operation=GetCACert`);
      expect(single.headers.get('content-type')).toBe('application/x-x509-ca-cert');
      await lab.saveEndpoint({ path: `/scep/${name}`, caCertificates: 'chain' });
      expect((await verify(root.caFile, authority.caFile)).code).toBe(0);
      expect((await showCertificate(authority.caFile)).extensions.get('X509v3 Basic Constraints')).toBe('CA:TRUE, pathlen:0');
      // Every certificate in it, the SCEP key's too.
      expect((await verify(root.caFile, served, '-untrusted', served)).code).toBe(0);
    }
  });
});

withPki.describe('strongSwan under a root', () => {
  for (const name of NAMES) {
    withPki.it(`A1.2 A4.1 enrols at the ${name} issuing CA, whose chain verifies`, async () => {
      const { url, served } = caOf(name);
      const [ca, ra] = [lab.folder.at(`${name}-ca.pem`), lab.folder.at(`${name}-ra.pem`)];
      await lab.saveEndpoint({ path: `/scep/${name}`, includeRoot: true });
      await mustRun('pki', ['--scepca', '--url', url, '--caout', ca, '--raout', ra, '--outform', 'pem', '--force']);
      await lab.saveEndpoint({ path: `/scep/${name}`, includeRoot: false });
      // It writes the root under the name that it was given and the CA below with a number behind it.
      const issuing = lab.folder.at(`${name}-ca-1.pem`);
      const signer = name === 'split' ? ra : issuing;
      const key = await makeKey(lab.folder.at(`swan-${name}.key`));
      const answer = await runProgram('pki', [
        ...['--scep', '--url', url, '--in', key, '--dn', `O=Walk, CN=swan-${name}`, '--password', await lab.createChallenge()],
        ...['--cacert-enc', signer, '--cacert-sig', signer, '--cacert', ca, '--cacert', issuing, '--cipher', 'des3', '--outform', 'pem'],
      ]);
      expect(answer.stderr).toContain('Issued certificate is trusted');
      expect(answer.code).toBe(0);
      const file = writeCertificate(lab.folder.at(`swan-${name}.pem`), answer.stdout.toString());
      expect(await verify(root.caFile, file, '-untrusted', served)).toMatchObject({ code: 0 });
    });
  }
});

withCertmonger.describe('certmonger under a root', () => {
  let certmonger: Certmonger | undefined;
  afterAll(async () => {
    await certmonger?.stop();
  });

  for (const name of NAMES) {
    withCertmonger.it(`A4.1 J.16 enrols at the ${name} issuing CA, whose chain verifies`, async () => {
      certmonger ??= await startCertmonger();
      const { url, served } = caOf(name);
      // It verifies answers up to a root among what GetCACert gave it, and tells CA from SCEP signer by the chain.
      await lab.saveEndpoint({ path: `/scep/${name}`, includeRoot: true });
      await certmonger.addCa(name, url);
      const file = lab.folder.at(`monger-${name}.pem`);
      const requested = await certmonger.getcert('request', '-c', name, '-k', lab.folder.at(`monger-${name}.key`), '-f', file, '-N', `CN=monger-${name},O=Walk`, '-I', name, '-L', await lab.createChallenge(), '-w');
      expect((await certmonger.list(name)).lines).toContain('MONITORING');
      expect(requested.code).toBe(0);
      expect(await verify(root.caFile, file, '-untrusted', served)).toMatchObject({ code: 0 });
    });
  }
});

base.describe('revocation under a root', () => {
  for (const name of NAMES) {
    base.it(`F4 F5 what the product says of a certificate of the ${name} issuing CA, openssl crl, verify and ocsp say too, after each change`, async () => {
      const { authority, url, served } = caOf(name);
      const client = createScepClient(url);
      const [recipient = new Uint8Array(0)] = await client.caCertificates();
      const reply = await client.ask(pkcsReq({ key: rsaKey(name === 'split' ? 1 : 2), recipient, subject: `O=Walk, CN=revoked-${name}`, challenge: await lab.createChallenge() }));
      const file = writeCertificate(lab.folder.at(`revoked-${name}.pem`), reply.certificates[0] ?? '');
      const [record] = await lab.certificates(`revoked-${name}`);
      if (record === undefined) throw new Error('nothing was issued');

      const fetchCrl = async (number: number, to: string): Promise<string> => {
        const crl = lab.folder.at(to);
        writeFileSync(crl, await mustRun('openssl', ['crl', '-inform', 'DER'], { input: Buffer.from(await (await fetch(`${lab.baseUrl}/crl/${number}/1.crl`)).arrayBuffer()) }));
        return crl;
      };
      const askOcsp = async (byGet: boolean, ...about: readonly string[]): Promise<string> => {
        const trust = ['-issuer', authority.caFile, '-CAfile', root.caFile, '-verify_other', authority.caFile];
        if (!byGet) {
          const { stdout, stderr } = await runProgram('openssl', ['ocsp', ...trust, '-url', `${lab.baseUrl}/ocsp`, ...about]);
          expect(stderr).toContain('Response verify OK');
          return stdout.toString();
        }
        const [request, answer] = [lab.folder.at('ask.der'), lab.folder.at('answer.der')];
        await mustRun('openssl', ['ocsp', '-issuer', authority.caFile, ...about, '-no_nonce', '-reqout', request]);
        const encoded = (await mustRun('openssl', ['base64', '-A', '-in', request])).toString();
        writeFileSync(answer, Buffer.from(await (await fetch(`${lab.baseUrl}/ocsp/${encodeURIComponent(encoded)}`)).arrayBuffer()));
        const { stdout, stderr } = await runProgram('openssl', ['ocsp', ...trust, ...about, '-no_nonce', '-respin', answer]);
        expect(stderr).toContain('Response verify OK');
        return stdout.toString();
      };

      /** All of them in the same words. */
      const agree = async (state: 'valid' | 'held' | 'revoked', reason: string | null): Promise<void> => {
        const shown = await lab.server.call('certificates.get', { id: record.id });
        expect([shown.state, shown.reason]).toEqual([state, reason]);

        const crl = await fetchCrl(authority.number, `${name}.crl`);
        expect((await runProgram('openssl', ['crl', '-in', crl, '-noout', '-CAfile', authority.caFile])).stderr).toContain('verify OK');
        const text = (await mustRun('openssl', ['crl', '-in', crl, '-noout', '-text'])).toString();
        const listed = new RegExp(`Serial Number: 0?${record.serial}\\n[^]*?(?=Serial Number:|Signature Algorithm)`).exec(text)?.[0];
        expect(listed !== undefined).toBe(state !== 'valid');
        if (reason !== null) expect(listed).toMatch({ certificateHold: /Certificate Hold/, keyCompromise: /Key Compromise/ }[reason] ?? /./);

        const above = await fetchCrl(root.number, 'root.crl');
        writeFileSync(lab.folder.at('both.crl'), `${(await mustRun('openssl', ['crl', '-in', crl])).toString()}${(await mustRun('openssl', ['crl', '-in', above])).toString()}`);
        for (const check of ['-crl_check', '-crl_check_all']) {
          const { code, stderr } = await verify(root.caFile, file, '-untrusted', served, check, '-CRLfile', lab.folder.at('both.crl'));
          expect([check, code === 0 ? 'good' : stderr.includes('certificate revoked') ? 'revoked' : stderr]).toEqual([check, state === 'valid' ? 'good' : 'revoked']);
        }

        for (const byGet of [false, true]) {
          const heard = await askOcsp(byGet, '-cert', file);
          expect(heard).toMatch(state === 'valid' ? /\.pem: good/ : new RegExp(`\\.pem: revoked[^]*Reason: ${reason ?? ''}`));
        }
      };

      await agree('valid', null);
      await lab.server.call('certificates.revoke', { id: record.id, reason: 'certificateHold' });
      await agree('held', 'certificateHold');
      await lab.server.call('certificates.release', { id: record.id });
      await agree('valid', null);
      await lab.server.call('certificates.revoke', { id: record.id, reason: 'keyCompromise' });
      await agree('revoked', 'keyCompromise');
      for (const byGet of [false, true]) expect(await askOcsp(byGet, '-serial', '0x7777')).toContain('0x7777: unknown');
      // The signer is a delegated one, of this very issuing CA.
      const signers = (await lab.server.call('certificates.list', { kind: 'ocsp', authorityId: authority.id, limit: 5 })).items;
      expect(signers).toHaveLength(1);
    });
  }

  base.it('the whole log holds after all of this', async () => {
    expect((await lab.server.call('audit.verify')).ok).toBe(true);
  });
});
