import { describe, expect, it } from 'vitest';
import type { KeyTransport, PublicCrypto } from '../../../../src/main/core/pki/crypto.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import {
  type EnvelopeDamage,
  certificate,
  csr,
  ecKey,
  ed25519Key,
  getCert,
  nameOf,
  pkcsReq,
  renewalReq,
  rsaKey,
  selfSignedOf,
  testCa,
} from '../../../support/forge.ts';
import { faultOf, nodeCrypto, open, openCsr, openRequest, seal } from '../../../support/messages.ts';
import { failInfoFor } from '../../../../src/main/core/scep/failInfo.ts';
import { openReply } from '../../../support/replies.ts';

const key = rsaKey(0);
const owned = certificate({ key, subject: 'CN=device', issuer: testCa() });
const OAEP_SHA1: KeyTransport = { kind: 'rsaes-oaep', digest: 'sha1', mgf1Digest: 'sha1' };
const OAEP_SHA256: KeyTransport = { kind: 'rsaes-oaep', digest: 'sha256', mgf1Digest: 'sha256' };

describe('openMessage, the envelope', () => {
  it('A9.1 A9.8 opens key transport by PKCS #1 v1.5, by OAEP with its defaults and by OAEP with SHA-256', () => {
    for (const keyTransport of [{ kind: 'rsaes-pkcs1' } as const, OAEP_SHA1, OAEP_SHA256]) {
      expect(openRequest(pkcsReq({ keyTransport }).bytes).envelope?.keyTransport).toEqual(keyTransport);
    }
  });

  it('A9.3 refuses content that is not encrypted', () => {
    expect(faultOf(pkcsReq({ eContent: csr({ key }) }).bytes)).toBe('unencrypted-content');
    const data = der.writeSequence(der.writeOid('1.2.840.113549.1.7.1'), der.writeExplicit(0, der.writeOctetString(csr({ key }))));
    expect(faultOf(pkcsReq({ eContent: data }).bytes)).toBe('unencrypted-content');
  });

  it('refuses a request without content, or with content that is no envelope', () => {
    expect(faultOf(pkcsReq({ omit: ['content'] }).bytes)).toBe('missing-envelope');
    for (const eContent of [new Uint8Array(0), Buffer.from('x'), der.writeSequence()]) expect(faultOf(pkcsReq({ eContent }).bytes)).toBe('missing-envelope');
  });

  it('A9.4 A9.2 answers an EC client that enveloped to our RSA key under its challenge', () => {
    for (const clientKey of [ecKey(0), ed25519Key(0)]) {
      const sent = pkcsReq({ key: clientKey, challenge: 'correct horse' });
      const request = openRequest(sent.bytes);
      const reply = openReply(seal({ kind: 'success', certificates: [owned] }, request, { password: 'correct horse' }), sent);
      expect(reply).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'password', envelopeVersion: 3 });
    }
  });

  it('A9.5 refuses an EC client without a challenge up front, because no reply could be encrypted to it', () => {
    expect(faultOf(pkcsReq({ key: ecKey() }).bytes)).toBe('unreplyable-key');
    expect(faultOf(pkcsReq({ key: ecKey(), challenge: '' }).bytes)).toBe('unreplyable-key');
    const signerCertificate = certificate({ key: ecKey(), issuer: testCa() });
    expect(faultOf(getCert(owned, { key: ecKey(), signerCertificate }).bytes)).toBe('unreplyable-key');
    expect(failInfoFor('unreplyable-key')).toMatchObject({ failInfo: 'badAlg', text: expect.stringContaining('challenge') });
  });

  it('A9.7 finds our recipient by issuer and serial or by key identifier, among several, and for each of our certificates', () => {
    const cas = [testCa(0), testCa(1)];
    const stranger = testCa(2).certificate;
    expect(openRequest(pkcsReq({ recipientBy: 'key-id' }).bytes).envelope?.recipientId).toBe('ca0');
    expect(openRequest(pkcsReq({ otherRecipients: [stranger] }).bytes).envelope?.recipientId).toBe('ca0');
    expect(openRequest(pkcsReq({ recipient: testCa(1).certificate, otherRecipients: [stranger] }).bytes, { cas }).envelope?.recipientId).toBe('ca1');
    expect(openRequest(pkcsReq({ recipient: testCa(1).certificate, recipientBy: 'key-id' }).bytes, { cas }).envelope?.recipientId).toBe('ca1');
    expect(faultOf(pkcsReq({ recipient: stranger }).bytes, { cas })).toBe('wrong-recipient');
    expect(faultOf(pkcsReq({ recipient: stranger, recipientBy: 'key-id' }).bytes, { cas })).toBe('wrong-recipient');
  });

  it('A9.7 takes the name of the issuer in another string type than ours', () => {
    const printable = {
      ...testCa(0),
      certificate: certificate({ key: testCa(0).key, subject: nameOf('CN=Test CA 0, O=Test', der.TAG.printableString), serial: Uint8Array.of(77) }),
    };
    const utf8 = { ...printable, certificate: certificate({ key: testCa(0).key, subject: nameOf('CN=Test CA 0, O=Test'), serial: Uint8Array.of(77) }) };
    expect(openRequest(pkcsReq({ recipient: utf8.certificate }).bytes, { cas: [printable] }).kind).toBe('request');
  });

  it('B3 refuses inbound password and key agreement recipients with badAlg and words', () => {
    for (const recipientKind of ['password', 'key-agreement'] as const) {
      expect(faultOf(pkcsReq({ recipientKind }).bytes)).toBe('unsupported-recipient');
      // Beside key transport to us they do no harm.
      expect(open(pkcsReq({ otherRecipients: [testCa(3).certificate] }).bytes).kind).toBe('request');
    }
    expect(failInfoFor('unsupported-recipient').failInfo).toBe('badAlg');
  });

  it('A7.2 refuses a PKCS #10 that another key signed', () => {
    expect(faultOf(pkcsReq({ csr: { signWith: rsaKey(1) } }).bytes)).toBe('undecryptable');
  });

  it('A7.3 refuses a captured envelope that was signed again by another self-signed key', () => {
    const victim = csr({ key: rsaKey(1), challenge: 'secret' });
    expect(faultOf(pkcsReq({ key, csrDer: victim }).bytes)).toBe('signer-key-mismatch');
    expect(['badMessageCheck', 'badRequest']).toContain(failInfoFor('signer-key-mismatch').failInfo);
  });

  it('A7.3 takes another subject in the self-signed certificate than in the PKCS #10', () => {
    expect(open(pkcsReq({ key, signerCertificate: selfSignedOf(key), subject: 'CN=phone' }).bytes).kind).toBe('request');
  });

  it('A7.6 A7.9 reads challenges of each string type and of 8 KiB', () => {
    for (const challengeTag of [der.TAG.printableString, der.TAG.utf8String, der.TAG.teletexString, der.TAG.bmpString, der.TAG.ia5String]) {
      expect(openCsr(pkcsReq({ challenge: 'Secret 42', csr: { challengeTag } }).bytes).csr.challengePassword).toBe('Secret 42');
    }
    expect(openCsr(pkcsReq({ challenge: 'x'.repeat(8192) }).bytes).csr.challengePassword).toHaveLength(8192);
  });
});

