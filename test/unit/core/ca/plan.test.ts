import { describe, expect, it } from 'vitest';
import { planAuthority, planOcspSigner, planScepKey } from '../../../../src/main/core/ca/identity.ts';
import { lintPlan } from '../../../../src/main/core/ca/lint.ts';
import { type CertificatePlan, type PlannedIssuer, planEndEntity, writeContents } from '../../../../src/main/core/ca/plan.ts';
import { readWishes } from '../../../../src/main/core/ca/csrRules.ts';
import { serialFrom } from '../../../../src/main/core/ca/serial.ts';
import { DAY, MINUTE } from '../../../../src/main/core/lib/instant.ts';
import { nameToText } from '../../../../src/main/core/pki/names.ts';
import { parsePublicKey } from '../../../../src/main/core/pki/algorithms.ts';
import { NOW, issuer, parsedCsr, planFor, profile } from '../../../support/builders/facts.ts';
import { ecKey, nameOf, rsaKey } from '../../../support/forge.ts';

const publicKey = (spki: Uint8Array): CertificatePlan['publicKey'] => {
  const key = parsePublicKey(spki);
  if (!key.ok) throw new Error(key.error);
  return key.value;
};

describe('the plan of an end-entity certificate', () => {
  it('A8.15 starts a little in the past, never before the CA', () => {
    expect(planFor(parsedCsr()).notBefore).toBe(NOW - 60 * MINUTE);
    expect(planFor(parsedCsr(), profile('device'), issuer({ notBefore: NOW - 1000 })).notBefore).toBe(NOW - 1000);
  });

  it('F1 never outlives the CA, and is refused once that has expired', () => {
    expect(planFor(parsedCsr(), profile('device'), issuer({ notAfter: NOW + 10 * DAY })).notAfter).toBe(NOW + 10 * DAY);
    const csr = parsedCsr();
    const wishes = readWishes(csr, profile('device'));
    if (!wishes.ok) throw new Error(wishes.error.text);
    const plan = planEndEntity({ csr, wishes: wishes.value, profile: profile('device'), issuer: issuer({ notAfter: NOW }), subjectKeyId: new Uint8Array(20), organization: '', crlUrls: [], caIssuersUrls: [], ocspUrls: [], now: NOW });
    expect(plan).toMatchObject({ ok: false, error: { code: 'authority-expired' } });
  });

  it('A8.16 keeps the CSR’s subject bytes unless the profile has a template', () => {
    const csr = parsedCsr({ subject: 'O=Test, CN=device' });
    expect(planFor(csr).subject).toEqual(csr.subject);
    const templated = profile('device', { subjectTemplate: 'CN={{device_name}},OU=Devices,O={{organization}}' });
    expect(nameToText(planFor(csr, templated).subject)).toBe('CN=device, OU=Devices, O=Test');
  });

  it('a device cannot write its way out of the template', () => {
    const csr = parsedCsr({ subject: nameOf('CN=device+OU\\=Admins') });
    const templated = profile('device', { subjectTemplate: 'CN={{device_name}},O={{organization}}' });
    const name = nameToText(planFor(csr, templated).subject);
    expect(name.match(/(?<!\\), ?O=Test$/)).not.toBeNull();
    expect(name.startsWith('CN=')).toBe(true);
    expect(name).not.toMatch(/(?<!\\)\+OU/);
  });

  it('a template that needs a name the device lacks is refused, not filled with nothing', () => {
    const csr = parsedCsr({ subject: 'O=Test', dnsNames: ['x.lan'] });
    expect(() => planFor(csr, profile('device', { subjectTemplate: 'CN={{device_name}}' }))).toThrow(/device_name/);
  });

  it('F1 gives RSA keys keyEncipherment and EC keys none; asks of the CSR are met as far as the profile goes', () => {
    expect(planFor(parsedCsr()).keyUsage).toEqual(['digitalSignature', 'keyEncipherment']);
    expect(planFor(parsedCsr({ key: ecKey(0) })).keyUsage).toEqual(['digitalSignature']);
    expect(planFor(parsedCsr({ key: ecKey(0) }), profile('user')).keyUsage).toEqual(['digitalSignature', 'keyAgreement']);
  });

  it('adds the profile’s own names once', () => {
    const csr = parsedCsr({ subject: 'CN=printer', dnsNames: ['printer.lan'] });
    const names = planFor(csr, profile('device', { extraSans: ['DNS:{{device_name}}.lan', 'DNS:{{device_name}}.office'] })).subjectAltNames;
    expect(names.map((n) => 'value' in n && n.value)).toEqual(['printer.lan', 'printer.office']);
  });
});

