/**
 * Broken certificates, requests, CRLs and names: our readers answer each with a value, in bounded time, and where they and another reader
 * both accept the same bytes they read the same things out of them. FUZZ_INPUTS sets how many of each kind are tried.
 */
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes } from '../../src/main/core/lib/bytes.ts';
import { parsePublicKey } from '../../src/main/core/pki/algorithms.ts';
import { issuerAndSerialDer, parseCertificate, verifySignedBy } from '../../src/main/core/pki/certificate.ts';
import { assembleCrl, parseCrl, writeTbsCrl } from '../../src/main/core/pki/crl.ts';
import { parseCsr, verifyCsr } from '../../src/main/core/pki/csr.ts';
import { type Element, decoding, readElement, writeSequence } from '../../src/main/core/pki/der.ts';
import * as x from '../../src/main/core/pki/extensions.ts';
import { generalNameToText, parseGeneralNameText } from '../../src/main/core/pki/generalNames.ts';
import { commonNameOf, nameToText, namesEqual, parseNameText } from '../../src/main/core/pki/names.ts';
import { OID } from '../../src/main/core/pki/oids.ts';
import { createNodeCrypto } from '../../src/main/adapters/crypto/nodeCrypto.ts';
import { certificate, csr, dnsNames, extension, keyIdOf, subjectOf, testCa } from '../support/certificates.ts';
import { ecKey, ed25519Key, rsaKey } from '../support/keys.ts';
import { fuzzInputs, mutate, seededRandom } from '../support/mutate.ts';
import { mutateTree } from '../support/mutateTree.ts';
import { hexOf, pkijsCertificate, pkijsCsr } from '../support/oracle.ts';

const INPUTS = fuzzInputs(3000);
const crypto = createNodeCrypto();

const requested = [
  dnsNames('a.test', 'b.test'),
  extension(OID.keyUsage, x.keyUsageExtension(['digitalSignature', 'keyEncipherment']).value, true),
  extension(OID.extKeyUsage, x.extendedKeyUsageExtension([OID.clientAuth]).value),
  extension(OID.basicConstraints, x.basicConstraintsExtension({ ca: true, pathLength: 1 }).value, true),
  extension(OID.authorityKeyIdentifier, x.authorityKeyIdentifierExtension(Uint8Array.of(1, 2, 3)).value, true),
  extension(OID.crlDistributionPoints, x.crlDistributionPointsExtension(['http://a.test/1.crl']).value),
];
const certificates = [
  certificate({ subject: 'C=DE, O=Test, CN=dev', issuer: testCa(), extensions: requested }),
  certificate({ key: ecKey(0), extensions: requested }),
  certificate({ key: ed25519Key(0), version: 1 }),
];
const requests = [csr({ subject: 'O=Test, CN=dev', challenge: 'secret', extensions: requested }), csr({ key: ecKey(0), challenge: 'x', dnsNames: ['a.test'] })];
const crls = [
  (() => {
    const scheme = { kind: 'rsa-pkcs1', digest: 'sha256' } as const;
    const revoked = [
      { serial: Uint8Array.of(1), at: Date.now(), reason: 'superseded' as const },
      { serial: Uint8Array.of(2), at: Date.now() },
    ];
    const tbs = writeTbsCrl({ issuer: subjectOf(testCa().certificate), thisUpdate: Date.now(), nextUpdate: Date.now() + 1e9, number: 3n, authorityKeyId: keyIdOf(testCa().key), revoked }, scheme);
    return assembleCrl(tbs, scheme, testCa().key.sign(scheme, tbs));
  })(),
];

/** Wrong bytes and wrong structures made out of these, half and half. */
const mutated = (seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.constantFrom(...seeds), fc.integer(), fc.boolean()).map(([original, seed, structural]) => plain((structural ? mutateTree : mutate)(original, seededRandom(seed))));

const plain = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);

/** Runs a reader on many inputs; none may throw, and none may take long. */
function survive<T>(inputs: fc.Arbitrary<T>, run: (input: T) => void, numRuns = INPUTS): void {
  let slowest = 0;
  fc.assert(
    fc.property(inputs, (input) => {
      const start = performance.now();
      run(input);
      slowest = Math.max(slowest, performance.now() - start);
    }),
    { numRuns },
  );
  // Far above what a pause of the garbage collector takes, far below what an exponential reader would.
  expect(slowest).toBeLessThan(1500);
}

const within = (view: Uint8Array, whole: Uint8Array): boolean => view.buffer === whole.buffer && view.byteOffset >= whole.byteOffset && view.byteOffset + view.length <= whole.byteOffset + whole.length;

const isDefinite = (e: Element): boolean => {
  const walked = decoding(() => e.raw[1] !== 0x80 && ((e.tag & 0x20) === 0 || e.children.every(isDefinite)));
  return walked.ok && walked.value;
};

