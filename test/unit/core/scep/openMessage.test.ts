import { describe, expect, it } from 'vitest';
import * as der from '../../../../src/main/core/pki/der.ts';
import {
  certPoll,
  certificate,
  ecKey,
  ed25519Key,
  extension,
  getCert,
  keyIdOf,
  message,
  nameOf,
  pkcsReq,
  renewalReq,
  rsaKey,
  selfSignedOf,
  serialOf,
  testCa,
} from '../../../support/forge.ts';
import { faultOf, nodeCrypto, open, openCsr, openRequest } from '../../../support/messages.ts';

const key = rsaKey(0);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('openMessage, the outer SignedData', () => {
  it('A5.1 reads a PKCSReq whose content is id-data, and refuses another content type', () => {
    const sent = pkcsReq({ subject: 'CN=dev, O=Test', challenge: 'secret', dnsNames: ['dev.test'] });
    const request = openRequest(sent.bytes);
    expect(request).toMatchObject({
      type: 'PKCSReq',
      frame: { transactionId: sent.transactionId, senderNonce: sent.senderNonce, messageType: '19', digest: 'sha256' },
      envelope: { cipher: 'aes-128-cbc', keyTransport: { kind: 'rsaes-pkcs1' }, recipientId: 'ca0' },
    });
    expect(request.frame.messageSha256).toBe(Buffer.from(nodeCrypto.digest('sha256', sent.bytes)).toString('hex'));
    const { csr, fingerprints } = openCsr(sent.bytes);
    expect(csr.challengePassword).toBe('secret');
    expect(Buffer.from(csr.der).equals(sent.csr!)).toBe(true);
    for (const digest of ['md5', 'sha1', 'sha256', 'sha512'] as const)
      expect(fingerprints[digest]).toBe(Buffer.from(nodeCrypto.digest(digest, sent.csr!)).toString('hex'));
    expect(fingerprints.spkiSha1).toBe(Buffer.from(nodeCrypto.digest('sha1', key.spki)).toString('hex'));
    expect(fingerprints.spkiSha256).toBe(request.frame.signer.spkiSha256);
    expect(faultOf(pkcsReq({ eContentType: '1.2.840.113549.1.7.5' }).bytes)).toBe('bad-attributes');
  });

  it('A5.2 cannot answer a message without signed attributes, without a signer, or with two', () => {
    expect(open(pkcsReq({ omit: ['signedAttributes'] }).bytes)).toEqual({ kind: 'unanswerable', reason: 'the message has no signed attributes' });
    expect(open(pkcsReq({ omit: ['signer'] }).bytes)).toMatchObject({ kind: 'unanswerable' });
    expect(open(pkcsReq({ signers: 2 }).bytes)).toMatchObject({ kind: 'unanswerable' });
  });

  it('A5.3 finds the certificate of the signer by issuer and serial or by key identifier, wherever it stands in the chain', () => {
    const signerCertificate = certificate({ key, subject: 'CN=me', extensions: [extension('2.5.29.14', der.writeOctetString(keyIdOf(key)))] });
    const chain = [testCa(1).certificate, certificate({ key: rsaKey(1), subject: 'CN=me' })];
    for (const signerBy of ['issuer-and-serial', 'key-id'] as const) {
      const { frame } = openRequest(pkcsReq({ key, signerCertificate, chain, signerBy }).bytes);
      expect(Buffer.from(frame.signer.certificate).equals(signerCertificate)).toBe(true);
    }
    expect(open(pkcsReq({ omit: ['certificates'] }).bytes)).toMatchObject({ kind: 'unanswerable' });
    expect(open(pkcsReq({ key, signerBy: 'key-id' }).bytes)).toMatchObject({ kind: 'unanswerable' });
  });

  it('A5.4 refuses a signature or a content that was changed by one bit', () => {
    expect(faultOf(pkcsReq({ breakSignature: true }).bytes)).toBe('bad-signature');
    expect(faultOf(pkcsReq({ breakContent: true }).bytes)).toBe('bad-signature');
    expect(faultOf(pkcsReq({ signerCertificate: selfSignedOf(rsaKey(1)) }).bytes)).toBe('bad-signature');
  });

  it('A5.4 spends no private-key operation on a message whose signature is wrong', () => {
    let decrypts = 0;
    const onDecrypt = (): void => void decrypts++;
    open(pkcsReq({ breakSignature: true }).bytes, { onDecrypt });
    expect(decrypts).toBe(0);
    open(pkcsReq().bytes, { onDecrypt });
    expect(decrypts).toBe(1);
  });

  it('A5.4 wants contentType and messageDigest among the attributes', () => {
    expect(faultOf(pkcsReq({ omit: ['contentType'] }).bytes)).toBe('bad-signature');
    expect(faultOf(pkcsReq({ omit: ['messageDigest'] }).bytes)).toBe('bad-signature');
    expect(faultOf(pkcsReq({ tags: { messageDigest: der.TAG.utf8String } }).bytes)).toBe('bad-signature');
  });

  it('A5.4 verifies unsorted attributes, signed as they stand or as DER sorts them', () => {
    expect(open(pkcsReq({ attributeOrder: 'reversed' }).bytes).kind).toBe('request');
    expect(open(pkcsReq({ attributeOrder: 'reversed-signed-sorted' }).bytes).kind).toBe('request');
  });

  it('A5.5 J.2 reads BER: indefinite lengths and an OCTET STRING in chunks, and bytes behind the message', () => {
    const sent = pkcsReq({ encoding: 'ber', challenge: 'secret' });
    expect(Buffer.from(sent.bytes).subarray(0, 2)).toEqual(Buffer.of(0x30, 0x80));
    expect(openCsr(sent.bytes).csr.challengePassword).toBe('secret');
    for (const trailing of [Uint8Array.of(0), Uint8Array.of(0, 0, 0, 0), Uint8Array.of(10), Uint8Array.of(13, 10)])
      expect(open(pkcsReq({ trailing }).bytes).kind).toBe('request');
  });

  it.each([
    ['RSA PKCS #1 with the digest', {}],
    ['rsaEncryption', { signature: 'rsa-encryption' as const }],
    ['RSA-PSS', { signature: 'pss' as const }],
    ['RSA-PSS SHA-512', { signature: 'pss' as const, digest: 'sha512' as const }],
    ['ECDSA P-256', { key: ecKey(0, 'P-256'), challenge: 'x' }],
    ['ECDSA P-384', { key: ecKey(0, 'P-384'), challenge: 'x', digest: 'sha384' as const }],
    ['ECDSA P-521', { key: ecKey(0, 'P-521'), challenge: 'x', digest: 'sha512' as const }],
    ['Ed25519', { key: ed25519Key(0), challenge: 'x', digest: 'sha512' as const }],
  ])('A5.6 A5.7 J.9 B2 verifies a signature by %s', (_, options) => {
    expect(open(pkcsReq(options).bytes).kind).toBe('request');
    expect(faultOf(pkcsReq({ ...options, breakContent: true }).bytes)).toBe('bad-signature');
  });

  it('A5.7 names a signature algorithm that it does not know', () => {
    expect(faultOf(pkcsReq({ signature: { oid: '1.2.840.10040.4.3' } }).bytes)).toBe('unsupported-signature-algorithm');
  });

  it.each([
    ['version 1', { version: 1 as const }],
    ['a serial of 32 ASCII characters (sscep)', { serial: Buffer.from('0123456789ABCDEF0123456789ABCDEF') }],
    ['a negative serial', { serial: Uint8Array.of(0xff, 0x01) }],
    ['an expired validity', { notBefore: Date.UTC(1999, 0, 1), notAfter: Date.UTC(1999, 0, 7) }],
    ['a critical authorityKeyIdentifier (Windows)', { extensions: [extension('2.5.29.35', der.writeSequence(der.write(0x80, Buffer.alloc(20, 1))), true)] }],
    ['an unreadable extension value', { extensions: [extension('2.5.29.15', Uint8Array.of(1, 2, 3), true)] }],
    ['a random UUID for its name (Apple)', { subject: 'CN=6B29FC40-CA47-1067-B31D-00DD010662DA' }],
    ['a SHA-1 signature', { digest: 'sha1' as const }],
  ])('A5.8 J.8 takes a self-signed signer certificate with %s', (_, options) => {
    const signerCertificate = certificate({ key, ...options });
    const { frame } = openRequest(pkcsReq({ key, signerCertificate, subject: 'CN=another name' }).bytes);
    expect(frame.signer.selfSigned).toBe(true);
    expect(Buffer.from(frame.signer.certificate).equals(signerCertificate)).toBe(true);
  });

  it('A5.8 takes nonces of 8 bytes (old iOS)', () => {
    expect(openRequest(pkcsReq({ senderNonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }).bytes).frame.senderNonce).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  });

  it('A5.9 ignores CRLs that come along', () => {
    expect(open(pkcsReq({ crls: [der.writeSequence(der.writeInteger(1)), der.writeSequence()] }).bytes).kind).toBe('request');
  });

  it('tells a self-signed signer from one that only has equal names', () => {
    const issuer = { key: rsaKey(1), certificate: certificate({ key: rsaKey(1), subject: 'CN=device' }) };
    const signerCertificate = certificate({ key, subject: 'CN=device', issuer });
    expect(openRequest(pkcsReq({ key, signerCertificate }).bytes).frame.signer.selfSigned).toBe(false);
    expect(openRequest(pkcsReq({ key }).bytes).frame.signer.selfSigned).toBe(true);
  });

  it('says whether replies can be enveloped to the key of the signer', () => {
    expect(openRequest(pkcsReq({ key }).bytes).frame.signer.canDecrypt).toBe(true);
    expect(openRequest(pkcsReq({ key: ecKey(), challenge: 'x' }).bytes).frame.signer.canDecrypt).toBe(false);
  });

  it('A2.32 cannot answer what is no CMS message', () => {
    for (const bytes of [
      new Uint8Array(0),
      Buffer.from('hello'),
      Uint8Array.of(0x30, 0x80),
      Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff),
      testCa().certificate,
    ]) {
      expect(open(bytes)).toMatchObject({ kind: 'unanswerable' });
    }
  });
});

