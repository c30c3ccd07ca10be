/** What an authority takes for its certificate, and in which words it refuses the rest. */
import { describe, expect, it } from 'vitest';
import { createNodeCrypto } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { type CaCertificateInput, judgeCaCertificate } from '../../../../src/main/core/ca/caCertificate.ts';
import { type Certificate, parseCertificate } from '../../../../src/main/core/pki/certificate.ts';
import * as der from '../../../../src/main/core/pki/der.ts';
import { type TestCa, ecKey, extension, keyIdOf, rsaKey } from '../../../support/forge.ts';
import { COMBINED_USAGE, type CaOptions, SIGN_ONLY_USAGE, aCa, caCertificate } from '../../../support/cas.ts';

const crypto = createNodeCrypto();
const DAY = 86_400_000;
const rootKey = rsaKey(50);
const middleKey = rsaKey(51);
const key = rsaKey(52);
const root = aCa({ key: rootKey, subject: 'CN=Root' });
const middle = aCa({ key: middleKey, subject: 'CN=Middle', issuer: root });
const ours = (options: Partial<CaOptions> = {}): Uint8Array => caCertificate({ key, subject: 'CN=Issuing', issuer: root, ...options });

function read(bytes: Uint8Array): Certificate {
  const parsed = parseCertificate(bytes);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

function judge(offered: readonly Uint8Array[], more: Partial<CaCertificateInput> = {}) {
  const judged = judgeCaCertificate({ spki: key.spki, offered: offered.map(read), standing: 'new', now: Date.now(), ...more }, crypto);
  if (!judged.ok) return judged.error;
  const { certificate, above, complete, servesScep, findings } = judged.value;
  return { serial: certificate.serialHex, above: above.map(({ der: bytes }) => Buffer.from(bytes).toString('hex')), complete, servesScep, findings: findings.map(({ code }) => code) };
}

const hex = (...certificates: readonly Uint8Array[]): string[] => certificates.map((c) => Buffer.from(c).toString('hex'));

describe('a chain', () => {
  it('is put together from any order, nearest first, and complete at its root', () => {
    const mine = ours({ issuer: middle });
    for (const offered of [[mine, middle.certificate, root.certificate], [root.certificate, middle.certificate, mine], [middle.certificate, mine, root.certificate]]) {
      expect(judge(offered)).toMatchObject({ above: hex(middle.certificate, root.certificate), complete: true, servesScep: true, findings: [] });
    }
  });

  it('may end below its root, and says so', () => {
    expect(judge([ours({ issuer: middle }), middle.certificate])).toMatchObject({ above: hex(middle.certificate), complete: false, findings: ['root-missing'] });
    expect(judge([ours()])).toMatchObject({ above: [], complete: false, findings: ['issuer-missing'] });
  });

  it('leaves out what does not belong to it', () => {
    const stranger = caCertificate({ key: rsaKey(53), subject: 'CN=Stranger' });
    expect(judge([stranger, ours(), root.certificate])).toMatchObject({ above: hex(root.certificate), findings: ['unrelated-certificates'] });
  });

  it('does not hold where the issuer of that name did not sign', () => {
    const impostor = caCertificate({ key: rsaKey(53), subject: 'CN=Root' });
    expect(judge([ours(), impostor])).toMatchObject({ code: 'chain-broken', text: expect.stringContaining('does not verify') });
    // The right one beside it is found all the same.
    expect(judge([ours(), impostor, root.certificate])).toMatchObject({ above: hex(root.certificate), complete: true });
    const broken = caCertificate({ key: middleKey, subject: 'CN=Middle', issuer: { key: rsaKey(53), certificate: root.certificate } });
    expect(judge([ours({ issuer: middle }), broken, root.certificate])).toMatchObject({ code: 'chain-broken' });
  });

  it('does not hold over what is no CA, or may not sign', () => {
    const noCa: TestCa = aCa({ key: middleKey, subject: 'CN=Middle', issuer: root, ca: false });
    expect(judge([ours({ issuer: noCa }), noCa.certificate, root.certificate])).toMatchObject({ code: 'chain-broken', text: expect.stringContaining('not a CA') });
    const mute: TestCa = aCa({ key: middleKey, subject: 'CN=Middle', issuer: root, usage: 0x80 });
    expect(judge([ours({ issuer: mute }), mute.certificate, root.certificate])).toMatchObject({ code: 'chain-broken', text: expect.stringContaining('keyCertSign') });
  });

  it('ends although CAs have certified each other', () => {
    const cross = caCertificate({ key: rootKey, subject: 'CN=Root', issuer: middle });
    expect(judge([ours({ issuer: middle }), cross, middle.certificate, root.certificate])).toMatchObject({ above: hex(middle.certificate, root.certificate), complete: true });
    expect(judge([ours({ issuer: middle }), cross, middle.certificate])).toMatchObject({ above: hex(middle.certificate, cross), complete: false });
  });

  it('keeps the path lengths of those above', () => {
    const tight = aCa({ key: rootKey, subject: 'CN=Root', pathLength: 0 });
    expect(judge([ours({ issuer: tight }), tight.certificate])).toMatchObject({ code: 'path-length-exceeded', text: expect.stringContaining('allows no CA below it') });
    const one = aCa({ key: rootKey, subject: 'CN=Root', pathLength: 1 });
    expect(judge([ours({ issuer: one }), one.certificate])).toMatchObject({ complete: true });
    const between = aCa({ key: middleKey, subject: 'CN=Middle', issuer: one, pathLength: 5 });
    expect(judge([ours({ issuer: between }), between.certificate, one.certificate])).toMatchObject({ code: 'path-length-exceeded', text: expect.stringContaining('no more than 1 CA below it (path length 1), and with this one there are 2') });
    expect(judge([ours({ pathLength: 0 }), root.certificate])).toMatchObject({ complete: true });
  });

  it('tells what is weak or runs out above', () => {
    const old = aCa({ key: middleKey, subject: 'CN=Middle', issuer: root, digest: 'sha1' });
    expect(judge([ours({ issuer: old }), old.certificate, root.certificate])).toMatchObject({ findings: ['chain-weak'] });
    const oldRoot = aCa({ key: rootKey, subject: 'CN=Root', digest: 'sha1' });
    // Nobody relies on a root's own signature.
    expect(judge([ours({ issuer: oldRoot }), oldRoot.certificate])).toMatchObject({ findings: [] });
    const over = aCa({ key: rootKey, subject: 'CN=Root', notAfter: Date.now() - DAY, notBefore: Date.now() - 9 * DAY });
    expect(judge([ours({ issuer: over }), over.certificate])).toMatchObject({ findings: ['chain-expired'] });
    const soon = aCa({ key: rootKey, subject: 'CN=Root', notAfter: Date.now() + DAY });
    expect(judge([ours({ issuer: soon }), soon.certificate])).toMatchObject({ findings: ['chain-expires-first'] });
  });
});

describe('a certificate is refused', () => {
  const withRoot = (options: Partial<CaOptions>) => judge([ours(options), root.certificate]);

  it('where there is none, or none for this key', () => {
    expect(judge([])).toMatchObject({ code: 'no-certificate' });
    expect(judge([middle.certificate, root.certificate])).toMatchObject({ code: 'certificate-key-differs', text: expect.stringContaining('“CN=Middle”, “CN=Root”') });
  });

  it.each([
    ['not-a-ca', { ca: false }],
    ['ca-usage-missing', { usage: 0x04 }],
    ['ca-usage-missing', { usage: 0x02 }],
    ['ca-usage-missing', { usage: null }],
    ['certificate-expired', { notBefore: Date.now() - 3 * DAY, notAfter: Date.now() - DAY }],
    ['certificate-not-yet-valid', { notBefore: Date.now() + DAY }],
    ['signature-weak', { digest: 'sha1' }],
    ['signature-weak', { digest: 'md5' }],
    ['certificate-unusable', { subject: '' }],
    ['certificate-unusable', { more: [extension('1.2.3.4', der.writeNull(), true)] }],
    ['certificate-unusable', { more: [extension('2.5.29.37', der.writeNull())] }],
  ] as const)('as %s (%o)', (code, options) => {
    expect(withRoot(options)).toMatchObject({ code, text: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  it('where its key is too small', () => {
    const small = rsaKey(60, 1024);
    expect(judge([ours({ key: small }), root.certificate], { spki: small.spki })).toMatchObject({ code: 'key-too-small' });
  });

  it('where it bears its own name and the signature is not its own', () => {
    const forged = caCertificate({ key, subject: 'CN=Self', issuer: { key: rootKey, certificate: caCertificate({ key, subject: 'CN=Self' }) } });
    expect(judge([forged], { standing: 'existing' })).toMatchObject({ code: 'chain-broken' });
  });
});

describe('a certificate that is taken', () => {
  it('is the newest good one for the key', () => {
    const before = ours({ notBefore: Date.now() - 9 * DAY });
    const expired = ours({ notBefore: Date.now() - 2 * DAY, notAfter: Date.now() - DAY });
    const after = ours({ notBefore: Date.now() - DAY });
    expect(judge([before, expired, after, root.certificate])).toMatchObject({ serial: read(after).serialHex });
    expect(judge([expired, before, root.certificate])).toMatchObject({ serial: read(before).serialHex });
  });

  it('serves SCEP only where its key usage says so, and its key is RSA', () => {
    expect(judge([ours({ usage: SIGN_ONLY_USAGE }), root.certificate])).toMatchObject({ servesScep: false, findings: [] });
    const ec = ecKey(50);
    expect(judge([ours({ key: ec, usage: COMBINED_USAGE }), root.certificate], { spki: ec.spki })).toMatchObject({ servesScep: false });
  });

  it('may lack a key usage where it is trusted already', () => {
    const self = caCertificate({ key, subject: 'CN=Old CA', usage: null });
    expect(judge([self], { standing: 'existing' })).toMatchObject({ complete: true, servesScep: false, findings: ['key-usage-absent'] });
  });

  it('tells what it allows below it', () => {
    const permitted = der.writeSequence(der.write(0xa0, der.writeSequence(der.write(0x82, Buffer.from('office.lan'))), der.writeSequence(der.write(0x87, Uint8Array.of(192, 0, 2, 0, 255, 255, 255, 0)))));
    const constrained = ours({ more: [extension('2.5.29.30', permitted, true)] });
    const judged = judgeCaCertificate({ spki: key.spki, offered: [read(constrained), read(root.certificate)], standing: 'new', now: Date.now() }, crypto);
    expect(judged).toMatchObject({ ok: true, value: { findings: [{ code: 'name-constraints', severity: 'notice', text: expect.stringContaining('only DNS:office.lan, IP:192.0.2.0/24') }] } });
    const serverOnly = ours({ more: [extension('2.5.29.37', der.writeSequence(der.writeOid('1.3.6.1.5.5.7.3.1')))] });
    expect(judge([serverOnly, root.certificate])).toMatchObject({ findings: ['usages-restricted'] });
  });

  it('puts what is worst first', () => {
    const over = aCa({ key: rootKey, subject: 'CN=Root', notAfter: Date.now() - DAY, notBefore: Date.now() - 9 * DAY });
    expect(judge([caCertificate({ key: rsaKey(53), subject: 'CN=Stranger' }), ours({ issuer: over }), over.certificate])).toMatchObject({ findings: ['chain-expired', 'unrelated-certificates'] });
  });

  it('keeps the identifier that its issuer gave it', () => {
    expect(Buffer.from(read(ours()).subjectKeyId ?? []).equals(Buffer.from(keyIdOf(key)))).toBe(true);
  });
});
