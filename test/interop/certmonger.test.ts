/**
 * certmonger (0.79.17 on Debian 12) against the running server, GET only: a challenge, the admin's decision either way, renewal with the old key and
 * with a new one, where CA and SCEP signer are one certificate and where they are two. It polls by sending its PKCSReq again.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import { type Certmonger, startCertmonger } from '../support/interopCertmonger.ts';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { showCertificate, spkiDigest, verify } from '../support/interopOpenssl.ts';
import { needs } from '../support/optional.ts';

const { available, describe, it } = needs('certmonger', 'openssl');

let lab: Lab;
let certmonger: Certmonger;
let combined: LabAuthority;
let split: LabAuthority;

beforeAll(async () => {
  if (!available) return;
  [lab, certmonger] = await Promise.all([openLab(), startCertmonger()]);
  combined = await lab.createAuthority({ commonName: 'Office CA', organization: 'Test', key: 'rsa-2048' });
  split = await lab.createAuthority({ commonName: 'Split CA', key: 'p384' });
  const splitUrl = await lab.saveEndpoint({ path: '/scep/split', authorityId: split.id });
  await Promise.all([certmonger.addCa('combined', lab.server.scepUrl, combined.caFile), certmonger.addCa('split', splitUrl)]);
});

afterAll(async () => {
  await certmonger?.stop();
  await lab?.close();
});

const request = (ca: string, name: string, ...more: readonly string[]) =>
  certmonger.getcert(...['request', '-c', ca, '-k', lab.folder.at(`${name}.key`), '-f', lab.folder.at(`${name}.pem`), '-N', `CN=${name},O=Test`, '-D', `${name}.test`, '-I', name], ...more);

describe('certmonger with a CA that is its own SCEP signer', () => {
  it('A1.2 A7.6 enrols over GET with a challenge; then renews with the same key and with a new one', async () => {
    const password = await lab.createChallenge();
    expect((await request('combined', 'first', '-L', password, '-w')).code).toBe(0);
    expect((await certmonger.list('first')).status).toBe('MONITORING');
    const file = lab.folder.at('first.pem');
    expect((await verify(combined.caFile, file)).code).toBe(0);
    const shown = await showCertificate(file);
    expect(shown.extensions.get('X509v3 Subject Alternative Name')).toBe('DNS:first.test');
    expect(shown.extensions.get('X509v3 Extended Key Usage')).toBe('TLS Web Client Authentication');
    const key = await spkiDigest('x509', file);

    // A7.12: PKCSReq signed with the old certificate; the challenge that it sends along was spent by the first enrolment.
    expect((await certmonger.getcert('resubmit', '-i', 'first', '-w')).code).toBe(0);
    const renewed = await showCertificate(file);
    expect(renewed.serial).not.toBe(shown.serial);
    expect(await spkiDigest('x509', file)).toBe(key);

    expect((await certmonger.getcert('rekey', '-i', 'first', '-w')).code).toBe(0);
    expect(await spkiDigest('x509', file)).not.toBe(key);
    expect((await verify(combined.caFile, file)).code).toBe(0);

    const [third, second, first] = await lab.certificates('CN=first');
    expect([third?.renews, second?.renews, first?.renews]).toEqual([second?.id, first?.id, null]);
    const transactions = await lab.transactions(3, ({ outcome }) => outcome === 'success');
    expect(transactions.map(({ operation, algorithms }) => `${operation}: ${algorithms}`)).toEqual(Array(3).fill('PKCSReq: aes-256-cbc, sha256, GET'));
  });

  it('J.1 J.3 A10.2 waits, is matched by the thumbprint that it shows, and fetches its certificate after approval', async () => {
    await request('combined', 'waits');
    await certmonger.reaches('waits', 'CA_WORKING');
    const waiting = await lab.waitingRequest('waits');
    const thumbprint = /signing request thumbprint \(SHA1\): (.*)$/m.exec((await certmonger.list('waits')).lines)?.[1] ?? '';
    const match = await lab.server.call('requests.match', { text: thumbprint });
    expect([match.outcome, match.digest, match.request?.id]).toEqual(['match', 'sha1', waiting.id]);

    await certmonger.getcert('refresh', '-i', 'waits');
    await certmonger.reaches('waits', 'CA_WORKING');
    await lab.approve(match.request!);
    await certmonger.getcert('refresh', '-i', 'waits');
    await certmonger.reaches('waits', 'MONITORING');
    expect((await verify(combined.caFile, lab.folder.at('waits.pem'))).code).toBe(0);
    expect(await lab.certificates('CN=waits')).toHaveLength(1);
  });

  it('J.1 A10.10 is rejected when the admin refuses', async () => {
    await request('combined', 'unwanted');
    await certmonger.reaches('unwanted', 'CA_WORKING');
    await lab.refuse(await lab.waitingRequest('unwanted'), 'Nobody knows this device.');
    await certmonger.getcert('refresh', '-i', 'unwanted');
    const { caError } = await certmonger.reaches('unwanted', 'CA_REJECTED');
    expect(caError).toContain('not permitted');
    expect(await lab.certificates('CN=unwanted')).toEqual([]);
  });

  it('A7.7 J.1 is rejected with a wrong challenge', async () => {
    expect((await request('combined', 'guesses', '-L', 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA', '-w')).code).toBe(2);
    expect((await certmonger.list('guesses')).status).toBe('CA_REJECTED');
  });
});

describe('certmonger with a CA that only signs', () => {
  it('J.16 finds CA and SCEP signer by itself, enrols, and renews with a new key', async () => {
    expect((await request('split', 'splits', '-L', await lab.createChallenge({ endpoint: '/scep/split' }), '-w')).code).toBe(0);
    const file = lab.folder.at('splits.pem');
    expect((await verify(split.caFile, file)).code).toBe(0);
    const before = await spkiDigest('x509', file);
    expect((await certmonger.getcert('rekey', '-i', 'splits', '-w')).code).toBe(0);
    expect((await verify(split.caFile, file)).code).toBe(0);
    expect(await spkiDigest('x509', file)).not.toBe(before);
  });
});
