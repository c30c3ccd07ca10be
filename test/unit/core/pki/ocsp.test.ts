import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNodeCrypto } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { keyIdentifierOf } from '../../../../src/main/core/pki/certificate.ts';
import type { SignatureScheme } from '../../../../src/main/core/pki/crypto.ts';
import { writeInteger, writeOctetString, writeSequence } from '../../../../src/main/core/pki/der.ts';
import { type CertificateStatus, type OcspRequest, assembleOcspResponse, parseOcspRequest, writeOcspFailure, writeTbsOcspResponse } from '../../../../src/main/core/pki/ocsp.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { certificate, extension, testCa } from '../../../support/certificates.ts';
import { ecKey } from '../../../support/keys.ts';
import { NONCE_OID, certId, ocspRequest, readOcspResponse } from '../../../support/ocsp.ts';
import { opensslWithFiles, pem } from '../../../support/oracle.ts';

const crypto = createNodeCrypto();
const NOW = Math.floor(Date.now() / 1000) * 1000;
const ca = testCa();
const caPem = pem('CERTIFICATE', ca.certificate);

function parsed(bytes: Uint8Array): OcspRequest {
  const result = parseOcspRequest(bytes);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** A request that openssl made. */
function opensslRequest(...args: readonly string[]): OcspRequest {
  const folder = mkdtempSync(join(tmpdir(), 'ocsp-'));
  try {
    writeFileSync(join(folder, 'ca.pem'), caPem);
    writeFileSync(join(folder, 'asker.pem'), pem('CERTIFICATE', certificate({ key: ecKey(1), subject: 'CN=asker' })));
    writeFileSync(join(folder, 'asker.key'), ecKey(1).privateKey.export({ type: 'pkcs8', format: 'pem' }));
    execFileSync('openssl', ['ocsp', '-issuer', 'ca.pem', ...args, '-reqout', 'request.der'], { cwd: folder, stdio: 'pipe' });
    return parsed(readFileSync(join(folder, 'request.der')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

describe('OCSP requests', () => {
  it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('F5 names issuer and serial by %s', (digest) => {
    const mine = parsed(ocspRequest([certId(ca.certificate, '7A01', digest)]));
    expect(mine.certIds).toMatchObject([{ digest, serialHex: '7A01' }]);
    expect(mine.nonce).toBeUndefined();
    expect(hex(mine.certIds[0]?.der)).toBe(hex(certId(ca.certificate, '7A01', digest)));
  });

  it('reads several certificates, a leading zero of the serial dropped', () => {
    expect(parsed(ocspRequest(['80', '0', '1234'].map((serial) => certId(ca.certificate, serial)))).certIds.map((id) => id.serialHex)).toEqual(['80', '00', '1234']);
  });

  it('reads a digest that it does not know as unsupported, for the issuer is then nobody here', () => {
    const strange = writeSequence(writeSequence(Uint8Array.of(6, 3, 42, 3, 4)), writeOctetString(Uint8Array.of(1)), writeOctetString(Uint8Array.of(2)), writeInteger(1));
    expect(parsed(ocspRequest([strange])).certIds[0]?.digest).toEqual({ unsupported: '1.2.3.4' });
  });

  it('takes the name and the signature of whoever asks without looking at them', () => {
    const signature = writeSequence(writeSequence(), Uint8Array.of(3, 1, 0));
    expect(parsed(ocspRequest([certId(ca.certificate, '1')], { version: 0, requestorName: Uint8Array.of(0x82, 1, 0x61), signature })).certIds).toHaveLength(1);
  });

  it('RFC 9654 repeats a nonce of 1 to 128 octets as it came, in its OCTET STRING or bare', () => {
    for (const length of [1, 16, 32, 128]) {
      const nonce = new Uint8Array(length).fill(0xaa);
      expect(hex(parsed(ocspRequest([certId(ca.certificate, '1')], { nonce })).nonce)).toBe(hex(writeOctetString(nonce)));
      expect(hex(parsed(ocspRequest([certId(ca.certificate, '1')], { extensions: [extension(NONCE_OID, nonce, true)] })).nonce)).toBe(hex(nonce));
    }
  });

  const one = certId(ca.certificate, '1');
  it.each([
    ['nothing', new Uint8Array(0)],
    ['no request but something else', ca.certificate],
    ['a question about nothing', ocspRequest([])],
    ['a question about 17 certificates', ocspRequest(Array.from({ length: 17 }, () => one))],
    ['version 2', ocspRequest([one], { version: 1 })],
    ['an empty nonce', ocspRequest([one], { nonce: new Uint8Array(0) })],
    ['a nonce of 129 octets', ocspRequest([one], { nonce: new Uint8Array(129) })],
    ['a bare nonce of 129 octets', ocspRequest([one], { extensions: [extension(NONCE_OID, new Uint8Array(129).fill(1))] })],
    ['two nonces', ocspRequest([one], { nonce: Uint8Array.of(1), extensions: [extension(NONCE_OID, writeOctetString(Uint8Array.of(2)))] })],
    ['a critical extension that nobody knows', ocspRequest([one], { extensions: [extension('1.2.3.4', writeOctetString(Uint8Array.of(2)), true)] })],
    ['a critical extension about one certificate', ocspRequest([one], { singleExtensions: [extension('1.2.3.4', writeOctetString(Uint8Array.of(2)), true)] })],
    ['a serial of 65 octets', ocspRequest([certId(ca.certificate, '11'.repeat(65))])],
    ['octets behind the request', Buffer.concat([ocspRequest([one]), Uint8Array.of(0)])],
  ])('refuses %s', (_, bytes) => {
    expect(parseOcspRequest(bytes).ok).toBe(false);
  });

  it('an unknown extension that is not critical is ignored', () => {
    expect(parsed(ocspRequest([one], { extensions: [extension('1.2.3.4', Uint8Array.of(5, 0))], singleExtensions: [extension('1.2.3.5', Uint8Array.of(5, 0))] })).certIds).toHaveLength(1);
  });

  it('reads what openssl asks: with and without a nonce, by SHA-256, about two certificates, and signed', () => {
    const sha1Of11 = hex(certId(ca.certificate, '11'));
    expect(opensslRequest('-serial', '0x11', '-no_nonce').nonce).toBeUndefined();
    expect(opensslRequest('-serial', '0x11').nonce).toHaveLength(18);
    expect(opensslRequest('-sha256', '-serial', '0x11', '-serial', '0xFEDC').certIds.map((id) => [id.digest, id.serialHex])).toEqual([['sha256', '11'], ['sha256', 'FEDC']]);
    expect(opensslRequest('-serial', '0x11', '-signer', 'asker.pem', '-signkey', 'asker.key').certIds.map((id) => hex(id.der))).toEqual([sha1Of11]);
  });
});

describe('OCSP responses', () => {
  const key = ecKey(7);
  const scheme: SignatureScheme = { kind: 'ecdsa', digest: 'sha256' };
  const signer = certificate({
    key,
    issuer: ca,
    subject: 'CN=Test CA OCSP',
    extensions: [extension(OID.extKeyUsage, writeSequence(Uint8Array.of(6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 9))), extension(OID.ocspNoCheck, Uint8Array.of(5, 0))],
  });
  const statuses: readonly CertificateStatus[] = [{ kind: 'good' }, { kind: 'revoked', at: NOW - 60_000, reason: 'keyCompromise' }, { kind: 'revoked', at: NOW - 60_000, reason: 'certificateHold' }, { kind: 'revoked', at: NOW - 60_000, reason: 'unspecified' }, { kind: 'unknown' }];

  function response(request: Uint8Array): Uint8Array {
    const { certIds, nonce } = parsed(request);
    const answers = certIds.map((id, i) => ({ certId: id, status: statuses[i % statuses.length] ?? { kind: 'unknown' as const } }));
    const tbs = writeTbsOcspResponse({ responderKeyHash: keyIdentifierOf(key.spki, crypto), producedAt: NOW, thisUpdate: NOW - 300_000, nextUpdate: NOW + 3_600_000, answers, nonce });
    return assembleOcspResponse(tbs, scheme, key.sign(scheme, tbs), [signer]);
  }

  it('openssl verifies the delegated signer and reads every status', () => {
    const serials = ['11', '12', '13', '14', '15'];
    const bytes = response(ocspRequest(serials.map((serial) => certId(ca.certificate, serial))));
    const said = opensslWithFiles(['ocsp', '-respin', '@resp.der', '-issuer', '@ca.pem', '-CAfile', '@ca.pem', ...serials.flatMap((serial) => ['-serial', `0x${serial}`])], { 'resp.der': bytes, 'ca.pem': caPem });
    expect(said).toMatch(/0x11: good[^]*0x12: revoked[^]*Reason: keyCompromise[^]*0x13: revoked[^]*Reason: certificateHold[^]*0x14: revoked\n(?![^]*0x14[^]*Reason:[^]*0x15)[^]*0x15: unknown/);
    expect(() => opensslWithFiles(['ocsp', '-respin', '@resp.der', '-issuer', '@ca.pem', '-CAfile', '@ca.pem', '-serial', '0x99'], { 'resp.der': Buffer.concat([bytes.subarray(0, -40), new Uint8Array(40)]), 'ca.pem': caPem })).toThrow();
  });

  it('PKI.js reads the same, and the nonce as it was sent', () => {
    const nonce = new Uint8Array(32).fill(9);
    const read = readOcspResponse(response(ocspRequest([certId(ca.certificate, '80'), certId(ca.certificate, '2', 'sha256')], { nonce })));
    expect(read).toMatchObject({ status: 'successful', producedAt: NOW, nonce: hex(writeOctetString(nonce)) });
    expect(read.answers).toMatchObject([
      { serial: '80', status: 'good', thisUpdate: NOW - 300_000, nextUpdate: NOW + 3_600_000 },
      { serial: '02', status: 'revoked', revokedAt: NOW - 60_000, reason: 1 },
    ]);
    expect(read.certificates.map(hex)).toEqual([hex(signer)]);
  });

  it.each([
    ['malformedRequest', '30030a0101'],
    ['tryLater', '30030a0103'],
    ['unauthorized', '30030a0106'],
  ] as const)('says %s in five octets', (failure, octets) => {
    expect(hex(writeOcspFailure(failure))).toBe(octets);
    expect(readOcspResponse(writeOcspFailure(failure)).status).toBe(failure);
  });
});
