import { describe, expect, it } from 'vitest';
import { contract } from '../../../src/preload/contract/contract.ts';
import { NEW_AUTHORITY, authorityWish, findDraftErrors, nameWish } from '../../../src/renderer/src/design/authorityDraft.ts';
import { type Authority, authorityLook, inTree, readKitText } from '../../../src/renderer/src/features/authorities/standing.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');

function authority(number: number, { parentId = null, notAfter = '2036-11-21T10:00:00Z' }: { readonly parentId?: string | null; readonly notAfter?: string | null } = {}): Authority {
  const fingerprints = notAfter === null ? null : { md5: '', sha1: '', sha256: '', sha512: '' };
  return {
    id: `ca-${number}`,
    number,
    version: 1,
    commonName: `CA ${number}`,
    organization: null,
    subject: `CN=CA ${number}`,
    key: 'rsa-3072',
    scepKey: 'combined',
    parentId,
    createdAt: '2026-11-21T10:00:00Z',
    certificatePem: null,
    chainPem: [],
    pathLength: null,
    nameConstraints: null,
    fingerprints,
    scepCertificate: null,
    generations: [{ number: 1, state: notAfter === null ? 'awaiting-certificate' : 'current', certificatePem: null, fingerprints, subjectKeyId: '00', notBefore: notAfter, notAfter }],
  };
}

describe('the state of an authority', () => {
  it.each([
    ['2036-11-21T10:00:00Z', 'Valid'],
    ['2027-11-21T10:00:00Z', 'Ends soon'],
    ['2026-11-21T10:00:00Z', 'Expired'],
    [null, 'Awaiting certificate'],
  ])('that ends %s is “%s”', (notAfter, word) => {
    expect(authorityLook(authority(1, { notAfter }), NOW).word).toBe(word);
  });
});

describe('the tree of authorities', () => {
  it('puts children under their parents, in the order in which they were made', () => {
    const placed = inTree([authority(4, { parentId: 'ca-2' }), authority(3), authority(2, { parentId: 'ca-1' }), authority(1)]);
    expect(placed.map(({ authority: { number }, depth }) => [number, depth])).toEqual([
      [1, 0],
      [2, 1],
      [4, 2],
      [3, 0],
    ]);
  });

  it('loses nobody whose parent is not in the list', () => {
    expect(inTree([authority(7, { parentId: 'gone' })])).toHaveLength(1);
  });
});

describe('the text of a kit', () => {
  it('has heads, plain paragraphs and lists', () => {
    expect(readKitText('In Intune, do this: then that.\n\nWindows: open each file.\n\nmacOS: root.cer first.\n\nCompare:\nRoot: ab\nIssuing: cd')).toEqual([
      { head: 'In Intune, do this', lines: ['Then that.'] },
      { head: 'Windows', lines: ['Open each file.'] },
      { head: 'macOS', lines: ['root.cer first.'] },
      { head: 'Compare', lines: ['Root: ab', 'Issuing: cd'] },
    ]);
    expect(readKitText('Create a profile. Assign it to the groups: users with users.')).toEqual([{ head: null, lines: ['Create a profile. Assign it to the groups: users with users.'] }]);
  });
});

describe('an authority that is to be', () => {
  const draft = { ...NEW_AUTHORITY, commonName: ' Office CA ', country: 'de' };

  it('is sent as the contract wants it', () => {
    expect(authorityWish(draft)).toEqual({ commonName: 'Office CA', country: 'DE', key: 'rsa-3072', scepKey: 'combined', years: 10 });
    expect(contract['authorities.create'].input.safeParse(authorityWish(draft, 'root')).success).toBe(true);
    expect(contract['authorities.signingRequest'].input.safeParse(nameWish(draft)).success).toBe(true);
  });

  it('with an EC key has a SCEP key of its own, whatever the switch says', () => {
    expect(nameWish({ ...draft, key: 'p256' }).scepKey).toBe('split');
  });

  it('is checked before it is sent', () => {
    expect(findDraftErrors(draft)).toEqual({});
    expect(Object.keys(findDraftErrors({ ...draft, commonName: ' ', country: 'DEU', years: 31 }))).toEqual(['commonName', 'country', 'years']);
  });
});
