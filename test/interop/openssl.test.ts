/**
 * OpenSSL as the relying party: it verifies what was issued, reads the published CA certificates and CRLs over HTTP as a VPN gateway would, and sees a
 * revocation. One combined RSA CA, one that signs with P-384 and has an RSA certificate for SCEP.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';
import { pkcsReq, rsaKey } from '../support/forge.ts';
import { type Lab, type LabAuthority, openLab } from '../support/interopLab.ts';
import { showCertificate, verify, writeCertificate } from '../support/interopOpenssl.ts';
import { mustRun } from '../support/interopPrograms.ts';
import { needs } from '../support/optional.ts';
import { createScepClient } from '../support/scepClient.ts';

const { available, describe, it } = needs('openssl');

interface Case {
  readonly authority: LabAuthority;
  readonly url: string;
}

let lab: Lab;
let combined: Case;
let split: Case;

beforeAll(async () => {
  if (!available) return;
  lab = await openLab();
  await lab.server.call('settings.update', { publicBaseUrl: lab.baseUrl });
  combined = { authority: await lab.createAuthority({ commonName: 'Office CA', organization: 'Büro & Söhne', country: 'DE', key: 'rsa-2048' }), url: lab.server.scepUrl };
  const authority = await lab.createAuthority({ commonName: 'Curve CA', key: 'p384' });
  split = { authority, url: await lab.saveEndpoint({ path: '/scep/curve', authorityId: authority.id }) };
});

afterAll(async () => {
  await lab?.close();
});

async function download(path: string): Promise<{ readonly type: string | null; readonly bytes: Buffer }> {
  const response = await fetch(path.startsWith('http') ? path : `${lab.baseUrl}${path}`);
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
}

async function enrol({ url }: Case, name: string, i: number): Promise<string> {
  const client = createScepClient(url);
  const [recipient = new Uint8Array(0)] = await client.caCertificates();
  const reply = await client.ask(pkcsReq({ key: rsaKey(i), recipient, subject: `CN=${name}`, dnsNames: [`${name}.test`], challenge: await lab.createChallenge() }));
  expect(reply.pkiStatus).toBe('SUCCESS');
  return writeCertificate(lab.folder.at(`${name}.pem`), reply.certificates[0] ?? '');
}

async function saveCrl(url: string, name: string): Promise<string> {
  const { type, bytes } = await download(url);
  expect(type).toBe('application/pkix-crl');
  writeFileSync(lab.folder.at(name), bytes);
  return lab.folder.at(name);
}

/** From the text that OpenSSL prints for an extension. */
const urlIn = (text: string | undefined): string => /URI:(\S+)/.exec(text ?? '')?.[1] ?? '';

