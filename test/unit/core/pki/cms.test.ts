import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as der from '../../../../src/main/core/pki/der.ts';
import { names, readAtMost } from '../../../../src/main/core/pki/cms.ts';
import { unpadBlocks, unpadOaep, unpadPkcs1, recoverContentKey } from '../../../../src/main/core/pki/keyTransport.ts';
import { writePasswordRecipient } from '../../../../src/main/core/pki/passwordRecipient.ts';
import { parseSignedData, writeCertsOnly } from '../../../../src/main/core/pki/signedData.ts';
import { certificate, nameOf, rsaKey, testCa } from '../../../support/forge.ts';
import { nodeCrypto } from '../../../support/messages.ts';
import { readCertsOnly } from '../../../support/replies.ts';
import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { vectorCa } from '../../../support/vectors.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const SUBSTITUTE = Buffer.alloc(16, 0xee);

/** 00 02 PS 00 key, of 256 bytes. */
const pkcs1 = (key: Uint8Array): Buffer => Buffer.concat([Buffer.of(0, 2), Buffer.alloc(256 - 3 - key.length, 0xff), Buffer.of(0), key]);

describe('unpadPkcs1', () => {
  it('gives the key from a right padding', () => {
    expect(hex(unpadPkcs1(pkcs1(KEY), SUBSTITUTE))).toBe(hex(KEY));
    // A zero byte within the key is no separator.
    const zeros = Buffer.alloc(16);
    expect(hex(unpadPkcs1(pkcs1(zeros), SUBSTITUTE))).toBe(hex(zeros));
  });

  it('A8.18 gives the substitute, silently, for every padding that is wrong in one byte', () => {
    const right = pkcs1(KEY);
    const separator = 256 - KEY.length - 1;
    for (let i = 0; i <= separator; i++) {
      const wrong = Buffer.from(right);
      // Within the padding string only a zero is wrong; elsewhere any change is.
      wrong[i] = i >= 2 && i < separator ? 0 : right[i]! ^ 0x80;
      expect(hex(unpadPkcs1(wrong, SUBSTITUTE)), `byte ${i}`).toBe(hex(SUBSTITUTE));
    }
  });

  it('gives the substitute for a key of another length and for too short a modulus', () => {
    expect(hex(unpadPkcs1(pkcs1(Buffer.alloc(17, 1)), SUBSTITUTE))).toBe(hex(SUBSTITUTE));
    expect(hex(unpadPkcs1(pkcs1(Buffer.alloc(8, 1)), SUBSTITUTE))).toBe(hex(SUBSTITUTE));
    for (const length of [0, 1, 16, 26]) expect(hex(unpadPkcs1(Buffer.alloc(length, 1), SUBSTITUTE))).toBe(hex(SUBSTITUTE));
  });
});

describe('unpadOaep', () => {
  const key = rsaKey(0);
  const encode = (content: Uint8Array, oaepHash: string): Uint8Array =>
    key.rawDecrypt(publicEncrypt({ key: key.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, content))!;

  it('A9.8 undoes what OpenSSL encodes, for each digest', () => {
    for (const digest of ['sha1', 'sha256', 'sha384', 'sha512'] as const)
      expect(hex(unpadOaep(encode(KEY, digest), SUBSTITUTE, digest, digest, nodeCrypto))).toBe(hex(KEY));
  });

  it('A8.18 gives the substitute for every byte that is wrong, for another digest and for another length', () => {
    const right = encode(KEY, 'sha1');
    for (let i = 0; i < 256; i += 5) {
      const wrong = Buffer.from(right);
      wrong[i]! ^= 0x40;
      const got = hex(unpadOaep(wrong, SUBSTITUTE, 'sha1', 'sha1', nodeCrypto));
      // A change in the masked message bytes alone changes the seed, and with it everything.
      expect(got, `byte ${i}`).toBe(hex(SUBSTITUTE));
    }
    expect(hex(unpadOaep(right, SUBSTITUTE, 'sha256', 'sha256', nodeCrypto))).toBe(hex(SUBSTITUTE));
    expect(hex(unpadOaep(encode(Buffer.alloc(17, 1), 'sha1'), SUBSTITUTE, 'sha1', 'sha1', nodeCrypto))).toBe(hex(SUBSTITUTE));
    expect(hex(unpadOaep(Buffer.alloc(40, 1), SUBSTITUTE, 'sha1', 'sha1', nodeCrypto))).toBe(hex(SUBSTITUTE));
  });
});

describe('recoverContentKey', () => {
  it('gives a random key of the right length, another each time, where the ciphertext cannot be decrypted', () => {
    const recover = (): Uint8Array => recoverContentKey(Buffer.alloc(3), { kind: 'rsaes-pkcs1' }, 'aes-256-cbc', () => undefined, nodeCrypto);
    expect(recover()).toHaveLength(32);
    expect(hex(recover())).not.toBe(hex(recover()));
  });
});

describe('unpadBlocks', () => {
  it('takes off what PKCS #7 padding adds, for both block lengths', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.constantFrom(8, 16), (content, block) => {
        const count = block - (content.length % block);
        expect(unpadBlocks(Buffer.concat([content, Buffer.alloc(count, count)]), block)).toEqual({ content: Buffer.from(content), valid: true });
      }),
    );
  });

  it('A8.18 refuses every other padding and takes nothing off then', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom(8, 16), (bytes, block) => {
        const count = bytes[31]!;
        const expected = count >= 1 && count <= block && bytes.subarray(32 - count).every((b) => b === count);
        expect(unpadBlocks(bytes, block)).toEqual({ content: expected ? bytes.subarray(0, 32 - count) : bytes, valid: expected });
      }),
      { numRuns: 500 },
    );
    for (const length of [0, 1, 15, 17]) expect(unpadBlocks(Buffer.alloc(length, 1), 16).valid).toBe(false);
  });
});

