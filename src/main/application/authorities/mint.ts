/** The CA's own certificates on their way to a signature: plan, lint, intent. An authority's, that of a split SCEP key, that of an OCSP signer. */
import type { Authority, KeyAlgorithm, StoredKey } from '../../core/ca/authority.ts';
import { planOcspSigner, planScepKey } from '../../core/ca/identity.ts';
import { lintPlan } from '../../core/ca/lint.ts';
import { signerKeyFor } from '../../core/ca/ocsp.ts';
import type { CertificatePlan, PlannedIssuer } from '../../core/ca/plan.ts';
import { parsePublicKey } from '../../core/pki/algorithms.ts';
import { keyIdentifierOf } from '../../core/pki/certificate.ts';
import { writeName } from '../../core/pki/names.ts';
import { OID } from '../../core/pki/oids.ts';
import { type IssuingDeps, type PreparedIssuance, prepareIssuance, revocationUrls } from '../issue.ts';

export interface Minted {
  readonly key: StoredKey;
  readonly plan: CertificatePlan;
  readonly prepared: PreparedIssuance;
}

/** Lints a plan of our own and reserves its serial. Throws where lint refuses it: nobody but us made the plan. */
export function mint(deps: IssuingDeps, plan: CertificatePlan, key: StoredKey, signingKey: KeyAlgorithm, now: number): Minted {
  const linted = lintPlan(plan);
  if (!linted.ok) throw new Error(`the CA's own certificate breaks a rule: ${linted.error.text}`);
  return { key, plan, prepared: prepareIssuance(deps, linted.value, { signingKey, profileId: null, endpointId: null, requestId: null, renews: null }, now) };
}

export const publicKeyOf = (spki: Uint8Array): CertificatePlan['publicKey'] => {
  const key = parsePublicKey(spki);
  if (!key.ok) throw new Error(`a key that was just made cannot be read: ${key.error}`);
  return key.value;
};

// X.520's bound of 64 characters, which strict readers of names insist on.
const LONGEST_COMMON_NAME = 64;

/** The authority's name with what the key is for behind it. */
export function nameBeside(authority: Pick<Authority, 'commonName' | 'organization'>, suffix: 'SCEP' | 'OCSP'): Uint8Array {
  const commonName = `${[...authority.commonName].slice(0, LONGEST_COMMON_NAME - suffix.length - 1).join('')} ${suffix}`;
  return writeName([...(authority.organization === null ? [] : [{ oid: OID.organizationName, value: authority.organization }]), { oid: OID.commonName, value: commonName }]);
}

/** An RSA key for SCEP beside an authority's, and its certificate by that authority. */
export async function mintScepKey(deps: IssuingDeps, authority: Authority, issuer: PlannedIssuer, now: number): Promise<Minted> {
  const key = await deps.signers.generate('scep', 'rsa-2048');
  const plan = planScepKey({
    issuer,
    subject: nameBeside(authority, 'SCEP'),
    spki: key.spki,
    publicKey: publicKeyOf(key.spki),
    subjectKeyId: keyIdentifierOf(key.spki, deps.crypto),
    ...revocationUrls(deps, authority.number, issuer.generation),
    now,
  });
  return mint(deps, plan, key, authority.keyAlgorithm, now);
}

/** A key that signs OCSP answers for one generation, and its certificate by that generation. */
export async function mintOcspSigner(deps: IssuingDeps, authority: Authority, issuer: PlannedIssuer, now: number): Promise<Minted> {
  const key = await deps.signers.generate('ocsp', signerKeyFor(authority.keyAlgorithm));
  const plan = planOcspSigner({ issuer, subject: nameBeside(authority, 'OCSP'), spki: key.spki, publicKey: publicKeyOf(key.spki), subjectKeyId: keyIdentifierOf(key.spki, deps.crypto), now });
  return mint(deps, plan, key, authority.keyAlgorithm, now);
}
