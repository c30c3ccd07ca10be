/** The listener's own SCEP and OCSP keys for the authority that it serves: which certificate each has, and which needs a successor. */
import { toHex } from '../../core/lib/bytes.ts';
import type { Generation } from '../../core/ca/authority.ts';
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import { type CourierLink, type OwnKeyKind, ownKeyDue } from '../../core/ca/courier.ts';
import { parseCertificate } from '../../core/pki/certificate.ts';
import type { Deps } from '../deps.ts';

export interface OwnKey {
  readonly kind: OwnKeyKind;
  readonly generation: Generation;
  /** The life of the newest certificate whose key is here; undefined where there is none. */
  readonly life: { readonly notBefore: number; readonly notAfter: number } | undefined;
}

// More than an authority has valid ones at a time.
const MOST_SIGNERS = 500;

/** Each key that this machine should have for each generation that is in use. */
export async function ownKeysOf(deps: Deps, { authorityId }: Pick<CourierLink, 'authorityId'>): Promise<readonly OwnKey[]> {
  const now = deps.clock.now();
  const generations = deps.directory.generations(authorityId).filter((g) => g.certificate !== null && g.notAfter > now && g.state !== 'retired');
  const [{ items }, keys] = await Promise.all([deps.store.read.certificates({ kind: 'ocsp', state: 'valid', authorityId, limit: MOST_SIGNERS }, now), deps.store.read.keys()]);
  const here = new Set(keys.filter(({ purpose }) => purpose === 'ocsp').map(({ spki }) => toHex(deps.crypto.digest('sha256', spki))));
  return generations.flatMap((generation): OwnKey[] => {
    const signer: CertificateRecord | undefined = items.find((record) => record.generation === generation.number && here.has(record.spkiSha256));
    const ocsp: OwnKey = { kind: 'ocsp', generation, life: signer };
    // A former generation's messages are opened with the key that it had.
    return generation.state === 'previous' ? [ocsp] : [{ kind: 'scep', generation, life: scepLife(deps, generation) }, ocsp];
  });
}

function scepLife(deps: Deps, { authorityId, number }: Generation): OwnKey['life'] {
  const [newest] = deps.directory.scepIdentities(authorityId).filter(({ generation }) => generation === number).sort((a, b) => b.notAfter - a.notAfter);
  const parsed = newest === undefined ? undefined : parseCertificate(newest.certificate);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** True where the next run should bring a certificate for a new key. */
export const needsSuccessor = ({ generation, life }: OwnKey, now: number): boolean => life === undefined || life.notAfter <= now || ownKeyDue(life, generation, now);
