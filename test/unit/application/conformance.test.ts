/** Rows of the conformance list that are provable only on the whole application, each by its id. */
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority, getAuthority } from '../../../src/main/application/authorities.ts';
import { parseCertificate } from '../../../src/main/core/pki/certificate.ts';
import { readCrlDistributionPoints } from '../../../src/main/core/pki/extensions.ts';
import { certPoll, ed25519Key, getCert, getCrl, pkcsReq, renewalReq, type RequestOptions, rsaKey, type SentMessage, serialOf } from '../../support/forge.ts';
import { ADMIN, type Office, type OfficeOptions, must, openOffice } from '../../support/office.ts';
import { readCertsOnly } from '../../support/replies.ts';

let office: Office;
afterEach(() => office.close());

async function open(options?: OfficeOptions): Promise<void> {
  office = await openOffice(options);
}
const first = (options: RequestOptions = {}): SentMessage => pkcsReq({ subject: 'O=Test, CN=device', recipient: office.scepCertificate, ...options });
const poll = (sent: SentMessage, options: Parameters<typeof certPoll>[1] = {}): SentMessage => certPoll(sent, { recipient: office.scepCertificate, ...options });
const enrol = async (options: RequestOptions = {}): Promise<{ sent: SentMessage; certificate: Uint8Array }> => {
  const sent = first({ challenge: await office.challenge(), ...options });
  const reply = await office.ask(sent);
  if (reply.certificates[0] === undefined) throw new Error(`${reply.pkiStatus} ${reply.failInfoText ?? ''}`);
  return { sent, certificate: reply.certificates[0] };
};
const caCert = async (path = '/scep'): Promise<{ contentType: string; certificates: readonly Uint8Array[] }> => {
  const { contentType, body } = await office.request({ method: 'GET', path, target: { kind: 'path', path }, rawQuery: 'operation=GetCACert' });
  return { contentType, certificates: contentType === 'application/x-x509-ca-cert' ? [body] : readCertsOnly(body).certificates };
};

describe('what is in scope', () => {
  it('A1.4 RenewalReq, CertPoll with PENDING, GetCert and GetCRL are answered; GetNextCACert is 404 and not announced until there is a successor', async () => {
    await open();
    const { sent, certificate } = await enrol();
    const by = { key: rsaKey(0), signerCertificate: certificate, recipient: office.scepCertificate };
    expect((await office.ask(poll(sent))).pkiStatus).toBe('SUCCESS');
    expect((await office.ask(getCert(certificate, by))).pkiStatus).toBe('SUCCESS');
    expect((await office.ask(getCrl(certificate, by))).crls).toHaveLength(1);
    expect((await office.ask(renewalReq({ ...by, subject: 'O=Test, CN=device', csr: { key: rsaKey(1), subject: 'O=Test, CN=device' }, transactionId: 'r' }))).pkiStatus).toBe('SUCCESS');
    expect((await office.ask(first({ key: rsaKey(2), subject: 'CN=waits' }))).pkiStatus).toBe('PENDING');
    expect((await office.request({ method: 'GET', rawQuery: 'operation=GetNextCACert' })).status).toBe(404);
    expect(Buffer.from((await office.request({ method: 'GET', rawQuery: 'operation=GetCACaps' })).body).toString()).not.toContain('GetNextCACert');
  });

  it('A1.5 there is no revocation by SCEP: no message type revokes', async () => {
    await open();
    const { certificate } = await enrol();
    for (const messageType of [23, 24, 'RevReq']) {
      const reply = await office.ask(first({ messageType, signerCertificate: certificate, transactionId: `t${messageType}` }));
      expect(reply).toMatchObject({ pkiStatus: 'FAILURE', failInfo: 2 });
    }
    expect((await office.certificates()).every((c) => c.state === 'valid')).toBe(true);
  });

  it('A1.6 the CA may refuse for its own reasons, in its own words', async () => {
    await open();
    const sent = first();
    await office.ask(sent);
    await office.refuse((await office.requests('pending'))[0]!.id, 'ask the front desk');
    expect((await office.ask(poll(sent))).failInfoText).toContain('ask the front desk');
  });

  it('A2.10 A12.9 neither plain HTTP nor anything else takes the place of the challenge', async () => {
    await open({ listener: true });
    expect((await office.ask(first())).pkiStatus).toBe('PENDING');
    expect((await office.ask(first({ key: rsaKey(1), challenge: await office.challenge() }))).pkiStatus).toBe('SUCCESS');
  });
});

