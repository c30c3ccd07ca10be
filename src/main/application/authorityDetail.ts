/** What an authority's page shows beside it: where its key lies and whether it can sign, and the list of each generation. */
import { type Result, err, ok } from '../core/lib/result.ts';
import type { Instant } from '../core/lib/instant.ts';
import type { Authority, ScepIdentity } from '../core/ca/authority.ts';
import type { CrlRecord } from '../core/ca/certificateRecord.ts';
import { scepRenewalAt } from '../core/ca/scepKey.ts';
import { parseCrl } from '../core/pki/crl.ts';
import { lifeOf } from './authorities/scepKeys.ts';
import { getAuthority } from './authorities.ts';
import type { Refusal } from './deps.ts';
import { type IssuingDeps, revocationUrls } from './issue.ts';
import type { VaultKind } from './ports/vault.ts';

export interface ShownCrl {
  readonly crl: CrlRecord;
  readonly entries: number;
  readonly url: string | null;
}

export interface ShownScepKey {
  readonly identity: ScepIdentity;
  /** The CA's own. */
  readonly own: boolean;
  readonly notBefore: Instant;
  readonly renewsAt: Instant | null;
}

export interface AuthorityDetail {
  readonly authority: Authority;
  /** Null where its key lies elsewhere. */
  readonly keyPlace: VaultKind | null;
  readonly keyReady: boolean;
  readonly crls: readonly ShownCrl[];
  readonly scepKeys: readonly ShownScepKey[];
}

/** Where devices fetch a list: at the address that certificates name, else at the listener's own; nowhere while it is down. */
function crlUrl(deps: IssuingDeps, authority: Authority, generation: number): string | null {
  const { baseUrl } = deps.listener.state();
  if (baseUrl === null) return null;
  return revocationUrls(deps, authority.number, generation).crlUrls[0] ?? `${baseUrl}/crl/${authority.number}/${generation}.crl`;
}

function showCrl(deps: IssuingDeps, authority: Authority, crl: CrlRecord): ShownCrl {
  const parsed = parseCrl(crl.der);
  if (!parsed.ok) throw new Error(`the stored CRL ${crl.number} of ${authority.commonName} cannot be read: ${parsed.error}`);
  return { crl, entries: parsed.value.revoked.length, url: crlUrl(deps, authority, crl.generation) };
}

function showScepKey(identity: ScepIdentity, own: boolean): ShownScepKey {
  const life = lifeOf(identity);
  if (life === undefined) throw new Error(`the certificate of the SCEP key ${identity.keyId} cannot be read`);
  return { identity, own, notBefore: life.notBefore, renewsAt: identity.active && !own ? scepRenewalAt(life) : null };
}

/** One authority, with the state of its key and its lists. Its key is the current generation's, or of the one that awaits its certificate. */
export async function getAuthorityDetail(deps: IssuingDeps, input: { readonly id: string }): Promise<Result<AuthorityDetail, Refusal>> {
  const found = await getAuthority(deps, input);
  if (!found.ok) return err(found.error);
  const { authority, generations } = found.value;
  const keyId = (generations.find(({ state }) => state === 'current') ?? generations.at(-1))?.keyId;
  const [keys, crls] = await Promise.all([deps.store.read.keys(), Promise.all(generations.map(({ number }) => deps.store.read.latestCrl(authority.id, number)))]);
  return ok({
    authority,
    keyPlace: keys.some(({ id }) => id === keyId) ? (deps.vault.kind() ?? null) : null,
    keyReady: keyId !== undefined && deps.signers.has(keyId),
    scepKeys: deps.directory.scepIdentities(authority.id).map((identity) => showScepKey(identity, generations.some((g) => g.keyId === identity.keyId))),
    crls: crls.flatMap((crl) => (crl === undefined ? [] : [showCrl(deps, authority, crl)])),
  });
}
