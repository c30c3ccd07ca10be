import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as c from '../../../../src/main/core/pki/certificate.ts';
import type { SignatureScheme } from '../../../../src/main/core/pki/crypto.ts';
import { readElement, write, writeBitString, writeExplicit, writeInteger, writeOctetString, writeOid, writeSequence, writeTime, writeUnsigned } from '../../../../src/main/core/pki/der.ts';
import * as x from '../../../../src/main/core/pki/extensions.ts';
import { writeName } from '../../../../src/main/core/pki/names.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { createNodeCrypto } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { certificate, extension, issuerAndSerialOf, nameOf, testCa } from '../../../support/certificates.ts';
import { type TestKey, ecKey, ed25519Key, rsaKey } from '../../../support/keys.ts';
import { hexOf, openssl, opensslWithFiles, pem, pkijsCertificate } from '../../../support/oracle.ts';

const crypto = createNodeCrypto();
const parsed = (der: Uint8Array): c.Certificate => {
  const result = c.parseCertificate(der);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const DAY = 86_400_000;

describe('reading', () => {
  it('agrees with PKI.js and node:crypto on every field', () => {
    const der = certificate({ subject: 'C=DE, O=Test, CN=dev', issuer: testCa(), extensions: [extension(OID.keyUsage, x.keyUsageExtension(['digitalSignature']).value, true)] });
    const mine = parsed(der);
    const oracle = pkijsCertificate(der);
    expect(hexOf(mine.subject)).toBe(oracle?.subject);
    expect(hexOf(mine.issuer)).toBe(oracle?.issuer);
    expect(hexOf(mine.serial)).toBe(oracle?.serial);
    expect(mine.notBefore).toBe(oracle?.notBefore);
    expect(mine.notAfter).toBe(oracle?.notAfter);
    expect(hexOf(mine.tbs)).toBe(hexOf(oracle?.signed ?? new Uint8Array(0)));
    expect(mine.extensions.map((e) => e.oid)).toEqual(oracle?.extensionOids);
    const node = new X509Certificate(der);
    expect(mine.serialHex).toBe(node.serialNumber);
    expect(hexOf(mine.spki)).toBe(hexOf(node.publicKey.export({ type: 'spki', format: 'der' })));
    expect(mine.keyUsage).toEqual(['digitalSignature']);
    expect(mine.version).toBe(3);
  });

  it.each([
    ['v1 without extensions', certificate({ version: 1 }), { version: 1, extensions: [] }],
    ['v3 without extensions', certificate({}), { version: 3, extensions: [] }],
    ['a serial of 32 ASCII octets (sscep)', certificate({ serial: Buffer.from('0123456789ABCDEF0123456789ABCDEF') }), { serialHex: Buffer.from('0123456789ABCDEF0123456789ABCDEF').toString('hex').toUpperCase() }],
    ['a negative serial', certificate({ serial: Uint8Array.of(0xff, 1) }), { serialHex: 'FF01' }],
    ['a padded serial', certificate({ serial: Uint8Array.of(0, 0, 0x0a) }), { serialHex: '0A' }],
    ['serial zero', certificate({ serial: Uint8Array.of(0) }), { serialHex: '00' }],
    ['a lifetime that is over', certificate({ notBefore: 0, notAfter: 6 * DAY }), { notAfter: 6 * DAY }],
    ['a random UUID as its name (Apple)', certificate({ subject: 'CN=5C1C7A0E-7B7B-4E8C-9D0C-0B2A7C0A9A51' }), {}],
    ['an empty subject', certificate({ subject: writeSequence() }), {}],
    ['a critical AKI (Windows)', certificate({ extensions: [extension(OID.authorityKeyIdentifier, writeSequence(write(0x80, Uint8Array.of(1, 2))), true)] }), { authorityKeyId: Uint8Array.of(1, 2), unreadable: [] }],
    ['an AKI that is no AKI', certificate({ extensions: [extension(OID.authorityKeyIdentifier, Uint8Array.of(1, 2, 3))] }), { unreadable: [OID.authorityKeyIdentifier] }],
    ['a broken subjectAltName', certificate({ extensions: [extension(OID.subjectAltName, Uint8Array.of(0x30, 9))] }), { unreadable: [OID.subjectAltName], subjectAltNames: [] }],
    ['an unknown critical extension', certificate({ extensions: [extension('1.2.3.4', writeOctetString(Uint8Array.of(1)), true)] }), { unreadable: [] }],
    ['an extension type under 2.25 (a UUID)', certificate({ extensions: [extension('2.25.329800735698586629295641978511506172918', Uint8Array.of(5, 0))] }), { version: 3 }],
  ])('A5.8 %s does not make a signer unreadable', (_, der, expected) => {
    const mine = parsed(der);
    expect(mine).toMatchObject(expected);
    expect(c.verifySignedBy(mine, mine.spki, crypto)).toBe(true);
  });

  it('J.8 A8.9 issuer and serial are copied byte for byte', () => {
    for (const serial of [Buffer.from('0123456789ABCDEF0123456789ABCDEF'), Uint8Array.of(0xff, 1), Uint8Array.of(0, 0, 7)]) {
      const der = certificate({ serial, subject: nameOf('CN=dev, O=Ä', 0x0c) });
      expect(hexOf(c.issuerAndSerialDer(parsed(der)))).toBe(hexOf(issuerAndSerialOf(der)));
    }
  });

  it('serials print as openssl prints them', () => {
    fc.assert(
      // Zero is no serial (RFC 5280 4.1.2.2), and openssl prints it with one digit.
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }).filter((serial) => serial.some((b) => b !== 0)), (serial) => {
        const content = readElement(writeUnsigned(serial)).content;
        expect(c.serialToHex(serial)).toBe(new X509Certificate(certificate({ serial: content })).serialNumber);
        expect(c.serialToHex(content)).toBe(c.serialToHex(serial));
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['an unsigned outer algorithm that differs from the signed one', (parts: readonly Uint8Array[]) => [parts[0], writeSequence(writeOid(OID.sha1WithRsa), Uint8Array.of(5, 0)), parts[2]]],
    ['no signature', (parts: readonly Uint8Array[]) => [parts[0], parts[1]]],
    ['a signature that does not end on an octet', (parts: readonly Uint8Array[]) => [parts[0], parts[1], writeBitString(Uint8Array.of(0x80), 7)]],
    ['a fourth member', (parts: readonly Uint8Array[]) => [...parts, Uint8Array.of(5, 0)]],
  ])('refuses %s', (_, change) => {
    const parts = readElement(certificate()).children.map((e) => e.raw);
    expect(c.parseCertificate(writeSequence(...change(parts).filter((p) => p !== undefined))).ok).toBe(false);
  });

  it.each([
    ['version 4', { 0: writeExplicit(0, writeInteger(3)) }],
    ['a serial of 65 octets', { 1: write(2, new Uint8Array(65).fill(1)) }],
    ['an issuer that is no name', { 3: writeSequence(writeInteger(1)) }],
    ['a validity that names no moment', { 4: writeSequence(writeTime(0), write(0x17, Buffer.from('261332000000Z'))) }],
    ['a broken key', { 6: writeSequence(writeSequence(writeOid(OID.rsaEncryption)), writeBitString(Uint8Array.of(1, 2, 3))) }],
    ['extensions twice', { 7: writeExplicit(3, x.writeExtensions([x.keyUsageExtension(['cRLSign'])])), 8: writeExplicit(3, x.writeExtensions([x.keyUsageExtension(['cRLSign'])])) }],
    ['a stranger behind the key', { 7: writeInteger(1) }],
  ])('refuses %s', (_, changes: Readonly<Record<number, Uint8Array>>) => {
    const [tbs, algorithm, signature] = readElement(certificate()).children;
    const fields = (tbs?.children ?? []).map((e) => e.raw);
    for (const [index, bytes] of Object.entries(changes)) fields[Number(index)] = bytes;
    expect(c.parseCertificate(writeSequence(writeSequence(...fields), algorithm?.raw ?? new Uint8Array(0), signature?.raw ?? new Uint8Array(0))).ok).toBe(false);
  });

  it('gives views of the bytes it was given', () => {
    const der = certificate();
    const mine = parsed(der);
    for (const view of [mine.der, mine.tbs, mine.subject, mine.spki, mine.serial, mine.signature]) expect(view.buffer).toBe(der.buffer);
  });
});

describe('writing', () => {
  const keys: readonly (readonly [string, TestKey, SignatureScheme])[] = [
    ['RSA', rsaKey(1000), { kind: 'rsa-pkcs1', digest: 'sha256' }],
    ['RSA-PSS', rsaKey(1000), { kind: 'rsa-pss', digest: 'sha256', mgf1Digest: 'sha256', saltLength: 32 }],
    ['P-256', ecKey(0), { kind: 'ecdsa', digest: 'sha256' }],
    ['P-384', ecKey(0, 'P-384'), { kind: 'ecdsa', digest: 'sha384' }],
    ['Ed25519', ed25519Key(0), { kind: 'ed25519' }],
  ];
  const caName = writeName([{ oid: OID.organizationName, value: 'Test' }, { oid: OID.commonName, value: 'Test CA' }]);

  const issue = (key: TestKey, scheme: SignatureScheme, contents: Partial<c.CertificateContents>): Uint8Array => {
    const tbs = c.writeTbsCertificate(
      { serial: Uint8Array.of(0x80, 1), issuer: caName, subject: caName, notBefore: Date.now() - DAY, notAfter: Date.now() + 365 * DAY, spki: key.spki, extensions: [], ...contents },
      scheme,
    );
    return c.assembleCertificate(tbs, scheme, key.sign(scheme, tbs));
  };

  it.each(keys)('F1 openssl verifies a chain signed with %s', (_, key, scheme) => {
    const keyId = c.keyIdentifierOf(key.spki, crypto);
    const ca = issue(key, scheme, {
      extensions: [x.basicConstraintsExtension({ ca: true }), x.keyUsageExtension(['keyCertSign', 'cRLSign', 'digitalSignature']), x.subjectKeyIdentifierExtension(keyId)],
    });
    const leaf = issue(key, scheme, {
      serial: Uint8Array.of(0x12, 0x34),
      subject: nameOf('CN=dev'),
      spki: rsaKey(1).spki,
      extensions: [x.keyUsageExtension(['digitalSignature', 'keyEncipherment']), x.authorityKeyIdentifierExtension(keyId), x.subjectAltNameExtension([{ kind: 'dns', value: 'a.test' }], false)],
    });
    expect(opensslWithFiles(['verify', '-x509_strict', '-check_ss_sig', '-CAfile', '@ca.pem', '@leaf.pem'], { 'ca.pem': pem('CERTIFICATE', ca), 'leaf.pem': pem('CERTIFICATE', leaf) })).toContain('OK');
    expect(c.verifySignedBy(parsed(leaf), key.spki, crypto)).toBe(true);
    expect(c.verifySignedBy(parsed(leaf), rsaKey(1).spki, crypto)).toBe(false);
    expect(parsed(ca)).toMatchObject({ serialHex: '8001', basicConstraints: { ca: true }, subjectKeyId: keyId });
  });

  it('the key identifier is the one openssl computes', () => {
    for (const key of [rsaKey(0), ecKey(0), ed25519Key(0)]) {
      const made = openssl(['x509', '-inform', 'DER', '-noout', '-text'], certificate({ key, extensions: [extension(OID.subjectKeyIdentifier, writeOctetString(c.keyIdentifierOf(key.spki, crypto)))] }));
      const asked = opensslWithFiles(['x509', '-new', '-force_pubkey', '@key.pem', '-signkey', '@signer.pem', '-subj', '/CN=x', '-extfile', '@ext', '-text', '-noout'], {
        'key.pem': pem('PUBLIC KEY', key.spki),
        'signer.pem': rsaKey(0).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        ext: 'subjectKeyIdentifier=hash\n',
      });
      const idOf = (text: string): string | undefined => /Subject Key Identifier:\s+([0-9A-F:]+)/.exec(text)?.[1];
      expect(idOf(made)).toBe(idOf(asked));
    }
  });

  it('what is written reads back, in DER', () => {
    const contents = fc.record({
      serial: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      notBefore: fc.integer({ min: 0, max: 4_000_000_000 }).map((s) => s * 1000),
      critical: fc.boolean(),
      dns: fc.array(fc.stringMatching(/^[a-z0-9]{1,20}\.test$/), { maxLength: 5 }),
      usages: fc.subarray([...x.KEY_USAGES], { minLength: 1 }),
    });
    const signature = new Uint8Array(256);
    fc.assert(
      fc.property(contents, ({ serial, notBefore, critical, dns, usages }) => {
        const scheme: SignatureScheme = { kind: 'rsa-pkcs1', digest: 'sha256' };
        const extensions = [x.keyUsageExtension(usages), ...(dns.length > 0 ? [x.subjectAltNameExtension(dns.map((value) => ({ kind: 'dns' as const, value })), critical)] : [])];
        const tbs = c.writeTbsCertificate({ serial, issuer: caName, subject: caName, notBefore, notAfter: notBefore + DAY, spki: rsaKey(0).spki, extensions }, scheme);
        const mine = parsed(c.assembleCertificate(tbs, scheme, signature));
        expect(mine).toMatchObject({ notBefore, notAfter: notBefore + DAY, keyUsage: usages, signatureAlgorithm: scheme });
        expect(BigInt(`0x${mine.serialHex}`)).toBe(BigInt(`0x${hexOf(serial)}`));
        expect(mine.extensions).toEqual(extensions);
      }),
      { numRuns: 200 },
    );
  });

  it('a certificate without extensions has no empty list of them', () => {
    const der = issue(rsaKey(0), { kind: 'rsa-pkcs1', digest: 'sha256' }, {});
    expect(readElement(der).children[0]?.children).toHaveLength(7);
  });
});

describe('verifySignedBy', () => {
  it('is false for a changed byte of the contents or the signature, and for an unknown algorithm', () => {
    const der = certificate();
    const mine = parsed(der);
    for (const at of [mine.tbs.byteOffset + 40, der.length - 5]) {
      const changed = Uint8Array.from(der);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const result = c.parseCertificate(changed);
      expect(result.ok && c.verifySignedBy(result.value, mine.spki, crypto)).toBe(false);
    }
    expect(c.verifySignedBy({ ...mine, signatureAlgorithm: { unsupported: '1.2.3' } }, mine.spki, crypto)).toBe(false);
  });
});