describe('openMessage, the signed attributes', () => {
  it('A6.1 A6.2 takes PrintableString, UTF8String and IA5String', () => {
    for (const tag of [der.TAG.printableString, der.TAG.utf8String, der.TAG.ia5String]) {
      const sent = pkcsReq({ tags: { messageType: tag, transactionId: tag } });
      expect(openRequest(sent.bytes).frame.transactionId).toBe(sent.transactionId);
    }
  });

  it('A6.1 refuses other types: with a fault where an answer is possible, without one where it is not', () => {
    expect(faultOf(pkcsReq({ tags: { messageType: der.TAG.integer } }).bytes)).toBe('bad-attributes');
    expect(faultOf(pkcsReq({ tags: { messageType: der.TAG.octetString } }).bytes)).toBe('bad-attributes');
    expect(faultOf(pkcsReq({ tags: { transactionId: der.TAG.octetString } }).bytes)).toBe('unanswerable');
    expect(faultOf(pkcsReq({ tags: { senderNonce: der.TAG.printableString } }).bytes)).toBe('unanswerable');
  });

  it('A6 A2.32 cannot answer without transactionID or senderNonce, and faults a missing messageType', () => {
    expect(faultOf(pkcsReq({ omit: ['transactionId'] }).bytes)).toBe('unanswerable');
    expect(faultOf(pkcsReq({ omit: ['senderNonce'] }).bytes)).toBe('unanswerable');
    expect(faultOf(pkcsReq({ omit: ['messageType'] }).bytes)).toBe('bad-attributes');
  });

  it('A6 wants exactly one value of each attribute', () => {
    for (const name of ['transactionId', 'senderNonce'] as const) {
      expect(faultOf(pkcsReq({ repeat: [name] }).bytes)).toBe('unanswerable');
      expect(faultOf(pkcsReq({ twoValues: [name] }).bytes)).toBe('unanswerable');
    }
    for (const name of ['messageType', 'contentType', 'messageDigest'] as const) {
      expect(faultOf(pkcsReq({ repeat: [name] }).bytes)).toBe('bad-attributes');
      expect(['bad-attributes', 'bad-signature']).toContain(faultOf(pkcsReq({ twoValues: [name] }).bytes));
    }
  });

  it('A6.6 J.7 keeps a transactionID as it is: base64, spaces, a long decimal, lower and upper hex', () => {
    for (const transactionId of [
      'SSCEP transactionId',
      'H30QvJWizxFfAE5qHU4/pe5+bAU=',
      '0',
      '8'.repeat(77),
      'abcdef',
      'ABCDEF',
      'x'.repeat(255),
      'under_score@host*',
    ]) {
      expect(openRequest(pkcsReq({ transactionId }).bytes).frame.transactionId).toBe(transactionId);
    }
    for (const transactionId of ['', 'x'.repeat(256)]) expect(faultOf(pkcsReq({ transactionId }).bytes)).toBe('unanswerable');
  });

  it('A6.7 refuses every messageType but the five that it answers', () => {
    const answered = new Set([17, 19, 20, 21, 22]);
    const sent = (messageType: string | number): Uint8Array => message(new Uint8Array(0), { messageType, eContent: new Uint8Array(0) }).bytes;
    for (let n = 0; n <= 255; n++) {
      if (!answered.has(n)) expect(faultOf(sent(n)), `messageType ${n}`).toBe('unknown-message-type');
    }
    for (const word of ['abc', 'PKCSReq', '', '019', '19 ', ' 19', '+19', '-1', '1.9e1', '0x13', '19\0', 'constructor', '__proto__'])
      expect(faultOf(sent(word)), word).toBe('unknown-message-type');
  });

  it('A6.8 does not look at signingTime', () => {
    const signingTime = der.writeSequence(der.writeOid('1.2.840.113549.1.9.5'), der.writeSetOf(der.writeTime(0)));
    expect(open(pkcsReq({ extraAttributes: [signingTime] }).bytes).kind).toBe('request');
  });

  it('A6 needs no recipientNonce and ignores one', () => {
    const recipientNonce = der.writeSequence(der.writeOid('2.16.840.1.113733.1.9.6'), der.writeSetOf(der.writeOctetString(Buffer.alloc(16, 7))));
    expect(open(pkcsReq({ extraAttributes: [recipientNonce] }).bytes).kind).toBe('request');
  });
});

