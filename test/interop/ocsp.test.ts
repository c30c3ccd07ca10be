/**
 * `openssl ocsp` as the relying party: it asks by POST over HTTP/1.0 without Host, reads answers that were fetched by GET, and verifies the delegated
 * signer, after issue, hold, release and revocation. A combined RSA CA, a P-384 CA, and an issuing CA under a root.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { showCertificate, verify, writeCertificate } from '../support/interopOpenssl.ts';
import { type ProgramAnswer, mustRun, runProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';

const { available, describe, it } = needs('openssl');

interface Case {
  readonly authority: LabAuthority;
  readonly url: string;
  /** How openssl comes to trust the issuer: of an answer, and of a certificate. */
  readonly trust: readonly string[];
  readonly root: readonly [caFile: string, ...untrusted: string[]];
}

let lab: Lab;
const cases: Record<string, Case> = {};

beforeAll(async () => {
  if (!available) return;
  lab = await openLab();
  await lab.server.call('settings.update', { publicBaseUrl: lab.baseUrl });
  const rsa = await lab.createAuthority({ commonName: 'Office CA', organization: 'Büro & Söhne', key: 'rsa-2048' });
  const curve = await lab.createAuthority({ commonName: 'Curve CA', key: 'p384' });
  const root = await lab.createAuthority({ commonName: 'Root', key: 'p384' });
  const issuing = await lab.createAuthority({ commonName: 'Issuing CA', key: 'p256', parentId: root.id });
  cases['RSA'] = { authority: rsa, url: lab.server.scepUrl, trust: ['-CAfile', rsa.caFile], root: [rsa.caFile] };
  cases['P-384'] = { authority: curve, url: await lab.saveEndpoint({ path: '/scep/curve', authorityId: curve.id }), trust: ['-CAfile', curve.caFile], root: [curve.caFile] };
  cases['issuing'] = { authority: issuing, url: await lab.saveEndpoint({ path: '/scep/issuing', authorityId: issuing.id }), trust: ['-CAfile', root.caFile, '-verify_other', issuing.caFile], root: [root.caFile, '-untrusted', issuing.caFile] };
});

afterAll(async () => {
  await lab?.close();
});

async function enrol({ url }: Case, name: string, i: number): Promise<{ readonly file: string; readonly id: string; readonly serial: string }> {
  const client = createScepClient(url);
  const [recipient = new Uint8Array(0)] = await client.caCertificates();
  const reply = await client.ask(pkcsReq({ key: rsaKey(i), recipient, subject: `CN=${name}`, challenge: await lab.createChallenge() }));
  const [record] = await lab.certificates(name);
  if (record === undefined) throw new Error(`${name} was not issued`);
  return { file: writeCertificate(lab.folder.at(`${name}.pem`), reply.certificates[0] ?? ''), id: record.id, serial: record.serial };
}

/** By POST, as openssl sends it. */
const post = ({ authority, trust }: Case, ...more: readonly string[]): Promise<ProgramAnswer> =>
  runProgram('openssl', ['ocsp', '-issuer', authority.caFile, ...trust, '-url', `${lab.baseUrl}/ocsp`, ...more]);

/** By GET: openssl writes the request, fetch carries it, openssl reads the answer. */
async function get({ authority, trust }: Case, ...more: readonly string[]): Promise<ProgramAnswer & { readonly headers: Headers }> {
  const [request, answer] = [lab.folder.at('request.der'), lab.folder.at('answer.der')];
  await mustRun('openssl', ['ocsp', '-issuer', authority.caFile, ...more, '-no_nonce', '-reqout', request]);
  const encoded = (await mustRun('openssl', ['base64', '-A', '-in', request])).toString();
  const response = await fetch(`${lab.baseUrl}/ocsp/${encodeURIComponent(encoded)}`);
  expect(response.headers.get('content-type')).toBe('application/ocsp-response');
  writeFileSync(answer, Buffer.from(await response.arrayBuffer()));
  return { ...(await runProgram('openssl', ['ocsp', '-issuer', authority.caFile, ...trust, ...more, '-no_nonce', '-respin', answer])), headers: response.headers };
}

/** What `openssl verify -crl_check` says with the published CRL. */
async function crlCheck({ authority, root: [caFile, ...more] }: Case, file: string): Promise<'good' | 'revoked'> {
  const crl = lab.folder.at('checked.crl');
  writeFileSync(crl, Buffer.from(await (await fetch(`${lab.baseUrl}/crl/${authority.number}/1.crl`)).arrayBuffer()));
  const { code, stderr } = await verify(caFile, file, ...more, '-crl_check', '-CRLfile', crl);
  if (code !== 0) expect(stderr).toContain('certificate revoked');
  return code === 0 ? 'good' : 'revoked';
}

const caseOf = (name: string): Case => {
  const found = cases[name];
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};

const signersOf = async ({ authority }: Case) => (await lab.server.call('certificates.list', { kind: 'ocsp', authorityId: authority.id, limit: 50 })).items;

