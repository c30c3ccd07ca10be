import { describe, expect, it } from 'vitest';
import type { CipherName, DigestName } from '../../../../src/main/core/pki/crypto.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { FAIL_INFO_NUMBER, failInfoFor } from '../../../../src/main/core/scep/failInfo.ts';
import type { FaultCode, Reply } from '../../../../src/main/core/scep/message.ts';
import {
  type RequestOptions,
  type SentMessage,
  certificate,
  ecKey,
  issuerAndSerialOf,
  nameOf,
  pkcsReq,
  renewalReq,
  rsaKey,
  testCa,
} from '../../../support/forge.ts';
import { open, openRequest, seal } from '../../../support/messages.ts';
import { type OpenedReply, openReply } from '../../../support/replies.ts';

const key = rsaKey(0);
const ca = testCa();
const issued = certificate({ key, subject: 'CN=a rather long subject for the device, O=Test', issuer: ca });
const SUCCESS: Reply = { kind: 'success', certificates: [issued] };
const PENDING: Reply = { kind: 'pending' };
const FAILURE: Reply = { kind: 'failure', failInfo: 'badRequest', text: 'Not today.' };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Sends a request made by these options and opens the reply to it. */
function roundTrip(
  reply: Reply,
  options: RequestOptions = {},
  sealing: Parameters<typeof seal>[2] = {},
): OpenedReply & { readonly bytes: Uint8Array; readonly sent: SentMessage } {
  const sent = pkcsReq({ key, ...options });
  const bytes = seal(reply, openRequest(sent.bytes, { compatibility: 'legacy' }), sealing);
  return { ...openReply(bytes, sent, { signerCertificate: ca.certificate }), bytes, sent };
}