// Attack: anyone can take a captured envelope, change it, and sign the result with a key of his own. If the CA's answers to a wrong RSA padding, a
// wrong CBC padding and a wrong PKCS #10 differ, they decrypt the envelope for him, byte by byte, challenge included.
describe('A8.18 one answer for every envelope that cannot be read', () => {
  const damages: readonly EnvelopeDamage[] = [
    'rsa-padding',
    'rsa-garbage',
    'key-length',
    'cbc-padding',
    'cbc-padding-zero',
    'block-length',
    'iv-length',
    'trailing-bytes',
  ];
  const messages = (keyTransport: KeyTransport): readonly (readonly [string, Uint8Array])[] => [
    ...damages.map((damage) => [damage, pkcsReq({ key, signerCertificate: selfSignedOf(key), damage, keyTransport }).bytes] as const),
    ['a PKCS #10 signed by another key', pkcsReq({ key, signerCertificate: selfSignedOf(key), csr: { signWith: rsaKey(1) }, keyTransport }).bytes],
    ['no PKCS #10', pkcsReq({ key, signerCertificate: selfSignedOf(key), csrDer: Buffer.from('no PKCS #10'), keyTransport }).bytes],
    ['an empty plaintext', pkcsReq({ key, signerCertificate: selfSignedOf(key), csrDer: new Uint8Array(0), keyTransport }).bytes],
    [
      'a PKCS #10 with an unknown signature algorithm',
      pkcsReq({ key, signerCertificate: selfSignedOf(key), csrDer: withForeignAlgorithm(), keyTransport }).bytes,
    ],
  ];

  /** A PKCS #10 whose signature algorithm, which its signature does not cover, is an OID that nobody knows. */
  function withForeignAlgorithm(): Uint8Array {
    const [info, , signature] = der.readChildren(der.readElement(csr({ key })).content);
    return der.writeSequence(info!.raw, der.writeSequence(der.writeOid('1.2.3.4.5')), signature!.raw);
  }

  it.each([
    ['PKCS #1 v1.5', { kind: 'rsaes-pkcs1' } as const],
    ['OAEP', OAEP_SHA256],
  ])('is the same fault, failInfo and text whatever is wrong (%s)', (_, keyTransport) => {
    for (const [what, bytes] of messages(keyTransport)) expect(faultOf(bytes), what).toBe('undecryptable');
  });

  it('is the same reply but for nonce, signature and what the request dictates', () => {
    const senderNonce = Buffer.alloc(16, 1);
    const shapes = damages.map((damage) => {
      const sent = pkcsReq({ key, signerCertificate: selfSignedOf(key), damage, senderNonce });
      const outcome = open(sent.bytes);
      if (outcome.kind !== 'fault') throw new Error(outcome.kind);
      const bytes = seal({ kind: 'failure', ...failInfoFor(outcome.fault.code) }, outcome);
      const reply = openReply(bytes, sent);
      expect(reply).toMatchObject({ pkiStatus: 'FAILURE', failInfo: 2 });
      const own = Buffer.from(bytes).toString('hex').replace(Buffer.from(reply.senderNonce).toString('hex'), 'nonce');
      // The signature fills the end of the message.
      return own.slice(0, -512);
    });
    expect(new Set(shapes).size).toBe(1);
  });

  it('does the same cryptographic operations for each, private and public', () => {
    const operationsOf = (bytes: Uint8Array): readonly string[] => {
      const done: string[] = [];
      const counting: PublicCrypto = { ...nodeCrypto };
      for (const name of ['digest', 'random', 'verify', 'decryptRaw'] as const) {
        Object.assign(counting, { [name]: (...args: never[]) => (done.push(name), (nodeCrypto[name] as (...a: never[]) => unknown)(...args)) });
      }
      expect(open(bytes, { crypto: counting, onDecrypt: () => void done.push('private key') }).kind).toBe('fault');
      return done;
    };
    const kinds = [
      ...(['rsa-padding', 'rsa-garbage', 'key-length', 'cbc-padding', 'cbc-padding-zero', 'trailing-bytes'] as const).map(
        (damage) => pkcsReq({ damage }).bytes,
      ),
      pkcsReq({ csr: { signWith: rsaKey(1) } }).bytes,
    ].map(operationsOf);
    expect(kinds[0]).toContain('private key');
    expect(kinds[0]!.filter((name) => name === 'verify')).toHaveLength(3);
    for (const operations of kinds) expect(operations).toEqual(kinds[0]);
  });

  it('takes about the same time for a wrong RSA padding, a wrong CBC padding and a wrong PKCS #10', () => {
    const kinds = [pkcsReq({ damage: 'rsa-padding' }), pkcsReq({ damage: 'cbc-padding' }), pkcsReq({ csr: { signWith: rsaKey(1) } })].map((sent) => sent.bytes);
    const fastest = kinds.map(() => Infinity);
    for (let round = 0; round < 200; round++) {
      kinds.forEach((bytes, i) => {
        const start = process.hrtime.bigint();
        open(bytes);
        fastest[i] = Math.min(fastest[i]!, Number(process.hrtime.bigint() - start));
      });
    }
    // The fastest of interleaved runs, because a busy machine slows each down at random; the bound catches a skipped step, not a cache line.
    expect(Math.max(...fastest) / Math.min(...fastest)).toBeLessThan(1.5);
  });
});

