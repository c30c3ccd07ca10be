/** The nameConstraints extension as bytes, values and text: which names the certificates below a CA may have (RFC 5280 4.2.1.10). */
import { type Result, err, ok } from '../lib/result.ts';
import { type Element, Malformed, TAG, childrenOf, contextTag, decoding, readElement, write, writeSequence } from './der.ts';
import type { Extension } from './extensions.ts';
import { type GeneralName, SPACE, generalNameToText, parseAddress, parseGeneralName, parseGeneralNameText, readAddress, writeGeneralName } from './generalNames.ts';
import { parseNameText, nameToText } from './names.ts';
import { OID } from './oids.ts';
import { escapeText } from './text.ts';

/** A name and what lies below it. */
export type NameTree =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly base: string }
  | { readonly kind: 'ip'; readonly address: Uint8Array; readonly mask: Uint8Array }
  | { readonly kind: 'directory'; readonly der: Uint8Array }
  /** A name form, or a minimum or maximum, that nobody here can judge: whatever has a name of this form is refused. */
  | { readonly kind: 'unknown'; readonly form: GeneralName['kind']; readonly text: string };

export interface NameConstraints {
  readonly permitted: readonly NameTree[];
  readonly excluded: readonly NameTree[];
}

/** Reads the extension's value. */
export function parseNameConstraints(value: Uint8Array): Result<NameConstraints, string> {
  return decoding(() => {
    const trees = childrenOf(readElement(value), TAG.sequence, 'nameConstraints');
    if (trees.some(({ tag }) => tag !== contextTag(0, true) && tag !== contextTag(1, true))) throw new Malformed('nameConstraints hold something unknown');
    const at = (n: number): NameTree[] => trees.filter((e) => e.tag === contextTag(n, true)).flatMap((e) => e.children.map(readTree));
    const constraints = { permitted: at(0), excluded: at(1) };
    if (constraints.permitted.length + constraints.excluded.length === 0) throw new Malformed('nameConstraints name nothing');
    return constraints;
  });
}

const IP_TAG = contextTag(7, false);

function readTree(subtree: Element): NameTree {
  const [base, ...bounds] = childrenOf(subtree, TAG.sequence, 'general subtree');
  if (base === undefined) throw new Malformed('general subtree has no base');
  // A range is address and mask in one, which is no address as a certificate has it.
  if (base.tag === IP_TAG) return bounds.length > 0 ? { kind: 'unknown', form: 'ip', text: 'IP:(with bounds)' } : readRange(base.content);
  const name = parseGeneralName(base);
  // RFC 5280 4.2.1.10: minimum is 0 and left out in DER, maximum is absent; other profiles may mean something by them.
  if (bounds.length === 0 && (name.kind === 'dns' || name.kind === 'email' || name.kind === 'uri')) return { kind: name.kind, base: name.value };
  if (bounds.length === 0 && name.kind === 'directory') return { kind: 'directory', der: name.der };
  return { kind: 'unknown', form: name.kind, text: generalNameToText(name) };
}

function readRange(octets: Uint8Array): NameTree {
  const half = octets.length / 2;
  if (half !== 4 && half !== 16) throw new Malformed('a range of addresses has neither 8 nor 32 octets');
  return { kind: 'ip', address: octets.slice(0, half), mask: octets.slice(half) };
}

/** The extension, critical as RFC 5280 4.2.1.10 wants it. Throws at trees that cannot be written: those come from foreign certificates only. */
export function nameConstraintsExtension({ permitted, excluded }: NameConstraints): Extension {
  const list = (n: number, trees: readonly NameTree[]): Uint8Array[] => (trees.length === 0 ? [] : [write(contextTag(n, true), ...trees.map((tree) => writeSequence(writeBase(tree))))]);
  return { oid: OID.nameConstraints, critical: true, value: writeSequence(...list(0, permitted), ...list(1, excluded)) };
}

function writeBase(tree: NameTree): Uint8Array {
  switch (tree.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return writeGeneralName({ kind: tree.kind, value: tree.base });
    case 'ip':
      return write(IP_TAG, tree.address, tree.mask);
    case 'directory':
      return writeGeneralName({ kind: 'directory', value: '', der: tree.der });
    case 'unknown':
      throw new Error(`a constraint on ${tree.text} is not written here`);
  }
}

const PREFIXES = { dns: 'DNS', email: 'email', uri: 'URI' } as const;

/** `DNS:office.lan`, `IP:192.0.2.0/24`, `email:office.lan`, `DirName:O=Office`. */
export function nameTreeToText(tree: NameTree): string {
  switch (tree.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return `${PREFIXES[tree.kind]}:${tree.base === '' ? '(any)' : escapeText(tree.base, SPACE)}`;
    case 'ip': {
      const length = prefixLengthOf(tree.mask);
      return `IP:${readAddress(tree.address)}/${length ?? readAddress(tree.mask)}`;
    }
    case 'directory':
      return `DirName:${nameToText(tree.der)}`;
    case 'unknown':
      return tree.text;
  }
}

/** Undefined where the ones do not all come first. */
function prefixLengthOf(mask: Uint8Array): number | undefined {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

// A host, or with a dot before it all hosts below it and not itself.
const HOST = /^\.?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;

/** Reads what nameTreeToText writes. The form must be named: `office.lan` alone could be meant for three of them. */
export function parseNameTreeText(text: string): Result<NameTree, string> {
  const [, prefix = '', base = ''] = /^\s*(DNS|IP|email|URI|DirName):(.*?)\s*$/is.exec(text) ?? [];
  switch (prefix.toLowerCase()) {
    case 'dns':
      return HOST.test(base) && base.length <= 253 ? ok({ kind: 'dns', base }) : err(`“${base}” is no DNS name; write for example DNS:office.lan for it and all below, without a star`);
    case 'email': {
      const mailbox = base.includes('@') ? parseGeneralNameText(`email:${base}`) : undefined;
      if (mailbox !== undefined) return mailbox.ok ? ok({ kind: 'email', base }) : mailbox;
      return HOST.test(base) ? ok({ kind: 'email', base }) : err(`“${base}” is neither an e-mail address nor a mail host; write for example email:office.lan`);
    }
    case 'uri':
      return HOST.test(base) ? ok({ kind: 'uri', base }) : err(`“${base}” is no host name; a constraint on URIs is one on their host: URI:www.office.lan, or URI:.office.lan for all below`);
    case 'ip':
      return parseRange(base);
    case 'dirname': {
      const der = parseNameText(base);
      return der.ok ? ok({ kind: 'directory', der: der.value }) : der;
    }
    default:
      return err(`“${text.trim()}” must begin with DNS:, IP:, email:, URI: or DirName:`);
  }
}

function parseRange(text: string): Result<NameTree, string> {
  const [start = '', length, extra] = text.split('/');
  const address = parseAddress(start);
  const bits = length === undefined ? (address?.length ?? 0) * 8 : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (address === undefined || extra !== undefined || bits < 0 || bits > address.length * 8) return err(`“${text}” is no range of addresses; write for example IP:192.0.2.0/24 or IP:2001:db8::/32`);
  const mask = Uint8Array.from(address, (_, i) => (0xff << (8 - Math.max(0, Math.min(8, bits - 8 * i)))) & 0xff);
  const first = address.map((octet, i) => octet & (mask[i] ?? 0));
  if (first.some((octet, i) => octet !== address[i])) return err(`“${text}” does not begin at the start of its range: that is ${readAddress(first)}/${bits}`);
  return ok({ kind: 'ip', address, mask });
}