describe('openMessage, the request types', () => {
  const owned = certificate({ key, subject: 'CN=device', issuer: testCa() });

  it('A7.10 reads a RenewalReq signed by the old key with a PKCS #10 for a new one', () => {
    const request = openRequest(renewalReq({ key, signerCertificate: owned, csr: { key: rsaKey(1) } }).bytes);
    expect(request).toMatchObject({ type: 'RenewalReq', content: { kind: 'csr' }, frame: { signer: { selfSigned: false } } });
  });

  it('A7.16 does not open a CertPoll, whatever it holds', () => {
    let decrypts = 0;
    const first = pkcsReq({ key });
    for (const options of [{}, { eContent: Buffer.from('garbage') }, { omit: ['content' as const] }, { recipient: testCa(9).certificate }]) {
      expect(openRequest(certPoll(first, options).bytes, { onDecrypt: () => void decrypts++ })).toMatchObject({
        type: 'CertPoll',
        content: { kind: 'unopened' },
      });
    }
    expect(decrypts).toBe(0);
  });

  it('A8.12 says how an unopened CertPoll was enveloped, so that its reply can mirror it', () => {
    const first = pkcsReq({ key });
    expect(openRequest(certPoll(first, { cipher: 'des-ede3-cbc' }).bytes).envelope).toMatchObject({ cipher: 'des-ede3-cbc' });
    expect(openRequest(certPoll(first, { cipher: 'des-cbc' }).bytes).envelope).toBeUndefined();
    expect(openRequest(certPoll(first, { recipient: testCa(9).certificate }).bytes).envelope).toBeUndefined();
  });

  it('A7.19 reads IssuerAndSerialNumber of GetCert and GetCRL', () => {
    const wanted = (bytes: Uint8Array): readonly [string, string, string] => {
      const { type, content } = openRequest(bytes);
      if (content.kind !== 'issuer-and-serial') throw new Error(`the content is ${content.kind}`);
      return [type, hex(content.issuer), content.serial];
    };
    expect(wanted(getCert(testCa().certificate, { key, signerCertificate: owned }).bytes)).toEqual([
      'GetCert',
      hex(nameOf('CN=Test CA 0, O=Test')),
      serialOf(testCa().certificate),
    ]);
    const named = message(der.writeSequence(nameOf('CN=x'), der.write(2, Uint8Array.of(0, 0xab, 1))), { messageType: 22, key });
    expect(wanted(named.bytes)).toEqual(['GetCRL', hex(nameOf('CN=x')), 'AB01']);
    expect(faultOf(message(Buffer.from('nonsense'), { messageType: 21, key }).bytes)).toBe('undecryptable');
  });

  it('A10.2 verifies a message whose bytes were seen before without opening it', () => {
    let decrypts = 0;
    const { bytes } = pkcsReq({ key });
    expect(openRequest(bytes, { skipContent: true, onDecrypt: () => void decrypts++ })).toMatchObject({ type: 'PKCSReq', content: { kind: 'unopened' } });
    expect(decrypts).toBe(0);
    expect(faultOf(pkcsReq({ breakSignature: true }).bytes, { skipContent: true })).toBe('bad-signature');
  });
});
