import { describe, expect, it } from 'vitest';
import { givesUpAt } from '../../../../src/main/core/ca/clientKind.ts';
import { differencesOf } from '../../../../src/main/core/ca/differences.ts';
import { MINUTE } from '../../../../src/main/core/lib/instant.ts';
import { extendedKeyUsageExtension, keyUsageExtension, subjectAltNameExtension, writeExtensions, type Extension } from '../../../../src/main/core/pki/extensions.ts';
import { readElement } from '../../../../src/main/core/pki/der.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { parsedCsr, planFor, profile } from '../../../support/builders/facts.ts';

const asking = (subject: string, ...extensions: readonly Extension[]) => parsedCsr({ subject, extensions: readElement(writeExtensions(extensions)).children.map((e) => e.raw) });

describe('what differs from what was asked', () => {
  it('is nothing where the CSR asks for what it gets, or for nothing in particular', () => {
    const plain = asking('CN=device');
    expect(differencesOf(plain, planFor(plain))).toEqual([]);
    const exact = asking('CN=device', keyUsageExtension(['digitalSignature']), extendedKeyUsageExtension([OID.clientAuth]), subjectAltNameExtension([{ kind: 'dns', value: 'Device.lan' }], false));
    expect(differencesOf(exact, planFor(exact))).toEqual([]);
  });

  it('is told field by field', () => {
    const csr = asking(
      'CN=device',
      keyUsageExtension(['digitalSignature', 'nonRepudiation']),
      subjectAltNameExtension([{ kind: 'dns', value: 'device.lan' }], false),
      { oid: OID.msCertificateTemplateName, critical: false, value: Uint8Array.of(0x0c, 0x01, 0x41) },
      { oid: '1.2.3.4', critical: false, value: Uint8Array.of(5, 0) },
    );
    const plan = planFor(csr, profile('device', { subjectTemplate: 'CN={{device_name}}, O={{organization}}', extraSans: ['DNS:{{device_name}}.example'] }));
    expect(differencesOf(csr, { ...plan, subjectAltNames: plan.subjectAltNames.slice(1), extendedKeyUsages: [] })).toEqual([
      { field: 'subject', asked: 'CN=device', granted: 'CN=device, O=Test', text: 'The profile writes the subject as CN=device, O=Test.' },
      { field: 'subjectAltNames', asked: 'DNS:device.lan', granted: 'DNS:device.example', text: 'The profile leaves out DNS:device.lan and adds DNS:device.example.' },
      { field: 'keyUsage', asked: 'digitalSignature, nonRepudiation', granted: 'digitalSignature', text: 'The profile leaves out nonRepudiation.' },
      { field: 'extensions', asked: 'Microsoft certificate template name (1.3.6.1.4.1.311.20.2), 1.2.3.4', granted: '', text: 'The profile leaves out Microsoft certificate template name (1.3.6.1.4.1.311.20.2), 1.2.3.4.' },
    ]);
  });

  it('names the subject that a template gives to a request without one', () => {
    const csr = asking('', subjectAltNameExtension([{ kind: 'dns', value: 'device.lan' }], true));
    const plan = planFor(csr, profile('device', { subjectTemplate: 'O={{organization}}' }));
    expect(differencesOf(csr, plan)).toMatchObject([{ field: 'subject', asked: '', text: 'The profile gives the subject O=Test; the request has none.' }]);
  });
});

describe('the end of a device’s patience', () => {
  it.each([
    ['Cisco IOS', 10 * MINUTE],
    ['Apple device', MINUTE / 2],
    ['strongSwan', null],
    ['a kind of another version', null],
    [null, null],
  ])('%s: %s', (clientGuess, patience) => {
    expect(givesUpAt({ clientGuess, receivedAt: 1000, lastSeenAt: 1000 })).toBe(patience === null ? null : 1000 + patience);
    expect(givesUpAt({ clientGuess, receivedAt: 1000, lastSeenAt: 1000 + (patience ?? 0) + 1 })).toBeNull();
  });
});
