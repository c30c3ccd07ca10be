/** An authority as it travels, and the keys of its own that a listener wants certificates for. */
import { toBase64, toHex } from '../../core/lib/bytes.ts';
import type { Authority, Generation, KeyAlgorithm, StoredKey } from '../../core/ca/authority.ts';
import type { OwnKeyKind, WantedKey } from '../../core/ca/courier.ts';
import type { CarriedAuthority, CarriedGeneration } from '../../core/ca/courierPayload.ts';
import { signerKeyFor } from '../../core/ca/ocsp.ts';
import { nameBeside } from '../authorities/mint.ts';
import type { Deps } from '../deps.ts';
import type { CourierDeps } from './deps.ts';

const carryGeneration = ({ number, state, certificate, chain, activateAt, publishedAt, announcement }: Generation): readonly CarriedGeneration[] =>
  certificate === null || state === 'awaiting-certificate' ? [] : [{ number, state, certificate, chain, activateAt, publishedAt, announcement }];

export function carryAuthority(deps: Deps, { id, number, commonName, organization, keyAlgorithm }: Authority): CarriedAuthority {
  return { id, number, commonName, organization, keyAlgorithm, generations: deps.directory.generations(id).flatMap(carryGeneration) };
}

export interface MadeKey {
  readonly key: StoredKey;
  readonly wanted: WantedKey;
}

/** A key for this machine whose certificate the paired one has to make. */
export async function makeOwnKey(deps: CourierDeps, kind: OwnKeyKind, generation: number, authority: Pick<Authority, 'commonName' | 'organization' | 'keyAlgorithm'>): Promise<MadeKey> {
  const algorithm: KeyAlgorithm = kind === 'scep' ? 'rsa-2048' : signerKeyFor(authority.keyAlgorithm);
  const { key, csr } = await deps.courierKeys.request(kind, algorithm, nameBeside(authority, kind === 'scep' ? 'SCEP' : 'OCSP'));
  return { key, wanted: { kind, generation, keyId: key.id, spkiSha256: toHex(deps.crypto.digest('sha256', key.spki)), csr: toBase64(csr) } };
}