describe('openMessage, algorithms by compatibility', () => {
  const signedWith = (digest: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512') => pkcsReq({ digest, csr: { digest: 'sha256' } }).bytes;
  const underCipher = (cipher: 'des-cbc' | 'des-ede3-cbc' | 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc') => pkcsReq({ cipher }).bytes;

  it.each([
    ['md5', 'unsupported-digest', 'unsupported-digest', 'request'],
    ['sha1', 'unsupported-digest', 'request', 'request'],
    ['sha224', 'request', 'request', 'request'],
    ['sha256', 'request', 'request', 'request'],
    ['sha384', 'request', 'request', 'request'],
    ['sha512', 'request', 'request', 'request'],
  ] as const)('A1.3 B2 B4 a message signed with %s: strict %s, standard %s, legacy %s', (digest, strict, standard, legacy) => {
    const bytes = signedWith(digest);
    expect([faultOf(bytes, { compatibility: 'strict' }), faultOf(bytes), faultOf(bytes, { compatibility: 'legacy' })]).toEqual([strict, standard, legacy]);
  });

  it.each([
    ['des-cbc', 'unsupported-cipher', 'unsupported-cipher', 'request'],
    ['des-ede3-cbc', 'unsupported-cipher', 'request', 'request'],
    ['aes-128-cbc', 'request', 'request', 'request'],
    ['aes-192-cbc', 'request', 'request', 'request'],
    ['aes-256-cbc', 'request', 'request', 'request'],
  ] as const)('A1.2 A1.3 B1 B4 a message enveloped with %s: strict %s, standard %s, legacy %s', (cipher, strict, standard, legacy) => {
    const bytes = underCipher(cipher);
    expect([faultOf(bytes, { compatibility: 'strict' }), faultOf(bytes), faultOf(bytes, { compatibility: 'legacy' })]).toEqual([strict, standard, legacy]);
    expect(openRequest(bytes, { compatibility: 'legacy' }).envelope?.cipher).toBe(cipher);
  });

  it('B1 refuses RC2, Blowfish and GCM at every level', () => {
    for (const cipherOid of ['1.2.840.113549.3.2', '1.3.6.1.4.1.3029.1.2', '2.16.840.1.101.3.4.1.6', '2.16.840.1.101.3.4.1.46']) {
      for (const compatibility of ['strict', 'standard', 'legacy'] as const)
        expect(faultOf(pkcsReq({ cipherOid }).bytes, { compatibility })).toBe('unsupported-cipher');
    }
  });

  it('B2 refuses a digest that it does not know, in SignerInfo and as its signature algorithm', () => {
    expect(faultOf(pkcsReq({ digestOid: '2.16.840.1.101.3.4.2.8' }).bytes)).toBe('unsupported-digest');
    // The digest named beside it does not hide an MD5 signature.
    expect(faultOf(pkcsReq({ signature: { oid: '1.2.840.113549.1.1.4' } }).bytes)).toBe('unsupported-digest');
  });

  it('B2 refuses a PKCS #10 signed with MD5 outside legacy', () => {
    const bytes = pkcsReq({ csr: { digest: 'md5' } }).bytes;
    expect([faultOf(bytes), faultOf(bytes, { compatibility: 'legacy' })]).toEqual(['unsupported-digest', 'request']);
  });

  it('B3 refuses key transport that it does not know', () => {
    expect(faultOf(pkcsReq({ keyTransportOid: '1.2.840.113549.1.9.16.3.14' }).bytes)).toBe('unsupported-key-transport');
  });

  it('B4 A12.4 answers a refused digest in SHA-256, because a refusal has to be signed too', () => {
    const sent = pkcsReq({ digest: 'md5' });
    const outcome = open(sent.bytes);
    const reply = openReply(seal({ kind: 'failure', ...failInfoFor('unsupported-digest') }, outcome), sent);
    expect(reply).toMatchObject({ pkiStatus: 'FAILURE', failInfo: 0, digest: 'sha256', failInfoText: expect.stringContaining('SHA-256') });
  });

  it('A7.15 leaves a RenewalReq for another key to whoever knows the old certificate', () => {
    expect(open(renewalReq({ key, signerCertificate: owned, csr: { key: rsaKey(1) } }).bytes).kind).toBe('request');
  });
});
