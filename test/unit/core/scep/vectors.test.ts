import { describe, expect, it } from 'vitest';
import * as der from '../../../../src/main/core/pki/der.ts';
import { nameToText } from '../../../../src/main/core/pki/names.ts';
import { generalNameToText } from '../../../../src/main/core/pki/generalNames.ts';
import { decodeOperation } from '../../../../src/main/core/scep/operation.ts';
import { failInfoFor } from '../../../../src/main/core/scep/failInfo.ts';
import { signatureIdOf } from '../../../support/replies.ts';
import { open, openRequest, seal } from '../../../support/messages.ts';
import { type Vector, loadVectors, vectorCa } from '../../../support/vectors.ts';

const ca = vectorCa();
const vectors = loadVectors();

const CIPHERS: Readonly<Record<Vector['contentCipher'], string>> = {
  aes128_cbc: 'aes-128-cbc',
  aes256_cbc: 'aes-256-cbc',
  tripledes_3key: 'des-ede3-cbc',
  des: 'des-cbc',
};
const LONG_NAMES: Readonly<Record<string, string>> = { 'Common Name': 'CN', Organization: 'O', 'Organizational Unit': 'OU', Country: 'C' };

/** `Common Name: a, Organization: b` as a set of `CN=a`: the two ways of printing a name order its parts differently. */
const parts = (text: string): readonly string[] =>
  text
    .split(', ')
    .map((part) => {
      const [type = '', value = ''] = part.split(/: |=/);
      return `${LONG_NAMES[type] ?? type}=${value}`;
    })
    .sort();

function messageOf({ method, rawQuery, body }: Vector): Uint8Array {
  const decoded = decodeOperation({ method, rawQuery, body });
  if (decoded.kind !== 'pki-operation') throw new Error(`decoded to ${decoded.kind}`);
  return decoded.message;
}

describe.each(vectors)('vector $file', (vector) => {
  const bytes = messageOf(vector);
  const opening = { compatibility: vector.contentCipher === 'des' ? 'legacy' : 'standard', cas: [ca] } as const;

  it('J.2 J.4 comes out of its HTTP request whole', () => {
    expect(bytes).toHaveLength(vector.bytes);
    expect(bytes[1] === 0x80).toBe(vector.indefiniteLength);
  });

  it('J.7 J.8 J.9 decodes to what index.json says', () => {
    const { type, frame, content, envelope } = openRequest(bytes, opening);
    expect(type).toBe(vector.messageTypeName);
    expect(frame).toMatchObject({ messageType: vector.messageType, transactionId: vector.transactionId, digest: vector.digest });
    expect(Buffer.from(frame.senderNonce).toString('hex')).toBe(vector.senderNonce);
    expect(frame.signer.selfSigned).toBe(vector.selfSigned);
    expect(BigInt(`0x${frame.signer.serial}`).toString()).toBe(vector.signerSerial);
    expect(parts(nameToText(frame.signer.subject))).toEqual(parts(vector.signer));
    expect(envelope).toMatchObject({ cipher: CIPHERS[vector.contentCipher], keyTransport: { kind: 'rsaes-pkcs1' } });
    expect(signatureIdOf(bytes)).toBe(vector.signatureAlgorithm);
    if (content.kind === 'csr') {
      expect(parts(nameToText(content.csr.subject))).toEqual(parts(vector.subject ?? ''));
      expect(content.fingerprints).toMatchObject({ sha256: vector.csrSha256, md5: vector.csrMd5 });
      expect(content.csr.challengePassword).toBe(vector.challengePassword);
      expect(content.csr.subjectAltNames.map(generalNameToText)).toEqual((vector.subjectAltName ?? []).map((name) => `DNS:${name}`));
      expect(content.csr.publicKey).toMatchObject({ kind: 'rsa', bits: vector.keyBits });
    } else if (content.kind === 'issuer-and-serial') {
      const inner = der.writeSequence(content.issuer, der.writeUnsigned(Buffer.from(content.serial, 'hex')));
      expect(Buffer.from(inner).toString('hex')).toBe(vector.innerHex);
    } else expect(vector.messageTypeName).toBe('CertPoll');
  });

  if (vector.contentCipher === 'des') {
    it('A1.3 J.10 is refused with badAlg and words on a standard endpoint', () => {
      for (const compatibility of ['standard', 'strict'] as const) {
        const outcome = open(bytes, { cas: [ca], compatibility });
        if (outcome.kind !== 'fault') throw new Error(outcome.kind);
        expect(failInfoFor(outcome.fault.code)).toMatchObject({ failInfo: 'badAlg', text: expect.stringMatching(/.{20}/) });
        expect(seal({ kind: 'failure', ...failInfoFor(outcome.fault.code) }, outcome, { ca }).length).toBeGreaterThan(500);
      }
    });
  } else {
    it('is a fault once one byte of it changes', () => {
      const changed = Buffer.from(bytes);
      const signature = changed.length - (vector.indefiniteLength ? 30 : 20);
      changed[signature]! ^= 1;
      expect(open(changed, opening)).toMatchObject({ kind: 'fault', fault: { code: 'bad-signature' } });
    });
  }
});

describe('the vectors together', () => {
  it('are there, with both methods, BER and DER, and the four kinds of content encryption', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(17);
    expect(new Set(vectors.map((v) => v.contentCipher)).size).toBe(4);
    expect(new Set(vectors.map((v) => v.method)).size).toBe(2);
  });

  it('A9.7 none opens with another CA', () => {
    for (const vector of vectors.filter((v) => v.messageTypeName !== 'CertPoll' && v.contentCipher !== 'des')) {
      expect(open(messageOf(vector))).toMatchObject({ kind: 'fault', fault: { code: 'wrong-recipient' } });
    }
  });
});