describe('CA certificates', () => {
  it('A4.3 A4.6 a split authority gives its SCEP certificate first, told by its key usage, then the CA', async () => {
    await open({ authority: { key: 'p256', scepKey: 'split' } });
    const { contentType, certificates } = await caCert();
    expect(contentType).toBe('application/x-x509-ca-ra-cert');
    const [scep, ca] = certificates.map((der) => parseCertificate(der));
    expect(scep).toMatchObject({ ok: true, value: { keyUsage: ['digitalSignature', 'keyEncipherment'], publicKey: { kind: 'rsa', bits: 2048 } } });
    expect(ca).toMatchObject({ ok: true, value: { basicConstraints: { ca: true }, keyUsage: ['keyCertSign', 'cRLSign'] } });
  });

  it('A4.7 gives nothing that belongs to another authority', async () => {
    await open();
    const other = must(await createAuthority(office.deps, { commonName: 'Other CA', key: 'p256', years: 5, scepKey: 'split' }, ADMIN));
    await office.change({ path: '/scep/other', authorityId: other.authority.id, profileId: 'device' });
    expect((await caCert()).certificates).toEqual([office.caCertificate]);
    const others = (await caCert('/scep/other')).certificates;
    expect(others).toHaveLength(2);
    expect(others.map((der) => Buffer.from(der).toString('hex'))).not.toContain(Buffer.from(office.caCertificate).toString('hex'));
  });

  it('A4.1 A4.8 an issuing CA comes with its chain, the root only where the endpoint wants it', async () => {
    await open({ authority: { commonName: 'Root', scepKey: 'split' } });
    const root = office.endpoint.authorityId;
    const issuing = must(await createAuthority(office.deps, { commonName: 'Issuing', key: 'rsa-2048', years: 5, scepKey: 'combined', parentId: root }, ADMIN));
    const endpoint = await office.change({ path: '/scep/issuing', authorityId: issuing.authority.id, profileId: 'device' });
    expect((await caCert('/scep/issuing')).certificates).toHaveLength(1);
    await office.change({ id: endpoint.id, includeRoot: true });
    const { contentType, certificates } = await caCert('/scep/issuing');
    expect(contentType).toBe('application/x-x509-ca-ra-cert');
    expect(certificates).toEqual([issuing.generations[0]?.certificate, office.caCertificate]);
    expect(new X509Certificate(certificates[0]!).verify(new X509Certificate(certificates[1]!).publicKey)).toBe(true);
  });

  it('A12.11 their fingerprints are what OpenSSL prints', async () => {
    await open();
    const view = must(await getAuthority(office.deps, { id: office.endpoint.authorityId }));
    const certificate = new X509Certificate(office.caCertificate);
    expect(view.fingerprints?.sha256).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(view.fingerprints?.sha1).toBe(certificate.fingerprint.replaceAll(':', '').toLowerCase());
  });
});

describe('revocation data', () => {
  it('A7.22 F4 the CDP of an issued certificate carries the generation and serves its CRL; without publicBaseUrl there is none', async () => {
    await open();
    const cdpOf = (der: Uint8Array): readonly string[] => {
      const certificate = parseCertificate(der);
      const extension = certificate.ok ? certificate.value.extensions.find((e) => e.oid === '2.5.29.31') : undefined;
      return extension === undefined ? [] : readCrlDistributionPoints(extension.value);
    };
    expect(cdpOf((await enrol()).certificate)).toEqual([]);
    await office.store.commit({ actor: ADMIN, at: office.now(), expect: [], changes: [{ kind: 'setting', key: 'settings', value: { publicBaseUrl: 'http://ca.office.test:8080/' } }], audit: [] });
    await office.deps.directory.refresh();
    const [url] = cdpOf((await enrol({ key: rsaKey(1), subject: 'CN=second' })).certificate);
    expect(url).toBe('http://ca.office.test:8080/crl/1/1.crl');
    expect(await office.door.crl(1, 1)).toMatchObject({ status: 200, contentType: 'application/pkix-crl' });
  });
});

