/**
 * Whether the names of a certificate to be are within the name constraints of the CAs above it (RFC 5280 4.2.1.10, 6.1.4 b, c and g):
 * each CA's own, for a certificate must satisfy all of them. What cannot be judged is refused.
 */
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { type GeneralName, generalNameToText, parseAddress } from '../pki/generalNames.ts';
import { type NameConstraints, type NameTree, nameTreeToText, parseNameConstraints } from '../pki/nameConstraints.ts';
import { isEmptyName, isNameWithin, nameToText, textsOf } from '../pki/names.ts';
import { OID } from '../pki/oids.ts';
import { plainText } from '../pki/text.ts';

/** The constraints of one CA. */
export interface IssuerConstraints {
  /** The CA's name, for the words. */
  readonly by: string;
  /** Undefined: its extension cannot be read, so that nothing below it can be judged. */
  readonly constraints: NameConstraints | undefined;
}

/** A CA certificate's constraints; undefined where it has none. */
export function constraintsOf({ extensions }: Pick<Certificate, 'extensions'>): NameConstraints | 'unreadable' | undefined {
  const extension = extensions.find((x) => x.oid === OID.nameConstraints);
  if (extension === undefined) return undefined;
  const parsed = parseNameConstraints(extension.value);
  return parsed.ok ? parsed.value : 'unreadable';
}

/** Those of an issuer and of all above it. */
export function constraintsAbove(chain: readonly Uint8Array[]): readonly IssuerConstraints[] {
  return chain.flatMap((der): readonly IssuerConstraints[] => {
    const certificate = parseCertificate(der);
    if (!certificate.ok) return [{ by: 'a CA whose certificate cannot be read', constraints: undefined }];
    const constraints = constraintsOf(certificate.value);
    return constraints === undefined ? [] : [{ by: nameToText(certificate.value.subject), constraints: constraints === 'unreadable' ? undefined : constraints }];
  });
}

export interface CertificateNames {
  /** DER Name. */
  readonly subject: Uint8Array;
  readonly subjectAltNames: readonly GeneralName[];
}

/** Why these names may not stand below those CAs: a clause for a sentence; undefined where they may. */
export function nameProblem({ subject, subjectAltNames }: CertificateNames, above: readonly IssuerConstraints[]): string | undefined {
  const names = namesIn(subject, subjectAltNames);
  for (const { by, constraints } of above) {
    if (constraints === undefined) return `the name constraints of “${plainText(by)}” cannot be read, so that no name below it can be judged`;
    for (const name of names) {
      const shown = `“${plainText(generalNameToText(name))}”`;
      if (name.kind === 'uri' && hostOf(name.value) === undefined && [...constraints.permitted, ...constraints.excluded].some((tree) => tree.kind === 'uri')) {
        return `${shown} names no host that the constraints of “${plainText(by)}” could be compared with`;
      }
      const reachesInto = constraints.excluded.find((tree) => isOfForm(name, tree) && (tree.kind === 'unknown' || isWithin(name, tree) || wildcardCovers(name, tree)));
      if (reachesInto !== undefined) return `${shown} is excluded by “${plainText(by)}”, which issues nothing under ${nameTreeToText(reachesInto)}`;
      const permitted = constraints.permitted.filter((tree) => isOfForm(name, tree));
      if (permitted.length > 0 && !permitted.some((tree) => isWithin(name, tree))) {
        return `${shown} is not permitted by “${plainText(by)}”, which issues only under ${permitted.map(nameTreeToText).join(', ')}`;
      }
    }
  }
  return undefined;
}

/** Everything that a verifier compares: the SANs, the subject as a directory name, its e-mail addresses, and a common name that is a host name. */
function namesIn(subject: Uint8Array, subjectAltNames: readonly GeneralName[]): readonly GeneralName[] {
  const emails = textsOf(subject, OID.emailAddress).map((value): GeneralName => ({ kind: 'email', value }));
  // OpenSSL reads host names out of CN where no DNS name stands in the SAN, and older devices do as well.
  const hosts = subjectAltNames.some(({ kind }) => kind === 'dns') ? [] : textsOf(subject, OID.commonName).filter(isHostName).map((value): GeneralName => ({ kind: 'dns', value }));
  return [...subjectAltNames, ...(isEmptyName(subject) ? [] : [{ kind: 'directory', value: nameToText(subject), der: subject } as const]), ...emails, ...hosts];
}

const isHostName = (text: string): boolean => /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)+$/.test(text);

const isOtherName = (kind: GeneralName['kind']): boolean => kind === 'other' || kind === 'upn';

const isOfForm = (name: GeneralName, tree: NameTree): boolean =>
  tree.kind === 'unknown' ? name.kind === tree.form || (isOtherName(name.kind) && isOtherName(tree.form)) : name.kind === tree.kind;

function isWithin(name: GeneralName, tree: NameTree): boolean {
  switch (tree.kind) {
    case 'dns':
      return name.kind === 'dns' && isDnsWithin(withoutRoot(name.value.toLowerCase()), withoutRoot(tree.base.toLowerCase()));
    case 'email':
      return name.kind === 'email' && isMailboxWithin(name.value, tree.base);
    case 'uri':
      return name.kind === 'uri' && isHostWithin(hostOf(name.value), tree.base);
    case 'ip':
      return name.kind === 'ip' && isAddressWithin(name.value, tree);
    case 'directory':
      return name.kind === 'directory' && isNameWithin(name.der, tree.der);
    case 'unknown':
      return false;
  }
}

/** `office.lan.` is the same host as `office.lan`. */
const withoutRoot = (host: string): string => host.replace(/\.$/, '');

const isDnsWithin = (name: string, base: string): boolean => base === '' || name === base || name.endsWith(base.startsWith('.') ? base : `.${base}`);

/** `*.office.lan` speaks for an excluded `secret.office.lan` too. */
const wildcardCovers = (name: GeneralName, tree: NameTree): boolean =>
  name.kind === 'dns' && tree.kind === 'dns' && name.value.startsWith('*.') && tree.base.toLowerCase().replace(/^\./, '').endsWith(withoutRoot(name.value.slice(1).toLowerCase()));

function isMailboxWithin(mailbox: string, base: string): boolean {
  const at = mailbox.lastIndexOf('@');
  if (!base.includes('@')) return isHostWithin(mailbox.slice(at + 1), base);
  // The local part counts with its case (RFC 5280 7.5).
  const baseAt = base.lastIndexOf('@');
  return mailbox.slice(0, at) === base.slice(0, baseAt) && mailbox.slice(at).toLowerCase() === base.slice(baseAt).toLowerCase();
}

/** A host itself, or with a dot before it everything below it. */
function isHostWithin(host: string | undefined, base: string): boolean {
  if (host === undefined) return false;
  const [mine, theirs] = [withoutRoot(host.toLowerCase()), withoutRoot(base.toLowerCase())];
  return theirs.startsWith('.') ? mine.endsWith(theirs) : mine === theirs;
}

/** RFC 5280 4.2.1.10: a URI without a host, or with an address in its place, is within nothing. */
function hostOf(uri: string): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri)?.[1];
  return host === undefined || parseAddress(host) !== undefined ? undefined : host;
}

function isAddressWithin(text: string, { address, mask }: NameTree & { readonly kind: 'ip' }): boolean {
  const octets = parseAddress(text);
  return octets?.length === address.length && octets.every((octet, i) => (octet & (mask[i] ?? 0)) === ((address[i] ?? 0) & (mask[i] ?? 0)));
}