function nodeReads(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

describe('certificates', () => {
  it('are read as PKI.js and OpenSSL read them, or refused', () => {
    let compared = 0;
    survive(mutated(certificates), (der) => {
      const result = parseCertificate(der);
      if (!result.ok) return;
      const mine = result.value;
      for (const view of [mine.tbs, mine.subject, mine.issuer, mine.spki, mine.serial, mine.signature]) expect(within(view, der)).toBe(true);
      nameToText(mine.subject);
      issuerAndSerialDer(mine);
      verifySignedBy(mine, mine.spki, crypto);
      mine.subjectAltNames.forEach(generalNameToText);
      const oracle = pkijsCertificate(der);
      if (oracle !== undefined) {
        compared += 1;
        expect(hexOf(mine.tbs)).toBe(hexOf(oracle.signed));
        expect(hexOf(mine.serial)).toBe(oracle.serial);
        expect(mine.notBefore).toBe(oracle.notBefore);
        expect(mine.notAfter).toBe(oracle.notAfter);
        if (isDefinite(readElement(mine.tbs))) expect(mine.extensions.map((e) => e.oid)).toEqual(oracle.extensionOids);
      }
      const node = nodeReads(der);
      if (node !== undefined && (mine.serial[0] ?? 0) < 0x80) expect(mine.serialHex).toBe(node.serialNumber === '0' ? '00' : node.serialNumber);
    });
    expect(compared).toBeGreaterThan(INPUTS / 50);
  });

  it('whose signature still verifies say what the original said', () => {
    const original = certificates[0] ?? new Uint8Array(0);
    const first = parseCertificate(original);
    survive(mutated([original]), (der) => {
      const result = parseCertificate(der);
      if (result.ok && first.ok && verifySignedBy(result.value, testCa().key.spki, crypto)) expect(equalBytes(result.value.tbs, first.value.tbs)).toBe(true);
    });
  });
});

describe('requests', () => {
  it('are read as PKI.js reads them, or refused', () => {
    let compared = 0;
    survive(mutated(requests), (der) => {
      const result = parseCsr(der);
      if (!result.ok) return;
      const mine = result.value;
      for (const view of [mine.info, mine.subject, mine.spki, mine.signature]) expect(within(view, der)).toBe(true);
      verifyCsr(mine, crypto);
      nameToText(mine.subject);
      const oracle = pkijsCsr(der);
      if (oracle === undefined) return;
      compared += 1;
      expect(hexOf(mine.info)).toBe(hexOf(oracle.signed));
      // asn1js loses what follows an indefinite-length element within a definite one.
      if (isDefinite(readElement(mine.info))) expect(mine.attributeOids).toEqual(oracle.attributeOids);
    });
    expect(compared).toBeGreaterThan(INPUTS / 50);
  });
});

describe('other readers', () => {
  it('CRLs', () => survive(mutated(crls), (der) => void parseCrl(der)));

  it('public keys', () =>
    survive(mutated([rsaKey(0).spki, ecKey(0).spki, ed25519Key(0).spki]), (spki) => {
      parsePublicKey(spki);
      crypto.verify(spki, { kind: 'rsa-pkcs1', digest: 'sha256' }, spki, spki);
    }));

  it('extension values', () => {
    const values = requested.map((e) => readElement(e).children.at(-1)?.content ?? new Uint8Array(0));
    const oids = [OID.keyUsage, OID.extKeyUsage, OID.subjectAltName, OID.basicConstraints, OID.subjectKeyIdentifier, OID.authorityKeyIdentifier];
    survive(fc.tuple(mutated(values), fc.constantFrom(...oids)), ([value, oid]) => {
      const view = x.viewExtensions([{ oid, critical: false, value }]);
      view.subjectAltNames.forEach(generalNameToText);
      for (const read of [x.readCrlDistributionPoints, x.readAuthorityInfoAccess, x.readCrlNumber]) decoding(() => read(value));
    });
  });

  it('names, as bytes and as text', () => {
    const names = certificates.map(subjectOf);
    survive(mutated(names), (der) => {
      expect(nameToText(der)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      commonNameOf(der);
      namesEqual(der, names[0] ?? der);
    });
    const typed = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(fc.constantFrom('CN', '=', ',', '+', '\\', '"', '#', '0401', ' ', '/', 'O', ';', 'x', '\\C3', '1.2.3'), { maxLength: 14 }).map((parts) => parts.join('')));
    survive(typed, (text) => {
      const name = parseNameText(text);
      if (name.ok) expect(parseNameText(nameToText(name.value))).toEqual(name);
      const general = parseGeneralNameText(text);
      if (general.ok) generalNameToText(general.value);
    });
  });

  it('arbitrary bytes', () =>
    survive(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const parse of [parseCertificate, parseCsr, parseCrl, parsePublicKey]) expect(parse(bytes).ok).toBe(false);
    }));

  it('a megabyte of tiny or of nested elements', () => {
    const body = (a: number, b: number): Uint8Array => new Uint8Array(1 << 20).map((_, i) => (i % 2 === 0 ? a : b));
    const hostile = [body(0x05, 0), body(0x30, 0), body(0x30, 0x80), body(0x31, 0x80), body(0x24, 0x80), body(0xa0, 0x80)].flatMap((bytes) => [bytes, writeSequence(bytes), writeSequence(writeSequence(bytes), bytes)]);
    const start = performance.now();
    for (const bytes of hostile) for (const parse of [parseCertificate, parseCsr, parseCrl, parsePublicKey]) expect(parse(bytes).ok).toBe(false);
    expect((performance.now() - start) / hostile.length).toBeLessThan(1500);
  });
});
