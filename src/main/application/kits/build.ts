/**
 * Kits: the files that make a device, or the MDM that manages it, trust an authority, and the words that say where each goes.
 * Certificates are public, so a kit needs no key and changes nothing.
 */
import { toPem, utf8 } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Authority } from '../../core/ca/authority.ts';
import { writeTrustProfile } from '../../core/ca/trustProfile.ts';
import { writeCertsOnly } from '../../core/pki/signedData.ts';
import { fileNameOf } from '../authorities/naming.ts';
import type { ExportedFile } from '../certificates.ts';
import type { Deps, Outcome, Refusal } from '../deps.ts';
import { type KitTarget, TARGETS } from './targets.ts';
import { type ChainLink, type TrustChain, trustChainOf } from './trustChain.ts';
import { describeTrust } from './words.ts';

export interface Kit {
  readonly files: readonly ExportedFile[];
  readonly text: string;
}

export interface KitWish {
  readonly target: KitTarget;
  /** This, or the path of an endpoint whose authority is meant. */
  readonly authorityId?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** What can be built, in the order of the page. */
export const listKitTargets = (): readonly { readonly target: KitTarget; readonly title: string; readonly text: string }[] =>
  (Object.keys(TARGETS) as KitTarget[]).map((target) => ({ target, ...TARGETS[target] }));

/** Refused: invalid-input, not-found, awaiting-certificate. */
export async function buildKit(deps: Deps, wish: KitWish): Outcome<Kit> {
  const authority = findAuthority(deps, wish);
  if (!authority.ok) return authority;
  const chain = trustChainOf(deps, authority.value);
  if (!chain.ok) return chain;
  const files = filesOf(deps, wish.target, chain.value);
  return ok({ files, text: describeTrust(wish.target, chain.value, files) });
}

function findAuthority({ directory }: Deps, { authorityId, endpoint }: KitWish): Result<Authority, Refusal> {
  if ((authorityId === undefined) === (endpoint === undefined)) {
    return err({ code: 'invalid-input', message: 'authorityId: name an authority, or the path of an endpoint, and not both.' });
  }
  const id = authorityId ?? directory.endpointByPath(endpoint ?? '')?.authorityId;
  const found = id === undefined ? undefined : directory.authority(id);
  return found === undefined ? err({ code: 'not-found', message: endpoint === undefined ? 'There is no such authority.' : 'There is no endpoint at this path.' }) : ok(found);
}

function filesOf(deps: Deps, target: KitTarget, chain: TrustChain): readonly ExportedFile[] {
  const { authority, links } = chain;
  const name = fileNameOf(authority);
  switch (target) {
    case 'trust-der':
    case 'intune-trusted-certificate':
      return links.map(derFile);
    case 'trust-pem':
      return [pemFile(`${name}-chain.pem`, links.toReversed()), ...links.map((link) => pemFile(`${link.fileName}.crt`, [link]))];
    case 'trust-p7b':
      return [{ name: `${name}.p7b`, mediaType: 'application/x-pkcs7-certificates', bytes: writeCertsOnly(links.map(({ der }) => der).toReversed()) }];
    case 'apple-profile':
      return [{ name: `${name}-trust.mobileconfig`, mediaType: 'application/x-apple-aspen-config', bytes: utf8(trustProfileOf(deps, chain)) }];
  }
}

const derFile = ({ fileName, der }: ChainLink): ExportedFile => ({ name: `${fileName}.cer`, mediaType: 'application/pkix-cert', bytes: der });

/** A single one is a `.crt`: update-ca-certificates looks at no other. */
const pemFile = (name: string, links: readonly ChainLink[]): ExportedFile => ({
  name,
  mediaType: 'application/x-pem-file',
  bytes: utf8(links.map(({ der }) => toPem('CERTIFICATE', der)).join('')),
});

const trustProfileOf = ({ crypto }: Deps, { authority, links }: TrustChain): string =>
  writeTrustProfile(crypto, {
    authorityId: authority.id,
    name: authority.commonName,
    organization: authority.organization ?? authority.commonName,
    certificates: links.map(({ der, isRoot, name, fileName }) => ({ der, isRoot, name, fileName: `${fileName}.cer` })),
  });
