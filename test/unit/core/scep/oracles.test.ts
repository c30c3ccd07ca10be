/** Our replies in the eyes of others: openssl's CMS and PKI.js over asn1js. */
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { describe, expect, it } from 'vitest';
import { writeCertsOnly } from '../../../../src/main/core/pki/signedData.ts';
import { type RequestOptions, type SentMessage, certificate, ecKey, pkcsReq, rsaKey, selfSignedOf, testCa } from '../../../support/forge.ts';
import { openRequest, seal } from '../../../support/messages.ts';
import { needs } from '../../../support/optional.ts';
import { openssl, opensslWithFiles, pem } from '../../../support/oracle.ts';
import { openReply } from '../../../support/replies.ts';

const ca = testCa();
const key = rsaKey(0);
const issued = certificate({ key, subject: 'CN=oracle-device, O=Test', issuer: ca });

function success(options: RequestOptions = {}): { readonly bytes: Uint8Array; readonly sent: SentMessage } {
  const sent = pkcsReq({ key, ...options });
  const bytes = seal({ kind: 'success', certificates: [issued, ca.certificate] }, openRequest(sent.bytes), { password: options.challenge });
  return { bytes, sent };
}

const privatePem = (sent: SentMessage): string => sent.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const { describe: describeWithOpenssl } = needs('openssl');

describeWithOpenssl('CertReps as openssl reads them', () => {
  const verified = (bytes: Uint8Array, ...more: readonly string[]): string =>
    opensslWithFiles(['cms', '-verify', '-inform', 'DER', '-in', '@reply.der', '-CAfile', '@ca.pem', '-purpose', 'any', '-binary', ...more], {
      'reply.der': bytes,
      'ca.pem': pem('CERTIFICATE', ca.certificate),
      empty: '',
    });

  it('A8.10 A8.13 verifies the signature of SUCCESS, PENDING and FAILURE, with each digest', () => {
    for (const digest of ['sha1', 'sha256', 'sha512'] as const) {
      expect(() => verified(success({ digest }).bytes)).not.toThrow();
      const request = openRequest(pkcsReq({ key, digest }).bytes);
      for (const reply of [{ kind: 'pending' }, { kind: 'failure', failInfo: 'badRequest', text: 'no' }] as const) {
        expect(() => verified(seal(reply, request, { emptyContent: true }))).not.toThrow();
        // Without eContent the signature covers an empty content, which openssl wants named.
        expect(() => verified(seal(reply, request), '-content', '@empty')).not.toThrow();
      }
    }
    const wrong = Buffer.from(success().bytes);
    wrong[wrong.length - 5]! ^= 1;
    expect(() => verified(wrong)).toThrow();
  });

  const envelopeOf = (bytes: Uint8Array): Uint8Array => {
    const info = new pkijs.ContentInfo({ schema: asn1js.fromBER(Uint8Array.from(bytes)).result });
    const signed = new pkijs.SignedData({ schema: info.content as asn1js.AsnType });
    return new Uint8Array(signed.encapContentInfo.eContent!.valueBlock.valueHexView);
  };

  it.each([
    ['AES-128', { cipher: 'aes-128-cbc' }],
    ['AES-256', { cipher: 'aes-256-cbc' }],
    ['3DES', { cipher: 'des-ede3-cbc' }],
    ['OAEP with SHA-1', { keyTransport: { kind: 'rsaes-oaep', digest: 'sha1', mgf1Digest: 'sha1' } }],
    ['OAEP with SHA-256', { keyTransport: { kind: 'rsaes-oaep', digest: 'sha256', mgf1Digest: 'sha256' } }],
  ] as const satisfies readonly (readonly [string, RequestOptions])[])('A8.1 A8.9 decrypts an envelope under %s with the key of the signer', (_, options) => {
    const { bytes, sent } = success(options);
    const inner = opensslWithFiles(['cms', '-decrypt', '-inform', 'DER', '-in', '@env.der', '-inkey', '@key.pem', '-recip', '@cert.pem', '-binary'], {
      'env.der': envelopeOf(bytes),
      'key.pem': privatePem(sent),
      'cert.pem': pem('CERTIFICATE', sent.signerCertificate),
    });
    expect(inner).toContain('oracle-device');
  });

  it('A9.2 J.14 decrypts a password recipient with the challenge', () => {
    for (const digest of ['sha1', 'sha256'] as const) {
      const { bytes } = success({ key: ecKey(), challenge: 'ABCD-EFGH-JKMN', digest });
      const decrypt = (password: string): string =>
        opensslWithFiles(['cms', '-decrypt', '-inform', 'DER', '-in', '@env.der', '-pwri_password', password, '-binary'], { 'env.der': envelopeOf(bytes) });
      expect(decrypt('ABCD-EFGH-JKMN')).toContain('oracle-device');
      expect(() => decrypt('wrong')).toThrow();
    }
  });

  it('A8.2 A8.4 lists the certificates of a degenerate SignedData in our order', () => {
    const printed = openssl(['pkcs7', '-inform', 'DER', '-print_certs', '-noout'], writeCertsOnly([issued, ca.certificate]));
    expect(printed.indexOf('oracle-device')).toBeGreaterThanOrEqual(0);
    expect(printed.indexOf('oracle-device')).toBeLessThan(printed.indexOf('subject=CN = Test CA 0'));
  });

  it('A8.14 sees no indefinite length', () => {
    const dump = openssl(['asn1parse', '-inform', 'DER'], success({ encoding: 'ber' }).bytes);
    expect(dump).not.toContain('l=inf');
    expect(dump).toContain('rsaEncryption');
  });

  it('makes requests with openssl’s own CMS that we open', () => {
    const files = { 'csr.der': pkcsReq({ key }).csr!, 'ca.pem': pem('CERTIFICATE', ca.certificate) };
    for (const cipher of ['-aes128', '-aes256', '-des3']) {
      const env = Buffer.from(
        opensslWithFiles(['cms', '-encrypt', '-binary', cipher, '-outform', 'PEM', '-in', '@csr.der', '@ca.pem'], files).replace(/-----[^-]+-----|\s/g, ''),
        'base64',
      );
      const sent = pkcsReq({ key, eContent: env, signerCertificate: selfSignedOf(key) });
      expect(openRequest(sent.bytes).content.kind).toBe('csr');
    }
  });
});