describe('sealReply', () => {
  it('A8.1 A8.3 A8.11 answers with the issued certificate in a degenerate SignedData in an envelope', () => {
    const reply = roundTrip(SUCCESS);
    expect(reply).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'key-transport', envelopeVersion: 0, crls: [] });
    expect(reply.certificates.map(hex)).toEqual([hex(issued)]);
  });

  it('A8.4 A8.5 J.11 puts the issued certificate first, although DER would sort a shorter CA certificate before it', () => {
    const short = certificate({ key, subject: 'CN=x', serial: Uint8Array.of(1) });
    expect(short.length).toBeLessThan(issued.length);
    expect(roundTrip({ kind: 'success', certificates: [issued, short] }).certificates.map(hex)).toEqual([issued, short].map(hex));
    expect(roundTrip({ kind: 'success', certificates: [short, issued] }).certificates.map(hex)).toEqual([short, issued].map(hex));
  });

  it('A8.6 answers GetCRL with the CRL and no certificate', () => {
    const crl = der.writeSequence(der.writeInteger(1));
    const reply = roundTrip({ kind: 'crl', crl });
    expect(reply.certificates).toEqual([]);
    expect(reply.crls.map(hex)).toEqual([hex(crl)]);
  });

  it('A8.7 answers FAILURE with failInfo and text, without content', () => {
    expect(roundTrip(FAILURE)).toMatchObject({ pkiStatus: 'FAILURE', failInfo: 2, failInfoText: 'Not today.', eContent: 'absent' });
  });

  it('A8.8 answers PENDING without content', () => {
    expect(roundTrip(PENDING)).toMatchObject({ pkiStatus: 'PENDING', eContent: 'absent' });
  });

  it('J.1 answers PENDING and FAILURE with an empty content where that is asked for, and never SUCCESS', () => {
    for (const reply of [PENDING, FAILURE]) {
      const { eContent, bytes } = roundTrip(reply, {}, { emptyContent: true });
      expect(eContent).toBe('empty');
      // [0] { OCTET STRING of length 0 } behind id-data
      expect(hex(bytes)).toContain('06092a864886f70d010701a0020400');
    }
    expect(roundTrip(SUCCESS, {}, { emptyContent: true }).eContent).toBe('envelope');
  });

  it('A8.9 J.8 addresses the reply to the certificate that signed, byte for byte', () => {
    const subject = nameOf('CN=Ugly, O=Test', der.TAG.teletexString);
    const signerCertificate = certificate({ key, subject, serial: Buffer.from('0123456789ABCDEF0123456789ABCDEF') });
    const { bytes, sent } = roundTrip(SUCCESS, { signerCertificate });
    const envelope = Buffer.from(bytes);
    expect(envelope.includes(Buffer.from(issuerAndSerialOf(signerCertificate)))).toBe(true);
    expect(hex(sent.signerCertificate)).toBe(hex(signerCertificate));
  });

  it('A8.9 envelopes a renewal to the old certificate and its key', () => {
    const old = certificate({ key, subject: 'CN=device', issuer: ca });
    const sent = renewalReq({ key, signerCertificate: old, csr: { key: rsaKey(1) } });
    expect(openReply(seal(SUCCESS, openRequest(sent.bytes)), sent)).toMatchObject({ pkiStatus: 'SUCCESS', recipientKind: 'key-transport' });
  });

  it('A8.10 J.12 signs as the certificate that GetCACert gives out, and includes it', () => {
    expect(hex(roundTrip(PENDING).signerCertificate)).toBe(hex(ca.certificate));
  });

  it.each(['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc', 'des-cbc'] as const satisfies readonly CipherName[])(
    'A8.12 B1 mirrors %s',
    (cipher) => {
      const oids: Record<string, string> = {
        'aes-128-cbc': '2.16.840.1.101.3.4.1.2',
        'aes-192-cbc': '2.16.840.1.101.3.4.1.22',
        'aes-256-cbc': '2.16.840.1.101.3.4.1.42',
        'des-ede3-cbc': '1.2.840.113549.3.7',
        'des-cbc': '1.3.14.3.2.7',
      };
      expect(roundTrip(SUCCESS, { cipher })).toMatchObject({ pkiStatus: 'SUCCESS', cipherOid: oids[cipher] });
    },
  );

  it.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const satisfies readonly DigestName[])('A8.12 B2 mirrors %s', (digest) => {
    expect(roundTrip(SUCCESS, { digest, csr: { digest: 'sha256' } })).toMatchObject({ pkiStatus: 'SUCCESS', digest });
  });

  it('A9.8 replies with OAEP to a request that used it, and with PKCS #1 v1.5 otherwise', () => {
    expect(roundTrip(SUCCESS, { keyTransport: { kind: 'rsaes-oaep', digest: 'sha1', mgf1Digest: 'sha1' } }).keyTransportOid).toBe('1.2.840.113549.1.1.7');
    expect(roundTrip(SUCCESS, { keyTransport: { kind: 'rsaes-oaep', digest: 'sha256', mgf1Digest: 'sha256' } }).keyTransportOid).toBe('1.2.840.113549.1.1.7');
    expect(roundTrip(SUCCESS).keyTransportOid).toBe('1.2.840.113549.1.1.1');
  });

  it('A8.13 names rsaEncryption as its signature algorithm, whatever the client used', () => {
    expect(roundTrip(PENDING).signatureOid).toBe('1.2.840.113549.1.1.1');
    expect(roundTrip(PENDING, { signature: 'pss', digest: 'sha512' }).signatureOid).toBe('1.2.840.113549.1.1.1');
  });

  it('A8.14 J.2 writes definite lengths and primitive strings throughout', () => {
    const walk = (content: Uint8Array): void => {
      for (const e of der.readChildren(content)) {
        expect(e.raw[1]).not.toBe(0x80);
        expect(e.tag).not.toBe(der.TAG.octetString | 0x20);
        if ((e.tag & 0x20) !== 0) walk(e.content);
      }
    };
    for (const reply of [SUCCESS, PENDING, FAILURE]) walk(roundTrip(reply, { encoding: 'ber' }).bytes);
  });

  it('A6.1 A6.9 A6.10 writes exactly the attributes of a CertRep, sorted, with their string types and without signingTime', () => {
    const P = der.TAG.printableString;
    const O = der.TAG.octetString;
    const common = {
      '1.2.840.113549.1.9.3': der.TAG.oid,
      '1.2.840.113549.1.9.4': O,
      '2.16.840.1.113733.1.9.2': P,
      '2.16.840.1.113733.1.9.3': P,
      '2.16.840.1.113733.1.9.5': O,
      '2.16.840.1.113733.1.9.6': O,
      '2.16.840.1.113733.1.9.7': P,
    };
    const tagsOf = (reply: OpenedReply): Record<string, number> => Object.fromEntries([...reply.attributes].map(([oid, value]) => [oid, value.tag]));
    expect(tagsOf(roundTrip(SUCCESS))).toEqual(common);
    expect(tagsOf(roundTrip(PENDING))).toEqual(common);
    expect(tagsOf(roundTrip(FAILURE))).toEqual({ ...common, '2.16.840.1.113733.1.9.4': P, '1.3.6.1.5.5.7.24.1': der.TAG.utf8String });
  });

  it('A6.3 J.13 repeats the nonce of the request whatever its length', () => {
    for (const length of [1, 8, 16, 20, 64]) {
      const senderNonce = Buffer.alloc(length, 0xa5);
      expect(hex(roundTrip(PENDING, { senderNonce }).recipientNonce)).toBe(hex(senderNonce));
    }
  });

  it('A6.4 J.13 sends a fresh nonce of its own each time, as long as the request’s', () => {
    const sent = pkcsReq({ key });
    const request = openRequest(sent.bytes);
    const nonces = Array.from({ length: 20 }, () => hex(openReply(seal(PENDING, request), sent).senderNonce));
    expect(new Set([...nonces, hex(sent.senderNonce)]).size).toBe(21);
    expect(nonces[0]).toHaveLength(32);
    expect(roundTrip(PENDING, { senderNonce: Buffer.alloc(8, 1) }).senderNonce).toHaveLength(8);
    // A nonce of one byte would repeat at once.
    expect(roundTrip(PENDING, { senderNonce: Buffer.alloc(1, 1) }).senderNonce).toHaveLength(16);
  });

  it('A6.5 repeats the transactionID exactly', () => {
    for (const transactionId of ['SSCEP transactionId', 'IXDO6Td3qYUrCYhO2I3mpyHNy74=', '0'])
      expect(roundTrip(PENDING, { transactionId }).transactionId).toBe(transactionId);
  });

  it('J.14 wraps the key under the challenge for a key that only signs: PBKDF2, PWRI-KEK, AES-128', () => {
    const sent = pkcsReq({ key: ecKey(), challenge: 'ABCD-EFGH-JKMN' });
    const bytes = seal(SUCCESS, openRequest(sent.bytes), { password: 'ABCD-EFGH-JKMN' });
    const reply = openReply(bytes, sent);
    expect(reply).toMatchObject({ recipientKind: 'password', envelopeVersion: 3, cipherOid: '2.16.840.1.101.3.4.1.2' });
    expect(reply.certificates.map(hex)).toEqual([hex(issued)]);
    expect(() => openReply(bytes, sent, { password: 'another' })).toThrow();
    for (const digest of ['sha1', 'sha512'] as const) {
      const old = pkcsReq({ key: ecKey(), challenge: 'pw', digest, cipher: 'aes-256-cbc' });
      expect(openReply(seal(SUCCESS, openRequest(old.bytes), { password: 'pw' }), old).pkiStatus).toBe('SUCCESS');
    }
    expect(() => seal(SUCCESS, openRequest(sent.bytes))).toThrow('needs a password');
  });

  it('answers PENDING and FAILURE to a key that only signs without any password', () => {
    const sent = pkcsReq({ key: ecKey(), challenge: 'x' });
    const request = openRequest(sent.bytes);
    expect(openReply(seal(PENDING, request), sent).pkiStatus).toBe('PENDING');
    expect(openReply(seal(FAILURE, request), sent).pkiStatus).toBe('FAILURE');
  });
});