describe('OpenSSL relies on', () => {
  for (const [name, pick, signature] of [['combined', () => combined, 'sha256WithRSAEncryption'], ['split', () => split, 'ecdsa-with-SHA384']] as const) {
    it(`F1 a certificate of the ${name} CA, its CRL, and the revocation of it`, async () => {
      const { authority } = pick();
      const file = await enrol(pick(), `${name}-kept`, 0);
      const lost = await enrol(pick(), `${name}-lost`, 1);
      const shown = await showCertificate(lost);
      expect(shown.text).toContain(`Signature Algorithm: ${signature}`);
      expect(shown.extensions.get('X509v3 Key Usage')).toBe('Digital Signature, Key Encipherment');
      expect(await verify(authority.caFile, file, '-purpose', 'sslclient')).toMatchObject({ code: 0 });

      // F1: the device follows the URLs in its own certificate.
      const crlUrl = urlIn(shown.extensions.get('X509v3 CRL Distribution Points'));
      expect(crlUrl).toBe(`${lab.baseUrl}/crl/${authority.number}/1.crl`);
      const issuer = await download(urlIn(shown.extensions.get('Authority Information Access')));
      expect(issuer.type).toBe('application/pkix-cert');
      expect(await verify(writeCertificate(lab.folder.at(`${name}-issuer.pem`), issuer.bytes), file)).toMatchObject({ code: 0 });

      // F4: there is a CRL from the first day, and its signature holds.
      const before = await saveCrl(crlUrl, `${name}-before.crl`);
      const readCrl = (path: string) => mustRun('openssl', ['crl', '-inform', 'DER', '-in', path, '-CAfile', authority.caFile, '-noout', '-text']);
      expect((await readCrl(before)).toString()).toContain('No Revoked Certificates');
      const checked = (crl: string, certificate: string) => verify(authority.caFile, certificate, '-crl_check', '-CRLfile', crl);
      expect(await checked(before, lost)).toMatchObject({ code: 0 });

      const [record] = await lab.certificates(`${name}-lost`);
      await lab.server.call('certificates.revoke', { id: record!.id, reason: 'keyCompromise' });
      const after = await saveCrl(crlUrl, `${name}-after.crl`);
      const text = (await readCrl(after)).toString();
      expect(text).toContain(`Serial Number: ${shown.serial}`);
      expect(text).toContain('Key Compromise');
      expect(text).toMatch(/X509v3 CRL Number: *\n *2\n/);
      const revoked = await checked(after, lost);
      expect(revoked.code).not.toBe(0);
      expect(revoked.stderr).toContain('certificate revoked');
      expect(await checked(after, file)).toMatchObject({ code: 0 });
      expect((await download(`/crl/${authority.number}.crl`)).bytes.equals((await download(crlUrl)).bytes)).toBe(true);
    });
  }

  it('A4.5 A4.6 GetCACert and .p7c of the split CA: the SCEP certificate first, then the CA that issued it', async () => {
    const { type, bytes } = await download(`${split.url}?operation=GetCACert`);
    expect(type).toBe('application/x-x509-ca-ra-cert');
    const read = async (der: Buffer): Promise<string[]> =>
      [...(await mustRun('openssl', ['pkcs7', '-inform', 'DER', '-print_certs', '-noout'], { input: der })).toString().matchAll(/^subject=(.*)$/gm)].map(([, subject = '']) => subject);
    expect(await read(bytes)).toEqual(['CN = Curve CA SCEP', 'CN = Curve CA']);
    expect((await mustRun('openssl', ['asn1parse', '-inform', 'DER'], { input: bytes })).toString()).toContain('pkcs7-signedData');

    const pem = await mustRun('openssl', ['pkcs7', '-inform', 'DER', '-print_certs'], { input: bytes });
    const [scep = ''] = /-----BEGIN[^]*?-----END CERTIFICATE-----/.exec(pem.toString()) ?? [];
    writeFileSync(lab.folder.at('scep.pem'), `${scep}\n`);
    expect(await verify(split.authority.caFile, lab.folder.at('scep.pem'))).toMatchObject({ code: 0 });
    const shown = await showCertificate(lab.folder.at('scep.pem'));
    expect(shown.extensions.get('X509v3 Key Usage')).toBe('Digital Signature, Key Encipherment');

    const bag = await download(`/ca/${split.authority.number}/1.p7c`);
    expect(await read(bag.bytes)).toContain('CN = Curve CA');
  });

  it('A2.21 GetCACert, .cer and .pem of the combined CA, which are one certificate', async () => {
    const { type, bytes } = await download(`${combined.url}?operation=GetCACert`);
    expect(type).toBe('application/x-x509-ca-cert');
    const { number } = combined.authority;
    expect((await download(`/ca/${number}/1.cer`)).bytes.equals(bytes)).toBe(true);
    expect((await download(`/ca/${number}.cer`)).bytes.equals(bytes)).toBe(true);
    expect((await mustRun('openssl', ['x509', '-outform', 'DER'], { input: (await download(`/ca/${number}/1.pem`)).bytes })).equals(bytes)).toBe(true);
    const shown = await showCertificate(combined.authority.caFile);
    expect(shown.text).toContain('Digital Signature, Key Encipherment, Certificate Sign, CRL Sign');
    expect((await mustRun('openssl', ['x509', '-in', combined.authority.caFile, '-noout', '-subject', '-nameopt', 'utf8'])).toString()).toContain('Büro & Söhne');
  });
});
