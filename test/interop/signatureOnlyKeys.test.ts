/**
 * Clients that no package of Debian's stands for, played by our own over the real listener: keys that can sign and not decrypt (RFC 8894 3.1: the reply
 * is enveloped under the challenge), and Windows' RSAES-OAEP. OpenSSL looks at what comes out.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import { certPoll, ecKey, ed25519Key, pkcsReq, renewalReq, rsaKey } from '../support/forge.ts';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { showCertificate, verify, writeCertificate } from '../support/interopOpenssl.ts';
import { needs } from '../support/optional.ts';
import { type ScepClient, createScepClient } from '../support/scepClient.ts';

const { available, describe, it } = needs('openssl');

let lab: Lab;
let authority: LabAuthority;
let client: ScepClient;
let recipient: Uint8Array;

beforeAll(async () => {
  if (!available) return;
  lab = await openLab();
  authority = await lab.createAuthority({ commonName: 'Curve CA', organization: 'Test', key: 'p256' });
  client = createScepClient(lab.server.scepUrl);
  [recipient = new Uint8Array(0)] = await client.caCertificates();
});

afterAll(async () => {
  await lab?.close();
});

const save = (name: string, certificate: Uint8Array | undefined): string => writeCertificate(lab.folder.at(`${name}.pem`), certificate ?? '');

describe('a key that can only sign', () => {
  for (const [name, key] of [['P-256', ecKey(0)], ['P-384', ecKey(0, 'P-384')], ['P-521', ecKey(0, 'P-521')], ['Ed25519', ed25519Key(0)]] as const) {
    it(`A9.2 A9.4 enrols with ${name} and opens the reply with its challenge`, async () => {
      const reply = await client.ask(pkcsReq({ key, recipient, subject: `CN=${name}`, dnsNames: ['gate.test'], challenge: await lab.createChallenge() }), { signerCertificate: recipient });
      expect(reply).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'password', envelopeVersion: 3 });
      const file = save(name, reply.certificates[0]);
      expect(await verify(authority.caFile, file)).toMatchObject({ code: 0, stderr: '' });
      const shown = await showCertificate(file);
      expect(shown.subject).toBe(`CN = ${name}`);
      expect(shown.extensions.get('X509v3 Key Usage')).toBe('Digital Signature');
      expect(shown.extensions.get('X509v3 Subject Alternative Name')).toBe('DNS:gate.test');
    });
  }

  it('A9.5 waits for the admin with a challenge that is none of ours, which then opens the reply; and renews', async () => {
    const url = await lab.saveEndpoint({ path: '/scep/hold', authorityId: authority.id, authorization: 'hold' });
    const waiting = createScepClient(url);
    const sent = pkcsReq({ key: ecKey(1), recipient, subject: 'CN=holds', challenge: 'chosen by the device' });
    expect((await waiting.ask(sent)).pkiStatus).toBe('PENDING');
    await lab.approve(await lab.waitingRequest('holds'));
    const poll = certPoll(sent, { recipient });
    const reply = await waiting.ask({ ...poll, challenge: 'chosen by the device' });
    expect(reply).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'password' });
    const [certificate = new Uint8Array(0)] = reply.certificates;
    expect((await verify(authority.caFile, save('holds', certificate))).code).toBe(0);

    const renewal = renewalReq({ key: ecKey(1), signerCertificate: certificate, recipient, subject: 'CN=holds', challenge: 'another word', csr: { key: ecKey(2) } });
    const renewed = await waiting.ask(renewal);
    expect(renewed).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'password' });
    expect((await verify(authority.caFile, save('renewed', renewed.certificates[0]))).code).toBe(0);
  });

  it('A9.5 is refused in words when it brings no challenge: no reply could be enveloped to it', async () => {
    const reply = await client.ask(pkcsReq({ key: ecKey(3), recipient, subject: 'CN=mute' }));
    expect(reply).toMatchObject({ pkiStatus: 'FAILURE', failInfo: 0 });
    expect(reply.failInfoText).toMatch(/challenge/i);
  });
});

describe('RSAES-OAEP, as Windows sends it', () => {
  for (const keyTransport of [{ kind: 'rsaes-oaep', digest: 'sha1', mgf1Digest: 'sha1' }, { kind: 'rsaes-oaep', digest: 'sha256', mgf1Digest: 'sha256' }] as const) {
    it(`A9.8 with ${keyTransport.digest}: enrols, and the reply mirrors it`, async () => {
      const key = rsaKey(keyTransport.digest === 'sha1' ? 10 : 11);
      const name = `oaep-${keyTransport.digest}`;
      const reply = await client.ask(pkcsReq({ key, recipient, subject: `CN=${name}`, challenge: await lab.createChallenge(), keyTransport }));
      expect(reply).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'key-transport', keyTransportOid: '1.2.840.113549.1.1.7' });
      expect((await verify(authority.caFile, save(name, reply.certificates[0]))).code).toBe(0);
    });
  }
});
