/** Name constraints: read, written, and judged as RFC 5280 4.2.1.10 says. That openssl agrees stands in test/interop/hierarchy.test.ts. */
import { describe, expect, it } from 'vitest';
import { nameProblem } from '../../../../src/main/core/ca/nameRules.ts';
import { type GeneralName, parseGeneralNameText } from '../../../../src/main/core/pki/generalNames.ts';
import { type NameConstraints, nameConstraintsExtension, nameTreeToText, parseNameConstraints, parseNameTreeText } from '../../../../src/main/core/pki/nameConstraints.ts';
import { parseNameText } from '../../../../src/main/core/pki/names.ts';

const trees = (...texts: readonly string[]) =>
  texts.map((text) => {
    const tree = parseNameTreeText(text);
    if (!tree.ok) throw new Error(tree.error);
    return tree.value;
  });
const names = (...texts: readonly string[]): readonly GeneralName[] =>
  texts.map((text) => {
    const name = parseGeneralNameText(text);
    if (!name.ok) throw new Error(name.error);
    return name.value;
  });
const subject = (text: string): Uint8Array => {
  const name = parseNameText(text);
  if (!name.ok) throw new Error(name.error);
  return name.value;
};

interface Wish {
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
  readonly subject?: string;
  readonly sans?: readonly string[];
}

const judge = (wish: Wish): string | undefined =>
  nameProblem({ subject: subject(wish.subject ?? 'CN=dev'), subjectAltNames: names(...(wish.sans ?? [])) }, [{ by: 'CN=Root', constraints: { permitted: trees(...(wish.permitted ?? [])), excluded: trees(...(wish.excluded ?? [])) } }]);

describe('a tree of names', () => {
  it.each(['DNS:office.lan', 'DNS:.office.lan', 'email:office.lan', 'email:.office.lan', 'email:root@office.lan', 'URI:www.office.lan', 'URI:.office.lan', 'IP:192.0.2.0/24', 'IP:192.0.2.7/32', 'IP:0.0.0.0/0', 'IP:2001:db8::/33', 'DirName:C=DE, O=Office'])(
    '%s is written and read again',
    (text) => {
      const written = nameConstraintsExtension({ permitted: trees(text), excluded: [] });
      expect(written.critical).toBe(true);
      const read = parseNameConstraints(written.value);
      expect(read.ok && read.value.permitted.map(nameTreeToText)).toEqual([text]);
    },
  );

  it.each([
    ['office.lan', 'must begin with'],
    ['DNS:*.office.lan', 'without a star'],
    ['IP:192.0.2.7/24', '192.0.2.0/24'],
    ['IP:192.0.2.0/33', 'no range'],
    ['IP:192.0.2.0/24/8', 'no range'],
    ['email:@office.lan', 'no e-mail address'],
    ['URI:http://office.lan', 'no host name'],
    ['DirName:nothing', ''],
  ])('%s is none: says why', (text, words) => {
    const tree = parseNameTreeText(text);
    expect(tree.ok ? '' : tree.error).toContain(words);
  });

  it('bounds and forms that nobody can judge are kept as such', () => {
    // SEQUENCE { [0] { SEQUENCE { [2] "a.lan", [0] minimum 1 } } }
    const bounded = Uint8Array.from([0x30, 0x0e, 0xa0, 0x0c, 0x30, 0x0a, 0x82, 5, ...Buffer.from('a.lan'), 0x80, 1, 1]);
    const parsed = parseNameConstraints(bounded);
    if (!parsed.ok) throw new Error(parsed.error);
    const constraints: NameConstraints = parsed.value;
    expect(constraints.permitted[0]?.kind).toBe('unknown');
    expect(nameProblem({ subject: subject('CN=x'), subjectAltNames: names('DNS:b.a.lan') }, [{ by: 'CN=R', constraints }])).toContain('not permitted');
    expect(nameProblem({ subject: subject('CN=x'), subjectAltNames: names('IP:192.0.2.1') }, [{ by: 'CN=R', constraints }])).toBeUndefined();
    expect(parseNameConstraints(Uint8Array.from([0x30, 0])).ok).toBe(false);
    // A member that nobody knows may forbid something: the whole is unreadable then, and nothing below such a CA is judged.
    const known = nameConstraintsExtension({ permitted: trees('DNS:office.lan'), excluded: [] }).value;
    const more = Uint8Array.from([0x30, known.length, ...known.subarray(2), 0xa2, 0x00]);
    expect(parseNameConstraints(more).ok).toBe(false);
  });
});