describe('CertReps as PKI.js reads them', () => {
  it('A6.9 A8.11 A8.14 is a SignedData with one signer, sorted attributes and an EnvelopedData over id-data', () => {
    const { bytes } = success();
    const parsed = asn1js.fromBER(Uint8Array.from(bytes));
    expect(parsed.offset).toBe(bytes.length);
    const signed = new pkijs.SignedData({ schema: new pkijs.ContentInfo({ schema: parsed.result }).content as asn1js.AsnType });
    expect([signed.version, signed.signerInfos.length, signed.certificates?.length]).toEqual([1, 1, 1]);
    expect(signed.encapContentInfo.eContentType).toBe('1.2.840.113549.1.7.1');
    const signer = signed.signerInfos[0]!;
    expect(signer.signatureAlgorithm.algorithmId).toBe('1.2.840.113549.1.1.1');
    expect(signer.signedAttrs?.attributes.map((a) => a.type).sort()).toEqual([
      '1.2.840.113549.1.9.3',
      '1.2.840.113549.1.9.4',
      '2.16.840.1.113733.1.9.2',
      '2.16.840.1.113733.1.9.3',
      '2.16.840.1.113733.1.9.5',
      '2.16.840.1.113733.1.9.6',
      '2.16.840.1.113733.1.9.7',
    ]);
    const envelope = new pkijs.ContentInfo({ schema: asn1js.fromBER(signed.encapContentInfo.eContent!.valueBlock.valueHexView.slice()).result });
    const data = new pkijs.EnvelopedData({ schema: envelope.content as asn1js.AsnType });
    expect([data.version, data.recipientInfos.length, data.encryptedContentInfo.contentType]).toEqual([0, 1, '1.2.840.113549.1.7.1']);
  });

  it('verifies with PKI.js’ own engine', async () => {
    const { bytes, sent } = success();
    const signed = new pkijs.SignedData({ schema: new pkijs.ContentInfo({ schema: asn1js.fromBER(Uint8Array.from(bytes)).result }).content as asn1js.AsnType });
    const engine = new pkijs.CryptoEngine({ name: 'node', crypto: globalThis.crypto });
    await expect(signed.verify({ signer: 0, checkChain: false }, engine)).resolves.toBe(true);
    expect(openReply(bytes, sent).certificates).toHaveLength(2);
  });
});
