/** Certificates for this machine's own keys: a SCEP key is given out as soon as it has one for the current generation, a former OCSP key goes. */
import { toHex } from '../../core/lib/bytes.ts';
import type { ScepIdentity } from '../../core/ca/authority.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import type { CourierLink, WantedKey } from '../../core/ca/courier.ts';
import { newId } from '../issue.ts';
import type { Bringing, BroughtAuthority } from './bringing.ts';
import type { CourierDeps } from './deps.ts';

export interface BroughtKeys {
  readonly certified: number;
  /** Still without a certificate. */
  readonly wanted: readonly WantedKey[];
}

export async function takeOwnKeys(deps: CourierDeps, paired: CourierLink, authority: BroughtAuthority, brought: readonly CertificateRecord[], bringing: Bringing): Promise<BroughtKeys> {
  const link = { ...paired, wanted: await dropGone(deps, paired, authority, bringing) };
  const certified = link.wanted.flatMap((key) => {
    const record = brought.find(({ kind, generation, spkiSha256 }) => kind === key.kind && generation === key.generation && spkiSha256 === key.spkiSha256);
    return record === undefined ? [] : [{ key, record }];
  });
  for (const { key, record } of certified.filter(({ key: { kind } }) => kind === 'ocsp')) await dropFormer(deps, key, record, bringing);
  const made = certified.filter(({ key: { kind } }) => kind === 'scep').map(({ key, record }): ScepIdentity => ({ id: newId(deps), authorityId: record.authorityId, generation: key.generation, keyId: key.keyId, certificate: record.der, active: false, notAfter: record.notAfter, version: 0 }));
  giveOut(deps, authority, made, bringing);
  const done = new Set(certified.map(({ key }) => key.keyId));
  return { certified: done.size, wanted: link.wanted.filter(({ keyId }) => !done.has(keyId)) };
}

const MOST_SIGNERS = 500;

/** Keys for a generation that was withdrawn open and sign nothing any more. Those that are still wanted are left. */
async function dropGone(deps: CourierDeps, { wanted, authorityId }: CourierLink, { gone }: BroughtAuthority, { changes, expect }: Bringing): Promise<readonly WantedKey[]> {
  if (gone.length === 0) return wanted;
  const numbers = new Set(gone.map(({ number }) => number));
  const identities = deps.directory.scepIdentities(authorityId).filter(({ generation }) => numbers.has(generation));
  const [{ items }, keys] = await Promise.all([deps.store.read.certificates({ kind: 'ocsp', authorityId, limit: MOST_SIGNERS }, deps.clock.now()), deps.store.read.keys()]);
  const signers = new Set(items.filter(({ generation }) => numbers.has(generation)).map(({ spkiSha256 }) => spkiSha256));
  const responders = keys.filter(({ purpose, spki }) => purpose === 'ocsp' && signers.has(toHex(deps.crypto.digest('sha256', spki))));
  for (const { id, version } of identities) {
    expect.push({ kind: 'version', table: 'scepIdentity', id, version });
    changes.push({ kind: 'remove', table: 'scepIdentity', id });
  }
  const ids = new Set([...identities.map(({ keyId }) => keyId), ...responders.map(({ id }) => id), ...wanted.filter(({ generation }) => numbers.has(generation)).map(({ keyId }) => keyId)]);
  for (const id of ids) changes.push({ kind: 'remove', table: 'key', id });
  return wanted.filter(({ generation }) => !numbers.has(generation));
}

async function dropFormer(deps: CourierDeps, key: WantedKey, { authorityId }: CertificateRecord, { changes }: Bringing): Promise<void> {
  const [{ items }, keys] = await Promise.all([deps.store.read.certificates({ kind: 'ocsp', authorityId, limit: MOST_SIGNERS }, deps.clock.now()), deps.store.read.keys()]);
  const former = new Set(items.filter(({ generation }) => generation === key.generation).map(({ spkiSha256 }) => spkiSha256));
  for (const stored of keys) {
    if (stored.purpose === 'ocsp' && stored.id !== key.keyId && former.has(toHex(deps.crypto.digest('sha256', stored.spki)))) changes.push({ kind: 'remove', table: 'key', id: stored.id });
  }
}

/** The newest key of the current generation is active; where it has none yet, the one that was. */
function giveOut(deps: CourierDeps, { authority, generations, gone }: BroughtAuthority, made: readonly ScepIdentity[], bringing: Bringing): void {
  const all = [...deps.directory.scepIdentities(authority.id).filter(({ generation }) => !gone.some(({ number }) => number === generation)), ...made];
  const current = [...generations.values()].find(({ state }) => state === 'current');
  const [chosen] = all.filter(({ generation }) => generation === current?.number).sort((a, b) => b.notAfter - a.notAfter);
  for (const identity of all) {
    const active = chosen === undefined ? identity.active : identity.id === chosen.id;
    const fresh = identity.version === 0;
    if (!fresh && active === identity.active) continue;
    bringing.expect.push(fresh ? { kind: 'absent', table: 'scepIdentity', id: identity.id } : { kind: 'version', table: 'scepIdentity', id: identity.id, version: identity.version });
    bringing.changes.push({ kind: 'put', table: 'scepIdentity', value: { ...identity, active, version: identity.version + 1 } });
    if (fresh) bringing.audit.push({ action: 'authority.key', subject: `authority:${authority.id}`, outcome: 'ok', code: 'certified', detail: { purpose: 'scep', generation: identity.generation, active } });
  }
}