describe('openssl ocsp', () => {
  for (const [i, name] of ['RSA', 'P-384', 'issuing'].entries()) {
    it(`F5 hears good, held, released, revoked and unknown of the ${name} CA, by GET and POST, by SHA-1 and SHA-256`, async () => {
      const ca = caseOf(name);
      const device = await enrol(ca, `dev-${i}`, i);
      const ways: readonly (() => Promise<ProgramAnswer>)[] = [
        () => post(ca, '-cert', device.file),
        () => post(ca, '-no_nonce', '-cert', device.file),
        () => post(ca, '-sha256', '-cert', device.file),
        () => get(ca, '-cert', device.file),
        () => get(ca, '-sha256', '-cert', device.file),
      ];
      const hears = async (words: RegExp, state: 'valid' | 'held' | 'revoked'): Promise<void> => {
        // Window, CRL and OCSP say the same.
        expect((await lab.server.call('certificates.get', { id: device.id })).state).toBe(state);
        expect(await crlCheck(ca, device.file)).toBe(state === 'valid' ? 'good' : 'revoked');
        for (const [way, hear] of ways.entries()) {
          const { code, stdout, stderr } = await hear();
          expect(`${stdout.toString()}${stderr}`, `way ${way}`).toMatch(words);
          expect(stderr, `way ${way}`).toMatch(/Response verify OK/);
          // A nonce that was asked for and did not come back would be a warning.
          expect(stderr, `way ${way}`).not.toMatch(/nonce/i);
          expect(code, `way ${way}`).toBe(0);
        }
      };
      await hears(/\.pem: good/, 'valid');
      await lab.server.call('certificates.revoke', { id: device.id, reason: 'certificateHold' });
      await hears(/\.pem: revoked[^]*Reason: certificateHold/, 'held');
      await lab.server.call('certificates.release', { id: device.id });
      await hears(/\.pem: good/, 'valid');
      await lab.server.call('certificates.revoke', { id: device.id, reason: 'keyCompromise' });
      await hears(/\.pem: revoked[^]*Reason: keyCompromise[^]*Revocation Time:/, 'revoked');
      expect((await post(ca, '-serial', '0x7777')).stdout.toString()).toMatch(/0x7777: unknown/);
      expect((await get(ca, '-serial', '0x7777')).headers.get('cache-control')).toBe('no-store');
    });
  }

  it('F5 hears of several certificates at once, and trusts the signer by itself (-VAfile)', async () => {
    const ca = caseOf('RSA');
    const [one, two] = [await enrol(ca, 'pair-one', 4), await enrol(ca, 'pair-two', 5)];
    const [signer] = await signersOf(ca);
    const { pem } = await lab.server.call('certificates.get', { id: signer?.id ?? '' });
    const file = writeCertificate(lab.folder.at('signer.pem'), pem);
    const heard = await runProgram('openssl', ['ocsp', '-issuer', ca.authority.caFile, '-VAfile', file, '-url', `${lab.baseUrl}/ocsp`, '-cert', one.file, '-cert', two.file]);
    expect(heard.stdout.toString()).toMatch(/pair-one\.pem: good[^]*pair-two\.pem: good/);
    expect(heard.stderr).toMatch(/Response verify OK/);

    const shown = await showCertificate(file);
    expect(shown.extensions.get('X509v3 Extended Key Usage')).toBe('OCSP Signing');
    expect(shown.extensions.get('X509v3 Key Usage')).toBe('Digital Signature');
    expect(shown.text).toContain('OCSP No Check');
    expect(shown.extensions.has('Authority Information Access')).toBe(false);
    expect(await verify(ca.authority.caFile, file, '-purpose', 'ocsphelper')).toMatchObject({ code: 0 });
  });

  it('F5 finds the responder where the certificate says, and is refused by a signer of another CA', async () => {
    const ca = caseOf('P-384');
    const device = await enrol(ca, 'follower', 6);
    const [url] = (await mustRun('openssl', ['x509', '-in', device.file, '-noout', '-ocsp_uri'])).toString().split('\n');
    expect(url).toBe(`${lab.baseUrl}/ocsp`);
    const trustsOther = await runProgram('openssl', ['ocsp', '-issuer', ca.authority.caFile, '-CAfile', caseOf('RSA').authority.caFile, '-url', url ?? '', '-cert', device.file]);
    expect(trustsOther.stderr).toMatch(/Response Verify Failure/i);
    const foreign = await runProgram('openssl', ['ocsp', '-issuer', device.file, '-CAfile', ca.authority.caFile, '-url', url ?? '', '-serial', '0x1']);
    expect(`${foreign.stdout.toString()}${foreign.stderr}`).toMatch(/unauthorized \(6\)/);
  });

  it('hears tryLater while the vault is locked, and a good answer from the same signer after it', async () => {
    const ca = caseOf('RSA');
    const device = await enrol(ca, 'locked-out', 7);
    await post(ca, '-cert', device.file);
    const before = await signersOf(ca);
    await lab.server.call('vault.lock');
    const locked = await post(ca, '-cert', device.file);
    expect(`${locked.stdout.toString()}${locked.stderr}`).toMatch(/trylater \(3\)/i);
    await lab.server.call('vault.unlock', { passphrase: 'correct horse battery staple' });
    expect((await post(ca, '-cert', device.file)).stdout.toString()).toMatch(/: good/);
    expect(await signersOf(ca)).toEqual(before);
  });
});