describe('transactions', () => {
  it('A10.1 A10.11 polls carry nonces of their own, and the first may follow at once', async () => {
    await open();
    const sent = first();
    await office.ask(sent);
    for (const byte of [1, 2, 3]) expect((await office.ask(poll(sent, { senderNonce: new Uint8Array(16).fill(byte) }))).pkiStatus).toBe('PENDING');
  });

  it('A10.6 GetCert and GetCRL keep no state: sscep names every one the same', async () => {
    await open();
    const { certificate } = await enrol();
    const by = { key: rsaKey(0), signerCertificate: certificate, recipient: office.scepCertificate, transactionId: 'SSCEP transactionId' };
    for (let i = 0; i < 3; i++) {
      expect((await office.ask(getCert(certificate, by))).certificates).toHaveLength(1);
      expect((await office.ask(getCrl(certificate, by))).crls).toHaveLength(1);
    }
    expect(await office.requests()).toHaveLength(1);
  });

  it('A10.7 one device may have several requests waiting', async () => {
    await open();
    const both = [first({ transactionId: 'one' }), first({ transactionId: 'two', subject: 'O=Test, CN=device 2' })];
    for (const sent of both) expect((await office.ask(sent)).pkiStatus).toBe('PENDING');
    expect(await office.requests('pending')).toHaveLength(2);
  });

  it('A10.8 a new transaction after a lost answer is a duplicate, and is allowed with a challenge of its own', async () => {
    await open();
    const one = await enrol();
    const two = await enrol({ transactionId: 'after the loss' });
    expect(serialOf(two.certificate)).not.toBe(serialOf(one.certificate));
  });
});

describe('security considerations', () => {
  it('A12.1 in split mode the CA key opens no envelope', async () => {
    await open({ authority: { key: 'rsa-2048', scepKey: 'split' } });
    const reply = await office.ask(first({ challenge: await office.challenge(), recipient: office.caCertificate }));
    expect(reply).toMatchObject({ pkiStatus: 'FAILURE', failInfo: 2 });
    expect((await office.audit()).some((e) => e.code === 'wrong-recipient')).toBe(true);
  });

  it('A12.3 a request says when its device was given the certificate', async () => {
    await open();
    const { sent } = await enrol();
    expect((await office.requests('issued'))[0]?.toldAt).not.toBeNull();
    const waiting = first({ key: rsaKey(1), subject: 'CN=later' });
    await office.ask(waiting);
    const approved = await office.approve((await office.requests('pending'))[0]!.id);
    expect(approved.toldAt).toBeNull();
    await office.ask(poll(waiting));
    expect((await office.store.read.request(approved.id))?.toldAt).not.toBeNull();
    expect(sent.transactionId).not.toBe(waiting.transactionId);
  });

  it('A12.5 a renewal for a key that is certified to another device waits for the admin', async () => {
    await open();
    const { certificate } = await enrol();
    await enrol({ key: rsaKey(1), subject: 'O=Test, CN=neighbour' });
    const stolen = renewalReq({ key: rsaKey(0), signerCertificate: certificate, recipient: office.scepCertificate, subject: 'O=Test, CN=device', csr: { key: rsaKey(1), subject: 'O=Test, CN=device' }, transactionId: 'r' });
    expect((await office.ask(stolen)).pkiStatus).toBe('PENDING');
    expect((await office.requests('pending'))[0]?.findings.map((f) => f.code)).toContain('key-certified-elsewhere');
  });

  it('A12.6 what anyone may read tells of no device', async () => {
    await open();
    await enrol({ dnsNames: ['secret-lab.lan'] });
    const readable = [await office.door.info(), await office.door.health(), await office.door.crl(1, null)].map((r) => Buffer.from(r.body).toString('latin1')).join();
    expect(readable).not.toContain('device');
    expect(readable).not.toContain('secret-lab');
  });

  it('A12.8 a SHA-1 message is answered in SHA-1, and its certificate is signed with SHA-256', async () => {
    await open();
    const reply = await office.ask(first({ digest: 'sha1', challenge: await office.challenge() }));
    expect(reply.digest).toBe('sha1');
    expect(parseCertificate(reply.certificates[0]!)).toMatchObject({ ok: true, value: { signatureAlgorithm: { kind: 'rsa-pkcs1', digest: 'sha256' } } });
  });

  it('A9.6 A9.4 requests of signature-only keys come enveloped to the RSA key, replies go back by password', async () => {
    await open();
    const challenge = await office.challenge();
    const reply = await office.ask(first({ key: ed25519Key(0), challenge }), { password: challenge });
    expect(reply).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'password' });
  });
});