describe('lint', () => {
  const good = planFor(parsedCsr({ subject: 'O=Test, CN=device' }));
  const ruleOf = (changes: Partial<CertificatePlan>): string => {
    const linted = lintPlan({ ...good, ...changes });
    return linted.ok ? 'fit' : linted.error.rule;
  };

  it('passes a plan as planEndEntity makes it', () => expect(ruleOf({})).toBe('fit'));

  it.each<[string, Partial<CertificatePlan>]>([
    ['validity-order', { notAfter: good.notBefore }],
    ['validity-within-issuer', { notAfter: good.issuer.notAfter + 1 }],
    ['ca-flag', { basicConstraints: { ca: true } }],
    ['path-length', { basicConstraints: { ca: false, pathLength: 0 } }],
    ['key-usage-present', { keyUsage: [] }],
    ['signing-usage', { keyUsage: ['digitalSignature', 'keyCertSign'] }],
    ['encipherment-needs-rsa', { publicKey: publicKey(ecKey(0).spki) }],
    ['named', { subject: nameOf('') }],
    ['not-the-ca-name', { subject: nameOf('O=TEST, CN=test ca') }],
    ['eku-any', { extendedKeyUsages: ['2.5.29.37.0'] }],
    ['eku-ocsp', { extendedKeyUsages: ['1.3.6.1.5.5.7.3.9'] }],
    ['ocsp-signer', { kind: 'ocsp', keyUsage: ['digitalSignature'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.9', '1.3.6.1.5.5.7.3.2'] }],
    ['ocsp-signer', { kind: 'ocsp', keyUsage: ['digitalSignature', 'keyEncipherment'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.9'] }],
    ['ocsp-short-lived', { kind: 'ocsp', keyUsage: ['digitalSignature'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.9'] }],
    ['urls-http', { crlUrls: ['https://ca.test/1.crl'] }],
    ['urls-http', { ocspUrls: ['https://ca.test/ocsp'] }],
  ])('refuses by rule %s', (rule, changes) => expect(ruleOf(changes)).toBe(rule));
});

describe('the CA’s own certificates', () => {
  const input = {
    authorityId: 'a1',
    generation: 1,
    subject: nameOf('CN=Test CA'),
    spki: rsaKey(0).spki,
    publicKey: publicKey(rsaKey(0).spki),
    subjectKeyId: new Uint8Array(20).fill(1),
    years: 10,
    parent: undefined,
    pathLength: undefined,
    crlUrls: [],
    caIssuersUrls: [],
    ocspUrls: [],
    now: NOW,
  } as const;

  it('A4.2 a combined authority may sign and decipher, a split one only signs certificates and CRLs', () => {
    expect(planAuthority({ ...input, scepKey: 'combined' }).keyUsage).toEqual(['digitalSignature', 'keyEncipherment', 'keyCertSign', 'cRLSign']);
    expect(planAuthority({ ...input, scepKey: 'split' }).keyUsage).toEqual(['keyCertSign', 'cRLSign']);
    expect(lintPlan(planAuthority({ ...input, scepKey: 'combined' })).ok).toBe(true);
  });

  it('A4.9 a SCEP certificate has the KU and an EKU that Windows takes, and is no CA', () => {
    const plan = planScepKey({ issuer: issuer(), subject: nameOf('CN=Test CA SCEP'), spki: rsaKey(1).spki, publicKey: publicKey(rsaKey(1).spki), subjectKeyId: new Uint8Array(20).fill(2), crlUrls: [], caIssuersUrls: [], ocspUrls: [], now: NOW });
    expect(plan).toMatchObject({ keyUsage: ['digitalSignature', 'keyEncipherment'], extendedKeyUsages: ['1.3.6.1.4.1.311.20.2.1'], basicConstraints: { ca: false } });
    expect(lintPlan(plan).ok).toBe(true);
  });

  it('F5 an OCSP signer lives for a month, ends with its CA at the latest, and says nowhere where to ask about itself', () => {
    const plan = (by: PlannedIssuer) => planOcspSigner({ issuer: by, subject: nameOf('CN=Test CA OCSP'), spki: rsaKey(1).spki, publicKey: publicKey(rsaKey(1).spki), subjectKeyId: new Uint8Array(20).fill(2), now: NOW });
    expect(plan(issuer())).toMatchObject({ keyUsage: ['digitalSignature'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.9'], notAfter: NOW + 30 * DAY, crlUrls: [], caIssuersUrls: [], ocspUrls: [] });
    expect(lintPlan(plan(issuer())).ok).toBe(true);
    expect(plan(issuer({ notAfter: NOW + DAY })).notAfter).toBe(NOW + DAY);
    const oids = (p: CertificatePlan): readonly string[] => writeContents(p, serialFrom(new Uint8Array(16))).extensions.map(({ oid }) => oid);
    expect(oids(plan(issuer()))).toContain('1.3.6.1.5.5.7.48.1.5');
    expect(oids(planFor(parsedCsr()))).not.toContain('1.3.6.1.5.5.7.48.1.5');
  });

  it('an issuing CA ends with its root at the latest', () => {
    expect(planAuthority({ ...input, scepKey: 'split', parent: issuer({ notAfter: NOW + DAY }), pathLength: 0 }).notAfter).toBe(NOW + DAY);
  });

  it('F1 serials are positive, 16 octets, and keep 126 random bits', () => {
    expect(serialFrom(new Uint8Array(16))[0]).toBe(0x40);
    expect(serialFrom(new Uint8Array(16).fill(0xff))[0]).toBe(0x7f);
    expect(writeContents(planFor(parsedCsr()), serialFrom(new Uint8Array(16))).serial).toHaveLength(16);
  });
});
