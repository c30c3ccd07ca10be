import { describe, expect, it } from 'vitest';
import { createNodeCrypto } from '../../../../src/main/adapters/crypto/nodeCrypto.ts';
import { writePlist } from '../../../../src/main/core/ca/plist.ts';
import { nameUuid, writeTrustProfile } from '../../../../src/main/core/ca/trustProfile.ts';

const crypto = createNodeCrypto();
const certificate = (byte: number, isRoot: boolean) => ({ der: new Uint8Array(60).fill(byte), isRoot, name: `CA ${byte}`, fileName: `ca-${byte}.cer` });
const profile = (...certificates: readonly ReturnType<typeof certificate>[]) => writeTrustProfile(crypto, { authorityId: 'a1', name: 'Office CA', organization: 'Office', certificates });
const valuesOf = (xml: string, key: string): readonly string[] => [...xml.matchAll(new RegExp(`<key>${key}</key>\\s*<string>([^<]*)</string>`, 'g'))].map((match) => match[1] ?? '');

describe('a property list', () => {
  it('writes every kind of value, and escapes what XML would misread', () => {
    expect(writePlist({ text: 'a < b & c > "d"', yes: true, no: false, many: [1, 'two'], bytes: new Uint8Array([1, 2, 3]), none: {} })).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
        '<plist version="1.0">',
        '<dict>',
        '\t<key>text</key>',
        '\t<string>a &lt; b &amp; c &gt; "d"</string>',
        '\t<key>yes</key>',
        '\t<true/>',
        '\t<key>no</key>',
        '\t<false/>',
        '\t<key>many</key>',
        '\t<array>',
        '\t\t<integer>1</integer>',
        '\t\t<string>two</string>',
        '\t</array>',
        '\t<key>bytes</key>',
        '\t<data>',
        '\tAQID',
        '\t</data>',
        '\t<key>none</key>',
        '\t<dict>',
        '\t</dict>',
        '</dict>',
        '</plist>',
        '',
      ].join('\n'),
    );
  });

  it('lets nothing break out of its text, nor what XML cannot hold', () => {
    expect(writePlist(']]></string><true/>\u0000\u0007\u001f\ud800\uffff\r😀')).toContain('<string>]]&gt;&lt;/string&gt;&lt;true/&gt;\ufffd\ufffd\ufffd\ufffd\ufffd&#13;😀</string>');
  });
});

describe('a name-based UUID', () => {
  it('is of version 5 and the same for the same name', () => {
    expect(nameUuid(crypto, 'a')).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    expect(nameUuid(crypto, 'a')).toBe(nameUuid(crypto, 'a'));
    expect(nameUuid(crypto, 'a')).not.toBe(nameUuid(crypto, 'b'));
  });

  it('is what every other maker of such UUIDs gets', () => {
    // python3 -c "import uuid; print(uuid.uuid5(uuid.UUID('c40cd631-72f8-4d67-95ef-5e45e0f3f6db'), 'a1/é'))"
    expect(nameUuid(crypto, 'a1/é')).toBe('33DE97BA-F957-5824-A565-FA08BB366C19');
  });
});

describe('an Apple trust profile', () => {
  it('has one payload for each certificate, the root as such, and may be removed', () => {
    const xml = profile(certificate(1, true), certificate(2, false));
    expect(valuesOf(xml, 'PayloadType')).toEqual(['Configuration', 'com.apple.security.root', 'com.apple.security.pkcs1']);
    expect(valuesOf(xml, 'PayloadCertificateFileName')).toEqual(['ca-1.cer', 'ca-2.cer']);
    expect(xml).toContain('<key>PayloadRemovalDisallowed</key>\n\t<false/>');
    expect(new Set(valuesOf(xml, 'PayloadUUID')).size).toBe(3);
    expect(new Set(valuesOf(xml, 'PayloadIdentifier')).size).toBe(3);
  });

  it('is the same each time it is written', () => {
    expect(profile(certificate(1, true))).toBe(profile(certificate(1, true)));
  });

  it('replaces its older self when a certificate joins it: same identifier, and what stayed keeps its payload', () => {
    const [before, after] = [profile(certificate(1, true)), profile(certificate(1, true), certificate(2, false))];
    const [oldIds, newIds, oldUuids, newUuids] = [valuesOf(before, 'PayloadIdentifier'), valuesOf(after, 'PayloadIdentifier'), valuesOf(before, 'PayloadUUID'), valuesOf(after, 'PayloadUUID')];
    expect(newIds[0]).toBe(oldIds[0]);
    expect(newUuids[0]).not.toBe(oldUuids[0]);
    expect([newIds[1], newUuids[1]]).toEqual([oldIds[1], oldUuids[1]]);
  });
});