describe('writeCertsOnly', () => {
  it('A8.2 is the degenerate SignedData of RFC 8894 3.4, byte for byte', () => {
    expect(hex(writeCertsOnly([]))).toBe('3023' + '06092a864886f70d010702' + 'a016' + '3014' + '020101' + '3100' + '300b06092a864886f70d010701' + '3100');
    const certificates = [certificate({ subject: 'CN=b' }), testCa().certificate];
    const crl = der.writeSequence(der.writeInteger(7));
    const both = readCertsOnly(writeCertsOnly(certificates, [crl]));
    expect(both.certificates.map(hex)).toEqual(certificates.map(hex));
    expect(both.crls.map(hex)).toEqual([hex(crl)]);
  });

  it('A4.6 A8.4 keeps the order that it is given', () => {
    const certificates = [3, 1, 2].map((n) => certificate({ serial: Uint8Array.of(n) }));
    expect(readCertsOnly(writeCertsOnly(certificates)).certificates.map(hex)).toEqual(certificates.map(hex));
  });
});

describe('writePasswordRecipient', () => {
  it('A9.2 writes PasswordRecipientInfo version 0 with PBKDF2 and id-alg-PWRI-KEK', () => {
    const info = der.readElement(writePasswordRecipient(KEY, Buffer.from('pw'), 'sha256', nodeCrypto));
    expect(info.tag).toBe(0xa3);
    const [version, derivation, encryption, wrapped] = der.readChildren(info.content);
    expect(hex(version!.raw)).toBe('020100');
    expect(derivation!.tag).toBe(0xa0);
    expect(der.readOid(der.readChildren(derivation!.content)[0], 'x')).toBe('1.2.840.113549.1.5.12');
    expect(der.readOid(der.readChildren(encryption!.content)[0], 'x')).toBe('1.2.840.113549.1.9.16.3.9');
    // Length, three check bytes and 16 bytes of key, padded to two blocks.
    expect(wrapped!.content).toHaveLength(32);
    const iterations = der.readChildren(der.readChildren(derivation!.content)[1]!.content)[1];
    expect(der.readSmallInteger(iterations, 'x')).toBeGreaterThanOrEqual(10_000);
  });
});

describe('names', () => {
  const id = { kind: 'issuer-and-serial', issuer: nameOf('CN=x, O=y'), serial: Uint8Array.of(0, 0xff) } as const;
  it('compares issuers as names and serials as numbers', () => {
    expect(names(id, { issuer: nameOf('CN=x, O=y'), serialHex: 'FF', subjectKeyId: undefined })).toBe(true);
    expect(names(id, { issuer: nameOf('CN=x, O=y', der.TAG.printableString), serialHex: 'FF', subjectKeyId: undefined })).toBe(true);
    expect(names(id, { issuer: nameOf('CN=x, O=z'), serialHex: 'FF', subjectKeyId: undefined })).toBe(false);
    expect(names(id, { issuer: nameOf('CN=x, O=y'), serialHex: 'FE', subjectKeyId: undefined })).toBe(false);
  });
  it('compares key identifiers, and a certificate without one is never named by it', () => {
    const byKey = { kind: 'key-id', keyId: Uint8Array.of(0xab) } as const;
    expect(names(byKey, { issuer: id.issuer, serialHex: 'FF', subjectKeyId: 'ab' })).toBe(true);
    expect(names(byKey, { issuer: id.issuer, serialHex: 'FF', subjectKeyId: undefined })).toBe(false);
  });
});

describe('bounds on what one message may hold', () => {
  it('reads at most as many elements as it is told', () => {
    const three = Buffer.from('050005000500', 'hex');
    expect(readAtMost(3, three, 'x')).toHaveLength(3);
    expect(() => readAtMost(2, three, 'x')).toThrow('more than 2');
  });

  it('refuses a thousand certificates without reading them', () => {
    const bytes = der.writeSequence(
      der.writeOid('1.2.840.113549.1.7.2'),
      der.writeExplicit(
        0,
        der.writeSequence(
          der.writeInteger(1),
          der.write(der.TAG.set),
          der.writeSequence(der.writeOid('1.2.840.113549.1.7.1')),
          der.write(0xa0, Buffer.alloc(2000, Buffer.from('3000', 'hex'))),
          der.write(der.TAG.set),
        ),
      ),
    );
    expect(() => parseSignedData(bytes)).toThrow(der.Malformed);
  });
});

it('the vectors’ key opens with OpenSSL’s own unpadding what ours opens', () => {
  const key = vectorCa().key;
  const encrypted = publicEncrypt({ key: key.publicKey, padding: constants.RSA_PKCS1_PADDING }, KEY);
  const ours = recoverContentKey(encrypted, { kind: 'rsaes-pkcs1' }, 'aes-128-cbc', key.rawDecrypt, nodeCrypto);
  expect(hex(ours)).toBe(hex(privateDecrypt({ key: key.privateKey, padding: constants.RSA_PKCS1_PADDING }, encrypted)));
});
