import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignatureScheme } from '../../../../src/main/core/pki/crypto.ts';
import { type Csr, parseCsr, verifyCsr, writeCsr } from '../../../../src/main/core/pki/csr.ts';
import { TAG, readElement, write, writeBitString, writeInteger, writeOctetString, writeOid, writeSequence, writeSetOf, writeUtf8String } from '../../../../src/main/core/pki/der.ts';
import * as x from '../../../../src/main/core/pki/extensions.ts';
import { nameToText, parseNameText, writeName } from '../../../../src/main/core/pki/names.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { createNodeCrypto } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { csr, dnsNames, extension } from '../../../support/certificates.ts';
import { type TestKey, ecKey, ed25519Key, rsaKey } from '../../../support/keys.ts';
import { hexOf, openssl, opensslWithFiles, pkijsCsr } from '../../../support/oracle.ts';

const crypto = createNodeCrypto();
const parsed = (der: Uint8Array): Csr => {
  const result = parseCsr(der);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const attribute = (oid: string, ...values: readonly Uint8Array[]): Uint8Array => writeSequence(writeOid(oid), writeSetOf(...values));
const bmp = (text: string): Uint8Array => write(TAG.bmpString, Buffer.from(text, 'utf16le').swap16());

describe('reading', () => {
  it('agrees with PKI.js and openssl', () => {
    const der = csr({ subject: 'O=Test, CN=dev', challenge: 'secret', dnsNames: ['a.test'] });
    const mine = parsed(der);
    const oracle = pkijsCsr(der);
    expect(hexOf(mine.info)).toBe(hexOf(oracle?.signed ?? new Uint8Array(0)));
    expect(hexOf(mine.subject)).toBe(oracle?.subject);
    expect(mine.attributeOids).toEqual(oracle?.attributeOids);
    expect(nameToText(mine.subject)).toBe('O=Test, CN=dev');
    expect(mine.subjectAltNames).toEqual([{ kind: 'dns', value: 'a.test' }]);
  });

  it.each([
    ['PrintableString', TAG.printableString, 'ABCD-1234'],
    ['UTF8String', TAG.utf8String, 'Pässwort'],
    ['T61String', TAG.teletexString, 'Pässwort'],
    ['BMPString', TAG.bmpString, 'Pässwort'],
    ['IA5String', TAG.ia5String, 'a@b_c'],
  ])('A7.6 reads a challengePassword that is a %s', (_, challengeTag, challenge) => {
    expect(parsed(csr({ challenge, challengeTag }))).toMatchObject({ challengePassword: challenge, challengeCount: 1 });
  });

  it('A7.9 a challenge of 8 KiB is read whole', () => expect(parsed(csr({ challenge: 'x'.repeat(8192) })).challengePassword).toHaveLength(8192));

  it('A7.6 counts every challenge, also one that is no text', () => {
    expect(parsed(csr({ challenge: 'a', attributes: [attribute(OID.challengePassword, writeUtf8String('b'))] })).challengeCount).toBe(2);
    expect(parsed(csr({ attributes: [attribute(OID.challengePassword, writeUtf8String('a'), writeUtf8String('b'))] })).challengeCount).toBe(2);
    const blind = parsed(csr({ attributes: [attribute(OID.challengePassword, writeInteger(5))] }));
    expect(blind.challengeCount).toBe(1);
    expect(blind.challengePassword).toBeUndefined();
    expect(parsed(csr()).challengeCount).toBe(0);
  });

  it('F2 reads extension requests of PKCS #9, Microsoft and VeriSign, several of them too', () => {
    const requested = (name: string): Uint8Array => writeSequence(dnsNames(name));
    const mine = parsed(
      csr({
        dnsNames: ['a.test'],
        attributes: [
          attribute(OID.msExtensionRequest, requested('b.test')),
          attribute(OID.veriSignExtensionRequest, requested('c.test')),
          attribute(OID.extensionRequest, requested('d.test'), requested('e.test')),
        ],
      }),
    );
    expect(mine.subjectAltNames.map((n) => 'value' in n && n.value)).toEqual(['a.test', 'b.test', 'c.test', 'd.test', 'e.test']);
    expect(mine.extensions).toHaveLength(5);
  });

  it('F2 a CA:TRUE that hides in a second attribute is seen', () => {
    const hidden = attribute(OID.msExtensionRequest, writeSequence(extension(OID.basicConstraints, x.basicConstraintsExtension({ ca: true }).value, true)));
    const open = extension(OID.basicConstraints, x.basicConstraintsExtension({ ca: false }).value);
    expect(parsed(csr({ extensions: [open], attributes: [hidden] })).basicConstraints).toEqual({ ca: true });
  });

  it('F2 an extension whose value is broken is named', () => {
    expect(parsed(csr({ extensions: [extension(OID.subjectAltName, Uint8Array.of(0x30, 9)), extension(OID.keyUsage, Uint8Array.of(5, 0), true)] })).unreadable).toEqual([OID.subjectAltName, OID.keyUsage]);
  });

  it('F2 unknown critical extensions and the SID extension are kept for the checks', () => {
    const sid = extension(OID.msSecurityIdentifier, writeSequence());
    expect(parsed(csr({ extensions: [extension('1.2.3', writeInteger(1), true), sid] })).extensions.map((e) => [e.oid, e.critical])).toEqual([
      ['1.2.3', true],
      [OID.msSecurityIdentifier, false],
    ]);
  });

  it('F2 reads UPN, e-mail, address and URI names', () => {
    const names = [
      { kind: 'upn', value: 'user@test' },
      { kind: 'email', value: 'a@b.test' },
      { kind: 'ip', value: '10.0.0.1' },
      { kind: 'uri', value: 'tag:microsoft.com,2022-09-14:sid:S-1-5-21' },
    ] as const;
    expect(parsed(csr({ extensions: [extension(OID.subjectAltName, x.subjectAltNameExtension(names, false).value)] })).subjectAltNames).toEqual(names);
  });

  it.each([
    ['BMPString', bmp('DeviceTemplate')],
    ['UTF8String', writeUtf8String('DeviceTemplate')],
  ])('F2 reads a template name that is a %s', (_, value) => {
    expect(parsed(csr({ extensions: [extension(OID.msCertificateTemplateName, value)] })).templateName).toBe('DeviceTemplate');
  });

  it('F2 reads a version 2 template, name and value pairs, unstructuredName', () => {
    const mine = parsed(
      csr({
        extensions: [extension(OID.msCertificateTemplate, writeSequence(writeOid('1.3.6.1.4.1.311.21.8.1.2'), writeInteger(100), writeInteger(3)))],
        attributes: [
          attribute(OID.msEnrollmentNameValuePair, writeSequence(bmp('ValidityPeriod'), bmp('Years')), writeSequence(bmp('ValidityPeriodUnits'), bmp('2'))),
          attribute(OID.msEnrollmentNameValuePair, writeInteger(1)),
          attribute(OID.unstructuredName, write(TAG.ia5String, Buffer.from('router.test'))),
          attribute(OID.msOsVersion, write(TAG.ia5String, Buffer.from('10.0'))),
        ],
      }),
    );
    expect(mine.templateOid).toBe('1.3.6.1.4.1.311.21.8.1.2');
    // A SET OF is sorted: the shorter pair comes first.
    expect(mine.nameValuePairs).toEqual([
      { name: 'ValidityPeriod', value: 'Years' },
      { name: 'ValidityPeriodUnits', value: '2' },
    ]);
    expect(mine.unstructuredName).toBe('router.test');
    expect(mine.attributeOids).toContain(OID.msOsVersion);
  });

  it('reads what openssl makes', () => {
    const config = `[req]\ndistinguished_name=dn\nprompt=no\nreq_extensions=v3\nattributes=at\nutf8=yes\nstring_mask=utf8only\n[dn]\nC=DE\nO=Größe, Inc\nCN=dev\n[at]\nchallengePassword=secret-word\nunstructuredName=host.test\n[v3]\nsubjectAltName=DNS:a.test,IP:10.0.0.1,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@test\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth,1.2.3.4\nbasicConstraints=CA:FALSE\n`;
    const text = opensslWithFiles(['req', '-new', '-key', '@k', '-config', '@c'], { k: rsaKey(0).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), c: config });
    const mine = parsed(Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
    expect(nameToText(mine.subject)).toBe(String.raw`C=DE, O=Größe\, Inc, CN=dev`);
    expect(mine).toMatchObject({
      challengePassword: 'secret-word',
      unstructuredName: 'host.test',
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsages: [OID.clientAuth, '1.2.3.4'],
      basicConstraints: { ca: false },
      subjectAltNames: [
        { kind: 'dns', value: 'a.test' },
        { kind: 'ip', value: '10.0.0.1' },
        { kind: 'upn', value: 'user@test' },
      ],
    });
    expect(verifyCsr(mine, crypto)).toBe(true);
  });

  it('A7.1 an empty subject is read; a request without attributes, even without their [0], too', () => {
    expect(parsed(csr({ subject: writeSequence(), dnsNames: ['a.test'] })).subjectAltNames).toHaveLength(1);
    const [info, algorithm] = readElement(csr()).children;
    const bare = writeSequence(...(info?.children ?? []).slice(0, 3).map((e) => e.raw));
    expect(parsed(writeSequence(bare, algorithm?.raw ?? new Uint8Array(0), writeBitString(rsaKey(0).sign({ kind: 'rsa-pkcs1', digest: 'sha256' }, bare))))).toMatchObject({ attributeOids: [] });
  });

  it.each([
    ['version 2', { 0: writeInteger(1) }],
    ['a subject that is no name', { 1: writeSequence(writeInteger(1)) }],
    ['a broken key', { 2: writeSequence(writeInteger(1)) }],
    ['attributes of another tag', { 3: write(0xa1) }],
    ['an attribute without values', { 3: write(0xa0, writeSequence(writeOid('1.2.3'))) }],
    ['a fifth member', { 4: writeInteger(1) }],
    ['an extension request that is none', { 3: write(0xa0, attribute(OID.extensionRequest, writeInteger(1))) }],
  ])('refuses %s', (_, changes: Readonly<Record<number, Uint8Array>>) => {
    const [info, algorithm, signature] = readElement(csr()).children;
    const fields = (info?.children ?? []).map((e) => e.raw);
    for (const [index, bytes] of Object.entries(changes)) fields[Number(index)] = bytes;
    expect(parseCsr(writeSequence(writeSequence(...fields), algorithm?.raw ?? new Uint8Array(0), signature?.raw ?? new Uint8Array(0))).ok).toBe(false);
  });
});

describe('proof of possession', () => {
  const keys: readonly (readonly [string, TestKey])[] = [['RSA', rsaKey(0)], ['P-256', ecKey(0)], ['P-384', ecKey(0, 'P-384')], ['P-521', ecKey(0, 'P-521')], ['Ed25519', ed25519Key(0)]];

  it.each(keys)('A7.2 %s: true for its own key, false for another one or changed bytes', (_, key) => {
    const der = csr({ key, digest: 'sha256' });
    expect(verifyCsr(parsed(der), crypto)).toBe(true);
    const other = key.kind === 'rsa' ? rsaKey(1) : key.kind === 'ec' ? ecKey(1) : ed25519Key(1);
    if (key.spki.length === other.spki.length) expect(verifyCsr(parsed(csr({ key, signWith: other })), crypto)).toBe(false);
    const mine = parsed(der);
    expect(verifyCsr({ ...mine, info: Uint8Array.from(mine.info, (b, i) => (i === 20 ? b ^ 1 : b)) }, crypto)).toBe(false);
  });

  it('A5.7 PSS, SHA-1 and MD5 are checked too; whether they are allowed is a policy', () => {
    expect(verifyCsr(parsed(csr({ padding: 'pss', digest: 'sha512' })), crypto)).toBe(true);
    expect(verifyCsr(parsed(csr({ digest: 'sha1' })), crypto)).toBe(true);
    expect(verifyCsr(parsed(csr({ digest: 'md5' })), crypto)).toBe(true);
  });

  it('A7.2 an unknown signature algorithm proves nothing', () => {
    const mine = parsed(csr());
    expect(verifyCsr({ ...mine, signatureAlgorithm: { unsupported: '1.2.3' } }, crypto)).toBe(false);
  });
});

describe('writing', () => {
  const schemes: readonly (readonly [string, TestKey, SignatureScheme])[] = [
    ['RSA', rsaKey(0), { kind: 'rsa-pkcs1', digest: 'sha256' }],
    ['P-256', ecKey(0), { kind: 'ecdsa', digest: 'sha256' }],
    ['Ed25519', ed25519Key(0), { kind: 'ed25519' }],
  ];

  it.each(schemes)('openssl verifies and prints a request signed with %s', (_, key, scheme) => {
    const subject = writeName([{ oid: OID.organizationName, value: 'Test' }, { oid: OID.commonName, value: 'Issuing CA' }]);
    const extensions = [x.basicConstraintsExtension({ ca: true, pathLength: 0 }), x.keyUsageExtension(['keyCertSign', 'cRLSign'])];
    const der = writeCsr({ subject, spki: key.spki, extensions, challengePassword: 'pw_1' }, scheme, key.sign);
    const text = openssl(['req', '-inform', 'DER', '-noout', '-verify', '-text'], der);
    expect(text).toMatch(/CA:TRUE, pathlen:0/);
    expect(text).toMatch(/challengePassword\s*:pw_1/);
    expect(parsed(der)).toMatchObject({ challengePassword: 'pw_1', basicConstraints: { ca: true, pathLength: 0 }, keyUsage: ['keyCertSign', 'cRLSign'] });
    expect(verifyCsr(parsed(der), crypto)).toBe(true);
  });

  it('what is written reads back', () => {
    const contents = fc.record({ cn: fc.string({ minLength: 1, maxLength: 30 }), challenge: fc.option(fc.string({ maxLength: 60 }), { nil: undefined }), dns: fc.array(fc.stringMatching(/^[a-z0-9]{1,20}$/), { minLength: 1, maxLength: 4 }) });
    fc.assert(
      fc.property(contents, ({ cn, challenge, dns }) => {
        const subject = writeName([{ oid: OID.commonName, value: cn }]);
        const extensions = [x.subjectAltNameExtension(dns.map((value) => ({ kind: 'dns' as const, value })), false)];
        const der = writeCsr({ subject, spki: ecKey(0).spki, extensions, ...(challenge === undefined ? {} : { challengePassword: challenge }) }, { kind: 'ecdsa', digest: 'sha256' }, () => writeOctetString(new Uint8Array(2)));
        const mine = parsed(der);
        expect(mine.challengePassword).toBe(challenge);
        expect(mine.extensions).toEqual(extensions);
        expect(hexOf(mine.subject)).toBe(hexOf(subject));
        expect(parseNameText(nameToText(mine.subject)).ok).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