describe('failInfoFor', () => {
  it('A8.17 maps algorithms to badAlg, the outer signature to badMessageCheck, everything about the request to badRequest', () => {
    const expected: Record<FaultCode, string> = {
      'unsupported-digest': 'badAlg',
      'unsupported-signature-algorithm': 'badAlg',
      'unsupported-cipher': 'badAlg',
      'unsupported-key-transport': 'badAlg',
      'unsupported-recipient': 'badAlg',
      'unreplyable-key': 'badAlg',
      'bad-signature': 'badMessageCheck',
      'signer-key-mismatch': 'badMessageCheck',
      'unknown-message-type': 'badRequest',
      'missing-envelope': 'badRequest',
      'unencrypted-content': 'badRequest',
      'wrong-recipient': 'badRequest',
      undecryptable: 'badRequest',
      'bad-attributes': 'badRequest',
    };
    for (const [code, failInfo] of Object.entries(expected)) {
      const mapped = failInfoFor(code as FaultCode);
      expect(mapped.failInfo).toBe(failInfo);
      expect(mapped.text).toMatch(/^[A-Z].*\.$/);
    }
    expect(FAIL_INFO_NUMBER).toEqual({ badAlg: 0, badMessageCheck: 1, badRequest: 2, badTime: 3, badCertId: 4 });
  });

  it('A2.33 answers a fault of each kind with a signed FAILURE', () => {
    for (const [options, failInfo] of [
      [{ cipher: 'des-cbc' }, 0],
      [{ breakSignature: true }, 1],
      [{ messageType: 18 }, 2],
    ] as const) {
      const sent = pkcsReq({ key, ...options });
      const outcome = open(sent.bytes);
      if (outcome.kind !== 'fault') throw new Error(outcome.kind);
      expect(openReply(seal({ kind: 'failure', ...failInfoFor(outcome.fault.code) }, outcome), sent)).toMatchObject({ pkiStatus: 'FAILURE', failInfo });
    }
  });
});
