import { describe, expect, it } from 'vitest';
import { readCertificateFiles, readPemBlocks } from '../../../../src/main/core/pki/certificateFiles.ts';
import { writeCertsOnly } from '../../../../src/main/core/pki/signedData.ts';
import { certificate, csr, rsaKey, testCa } from '../../../support/forge.ts';
import { opensslWrites } from '../../../support/keyFiles.ts';
import { needs } from '../../../support/optional.ts';
import { pem } from '../../../support/oracle.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));
const root = testCa(0).certificate;
const device = certificate({ subject: 'CN=dev', key: rsaKey(1), issuer: testCa(0) });

function found(...files: readonly Uint8Array[]): readonly string[] {
  const read = readCertificateFiles(files);
  if (!read.ok) throw new Error(read.error);
  return read.value.map(({ der }) => (Buffer.from(der).equals(root) ? 'root' : Buffer.from(der).equals(device) ? 'device' : 'other'));
}

describe('certificates are found', () => {
  it('in DER, PEM and PKCS #7, in the order they lie', () => {
    expect(found(device)).toEqual(['device']);
    expect(found(bytes(pem('CERTIFICATE', device) + pem('X509 CERTIFICATE', root)))).toEqual(['device', 'root']);
    expect(found(writeCertsOnly([root, device]))).toEqual(['root', 'device']);
    expect(found(bytes(pem('PKCS7', writeCertsOnly([root]))), device)).toEqual(['root', 'device']);
  });

  it('once each', () => {
    expect(found(device, bytes(pem('CERTIFICATE', device)), writeCertsOnly([device, root]))).toEqual(['device', 'root']);
  });

  it('between anything else, with Windows line ends and text in Latin-1', () => {
    const text = `Bag Attributes\r\n    friendlyName: B\xfcro\r\n${pem('CERTIFICATE', device).replaceAll('\n', '\r\n')}${pem('CERTIFICATE REQUEST', csr())}`;
    expect(found(new Uint8Array(Buffer.from(text, 'latin1')))).toEqual(['device']);
  });

  it('with what OpenSSL writes behind a trusted one', () => {
    const trusted = Buffer.concat([device, Uint8Array.of(0x30, 0)]);
    expect(found(bytes(pem('TRUSTED CERTIFICATE', trusted)))).toEqual(['device']);
  });

  it('nowhere in files of another kind', () => {
    for (const file of [bytes(''), bytes('hello'), csr(), bytes(pem('CERTIFICATE REQUEST', csr())), Uint8Array.of(0x30, 0)]) expect(found(file)).toEqual([]);
  });
});

it('a broken certificate or PKCS #7 is an error', () => {
  const broken = Uint8Array.from(device, (b, i) => (i === 4 ? b ^ 0xff : b));
  expect(readCertificateFiles([bytes(pem('CERTIFICATE', broken))]).ok).toBe(false);
  expect(readCertificateFiles([bytes('-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----')]).ok).toBe(false);
  expect(readCertificateFiles([writeCertsOnly([root]).slice(0, 40)]).ok).toBe(true);
  expect(readCertificateFiles([bytes(pem('PKCS7', writeCertsOnly([broken])))]).ok).toBe(false);
});

it('a block with headers has no DER', () => {
  const [block] = readPemBlocks(bytes('-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n'));
  expect(block).toMatchObject({ label: 'RSA PRIVATE KEY', der: undefined });
});

needs('openssl').it('what openssl crl2pkcs7 writes is read', () => {
  const chain = pem('CERTIFICATE', device) + pem('CERTIFICATE', root);
  for (const form of ['PEM', 'DER']) expect([...found(opensslWrites(['crl2pkcs7', '-nocrl', '-certfile', '@chain', '-outform', form, '-out', '@out'], { chain }))].sort()).toEqual(['device', 'root']);
});