describe('a certificate below constraints', () => {
  it.each<[string, Wish]>([
    ['the host itself', { permitted: ['DNS:office.lan'], sans: ['DNS:office.lan'] }],
    ['a host below, in any case', { permitted: ['DNS:office.lan'], sans: ['DNS:Gate.OFFICE.lan'] }],
    ['a wildcard below', { permitted: ['DNS:office.lan'], sans: ['DNS:*.office.lan'] }],
    ['one of two trees', { permitted: ['DNS:a.lan', 'DNS:b.lan'], sans: ['DNS:x.b.lan'] }],
    ['a form that is not constrained', { permitted: ['DNS:office.lan'], sans: ['IP:198.51.100.1'] }],
    ['a common name that is no host name', { permitted: ['DNS:office.lan'], subject: 'CN=router-1' }],
    ['an address within', { permitted: ['IP:192.0.2.0/25'], sans: ['IP:192.0.2.127'] }],
    ['an IPv6 address within', { permitted: ['IP:2001:db8::/32'], sans: ['IP:2001:db8:1::1'] }],
    ['a mailbox on the host', { permitted: ['email:office.lan'], sans: ['email:a@OFFICE.lan'] }],
    ['a mailbox below', { permitted: ['email:.office.lan'], sans: ['email:a@mail.office.lan'] }],
    ['a URI on the host, with port and user', { permitted: ['URI:office.lan'], sans: ['URI:https://me@office.lan:8443/x'] }],
    ['a subject below', { permitted: ['DirName:C=DE,O=Office'], subject: 'C=DE,O=office,OU=IT,CN=dev' }],
    ['no subject at all', { permitted: ['DirName:O=Office'], subject: '', sans: ['DNS:a.lan'] }],
    ['a sibling of what is excluded', { excluded: ['DNS:secret.office.lan'], sans: ['DNS:gate.office.lan', 'DNS:notsecret.office.lan'] }],
  ])('may bear %s', (_what, wish) => expect(judge(wish)).toBeUndefined());

  it.each<[string, Wish, string]>([
    ['a host elsewhere', { permitted: ['DNS:office.lan'], sans: ['DNS:evil.lan'] }, 'issues only under DNS:office.lan'],
    ['a host that only ends alike', { permitted: ['DNS:office.lan'], sans: ['DNS:notoffice.lan'] }, 'not permitted'],
    ['the host itself below a dot', { permitted: ['DNS:.office.lan'], sans: ['DNS:office.lan'] }, 'not permitted'],
    ['one good and one bad name', { permitted: ['DNS:office.lan'], sans: ['DNS:a.office.lan', 'DNS:b.lan'] }, 'DNS:b.lan'],
    ['a common name that is a host elsewhere', { permitted: ['DNS:office.lan'], subject: 'CN=www.evil.lan' }, 'DNS:www.evil.lan'],
    ['what is excluded', { excluded: ['DNS:secret.office.lan'], sans: ['DNS:x.secret.office.lan'] }, 'is excluded'],
    ['a wildcard over what is excluded', { excluded: ['DNS:secret.office.lan'], sans: ['DNS:*.office.lan'] }, 'is excluded'],
    ['what is permitted and excluded', { permitted: ['DNS:lan'], excluded: ['DNS:b.lan'], sans: ['DNS:a.b.lan'] }, 'is excluded'],
    ['an address outside', { permitted: ['IP:192.0.2.0/25'], sans: ['IP:192.0.2.128'] }, 'not permitted'],
    ['an address of the other family', { permitted: ['IP:192.0.2.0/25'], sans: ['IP:2001:db8::1'] }, 'not permitted'],
    ['another mailbox', { permitted: ['email:Root@office.lan'], sans: ['email:root@office.lan'] }, 'not permitted'],
    ['an e-mail address in the subject', { permitted: ['email:office.lan'], subject: 'CN=x,emailAddress=a@evil.lan' }, 'email:a@evil.lan'],
    ['a URI elsewhere', { permitted: ['URI:.office.lan'], sans: ['URI:http://office.lan/'] }, 'not permitted'],
    ['a URI without a host', { excluded: ['URI:evil.lan'], sans: ['URI:urn:uuid:1'] }, 'names no host'],
    ['a URI with an address', { permitted: ['URI:office.lan'], sans: ['URI:http://192.0.2.1/'] }, 'names no host'],
    ['a URI whose host is hidden behind a second @', { excluded: ['URI:evil.lan'], sans: ['URI:https://x@y@evil.lan/'] }, 'names no host'],
    ['a URI whose host ends in the root', { excluded: ['URI:evil.lan'], sans: ['URI:https://evil.lan./'] }, 'is excluded'],
    ['a subject elsewhere', { permitted: ['DirName:O=Office'], subject: 'O=Evil,CN=x' }, 'not permitted'],
    ['a subject in which it comes later', { permitted: ['DirName:O=Office'], subject: 'C=DE,O=Office' }, 'not permitted'],
  ])('may not bear %s', (_what, wish, words) => expect(judge(wish)).toContain(words));

  it('may not escape an exclusion by naming the root, which a request can write', () => {
    const constraints = { permitted: [], excluded: trees('DNS:secret.office.lan') };
    for (const value of ['x.secret.office.lan.', '*.office.lan.']) {
      expect(nameProblem({ subject: subject('CN=dev'), subjectAltNames: [{ kind: 'dns', value }] }, [{ by: 'CN=Root', constraints }]), value).toContain('is excluded');
    }
  });

  it('RFC 5280 6.1.4 must satisfy every CA above, and none that cannot be read', () => {
    const by = (text: string, ...permitted: readonly string[]) => ({ by: text, constraints: { permitted: trees(...permitted), excluded: [] } });
    const certificate = { subject: subject('CN=x'), subjectAltNames: names('DNS:a.b.lan') };
    expect(nameProblem(certificate, [by('CN=Sub', 'DNS:b.lan'), by('CN=Root', 'DNS:lan')])).toBeUndefined();
    expect(nameProblem(certificate, [by('CN=Sub', 'DNS:b.lan'), by('CN=Root', 'DNS:c.lan')])).toContain('“CN=Root”');
    expect(nameProblem(certificate, [{ by: 'CN=Odd', constraints: undefined }])).toContain('cannot be read');
  });
});
