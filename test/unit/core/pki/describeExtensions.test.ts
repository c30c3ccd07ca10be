import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../../../src/main/core/pki/certificate.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { describeExtensions } from '../../../../src/main/core/pki/describeExtensions.ts';
import type * as x from '../../../../src/main/core/pki/extensions.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { openssl } from '../../../support/oracle.ts';
import { openOffice } from '../../../support/office.ts';
import { pkcsReq } from '../../../support/forge.ts';

const raw = (oid: string, value: Uint8Array, critical = false): x.Extension => ({ oid, critical, value });
const textOf = (extension: x.Extension): string => describeExtensions([extension])[0]?.text ?? '';

/** A certificate that openssl makes of a configuration's extension lines. */
function foreign(lines: readonly string[]): readonly x.Extension[] {
  const folder = mkdtempSync(join(tmpdir(), 'describe-'));
  try {
    const config = join(folder, 'c.cnf');
    writeFileSync(config, ['[req]', 'distinguished_name=dn', 'prompt=no', 'x509_extensions=ext', '[dn]', 'CN=foreign', '[ext]', ...lines].join('\n'));
    openssl(['req', '-new', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(folder, 'k'), '-config', config, '-outform', 'DER', '-out', join(folder, 'c.der'), '-days', '1']);
    const parsed = parseCertificate(new Uint8Array(Buffer.from(openssl(['x509', '-inform', 'DER', '-in', join(folder, 'c.der'), '-outform', 'PEM']).replace(/-----[^-]+-----|\s/g, ''), 'base64')));
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value.extensions;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('extensions in words', () => {
  it('says everything that a certificate of ours holds', async () => {
    const office = await openOffice({ settings: { publicBaseUrl: 'http://ca.office.lan' } });
    try {
      await office.ask(pkcsReq({ recipient: office.scepCertificate, challenge: await office.challenge() }));
      const device = (await office.certificates()).find(({ kind }) => kind === 'device');
      const parsed = parseCertificate(device?.der ?? new Uint8Array());
      if (!parsed.ok) throw new Error(parsed.error);
      const said = describeExtensions(parsed.value.extensions);
      const ski = (Buffer.from(parsed.value.subjectKeyId ?? []).toString('hex').toUpperCase().match(/../g) ?? []).join(':');
      expect(said.map(({ name, critical }) => [name, critical])).toEqual(
        expect.arrayContaining([
          ['Basic constraints', true],
          ['Key usage', true],
          ['Extended key usage', false],
          ['Subject key identifier', false],
          ['Authority key identifier', false],
          ['CRL distribution points', false],
          ['Authority information access', false],
        ]),
      );
      const by = (name: string): string | undefined => said.find((e) => e.name === name)?.text;
      expect(by('Basic constraints')).toBe('Not a certificate authority');
      expect(by('Key usage')).toBe('Digital signature (digitalSignature)\nKey encipherment (keyEncipherment)');
      expect(by('Extended key usage')).toBe('clientAuth (1.3.6.1.5.5.7.3.2)');
      expect(by('Subject key identifier')).toBe(ski);
      expect(by('CRL distribution points')).toBe('URI:http://ca.office.lan/crl/1/1.crl');
      expect(by('Authority information access')).toBe('CA certificate: URI:http://ca.office.lan/ca/1/1.cer\nOCSP: URI:http://ca.office.lan/ocsp');
      expect(said.every(({ oid, name }) => oid !== name)).toBe(true);
    } finally {
      await office.close();
    }
  });

  it('reads what openssl writes for a foreign CA', () => {
    const said = new Map(
      describeExtensions(
        foreign([
          'basicConstraints=critical,CA:TRUE,pathlen:1',
          'keyUsage=critical,keyCertSign,cRLSign',
          'subjectAltName=DNS:a.test,IP:10.0.0.1,email:x@a.test,URI:http://a.test/',
          'subjectKeyIdentifier=hash',
          'authorityKeyIdentifier=keyid,issuer:always',
          'nameConstraints=critical,permitted;DNS:.a.test,excluded;IP:10.0.0.0/255.0.0.0',
          'certificatePolicies=1.2.3.4,2.5.29.32.0,@pol',
          'policyConstraints=requireExplicitPolicy:3,inhibitPolicyMapping:1',
          'inhibitAnyPolicy=2',
          'extendedKeyUsage=OCSPSigning,1.2.3.4.5',
          'noCheck=ignored',
          'nsCertType=client,email',
          'nsComment="made by hand"',
          '1.2.3.99=ASN1:UTF8String:said',
          '1.2.3.100=ASN1:NULL',
          '[pol]',
          'policyIdentifier=1.3.5.8',
          'CPS.1=http://a.test/cps',
        ]),
      ).map(({ name, text }) => [name, text]),
    );
    expect(said.get('Basic constraints')).toBe('Certificate authority\nAt most 1 CA below it');
    expect(said.get('Key usage')).toBe('Certificate signing (keyCertSign)\nCRL signing (cRLSign)');
    expect(said.get('Subject alternative name')).toBe('DNS:a.test\nIP:10.0.0.1\nemail:x@a.test\nURI:http://a.test/');
    expect(said.get('Authority key identifier')).toMatch(/^(([0-9A-F]{2}:){19}[0-9A-F]{2}\n)?Issuer: DirName:CN=foreign\nSerial: [0-9A-F]+$/);
    expect(said.get('Name constraints')).toBe('Only DNS:.a.test\nNever IP:10.0.0.0/8');
    expect(said.get('Certificate policies')).toBe('1.2.3.4\nAny policy (2.5.29.32.0)\n1.3.5.8\nStatement: http://a.test/cps');
    expect(said.get('Policy constraints')).toBe('A policy is required after 3 more certificates\nNo policy mapping after 1 more certificate');
    expect(said.get('Inhibit any policy')).toBe('After 2 more certificates');
    expect(said.get('Extended key usage')).toBe('ocspSigning (1.3.6.1.5.5.7.3.9)\n1.2.3.4.5');
    expect(said.get('OCSP no check')).toBe('Need not be checked for revocation');
    expect(said.get('Netscape certificate type')).toBe('SSL client\nS/MIME');
    expect(said.get('Netscape comment')).toBe('made by hand');
    expect(said.get('1.2.3.99')).toBe('said');
    expect(said.get('1.2.3.100')).toBe('05:00');
  });

  it('reads what Microsoft’s CAs write', () => {
    const sid = der.writeSequence(
      der.write(der.contextTag(0, true), der.writeOid(OID.msSecurityIdentifierValue), der.writeExplicit(0, der.writeOctetString(Buffer.from('S-1-5-21-1-2-3-1105')))),
    );
    expect(textOf(raw(OID.msSecurityIdentifier, sid))).toBe('S-1-5-21-1-2-3-1105');
    expect(textOf(raw(OID.msCertificateTemplate, der.writeSequence(der.writeOid('1.3.6.1.4.1.311.21.8.1'), der.writeInteger(100), der.writeInteger(4))))).toBe('1.3.6.1.4.1.311.21.8.1 version 100.4');
    expect(textOf(raw(OID.msCertificateTemplateName, der.write(der.TAG.bmpString, Uint8Array.of(0, 0x57, 0, 0x65, 0, 0x62))))).toBe('Web');
    expect(textOf(raw(OID.msApplicationPolicies, der.writeSequence(der.writeSequence(der.writeOid(OID.clientAuth)))))).toBe('clientAuth (1.3.6.1.5.5.7.3.2)');
  });

  it('shows what it does not know, or cannot read, as hex, and cuts what would fill the page', () => {
    expect(describeExtensions([raw('1.2.3', Uint8Array.of(0x04, 0x02, 0xab, 0xcd), true)])).toEqual([{ oid: '1.2.3', name: '1.2.3', critical: true, text: '04:02:AB:CD' }]);
    expect(textOf(raw(OID.keyUsage, Uint8Array.of(0x30, 0x00)))).toBe('cannot be read:\n30:00');
    expect(textOf(raw('1.2.3', new Uint8Array(0)))).toBe('(empty)');
    const lines = textOf(raw('1.2.3', new Uint8Array(1000).fill(1))).split('\n');
    expect(lines).toHaveLength(17);
    expect(lines.at(-1)).toBe('… and 744 more octets');
  });

  it('lets no text end a line or turn its direction', () => {
    const text = textOf(raw('2.16.840.1.113730.1.13', der.writeUtf8String('a\nDNS:good.test\u202e')));
    expect(text).toBe('a\\0ADNS:good.test\\E2\\80\\AE');
  });
});
