/** The certificates that must be trusted for an authority, each with its part and its file's name: what every trust kit is made of. */
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Authority } from '../../core/ca/authority.ts';
import { parseCertificate } from '../../core/pki/certificate.ts';
import { commonNameOf, namesEqual } from '../../core/pki/names.ts';
import { plainText } from '../../core/pki/text.ts';
import { toHex } from '../../core/lib/bytes.ts';
import { fileNameOf } from '../authorities/naming.ts';
import type { Deps, Refusal } from '../deps.ts';

export interface ChainLink {
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly name: string;
  readonly isRoot: boolean;
  /** Without its ending. */
  readonly fileName: string;
}

export interface TrustChain {
  readonly authority: Authority;
  /** The root first, the issuing CA last. */
  readonly links: readonly ChainLink[];
  /** The certificate that signs what devices get. */
  readonly issuing: ChainLink;
  /** Undefined where the chain was imported without it. */
  readonly root: ChainLink | undefined;
}

/** The authority's current chain; refused while it awaits its certificate. */
export function trustChainOf(deps: Deps, authority: Authority): Result<TrustChain, Refusal> {
  const generation = deps.directory.currentGeneration(authority.id);
  if (!generation?.certificate) {
    return err({ code: 'awaiting-certificate', message: `${authority.commonName} still awaits its certificate, so there is nothing to trust yet.`, hint: 'Install the certificate that the CA above it signed, then export again.' });
  }
  const issuing = linkOf(deps, generation.certificate, 'issuing', authority.commonName);
  const above = generation.chain.map((der) => linkOf(deps, der, 'intermediate', authority.commonName));
  const links = withOwnNames([issuing, ...above].reverse());
  const last = links.at(-1);
  if (last === undefined) throw new Error('a chain has a certificate');
  return ok({ authority, links, issuing: last, root: links.find(({ isRoot }) => isRoot) });
}

function linkOf(deps: Deps, der: Uint8Array, part: 'issuing' | 'intermediate', fallback: string): ChainLink {
  const parsed = parseCertificate(der);
  if (!parsed.ok) throw new Error(`a certificate of a stored chain cannot be read: ${parsed.error}`);
  const { subject, issuer } = parsed.value;
  const isRoot = namesEqual(subject, issuer);
  // A foreign CA chose it: a line end in it would forge the line of fingerprints below.
  const name = plainText(commonNameOf(subject) ?? fallback);
  return { der, sha256: toHex(deps.crypto.digest('sha256', der)), name, isRoot, fileName: `${fileNameOf({ commonName: name })}-${isRoot ? 'root' : part}` };
}

/** Two CAs whose names differ only in what a file name cannot hold must not overwrite each other. */
const withOwnNames = (links: readonly ChainLink[]): readonly ChainLink[] =>
  links.map((link, i) => (links.slice(0, i).some(({ fileName }) => fileName.toLowerCase() === link.fileName.toLowerCase()) ? { ...link, fileName: `${link.fileName}-${i + 1}` } : link));
