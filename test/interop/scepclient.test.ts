/**
 * micromdm's `scepclient` (2.1.0 on Debian 12) against the running server. It knows single DES and SHA-1 only: a legacy endpoint serves it, a standard
 * one must refuse it in words. It polls by sending the identical PKCSReq again after thirty seconds.
 */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { digestOf, showCertificate, spkiDigest, verify } from '../support/interopOpenssl.ts';
import { mustRun, runProgram, startProgram } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';

const { available, describe, it } = needs('scepclient', 'openssl');

let lab: Lab;
let authority: LabAuthority;
let legacyUrl: string;

beforeAll(async () => {
  if (!available) return;
  lab = await openLab();
  authority = await lab.createAuthority({ commonName: 'Office CA', organization: 'Test', key: 'rsa-2048' });
  legacyUrl = await lab.saveEndpoint({ path: '/scep/legacy', authorityId: authority.id, compatibility: 'legacy' });
});

afterAll(async () => {
  await lab?.close();
});

/** Its files lie in a folder of their own: it keeps csr.pem and self.pem beside the key. */
const clientArguments = (url: string, name: string, ...more: readonly string[]): readonly string[] => {
  mkdirSync(lab.folder.at(name), { recursive: true });
  const files = ['-private-key', lab.folder.at(`${name}/k.key`), '-certificate', lab.folder.at(`${name}/c.pem`)];
  return ['-server-url', url, ...files, '-cn', name, '-organization', 'Test', '-debug', ...more];
};

describe('scepclient at a legacy endpoint', () => {
  it('A1.3 B4 enrols with a challenge, told by its CA fingerprint; then renews as RenewalReq with the same key', async () => {
    const args = clientArguments(legacyUrl, 'first', '-challenge', await lab.createChallenge({ endpoint: '/scep/legacy' }), '-ca-fingerprint', authority.fingerprints?.sha256 ?? '');
    const enrolled = await runProgram('scepclient', args);
    expect(enrolled.stderr).not.toMatch(/err=/);
    expect(enrolled.code).toBe(0);
    const file = lab.folder.at('first/c.pem');
    expect((await verify(authority.caFile, file)).code).toBe(0);
    const { serial } = await showCertificate(file);
    const key = await spkiDigest('x509', file);

    // A10.5: the same key gives the same transactionID; the signer tells that this is another transaction.
    expect((await runProgram('scepclient', args)).code).toBe(0);
    expect((await verify(authority.caFile, file)).code).toBe(0);
    expect((await showCertificate(file)).serial).not.toBe(serial);
    expect(await spkiDigest('x509', file)).toBe(key);
    expect((await lab.server.call('requests.list', { query: 'first' })).items.map(({ messageType }) => messageType)).toEqual(['RenewalReq', 'PKCSReq']);
    const transactions = await lab.transactions(2, ({ outcome }) => outcome === 'success');
    expect(transactions.map(({ operation, algorithms }) => `${operation}: ${algorithms}`)).toEqual(['RenewalReq: des-cbc, sha1, POST', 'PKCSReq: des-cbc, sha1, POST']);
  });

  it('J.3 A10.2 waits for the admin, who compares the digest of its CSR, and fetches with the identical message', async () => {
    const polling = startProgram('scepclient', clientArguments(legacyUrl, 'waits'), { patience: 60_000 });
    await lab.waitingRequest('waits');
    const der = await mustRun('openssl', ['req', '-in', lab.folder.at('waits/csr.pem'), '-outform', 'DER']);
    const match = await lab.server.call('requests.match', { text: await digestOf(der) });
    expect([match.outcome, match.digest, match.request?.subject]).toEqual(['match', 'sha256', 'C=US, O=Test, OU=MDM, CN=waits']);
    await lab.approve(match.request!);
    const { code, stderr } = await polling.done;
    expect(stderr).toContain('pkiStatus=PENDING');
    expect(code).toBe(0);
    expect((await verify(authority.caFile, lab.folder.at('waits/c.pem'))).code).toBe(0);
    expect(await lab.certificates('CN=waits')).toHaveLength(1);
  });
});

describe('scepclient at a standard endpoint', () => {
  it('A1.3 A8.17 is refused with badAlg, and the transaction log says why; the challenge is not spent', async () => {
    const password = await lab.createChallenge({ label: 'for scepclient' });
    const refused = await runProgram('scepclient', clientArguments(lab.server.scepUrl, 'single-des', '-challenge', password));
    expect(refused.code).toBe(1);
    expect(`${refused.stdout}`).toContain('failInfo: badAlg');
    const [transaction] = await lab.transactions(1, ({ path, outcome }) => path === '/scep' && outcome === 'failure');
    expect(transaction?.text).toMatch(/DES/);
    expect((await lab.server.call('challenges.list', { state: 'live' })).items.map(({ label }) => label)).toContain('for scepclient');
    expect(await lab.certificates('CN=single-des')).toEqual([]);
  });
});
