/** The address that is signed into certificates: each thing that may end it has a sentence of its own. */
import { describe, expect, it } from 'vitest';
import { type PublicAddressFacts, judgePublicAddress, oldAddressFinding } from '../../../../src/main/core/ca/publicAddress.ts';

const judge = (url: string, changes: Partial<PublicAddressFacts> = {}): readonly string[] =>
  judgePublicAddress({ url, listener: { host: '0.0.0.0', port: 8080 }, ownAddresses: ['127.0.0.1', '192.0.2.10', '2001:db8::10'], resolved: ['192.0.2.10'], ...changes }).map(({ code }) => code);

describe('a public address', () => {
  it.each<[string, Partial<PublicAddressFacts>, readonly string[]]>([
    ['http://ca.office.lan:8080', {}, []],
    ['http://ca.office.lan:8080/pki', { resolved: ['198.51.100.1', '192.0.2.10'] }, []],
    ['http://ca.office.lan:8080', { resolved: undefined, listener: null }, []],
    ['http://192.0.2.10:8080', {}, ['address-is-ip']],
    ['http://192.0.2.99:8080', {}, ['address-is-ip', 'address-not-here']],
    ['http://[2001:db8::10]:8080', {}, ['address-is-ip']],
    ['http://printer.local:8080', {}, ['address-mdns']],
    ['http://caserver:8080', {}, ['address-short']],
    ['http://localhost:8080', {}, ['address-loopback']],
    ['http://127.0.0.1:8080', {}, ['address-loopback']],
    ['http://ca.office.lan:8080', { resolved: [] }, ['address-unresolved']],
    ['http://ca.office.lan:8080', { resolved: ['198.51.100.1'] }, ['address-elsewhere']],
    ['http://ca.office.lan:8080', { resolved: ['127.0.1.1'] }, ['address-elsewhere']],
    ['http://ca.office.lan', {}, ['address-port']],
    ['http://ca.office.lan:8080', { listener: { host: '127.0.0.1', port: 8080 } }, ['address-unserved']],
    ['https://ca.office.lan', {}, ['address-unusable']],
  ])('%s %j', (url, changes, codes) => expect(judge(url, changes)).toEqual(codes));

  it('that was changed leaves its former self in certificates', () => {
    expect(oldAddressFinding('http://old.lan', 1).text).toMatch(/^One valid certificate names/);
    expect(oldAddressFinding('http://old.lan', 7).text).toMatch(/^7 valid certificates/);
  });
});
